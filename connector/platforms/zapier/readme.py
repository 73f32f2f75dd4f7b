"""The README of the folder: how to try, install, connect, make a first Zap, and remove it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.dialog import CLIENTS_PAGE, KEYS_PAGE
from connector.platforms.openapi.readme import table
from connector.platforms.openapi.security import SCOPES_ASKED
from connector.platforms.platform import Service
from connector.platforms.zapier.app import Kind, kind_of
from connector.service import LIVE
from connector.version import __version__

_PUSH = "--disable-dependency-detection"
_TITLES: dict[Kind, str] = {"triggers": "trigger", "searches": "search", "creates": "action"}


def readme(service: Service, modules: Sequence[Any]) -> str:
    """The page."""
    parts = (
        _head(service),
        _TRY,
        _install(),
        _oauth2(),
        _connect(service),
        _FIRST,
        _operations(modules),
        _LIMITS,
        _REMOVE,
    )
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _head(service: Service) -> str:
    return f"""
# CloudConvert for Zapier

Two apps for Zapier's developer platform, made by `cloudconvert-connector manifests write zapier` for {service.base_url}; do not
edit these files. They are alike but for how one signs in, of which Zapier allows one for each app:

| folder | signs in with |
|---|---|
| `api-key/` | an API key; live, CloudConvert's sandbox, or a server of your own |
| `oauth2/` | OAuth2, in the browser; the server that the files were made for (another one: `--base-url URL --output FOLDER`) |

`app.json` holds what the editor shows, `lib/declarations.json` the recipes, and `lib/runtime/` carries them out. Nothing is
built, and nothing but Zapier's own `zapier-platform-core` is needed. Take a copy of the folder and work there:

    cp -r manifests/zapier/api-key my-app && cd my-app
    npm install && npm install -g zapier-platform-cli

Node.js 22 or newer is needed.
"""


_TRY = """
## Try it without an account

Zapier's command line runs the app on your own machine. Start a sandbox (`cloudconvert-connector sandbox`) and write what it
prints into a file `.env` in `my-app`:

    authData_environment=custom
    authData_base_url=http://127.0.0.1:8780
    authData_sync_url=http://127.0.0.1:8781
    authData_api_key=...

Then:

    zapier-platform validate --without-style
    zapier-platform invoke auth test --non-interactive
    zapier-platform invoke create convert_file --non-interactive --inputData '{"input_file": "https://example.com/", "input_file_name": "page.html", "output_format": "pdf"}'
    zapier-platform invoke search list_jobs --non-interactive --inputData '{"limit": 1}'

Files are only handed on with an account: they go through Zapier's own storage.
"""


def _install() -> str:
    return f"""
## Install

    zapier-platform login
    zapier-platform register "CloudConvert (Connector)"
    zapier-platform push {_PUSH}

Without that word the push ends with "Detected a missing file": Zapier's command line overlooks one of the files that its own
`zapier-platform-core` needs. The app is now private to your account, with every trigger, search and action; invite others with
`zapier-platform users:add someone@example.com {__version__}`. After an update copy the new files over the old ones, count the
version in `package.json` and `app.json` up, and push again.
"""


def _oauth2() -> str:
    return f"""
### The app with OAuth2

After the first `push`, `zapier-platform describe` shows the app's Redirect URI. Make an OAuth client with it at
{CLIENTS_PAGE}, then give the app the client's ID and secret and push once more:

    zapier-platform env:set {__version__} CLIENT_ID=... CLIENT_SECRET=...
    zapier-platform push {_PUSH}

It asks for the scopes {_scopes()}. Tokens are refreshed by Zapier.
"""


def _scopes() -> str:
    return ", ".join(f"`{scope}`" for scope in SCOPES_ASKED)


def _connect(service: Service) -> str:
    region = "a region that is fixed, if you want one, and then " if service.base_url == LIVE else ""
    return f"""
## Connect

Add a step with the app in a Zap, and connect an account:

- **API key**: make one at {KEYS_PAGE} with the scopes
  {_scopes()}. A key works in one environment only. For a
  server of your own choose the environment "Other URL"; Zapier reaches only servers in the internet.
- **OAuth2**: {region}a window in which you sign in to CloudConvert.

The connection is tested at once and named after the account.
"""


_FIRST = """
## A first Zap

1. Trigger: *New File in Folder* of Google Drive, or whatever else gives a file.
2. Action: *Convert a File*. Map the trigger's *File* into *Input file*, choose the *Output format*, and set *Download a file* to
   True.
3. Action: *Upload File* of any storage. Map *File* of step 2.

**Files in**: by default CloudConvert downloads the address that Zapier gives it. Set *how it gets there* to *Upload it through
Zapier* for what only Zapier can reach. Several files are rows, or a list of an earlier step.

**Files out**: *File* is the first one, *Files File* all of them; each also has its URL, which works for 24 hours. With *Download a
file* the content is put into Zapier's storage; triggers and searches give pointers that are followed when a later step needs the
file.

**Waiting**: a step that waits for its job is called back by CloudConvert when the job has ended, however long that takes. Without
*Download a file* it goes on at once with the job's ID; *Wait for a Job* takes it up. While you try a step out in the editor it
waits up to 25 seconds itself.
"""


def _operations(modules: Sequence[Any]) -> str:
    rows = [
        (_TITLES[kind], one["label"], one["summary"]) for kind in _TITLES for one in modules if kind_of(one) == kind
    ]
    return f"""
## Trigger, searches and actions

{table(("kind", "name", "what it does"), rows)}

A search that finds nothing is no error: Zapier's own setting says whether the Zap goes on. Of a list Zapier takes the first
entry, or all, as you choose in the step.
"""


_LIMITS = """
## Known limits

- None of this was tried in an account of Zapier. `zapier-platform-schema` and Zapier's command line find no fault, and
  `zapier-platform-core` runs everything against a local CloudConvert in the tests; what only Zapier's servers do was read in its
  documents: the call back, following pointers, and trying again where a step says that it may.
- A step that runs longer than 30 seconds is ended by Zapier. Uploads of large files may take that long: let CloudConvert download.
- Zapier's storage takes files up to 1 GB.
- If you give a *Webhook URL* of your own, CloudConvert calls that instead of Zapier, and the step waits 25 seconds at most.
- Options of formats and engines are names and values; the editor has no fields for each. The rows of *Create a Job* take them
  as JSON.
- Zapier's log says in a few words what a step does, and holds no requests: with them it would keep the content of text files.
- A call whose signature is not right starts nothing; the Zap's history shows it as halted.
"""

_REMOVE = """
## Remove

Switch off the Zaps that use the app, so that webhooks are taken away, and remove its connections; then
`zapier-platform delete:integration` in the folder. *List Webhooks* shows what was left behind. Revoke the key, or delete the
OAuth client, in CloudConvert's dashboard.
"""
