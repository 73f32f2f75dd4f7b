"""The test of a connection: account, scopes, and what is honestly not known."""

from __future__ import annotations

import pytest

from connector.api.endpoints import Api
from connector.connection.check import check
from connector.errors import ConnectionInvalid, TemporaryError
from tests.support.scripted_server import Reply, ScriptedServer, data, error

ME, JOBS, HOOKS = "GET /v2/users/me", "GET /v2/jobs", "GET /v2/users/me/webhooks"
NEEDS = {"GetMyInfo": ("user.read",), "ListJobs": ("task.read",), "ConvertFile": ("task.read", "task.write")}
DENIED = error(403, "Invalid scope(s) provided.", "FORBIDDEN")


@pytest.fixture
def healthy(server: ScriptedServer) -> ScriptedServer:
    server.route(ME, data({"id": 1, "email": "me@example.test", "credits": 5}))
    server.route(JOBS, data([]))
    server.route(HOOKS, data([]))
    return server


def test_the_account_and_the_scopes_are_found(healthy: ScriptedServer, api: Api) -> None:
    found = check(api, "live")
    assert found.account["email"] == "me@example.test"
    assert [scope for scope, finding in found.scopes.items() if finding == "granted"] == [
        "user.read",
        "task.read",
        "webhook.read",
    ]
    assert found.lacking(NEEDS) == {}


def test_only_reads_are_sent(healthy: ScriptedServer, api: Api) -> None:
    check(api, "live")
    assert [f"{request.method} {request.path}" for request in healthy.requests] == [ME, JOBS, HOOKS]
    assert healthy.asked(JOBS)[0].query == {"per_page": "1"}


def test_what_would_change_something_is_said_to_be_not_checked(healthy: ScriptedServer, api: Api) -> None:
    found = check(api, "live")
    assert {found.scopes["task.write"], found.scopes["webhook.write"], found.scopes["user.write"]} == {"not checked"}


def test_a_missing_scope_is_found_with_those_that_need_it(healthy: ScriptedServer, api: Api) -> None:
    healthy.route(JOBS, DENIED)
    found = check(api, "live")
    assert found.missing() == ["task.read"]
    assert found.lacking(NEEDS) == {"ListJobs": ["task.read"], "ConvertFile": ["task.read"]}


def test_without_user_read_the_rest_is_still_tested(healthy: ScriptedServer, api: Api) -> None:
    healthy.route(ME, DENIED)
    found = check(api, "live")
    assert (found.account, found.missing()) == ({}, ["user.read"])


def test_what_the_server_said_it_granted_is_taken_at_its_word(healthy: ScriptedServer, api: Api) -> None:
    found = check(api, "live", ("user.read", "task.read"))
    assert found.scopes["task.write"] == "missing"
    assert found.scopes["webhook.read"] == "granted"  # it was tried, and that counts for more
    assert "ConvertFile" in found.lacking(NEEDS)


def test_a_server_without_webhooks_says_nothing_about_their_scope(healthy: ScriptedServer, api: Api) -> None:
    healthy.route(HOOKS, error(404))
    assert check(api, "custom").scopes["webhook.read"] == "not checked"


@pytest.mark.parametrize(
    ("environment", "other"), [("live", "choose the environment sandbox"), ("sandbox", "choose the environment live")]
)
def test_a_refused_key_may_belong_to_the_other_environment(
    server: ScriptedServer, api: Api, environment: str, other: str
) -> None:
    server.route(ME, error(401, "Unauthenticated.", "UNAUTHENTICATED"))
    with pytest.raises(ConnectionInvalid, match="does not accept the API key") as caught:
        check(api, environment)
    assert other in caught.value.hint
    assert len(server.requests) == 1


def test_a_host_that_is_down_is_no_verdict_on_the_key(server: ScriptedServer, api: Api) -> None:
    server.route(ME, Reply(503, {}))
    with pytest.raises(TemporaryError):
        check(api, "live")
