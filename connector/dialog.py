"""The connection dialog, declared once: what a person is asked who connects to CloudConvert, on every platform.

The terminal's `connect` asks these fields, and the platforms' connection and credential files are made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from connector.fields import Choice, MultiSelect, Select, Text, Url
from connector.forms import Fields
from connector.service import REGIONS, SCOPES

KEYS_PAGE = "https://cloudconvert.com/dashboard/api/v2/keys"
CLIENTS_PAGE = "https://cloudconvert.com/dashboard/api/v2/clients"


class Beginning(Fields):
    """What a terminal asks first; platforms name connections themselves, and have a dialog for each way to sign in."""

    name = Text("Name", default="cloudconvert", mappable=False, help="By this name you choose the connection later.")
    kind = Select(
        "Sign in with",
        default="api-key",
        mappable=False,
        options=[
            Choice("api-key", "API key", "Made in CloudConvert's dashboard; the simplest way."),
            Choice("oauth2", "OAuth2", "In the browser, with an OAuth client of your own."),
        ],
    )


class Place(Fields):
    """Which CloudConvert is meant, and how to get there."""

    section = "Environment"
    position = 60

    environment = Select(
        "Environment",
        default="live",
        mappable=False,
        options=[
            Choice("live", "Live", "Real conversions; they cost credits."),
            Choice(
                "sandbox", "Sandbox", "CloudConvert's own sandbox: free, with keys of its own, for allowed files only."
            ),
            Choice("custom", "Other URL", "A local sandbox, or a proxy of your own."),
        ],
        help="A key works in one environment only: live keys not in the sandbox, nor the other way round.",
    )
    region = Select(
        "Region",
        default="automatic",
        mappable=False,
        advanced=True,
        shown_when=("environment", ("live",)),
        options=[
            Choice("automatic", "Automatic"),
            *(Choice(region, f"{region} ({place})") for region, place in REGIONS.items()),
        ],
        help="Where files are processed and kept. Automatic takes the account's setting, or what is nearest.",
    )
    base_url = Url(
        "Base URL",
        mappable=False,
        shown_when=("environment", ("custom",)),
        help="The root of the API, without /v2, e.g. what `cloudconvert-connector sandbox` prints.",
        example="http://127.0.0.1:8780",
    )
    sync_url = Url(
        "Sync URL",
        mappable=False,
        advanced=True,
        shown_when=("environment", ("custom",)),
        help="The root on which reads of jobs wait for their end. Without it the connector asks again and again.",
        example="http://127.0.0.1:8781",
    )
    proxy = Url(
        "Proxy",
        mappable=False,
        advanced=True,
        secret=True,
        help="For the API, uploads and downloads alike, e.g. http://user:password@proxy:3128.",
    )

    @ma.validates_schema
    def _needs_its_address(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("environment") == "custom" and not data.get("base_url"):
            raise ma.ValidationError("is needed in the environment custom", "base_url")


class ApiKeyConnection(Place):
    """Sign in with an API key."""

    section = "API key"
    position = 10

    api_key = Text(
        "API key",
        required=True,
        secret=True,
        mappable=False,
        help=f"Make one at {KEYS_PAGE} with the scopes user.read, task.read and task.write; NewJobEvent also needs webhook.read and webhook.write.",
    )


class OAuth2Place(Place):
    """Where OAuth2 lives at a server of one's own."""

    section = "OAuth2 server"
    position = 70

    authorize_url = Url(
        "Authorize URL",
        mappable=False,
        advanced=True,
        shown_when=("environment", ("custom",)),
        help="Where the browser signs in. Without it, /oauth/authorize below the base URL.",
    )
    token_url = Url(
        "Token URL",
        mappable=False,
        advanced=True,
        shown_when=("environment", ("custom",)),
        help="Where codes and refresh tokens are exchanged. Without it, /oauth/token below the base URL.",
    )


class OAuth2Connection(OAuth2Place):
    """Sign in at CloudConvert in the browser (OAuth2, authorization code)."""

    section = "OAuth2"
    position = 10

    client_id = Text(
        "Client ID", required=True, mappable=False, help=f"Of your own OAuth client, made at {CLIENTS_PAGE}."
    )
    client_secret = Text("Client secret", required=True, secret=True, mappable=False, help="Belongs to the client ID.")
    scopes = MultiSelect(
        "Scopes",
        mappable=False,
        default=["user.read", "task.read", "task.write"],
        options=[Choice(scope, scope, label) for scope, label in SCOPES.items()],
        help="What the connection may do. NewJobEvent also needs webhook.read and webhook.write.",
    )


KINDS: Mapping[str, type[Place]] = {"api-key": ApiKeyConnection, "oauth2": OAuth2Connection}
"""The dialog of each way to sign in, by the value of `kind`."""
