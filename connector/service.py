"""Facts about the service: where CloudConvert lives, and what a key or sign-in can be allowed to do.

Source: CloudConvert's API documentation and the hosts in its official clients.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

LIVE = "https://api.cloudconvert.com"
"""The live API; the region follows from the account or the caller's address."""

SANDBOX = "https://api.sandbox.cloudconvert.com"
"""CloudConvert's own sandbox: free, with keys of its own, for files that were allowed in its dashboard."""

REGIONS: Mapping[str, str] = {"eu-central": "Germany", "us-east": "United States"}
"""The regions that can be fixed, as the first part of the live host's name, and where they are."""

AUTHORIZE_URL = "https://cloudconvert.com/oauth/authorize"
TOKEN_URL = "https://cloudconvert.com/oauth/token"  # noqa: S105 - an address
SANDBOX_AUTHORIZE_URL = "https://sandbox.cloudconvert.com/oauth/authorize"
SANDBOX_TOKEN_URL = "https://sandbox.cloudconvert.com/oauth/token"  # noqa: S105 - an address

CONTACT = {"name": "CloudConvert", "url": "https://cloudconvert.com/contact"}
"""Whom the documents that describe the API name."""

LIFETIME = 24 * 3600.0
"""Seconds for which CloudConvert keeps a job and its files."""

Scope = Literal["user.read", "user.write", "task.read", "task.write", "webhook.read", "webhook.write"]

SCOPES: Mapping[Scope, str] = {
    "user.read": "See your account and its credits",
    "user.write": "Change your account",
    "task.read": "See your jobs and tasks",
    "task.write": "Create, cancel, retry and delete jobs and tasks",
    "webhook.read": "See your webhooks",
    "webhook.write": "Create and delete webhooks",
}
"""Every scope, and what a person reads who is asked to grant it."""
