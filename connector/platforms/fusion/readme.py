"""The README of the folder, for whoever installs the app, and the shorter text that is shown inside the platform."""

from __future__ import annotations

from collections.abc import Iterable

from connector.dialog import CLIENTS_PAGE, KEYS_PAGE, ApiKeyConnection, OAuth2Connection
from connector.forms import Fields
from connector.module import Module
from connector.modules import all_modules
from connector.modules.wait_for_job import WaitForJob
from connector.platforms.fusion.app import API_KEY, DESCRIPTION, LABEL, NAME, OAUTH, App
from connector.platforms.fusion.archive import FILE
from connector.platforms.fusion.limits import LONGEST_WAIT, MOST
from connector.platforms.platform import Service
from connector.service import SCOPES


def app_readme() -> str:
    """What the platform shows about the app."""
    return f"""# {LABEL}

{DESCRIPTION}

Make an API key at {KEYS_PAGE}, or an OAuth client at {CLIENTS_PAGE}.

{_modules()}
{_limits()}"""


def readme(app: App, service: Service) -> str:
    """How to install, what is asked where, what is not certain, and how to remove it."""
    return "\n".join([_INTRODUCTION, _where(service), _INSTALL, _asked(app), _LATER, _modules(), _limits(), _UNCERTAIN])


_INTRODUCTION = f"""# CloudConvert for Workfront Fusion and Make

The files in this folder are made from the connector's declarations; do not edit them. They install one custom app,
`{NAME}`, into Make or into a platform that runs Make's engine under another name, as Adobe Workfront Fusion does.

| file | what it is |
|---|---|
| `{FILE}` | the app as one archive, for "Import app from ZIP" |
| `makecomapp.json` and the folders | the same app as a local-development project, for "Deploy to Make" |
| `icon.png` | the app's icon, an own drawing |
| `app-readme.md` | the text that the platform shows about the app |
"""


def _where(service: Service) -> str:
    return f"""The app calls `{service.base_url}`. For a region or the sandbox make it again, e.g. with
`cloudconvert-connector manifests write fusion --base-url https://api.sandbox.cloudconvert.com --output FOLDER`.
"""


_INSTALL = f"""## Before you begin

- **Make**: an account that may make custom apps.
- **Workfront Fusion**: Adobe documents no custom apps. The engine has them ("Apps platform"), and an administrator of the
  instance must have them switched on. Whether Adobe does so for your instance is UNCERTAIN: ask Adobe's support first.
  Where it is not possible, the HTTP modules of Fusion reach the same API.
- An API key **of the platform** (not of CloudConvert) with the scopes `sdk-apps:read` and `sdk-apps:write`, from your
  profile there, and the platform's address (its *zone*), e.g. `https://eu1.make.com`.

## Install

Choose one of three ways. All give the same app, but for what the archive cannot carry.

### 1. With one command

```
export MAKE_TOKEN=...        # the platform's API key
cloudconvert-connector deploy fusion --zone https://eu1.make.com --token-env MAKE_TOKEN --dry-run
cloudconvert-connector deploy fusion --zone https://eu1.make.com --token-env MAKE_TOKEN
```

The first command shows what would change, the second does it. It can be repeated: what is the same is left alone.

### 2. From the archive

1. Install the extension "Make Apps Editor" in Visual Studio Code and add your environment: `<zone>/api`, e.g.
   `eu1.make.com/api`, and the platform's API key.
2. Run the command "Import app from ZIP", choose `{FILE}`, and confirm the app's name.
3. The archive carries neither the groups of the modules nor the second connection type of each module. If you want to
   sign in with OAuth2 there, use one of the other ways.

### 3. From the project

1. In the editor, as above, make an empty app; note its name, e.g. `{NAME}`.
2. Copy this folder. In the copy of `makecomapp.json` add to `origins`:
   `{{"baseUrl": "https://eu1.make.com/api", "appId": "{NAME}", "appVersion": 1, "apikeyFile": ".secrets/apikey"}}`, and put the
   platform's API key into the file `.secrets/apikey`.
3. Right-click `makecomapp.json`, "Deploy to Make"; answer "Deploy as new component" and apply it to all.

Then, in the app's settings, set the icon (`icon.png`) if it is missing. To let others use the app, publish it or share
its invitation link; in a white-label instance an administrator approves it.
"""


