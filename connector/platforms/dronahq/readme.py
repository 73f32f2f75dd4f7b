"""The README of the folder: how to install, step by step, and what is a documented import and what is not."""

from __future__ import annotations

from connector.dialog import CLIENTS_PAGE, KEYS_PAGE
from connector.platforms.dronahq.actions import ACTIONS, Action
from connector.platforms.dronahq.choices import bound, source_of
from connector.platforms.dronahq.openapi import imported_actions, imported_name
from connector.platforms.dronahq.request import Variable, request_of
from connector.platforms.dronahq.sheet import scopes_needed, table
from connector.platforms.dronahq.sign_in import CALLBACK_PATH, CLOUD_CALLBACK, NAME
from connector.platforms.platform import Service

_FILES = (
    ("`openapi.json`", "**Yes.** Import API: OpenAPI 3.0.0 as JSON, into a REST API connector that exists"),
    ("`curl/*.txt`", "**Yes.** Import cURL: the command in the file is pasted, one action at a time"),
    ("`setup-sheet.md`", "No. It says what to type into which field"),
    (
        "`records/`",
        "**No.** The actions and the connector in the shape in which DronaHQ stores them, to compare with; DronaHQ documents no way to import them, and its *Import from JSON* takes only what DronaHQ itself has exported",
    ),
)


def readme(service: Service) -> str:
    """The page."""
    parts = (_head(service), _before(), _ready(), _own(), _imports(), _by_hand(), _use(), _limits(), _remove())
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _head(service: Service) -> str:
    return f"""
# CloudConvert in DronaHQ

Made by `cloudconvert-connector manifests write dronahq` for {service.base_url}; do not edit these files. For another
server, a region or a sandbox: `--base-url URL --output FOLDER`.

{table(("file", "does DronaHQ import it?"), _FILES)}

There are two ways to install it. **A**: DronaHQ's ready connector *Cloud Convert*; it has the seven actions, and you only sign in.
**B**: a REST API connector of your own with the same seven actions, imported from this folder: for an API key instead
of a sign-in, for a region, for a sandbox or a server of your own, or where the ready one is missing.
"""


def _before() -> str:
    return f"""
## Before you begin

In CloudConvert, have one of these ready:

- an **API key** ({KEYS_PAGE}) with the scopes `{scopes_needed()}`; for way B;
- an **OAuth client** ({CLIENTS_PAGE}) with its client ID and client secret; for way A self-hosted, or way B. Its redirect
  URL is `{CLOUD_CALLBACK}` in DronaHQ's cloud; self-hosted it is the address of your installation and `{CALLBACK_PATH}`,
  as DronaHQ shows it under *Copy your OAuth redirect URL*.
- nothing at all for way A in the cloud: there DronaHQ signs you in with a client of its own.
"""


def _ready() -> str:
    return f"""
## A. The ready connector

In DronaHQ's cloud:

1. *Connectors*, *+ Connector*, *Cloud Convert*.
2. Enter the account name, e.g. `{NAME}`, and press *Save*.
3. A window opens: sign in to CloudConvert and allow what it asks.

Self-hosted:

1. *Connectors*, *+ Connector*, *Cloud Convert*.
2. Copy the OAuth redirect URL and enter it in your OAuth client in CloudConvert.
3. Fill in the other fields from [setup-sheet.md](setup-sheet.md), and press *Save*.
4. Sign in to CloudConvert and allow what it asks.

The account is then listed under *Connector*, *Manage Account*. Nothing of this folder is imported on this way.
"""


def _own() -> str:
    return f"""
## B. A REST API connector of your own

In the cloud and self-hosted alike; only the redirect URL of OAuth differs.

1. *Connectors*, *+ Connector*, *REST API*. Connector Name: `{NAME}`.
2. Authentication: **API Key** or **OAuth V2**, filled in from [setup-sheet.md](setup-sheet.md).
3. Under *Configure test API* enter what the sheet says, press *Test Connection*, then *Save*. The credentials belong to
   the environment Production; for others see *Manage Environments*.
4. In the list of connectors, open the menu `…` of `{NAME}`, *Import API*, *File Upload*: choose `openapi.json`. The next
   page shows the base URL and {len(imported_actions())} operations: *Select All*, *Import*.
5. Rename the new actions: edit each, and change *Connector API Name* as in the table below.
6. OpenAPI has room for one operation for each method and path, so {len(ACTIONS) - len(imported_actions())} actions come by cURL: *ADD API*, *IMPORT CURL*, paste
   the whole content of the file, give the action the name of the file.
7. In each action, switch on as dynamic, each with its own toggle, the parameters of the query that the table names as
   inputs; the others are constants and stay as they are. Variables in a body (`{{{{FileURL}}}}`) become inputs by
   themselves. Check that a job's path reads `/jobs/{{jobId}}`; put the variable there if it does not.
8. Test each action (*Refresh Response*), so that DronaHQ learns its outputs, and save.

To have everything by cURL, skip steps 4 and 5 and paste all seven files. The commands carry no key: the connector's
authentication is added to every action.
"""


