"""Subscriptions: one webhook at CloudConvert for one address, and none left behind."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from connector.api.endpoints import Api, Object
from connector.errors import ConnectorError, InputError, NoAnswer, NotFound, ProtocolError, TemporaryError
from connector.events.event import KINDS, webhook_events
from connector.events.journal import Journal
from connector.redact import remember

_FACT = "subscriptions"
_LOOKS = 2
_BETWEEN_LOOKS = 2.0


@dataclass(frozen=True)
class Webhook:
    """A webhook that is attached."""

    id: str
    secret: str = field(repr=False)


class Subscription:
    """The webhook for `url`, which the journal remembers: whoever is killed finds it again, or takes it away.

    One journal serves one address at a time. Raises InputError for an address that cannot be called.
    """

    def __init__(self, api: Api, journal: Journal, url: str, kinds: Collection[str] = KINDS) -> None:
        self.url = _callable(url)
        self._api = api
        self._journal = journal
        self._events = webhook_events(kinds)

    def attach(self) -> Webhook:
        """The webhook, adopted if there is a good one, else made. Raises ConnectorError; then nothing is left behind.

        Whatever else is there for this address, or was left behind by this journal for another, is removed.
        """
        for url in self._records():
            if url != self.url:
                self._remove(url)
        found = self._listed(self.url)
        kept = next((webhook for webhook in map(self._usable, found) if webhook), None)
        for other in found:
            if kept is None or str(other["id"]) != kept.id:
                self._delete(str(other["id"]))
        return self._keep(kept or self._create())

    def detach(self) -> None:
        """Remove the webhook; one that is gone already is fine. Raises ConnectorError where it may still be there."""
        if self.url in self._records():
            self._remove(self.url)

    def _usable(self, found: Object) -> Webhook | None:
        """The listed webhook, if it brings what is wanted and its secret is known."""
        recorded = self._records().get(self.url) or {}
        secret = found.get("signing_secret") or (
            recorded.get("secret") if recorded.get("id") == str(found["id"]) else None
        )
        wanted = set(found.get("events") or []) == set(self._events)
        return _webhook(found["id"], secret) if wanted and secret and not found.get("disabled") else None

    def _create(self) -> Webhook:
        self._note(self.url, None)  # from here on there may be a webhook, whatever happens
        try:
            made = self._api.request("POST", "/webhooks", body={"url": self.url, "events": self._events}).data()
        except (NoAnswer, ProtocolError, TemporaryError) as error:
            made = self._adopted(error)
        if isinstance(made, dict) and "id" in made and made.get("signing_secret"):
            return _webhook(made["id"], made["signing_secret"])
        self._remove(self.url)
        raise ProtocolError("CloudConvert's answer to the creation of a webhook holds no id or no signing secret.")

    def _adopted(self, error: ConnectorError) -> Object:
        """The webhook whose creation was not confirmed. Raises `error` if it was surely not made."""
        for look in range(_LOOKS):
            if look:
                self._api.session.clock.sleep(_BETWEEN_LOOKS)
            if found := self._listed(self.url):
                return found[0]
        self._forget(self.url)
        raise error

    def _keep(self, webhook: Webhook) -> Webhook:
        try:
            self._note(self.url, webhook)
        except ConnectorError:
            with contextlib.suppress(ConnectorError):
                self._delete(webhook.id)
            raise
        return webhook

    def _remove(self, url: str) -> None:
        """Delete the recorded webhook for an address; where its id was never learnt, all that are listed for it."""
        recorded = self._records().get(url)
        for webhook_id in [recorded["id"]] if recorded else [str(one["id"]) for one in self._listed(url)]:
            self._delete(webhook_id)
        self._forget(url)

    def _delete(self, webhook_id: str) -> None:
        with contextlib.suppress(NotFound):
            self._api.request("DELETE", f"/webhooks/{webhook_id}")

    def _listed(self, url: str) -> list[Object]:
        listed = self._api.pages("/users/me/webhooks", {"filter[url]": url})
        return [one for one in listed if one.get("url") == url and "id" in one]

    def _records(self) -> dict[str, Any]:
        return self._journal.fact(_FACT) or {}

    def _note(self, url: str, webhook: Webhook | None) -> None:
        known = {"id": webhook.id, "secret": webhook.secret} if webhook else None
        self._journal.keep(_FACT, {**self._records(), url: known})

    def _forget(self, url: str) -> None:
        self._journal.keep(_FACT, {known: record for known, record in self._records().items() if known != url})


def _webhook(webhook_id: object, secret: str) -> Webhook:
    return Webhook(str(webhook_id), remember(secret))


def _callable(url: str) -> str:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.fragment
    except ValueError:
        usable = False
    if not usable or any(c.isspace() for c in url):
        raise InputError(
            f"The public URL {url[:100]!r} is no address that CloudConvert can call.",
            fields={"url": "must be an http or https address"},
            hint="Give the address under which this machine is reached from outside, e.g. https://hooks.example.com/cloudconvert.",
        )
    return url
