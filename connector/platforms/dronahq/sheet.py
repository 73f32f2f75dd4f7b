"""The setup sheet: what to type into the connector's form, field by field."""

from __future__ import annotations

from collections.abc import Iterable

from connector.dialog import CLIENTS_PAGE, KEYS_PAGE, OAuth2Connection
from connector.platforms.dronahq.actions import ACTIONS
from connector.platforms.dronahq.sign_in import (
    ACCOUNT_NAME,
    CALLBACK_PATH,
    CLOUD_CALLBACK,
    NAME,
    address_of_test,
)
from connector.platforms.openapi.security import SCOPES_ASKED
from connector.platforms.platform import Service
from connector.service import SCOPES


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(head)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def scopes_needed() -> str:
    """What the seven actions and the test of the connection need, of all the scopes that are asked for."""
    needed = {"user.read", *(scope for action in ACTIONS for scope in action.module.scopes)}
    return " ".join(scope for scope in SCOPES if scope in needed)


def sheet(service: Service) -> str:
    """The page."""
    return f"""# Setup sheet: CloudConvert in DronaHQ

Type this in; DronaHQ imports no such sheet. `*` marks what must be filled in. How to get there: [README.md](README.md).

## Sign in with OAuth2

These are the fields of the ready connector in a self-hosted DronaHQ, in its order. In DronaHQ's cloud only the account
name is asked, and a window opens to sign in.

{table(("field", "what to enter", "rule"), _oauth(service))}

For a REST API connector of your own choose the authentication **OAuth V2** and enter the same values: the authorization
request is a GET, the token and refresh requests are POSTs.

## Sign in with an API key

For a REST API connector of your own, in the cloud or self-hosted: choose the authentication **API Key** and fill in one
row. Make the key at {KEYS_PAGE} with the scopes `{scopes_needed()}`.

{table(("field", "what to enter"), _key())}

## Test API

The same for both, under "Configure test API":

{table(("field", "what to enter"), _test(service))}
"""


def _oauth(service: Service) -> list[tuple[str, str, str]]:
    form = OAuth2Connection.all()
    own = f"your installation's own address and `{CALLBACK_PATH}`, e.g. `https://dronahq.example.com{CALLBACK_PATH}`"
    return [
        (
            "Environment/ Account Name *",
            f"`{NAME}`",
            f"Letters, digits and `_`; a letter first; no blanks (`{ACCOUNT_NAME}`)",
        ),
        (
            "Base URL of your API endpoint for given environment *",
            f"`{service.base_url}`",
            "`http` or `https` and a host, without `/v2`",
        ),
        (
            "Copy your OAuth redirect URL",
            f"Nothing: copy it. In the cloud `{CLOUD_CALLBACK}`; self-hosted {own}",
            f"Enter it at {CLIENTS_PAGE} as a redirect URL of your OAuth client, letter by letter",
        ),
        (f"{_title('client_id')} *", "Yours", form["client_id"].help),
        (f"{_title('client_secret')} *", "Yours", form["client_secret"].help),
        (
            "Scope",
            f"`{' '.join(SCOPES_ASKED)}`",
            f"With blanks between. The seven actions need only `{scopes_needed()}`",
        ),
        ("Authorization Request URL *", f"`{service.authorize_url}`", ""),
        ("Access Token Request URL *", f"`{service.token_url}`", ""),
        (
            "Refresh Token Request URL",
            f"`{service.token_url}`",
            "The same address; fill it in, or access ends with the first token",
        ),
    ]


def _title(name: str) -> str:
    return OAuth2Connection.all()[name].label.title().replace("Id", "ID")


def _key() -> list[tuple[str, str]]:
    return [
        ("Key", "`Authorization`"),
        ("Value", "`Bearer ` and your API key: the word, one blank, the key"),
        ("Target", "Header"),
    ]


def _test(service: Service) -> list[tuple[str, str]]:
    return [
        ("Method", "GET"),
        ("URL", f"`{address_of_test(service)}`"),
        ("Name", "`TestConnection`"),
        (
            "It worked when",
            'the answer shows your `"username"`; 401 means that the key is wrong or belongs elsewhere, 403 that `user.read` is missing',
        ),
    ]
