"""What a person can choose about the server, and where it then answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How to run the sandbox.

    `port` and `sync_port` 0 pick free ones. Without `api_key` a random one is made. Without `data_dir` everything lies in
    a temporary folder that is removed at the end. `workers` is the number of conversions at a time, by default one a core.
    `allow_private_network` lets import/url reach private, loopback and link-local addresses.
    """

    host: str = "127.0.0.1"
    port: int = 0
    sync_port: int = 0
    api_key: str | None = None
    data_dir: Path | None = None
    allow_private_network: bool = False
    workers: int | None = None


@dataclass(frozen=True)
class Address:
    """Where the server answers. The URLs are roots: `/v2/...` follows; requests to `sync_url` block until the end."""

    base_url: str
    sync_url: str
    api_key: str