def _imports() -> str:
    rows = [(f"`{action.name}`", *_way_in(action), _inputs(action), _constants(action)) for action in ACTIONS]
    return f"""
## The seven actions

{table(("action", "what it does", "comes by", "inputs (* must be filled in)", "constants"), rows)}
"""


def _way_in(action: Action) -> tuple[str, str]:
    request = request_of(action)
    said = f"{action.module.summary()} `{request.method} /v2{request.path}`"
    if action in imported_actions():
        return said, f"`openapi.json`, as `{imported_name(request)}`"
    return said, f"`curl/{action.name}.txt`"


def _inputs(action: Action) -> str:
    return (
        "<br>".join(f"`{one.name}` {one.label}{' *' * one.mandatory}" for one in request_of(action).variables) or "none"
    )


def _constants(action: Action) -> str:
    return "<br>".join(f"`{name}={value}`" for name, value in action.constants.items()) or "none"


def _by_hand() -> str:
    asked = [(action, one) for action in ACTIONS for one in request_of(action).variables if one.options is not None]
    rows = [(f"`{action.name}`", f"`{one.name}`", _entries(one, action)) for action, one in asked]
    return f"""
### Drop-down lists

The ready connector (way A) shows these lists itself, but for the first. No documented import carries them; on way B put
a drop-down control into your app and bind it to a data query of the action that is named here.

{table(("action", "input", "entries"), rows)}
"""


def _entries(variable: Variable, action: Action) -> str:
    source = source_of(variable)
    if source is None:
        return ", ".join(f"`{choice.value}`" for choice in variable.choices)
    shown = "" if source.label == source.value else f", shown as `{source.label}`"
    once = ", each once" if source.unique else ""
    narrowed = [f"; its `{key}` is `{own}`" for key, own in bound(variable, action).items() if key != own]
    return f"`{source.value}`{shown} of {source.action}{once}{''.join(narrowed)}"


def _use() -> str:
    return """
## Convert a file

1. `CreateConvertFileJob` with the address of a file that CloudConvert can reach, and an output format. The answer's
   `data.id` is the job.
2. `WaitForAJob` with that `jobId`. It answers when the job has ended.
3. In `data.tasks`, the task whose `operation` is `export/url` holds the files: `result.files[0].url`. The address needs no
   key and works for 24 hours.

A job that failed is an answer with status 200. So that it takes the error leg, give `WaitForAJob` a failure condition
(*Response*, *FAILURE CONDITION*): condition `{{OUTPUT.data.status == "error"}}`, code `CONVERSION_FAILED`. Why it failed
stands in `message` and `code` of the task that failed first; `INPUT_TASK_FAILED` only says that an earlier one did.
Anything but a 2xx takes the error leg by itself.
"""


def _limits() -> str:
    return """
## What is not certain, and what is not there

- Nothing here has been tried in a DronaHQ account. The commands and operations run against the connector's own sandbox in
  its tests, empty optional values included.
- What you leave empty is sent as an empty text. If CloudConvert refuses one, switch on *Do not pass parameters if value
  is empty or null* for it.
- Whether *Import API* takes over the body of `CreateConvertFileJob` and the authentication is not documented. If the body
  is missing, paste `curl/CreateConvertFileJob.txt` instead.
- `WaitForAJob` uses the older address `/jobs/{jobId}/wait`, as DronaHQ does. For conversions longer than DronaHQ's own
  time limit call `ShowJob` again and again until `status` is `finished` or `error`.
- Files are given by address; the actions upload nothing. A file in DronaHQ needs an address that CloudConvert can reach.
- DronaHQ has no triggers in connectors. To be told of ended jobs, make an automation with a webhook, and register its
  address as a webhook in CloudConvert.
- `ListJobs` shows the newest 1000 jobs. Jobs and files are deleted 24 hours after they ended.
"""


def _remove() -> str:
    return f"""
## Remove

1. Take the actions out of the apps and automations that use them.
2. In *Connectors* delete the connector, on way A the account under *Manage Account*. Only the owner of a connector may
   delete it; DronaHQ's documentation does not say under which entry of its menu.
3. In CloudConvert delete the API key ({KEYS_PAGE}) or the OAuth client ({CLIENTS_PAGE}); access ends with that.
"""