def _asked(app: App) -> str:
    key, oauth = (app.all("connection")[name] for name in (API_KEY, OAUTH))
    scopes = "\n".join(f"| `{scope}` | {about} |" for scope, about in SCOPES.items())
    return f"""## Connect

In a scenario add a module of *{LABEL}* and click "Create a connection". The platform asks for a name of the connection, and:

**{key.label}**

{_fields(ApiKeyConnection)}
**{oauth.label}**

{_fields(OAuth2Connection, without="scopes")}
The OAuth client's redirect URL is the platform's: `https://www.make.com/oauth/cb/app` for Make; for Fusion
presumably `https://app.workfrontfusion.com/oauth/cb/app` (UNCERTAIN).

| scope | for |
|---|---|
{scopes}

The connection is tested before it is saved, with `GET /v2/users/me`, for which the key needs `user.read`.
"""


def _fields(dialog: type[Fields], without: str = "") -> str:
    own = next(section for section in dialog.sections() if section.label == vars(dialog)["section"])
    rows = [f"| {field.label} | {field.help} |" for name, field in own.fields.items() if name != without]
    return "\n".join(["| field | what to fill in |", "|---|---|", *rows, ""])


_LATER = """## Update and remove

To update, repeat the way you installed it; connections and scenarios stay. To remove it: take its modules out of your
scenarios, delete its webhooks (this also removes them at CloudConvert) and its connections, then delete the app
in the editor (right-click, "Delete") or in the platform's "Custom apps". Revoke the key in CloudConvert's dashboard.
"""


def _modules() -> str:
    rows = [f"| {module.label} | {module.summary()} | {module.group} |" for module in all_modules().values()]
    return "\n".join(["## Modules", "", "| module | what it does | group |", "|---|---|---|", *rows, ""])


def _limits() -> str:
    return f"""## Limits of the platform

- A module waits {LONGEST_WAIT} seconds at most. When the time passes, the job goes on; its ID is in the error. Take it up again
  with *{WaitForJob.label}*. For long conversions leave "Download a file" off and use *New Job Event*.
- A module takes in {MOST} files at most, *{_label("CreateJob")}* {MOST} files and {MOST} tasks. All files of a result are handed
  on with their URLs, the first {MOST} also with their content.
- The form cannot look up a lost job: if the platform loses the answer to the creation of a job, look for it with
  *{_label("ListJobs")}* before you run the module again.
- *{_label("MakeAPICall")}*: a query string given in its own field replaces the one in the URL.
"""


def _label(name: str) -> str:
    module: type[Module] = all_modules()[name]
    return module.label


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


_UNCERTAIN = (
    "## What is not certain\n\n"
    + _bullets(
        [
            (
                "None of this was tried on Make or Fusion themselves. The files fit the schemas that Make's editor publishes, "
                "and the connector's tests run every module with an interpreter of the documented rules against a local "
                "CloudConvert."
            ),
            "Whether Fusion lets you install custom apps at all (see above), and its redirect URL for OAuth2.",
            (
                "Whether the time is read anew at each look at a job. If not, a wait ends with the platform's own sentence, "
                '"Maximum number of repeats exceeded", after three minutes.'
            ),
            "Whether a list's second request asks for page 2, as published apps rely on.",
            "Calls of the webhook are not checked against CloudConvert's signature: the platform gives a webhook no raw body.",
            "Whether names that are no choice can be typed into the list of engine options; they can be mapped.",
        ]
    )
    + "\n"
)
