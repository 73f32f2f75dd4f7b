"""The README of the folder: how to install, what is asked where, what is not certain, how to remove."""

from __future__ import annotations

from connector.dialog import CLIENTS_PAGE, KEYS_PAGE, ApiKeyConnection, Place
from connector.platforms.openapi.readme import table
from connector.platforms.openapi.security import SCOPES_ASKED
from connector.platforms.openapi.tasks import events
from connector.platforms.platform import Service
from connector.platforms.power_platform.job import MOST
from connector.platforms.power_platform.operations import actions
from connector.platforms.power_platform.properties import REDIRECT
from connector.platforms.power_platform.words import summary
from connector.service import LIVE, SCOPES


def readme(service: Service) -> str:
    """The page."""
    parts = (
        _head(service),
        _before(),
        _install(),
        _connect(service),
        _actions(),
        _TRIGGER,
        _limits(),
        _UNCERTAIN,
        _REMOVE,
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _head(service: Service) -> str:
    return f"""
# CloudConvert in Power Platform

One custom connector for Power Automate, Power Apps, Azure Logic Apps and Copilot Studio. Made by
`cloudconvert-connector manifests write power-platform` for {service.base_url}; do not edit these files. For another server:
`--base-url URL --output FOLDER`. The platform reaches only servers in the internet, by https.

A connector signs in in one way only, so there are two folders: `api-key/` (simplest) and `oauth2/`. Both hold
`apiDefinition.swagger.json`, `apiProperties.json`, `icon.png` and `settings.json`. Only public endpoints of CloudConvert's
API are called.
"""


def _before() -> str:
    scopes = [(f"`{scope}`", SCOPES[scope]) for scope in SCOPES_ASKED]
    return f"""
## Before you begin

- A plan of Power Platform in which you may make custom connectors (they are premium).
- An **API key** ({KEYS_PAGE}), or an **OAuth client** ({CLIENTS_PAGE}) with the redirect URL `{REDIRECT}`.
- For the way by command: Python, and `pip install paconn`.

{table(("scope", "for"), scopes)}
"""


def _install() -> str:
    return """
## Install

By command, which takes everything (in the folder of your choice, `api-key` or `oauth2`):

```
paconn login
paconn create --api-def apiDefinition.swagger.json --api-prop apiProperties.json --icon icon.png
```

`login` shows a code to enter in the browser. With `oauth2`, first write your client ID into `clientId` in a copy of
`apiProperties.json`, and add `--secret YOUR_CLIENT_SECRET`. `create` asks for the environment and prints the
connector's ID.

In the browser (*Custom connectors*, *New custom connector*, *Import an OpenAPI file*) only the definition is taken.
The policies in `apiProperties.json` are needed too: without them most actions go to paths that the service does not
have. So use the command.
"""


def _connect(service: Service) -> str:
    key, place = ApiKeyConnection.all()["api_key"], Place.all()["environment"]
    rows = [(key.label, f"`api-key`: {key.help}")]
    if service.base_url == LIVE:
        rows.append(("Server", f"Live, a region, or (with a key) CloudConvert's sandbox. {place.help}"))
    return f"""
## Connect

In a flow add an action of *CloudConvert*. The platform asks for a name of the connection and:

{table(("field", "what to fill in"), rows)}

With `oauth2` a window opens instead, in which you sign in to CloudConvert and allow the scopes above. To test the
connection run *Get my info*.
"""


def _actions() -> str:
    shown = [one for one in actions() if one.visibility != "internal"]
    rows = [(summary(one.operation.label), one.operation.help, one.operation.group) for one in shown]
    module, _ = events()
    rows.append((summary(module.label), f"Trigger. {module.summary()}", module.group))
    return f"""
## Actions and trigger

{table(("action", "what it does", "group"), rows)}

An action that makes a job returns at once, with the job. Take its ID to *Wait for a job* (up to two minutes), or let the
trigger tell you. The files are in `tasks` of the ended job: the task `export` has their addresses, which need no key
and work for 24 hours. To get the content, put the address into the action *Upload file from URL* of your storage, or
into *HTTP*.

*Source* says where a file comes from: *Upload a file* takes *Data* (the file content of another action) and *File name*;
*Import from URL* takes the URL.
"""


_TRIGGER = """
## The trigger

When a flow is switched on, the platform makes a webhook at CloudConvert, which calls it when a job was created, has
finished or has failed. The calls hold the job with all its tasks; they carry a signature that the platform cannot check.
"""


def _limits() -> str:
    return f"""
## Limits

- Uploads are sent inside the request, as base64, and are meant for files up to 10 MB. Larger ones: *Import from URL*.
- Actions with several files have room for {MOST}; choose under *Files* which are filled in. With more, use *Create a job*: a row
  for each file to import, one for the task and one for the export.
- Options of formats and engines, such as `width` or `quality`, have no fields: the platform could only show them by
  private endpoints. In *Create a job* switch *Tasks* to the whole array and write them into the task, as in
  `{{"name": "convert-1", "operation": "convert", "input": ["import-1"], "output_format": "jpg", "quality": 80}}`.
- The platform ends a request after two minutes. The job goes on; call *Wait for a job* again.
- *Make an API call* and *Download a file* are not there: the first is the platform's own *HTTP*, the second needs a request
  to an address that changes.
"""


_UNCERTAIN = """
## What is not certain

- None of this was tried on Power Platform itself. The files fit Microsoft's published schemas and the rules of its
  certification as far as they are known, and the connector's tests run every operation against a local CloudConvert, with
  the policies applied as Microsoft documents them.
- When a flow is switched off, the platform removes the webhook only if CloudConvert's answer named its address in a
  `Location` header, which is documented nowhere. If webhooks stay behind, *List webhooks* shows and *Delete a webhook*
  removes them.
- Whether the key's policy and the definition's own key get along; if requests are refused, enter the key as
  `Bearer KEY`.
- `convertarraytoobject` (in *Create a job*) is a policy that Microsoft calls a preview.
"""

_REMOVE = """
## Update and remove

To update: `paconn update` with the same files and the connector's ID. To remove it: switch off the flows that use it,
delete its connections (*Connections*), then the connector (*Custom connectors*, *Delete*). Look with *List webhooks* for
what was left behind, and revoke the key in CloudConvert's dashboard.
"""
