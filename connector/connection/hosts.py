"""Where CloudConvert lives, and what a person may write as a base URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from connector.errors import InputError
from connector.service import LIVE


def root(url: str, field: str) -> str:
    """A base URL as the root that `/v2` follows: no slash at the end, no `/v2`. Raises InputError naming `field`."""
    text = url.strip().rstrip("/").removesuffix("/v2")
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.username
        _ = parts.port
    except ValueError:
        usable = False
    if not usable or any(c.isspace() for c in text):
        raise InputError(
            f"The {field.replace('_', ' ')} {url[:100]!r} is no address such as {LIVE}.",
            fields={field: "must be an http or https address"},
        )
    return text


def sync_root(base: str) -> str | None:
    """The blocking host that belongs to one of CloudConvert's own hosts; None for others, where polling takes its place."""
    scheme, _, rest = base.partition("://")
    host, slash, path = rest.partition("/")
    if not host.endswith("cloudconvert.com") or ".sync." in f".{host}":
        return None
    prefix, api, suffix = host.partition("api.")
    return f"{scheme}://{prefix}sync.{api}{suffix}{slash}{path}" if api else None
