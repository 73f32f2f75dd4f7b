"""The README of the folder: what it is for, how to install, what is asked where, how to remove."""

from __future__ import annotations

from collections.abc import Sequence

from connector.dialog import CLIENTS_PAGE, KEYS_PAGE
from connector.platforms.openapi.document import operations, servers
from connector.platforms.openapi.postman import FILE
from connector.platforms.openapi.security import SCOPES_ASKED
from connector.platforms.platform import Service
from connector.service import SCOPES


def readme(service: Service) -> str:
    """The page."""
    parts = (_head(service), _before(), _install(service), _first(), _operations(), _limits(), _REMOVE)
    return "\n\n".join(part.strip() for part in parts) + "\n"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ("---",) * len(head), *rows])


def _head(service: Service) -> str:
    return f"""
# CloudConvert as an OpenAPI document

Made by `cloudconvert-connector manifests write openapi` for {service.base_url}; do not edit these files. For another
server, a region or a sandbox: `--base-url URL --output FOLDER`.

| file | what it is |
|---|---|
| `openapi.json` | OpenAPI 3.0.3, {len(operations())} operations: for Retool, ToolJet, Budibase, Workato, Tray, ServiceNow and whatever else imports OpenAPI |
| `{FILE}` | the same as a Postman collection (format 2.1), with every example as a request |
"""


def _before() -> str:
    scopes = [(f"`{scope}`", SCOPES[scope]) for scope in SCOPES_ASKED]
    return f"""
## Before you begin

Have an **API key** ({KEYS_PAGE}), which is sent as `Authorization: Bearer KEY`; or, where the platform signs in with
OAuth2 (authorization code), an **OAuth client** ({CLIENTS_PAGE}) with the redirect URL that the platform names.

{table(("scope", "for"), scopes)}
"""


def _install(service: Service) -> str:
    return f"""
## Install

| platform | where the document goes | where the key goes |
|---|---|---|
| Retool | *Resources*, *Create new*, *OpenAPI*: paste the document or its URL | *Authentication*: Bearer token |
| ToolJet | *Data sources*, *OpenAPI*: format JSON, paste the document | *Authentication*: Bearer |
| Budibase | *Data*, *REST API*, *Import*: paste the document | *Authentication*: Bearer token |
| Workato | *Tools*, *Connector SDK* or *API recipes*, from an OpenAPI document | the connection's API key |
| Tray | *Connector builder*, import from OpenAPI | the connector's authentication |
| ServiceNow | *IntegrationHub*, *Spoke Generator*, OpenAPI specification | an API key or OAuth credential alias |
| Postman | *Import*: `{FILE}` | the collection's variable `apiKey` |

The names of menus change; the words to look for are "import" and "OpenAPI". Choose the server first:

{table(("server", "what it is"), [(f"`{it['url']}`", it["description"]) for it in servers(service)])}

A key works on one server only: live keys not in the sandbox, nor the other way round.
"""


def _first() -> str:
    return """
## A first step

1. Call **GetMyInfo**: your name and your credits mean that the key works.
2. Call **CreateJob** with the example *ConvertFile*: put in the address of a file of your own.
3. Call **WaitForJob** with the `id` of the answer. In its `tasks`, the one called `export` holds the addresses of the files.

Step by step instead: **ImportFromURL** (or **UploadAFile**, up to 10 MB), then e.g. **ConvertFile** with that task's
`id` as its `input`, then **ExportFiles** with the second `id`, then **WaitForTask**. Options of formats and engines, such
as `width` or `quality`, go beside the other parameters of a task; **ListOperations** names them.
"""


def _operations() -> str:
    rows = [
        (f"`{it.name}`", f"`{it.method} {it.path}`", it.label, " ".join(it.scopes) or "none") for it in operations()
    ]
    return f"## Operations\n\n{table(('operation', 'request', 'what it is', 'scopes'), rows)}"


def _limits() -> str:
    return """
## Limits

- A document has one operation for each method and path: *DownloadFile* is **GetTask** (the files' addresses are in its
  answer), *ListFormats* is **FilterFormats** without an input format.
- *MakeAPICall* is not there: importers have a request of one's own anyway.
- Waiting keeps a connection open until the job has ended; where the platform cuts it, call again. The path `/wait` is the
  older way to wait. Whether it will stay is not documented.
- An answer that is lost does not mean that the job was not made: look for it with **ListJobs** and its tag.
- None of this was tried inside the platforms named above; the document keeps to what strict importers take (unique
  names, no alternatives at the root of a body, an example for every body), and every operation was run against a
  local CloudConvert.
"""


_REMOVE = """
## Update and remove

To update, import the new document over the old one. To remove it, delete the resource, connector or collection in the
platform, then revoke the key in CloudConvert's dashboard; webhooks that you made are removed with **DeleteWebhook**.
"""
