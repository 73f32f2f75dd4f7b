'use strict';

class CloudConvertConnectorOAuth2Api {
  name = "cloudConvertConnectorOAuth2Api";
  extends = [
    "oAuth2Api"
  ];
  displayName = "CloudConvert OAuth2 API (Connector)";
  documentationUrl = "https://cloudconvert.com/dashboard/api/v2/clients";
  properties = [
    {
      "displayName": "grantType",
      "name": "grantType",
      "type": "hidden",
      "default": "authorizationCode"
    },
    {
      "displayName": "scope",
      "name": "scope",
      "type": "hidden",
      "default": "user.read task.read task.write webhook.read webhook.write"
    },
    {
      "displayName": "authQueryParameters",
      "name": "authQueryParameters",
      "type": "hidden",
      "default": ""
    },
    {
      "displayName": "authentication",
      "name": "authentication",
      "type": "hidden",
      "default": "body"
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
    },
    {
      "displayName": "Authorization URL",
      "name": "authUrl",
      "type": "string",
      "default": "https://cloudconvert.com/oauth/authorize"
    },
    {
      "displayName": "Access Token URL",
      "name": "accessTokenUrl",
      "type": "string",
      "default": "https://cloudconvert.com/oauth/token"
    }
  ];
}

module.exports = { CloudConvertConnectorOAuth2Api };
