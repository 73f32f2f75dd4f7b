from __future__ import annotations

import pytest

from connector.api.endpoints import Api
from connector.errors import ConnectionInvalid, ConnectorError, InputError, OutOfSpace, ProtocolError
from connector.events import Journal, Subscription
from connector.redact import redact
from tests.support.scripted_server import Reply, Request, data, error
from tests.support.webhook_service import WebhookService

URL = "https://hooks.example.com/cloudconvert?from=here"
ALL = ["job.created", "job.finished", "job.failed"]


@pytest.fixture
def subscription(api: Api, journal: Journal) -> Subscription:
    return Subscription(api, journal, URL)


def ids(server: WebhookService) -> list[str]:
    return list(server.webhooks)


def test_attaching_makes_one_webhook_with_what_is_needed(server: WebhookService, api: Api, journal: Journal) -> None:
    webhook = Subscription(api, journal, URL, ["finished"]).attach()
    assert (webhook.id, webhook.secret) == ("1", "signing-secret-of-the-tests-1")
    assert server.webhooks["1"]["url"] == URL
    assert server.webhooks["1"]["events"] == ["job.finished", "job.failed"]


def test_the_secret_is_never_shown(subscription: Subscription) -> None:
    webhook = subscription.attach()
    assert webhook.secret not in repr(webhook) + redact(f"signed with {webhook.secret}.")


@pytest.mark.row("W11")
def test_detaching_leaves_nothing_and_can_be_repeated(
    server: WebhookService, subscription: Subscription, journal: Journal
) -> None:
    subscription.attach()
    subscription.detach()
    subscription.detach()
    assert (ids(server), journal.fact("subscriptions")) == ([], {})


@pytest.mark.row("W11")
def test_detaching_what_somebody_else_removed_is_fine(server: WebhookService, subscription: Subscription) -> None:
    subscription.attach()
    server.webhooks.clear()
    subscription.detach()


def test_after_a_kill_the_webhook_is_adopted(server: WebhookService, api: Api, journal: Journal) -> None:
    first = Subscription(api, journal, URL).attach()
    again = Subscription(api, journal, URL).attach()
    assert (again, ids(server)) == (first, ["1"])


def test_the_secret_is_remembered_where_the_list_does_not_show_it(
    server: WebhookService, api: Api, journal: Journal
) -> None:
    first = Subscription(api, journal, URL).attach()
    del server.webhooks["1"]["signing_secret"]
    assert Subscription(api, journal, URL).attach() == first


@pytest.mark.parametrize("more", [{"disabled": True}, {"events": ["job.failed"]}, {"signing_secret": None}])
def test_one_that_is_no_good_is_replaced(
    more: dict[str, object], server: WebhookService, subscription: Subscription
) -> None:
    server.attach(URL, ALL)
    server.webhooks["1"].update(more)
    assert subscription.attach().id == "2"
    assert ids(server) == ["2"]


def test_of_several_one_stays_and_other_addresses_are_left_alone(
    server: WebhookService, subscription: Subscription
) -> None:
    for url in (URL, URL, "https://elsewhere.example.com"):
        server.attach(url, ALL)
    assert subscription.attach().id == "1"
    assert ids(server) == ["1", "3"]


def test_what_was_left_behind_at_another_address_is_removed(server: WebhookService, api: Api, journal: Journal) -> None:
    Subscription(api, journal, "https://old-tunnel.example.com").attach()
    Subscription(api, journal, URL).attach()
    assert [one["url"] for one in server.webhooks.values()] == [URL]


@pytest.mark.row("W11")
def test_a_webhook_whose_creation_was_not_confirmed_is_adopted(
    server: WebhookService, subscription: Subscription
) -> None:
    def made_but_lost(request: Request) -> Reply:
        server.attach(**request.json())
        return Reply(fault="close")

    server.route("POST /v2/webhooks", made_but_lost)
    assert (subscription.attach().id, ids(server)) == ("1", ["1"])


@pytest.mark.parametrize("reply", [error(500), Reply(fault="reset"), Reply(201, b"<html>"), data({"id": 7})])
@pytest.mark.row("W11")
def test_a_creation_that_fails_leaves_nothing(
    reply: Reply, server: WebhookService, subscription: Subscription, journal: Journal
) -> None:
    server.route("POST /v2/webhooks", reply)
    with pytest.raises((ConnectorError, ProtocolError)):
        subscription.attach()
    assert (ids(server), journal.fact("subscriptions")) == ([], {})


def test_a_refused_creation_is_not_looked_for(server: WebhookService, subscription: Subscription) -> None:
    server.route("POST /v2/webhooks", error(403, "Invalid scope(s) provided."))
    with pytest.raises(ConnectionInvalid):
        subscription.attach()
    assert len(server.asked("GET /v2/users/me/webhooks")) == 1


def test_where_even_the_list_cannot_be_had_the_next_start_cleans_up(
    server: WebhookService, api: Api, journal: Journal
) -> None:
    def made_then_down(request: Request) -> Reply:
        server.attach(**request.json())
        server.route("GET /v2/users/me/webhooks", error(503))
        return Reply(fault="close")

    server.route("POST /v2/webhooks", made_then_down)
    with pytest.raises(ConnectorError):
        Subscription(api, journal, URL).attach()
    server.routes.clear()
    Subscription(api, journal, "https://new.example.com").attach()
    assert [one["url"] for one in server.webhooks.values()] == ["https://new.example.com"]


def test_a_webhook_that_cannot_be_noted_is_removed_again(
    server: WebhookService, subscription: Subscription, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = journal.keep

    def full_for_secrets(name: str, value: dict[str, object]) -> None:
        if any(value.values()):
            raise OutOfSpace("The disk is full.")
        keep(name, value)

    monkeypatch.setattr(journal, "keep", full_for_secrets)
    with pytest.raises(OutOfSpace):
        subscription.attach()
    assert ids(server) == []


def test_one_that_cannot_be_deleted_stays_on_record(
    server: WebhookService, subscription: Subscription, journal: Journal
) -> None:
    subscription.attach()
    server.route("DELETE /v2/webhooks/1", error(500))
    with pytest.raises(ConnectorError):
        subscription.detach()
    server.routes.clear()
    subscription.detach()
    assert ids(server) == []


@pytest.mark.parametrize("url", ["", "hooks.example.com", "ftp://a.example.com", "https://", "https://a b.example.com"])
def test_an_address_that_nobody_can_call_is_refused(url: str, api: Api, journal: Journal) -> None:
    with pytest.raises(InputError, match="no address"):
        Subscription(api, journal, url)
