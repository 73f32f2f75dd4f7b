'use strict';

class CloudConvertConnectorApi {
  name = "cloudConvertConnectorApi";
  displayName = "CloudConvert API (Connector)";
  documentationUrl = "https://cloudconvert.com/dashboard/api/v2/keys";
  properties = [
    {
      "displayName": "API key",
      "name": "api_key",
      "type": "string",
      "default": "",
      "required": true,
      "description": "Make one at https://cloudconvert.com/dashboard/api/v2/keys with the scopes user.read, task.read and task.write; NewJobEvent also needs webhook.read and webhook.write.",
      "typeOptions": {
        "password": true
      }
    },
    {
      "displayName": "Environment",
      "name": "environment",
      "type": "options",
      "default": "live",
      "description": "A key works in one environment only: live keys not in the sandbox, nor the other way round.",
      "options": [
        {
          "name": "Live",
          "value": "live",
          "description": "Real conversions; they cost credits."
        },
        {
          "name": "Sandbox",
          "value": "sandbox",
          "description": "CloudConvert's own sandbox: free, with keys of its own, for allowed files only."
        },
        {
          "name": "Other URL",
          "value": "custom",
          "description": "A local sandbox, or a proxy of your own."
        }
      ]
    },
    {
      "displayName": "Region",
      "name": "region",
      "type": "options",
      "default": "automatic",
      "description": "Where files are processed and kept. Automatic takes the account's setting, or what is nearest.",
      "options": [
        {
          "name": "Automatic",
          "value": "automatic"
        },
        {
          "name": "eu-central (Germany)",
          "value": "eu-central"
        },
        {
          "name": "us-east (United States)",
          "value": "us-east"
        }
      ],
      "displayOptions": {
        "show": {
          "environment": [
            "live"
          ]
        }
      }
    },
    {
      "displayName": "Base URL",
      "name": "base_url",
      "type": "string",
      "default": "",
      "description": "The root of the API, without /v2, e.g. what `cloudconvert-connector sandbox` prints.",
      "placeholder": "http://127.0.0.1:8780",
      "displayOptions": {
        "show": {
          "environment": [
            "custom"
          ]
        }
      }
    },
    {
      "displayName": "Sync URL",
      "name": "sync_url",
      "type": "string",
      "default": "",
      "description": "The root on which reads of jobs wait for their end. Without it the connector asks again and again.",
      "placeholder": "http://127.0.0.1:8781",
      "displayOptions": {
        "show": {
          "environment": [
            "custom"
          ]
        }
      }
    }
  ];
  authenticate = {
    "type": "generic",
    "properties": {
      "headers": {
        "Authorization": "=Bearer {{$credentials.api_key}}"
      }
    }
  };
  test = {
    "request": {
      "baseURL": "={{$credentials.environment === 'custom' ? $credentials.base_url : $credentials.environment === 'sandbox' ? 'https://api.sandbox.cloudconvert.com' : 'https://api.cloudconvert.com'}}/v2",
      "url": "/users/me"
    }
  };
}

module.exports = { CloudConvertConnectorApi };
