"""The endpoints: a job is made exactly once, lists are walked to their end, broken answers are named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from connector.api.endpoints import Api
from connector.api.policy import ONCE
from connector.errors import ConnectorError, NoAnswer, ProtocolError, RateLimited, TemporaryError
from tests.support.clock import FakeClock
from tests.support.scripted_server import Reply, Request, ScriptedServer, data, error

POST, LIST = "POST /v2/jobs", "GET /v2/jobs"
BODY = {"tasks": {"a": {"operation": "import/upload"}}, "tag": "connector-1"}


def is_ours(job: Mapping[str, Any]) -> bool:
    return job.get("tag") == "connector-1"


class Jobs:
    """What the service holds. `fault` is what the client sees of a create, if it is not the job."""

    def __init__(self, server: ScriptedServer) -> None:
        self.made: list[dict[str, Any]] = []
        self.faults: list[Reply] = []
        self.shown_after = 0
        server.route(POST, self.create)
        server.route(LIST, self.list)
        server.route("GET /v2/jobs/job-1", lambda request: data(self.made[0]))

    def create(self, request: Request) -> Reply:
        self.made.append({"id": f"job-{len(self.made) + 1}", "tag": request.json()["tag"], "tasks": []})
        return self.faults.pop(0) if self.faults else data(self.made[-1], 201)

    def list(self, request: Request) -> Reply:
        self.shown_after -= 1
        others = [{"id": "other", "tag": "connector-12"}]
        return data(others if self.shown_after >= 0 else [*others, *self.made])


@pytest.fixture
def jobs(server: ScriptedServer) -> Jobs:
    return Jobs(server)


def test_a_job_is_created(api: Api, jobs: Jobs, server: ScriptedServer) -> None:
    assert api.create_job(BODY, is_ours)["id"] == "job-1"
    assert server.requests[0].json() == BODY


def test_whoever_has_a_caller_to_tell_hands_a_refusal_on_at_once(
    api: Api, server: ScriptedServer, clock: FakeClock
) -> None:
    server.route(POST, error(429, "Too many", Retry_After="7"))
    with pytest.raises(RateLimited) as refused:
        api.create_job(BODY, is_ours, policy=ONCE)
    assert (refused.value.retry_after, len(server.requests), clock.slept) == (7, 1, [])


LOST = [
    Reply(fault="close"),
    Reply(fault="reset"),
    Reply(201, {"data": {"id": "job-1"}}, sends=9),
    error(500),
    error(502),
    error(503),
    error(504),
    error(408),
]


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: f"{fault.status} {fault.fault} {fault.sends}")
@pytest.mark.parametrize("shown_after", [0, 1])
def test_a_job_whose_answer_was_lost_is_adopted_and_not_made_again(
    fault: Reply, shown_after: int, api: Api, jobs: Jobs
) -> None:
    jobs.faults, jobs.shown_after = [fault], shown_after
    assert api.create_job(BODY, is_ours)["id"] == "job-1"
    assert len(jobs.made) == 1


def test_a_job_that_was_not_made_is_made_then(api: Api, server: ScriptedServer, clock: FakeClock) -> None:
    server.route(POST, Reply(fault="close"), data({"id": "job-2"}, 201))
    server.route(LIST, data([]))
    assert api.create_job(BODY, is_ours)["id"] == "job-2"
    assert [request.query["filter[tag]"] for request in server.asked(LIST)] == ["connector-1"] * 2
    assert clock.slept == [2.0]


def test_three_lost_answers_without_a_job_are_enough(api: Api, server: ScriptedServer) -> None:
    server.route(POST, error(500))
    server.route(LIST, data([]))
    with pytest.raises(TemporaryError):
        api.create_job(BODY, is_ours)
    assert len(server.asked(POST)) == 3


def test_without_a_way_to_know_it_again_a_job_is_not_sent_twice(api: Api, server: ScriptedServer) -> None:
    server.route(POST, Reply(fault="close"))
    with pytest.raises(NoAnswer) as caught:
        api.create_job(BODY, None)
    assert "look for the tag 'connector-1'" in caught.value.hint
    assert len(server.requests) == 1


def test_a_long_delay_is_handed_on_and_not_worked_around(api: Api, server: ScriptedServer) -> None:
    server.route(POST, error(503, Retry_After="9999"))
    server.route(LIST, data([]))
    with pytest.raises(TemporaryError) as caught:
        api.create_job(BODY, is_ours)
    assert (caught.value.retry_after, len(server.asked(POST))) == (9999.0, 1)


def test_a_rate_limit_makes_no_job_and_looks_for_none(api: Api, server: ScriptedServer) -> None:
    server.route(POST, error(429))
    with pytest.raises(RateLimited):
        api.create_job(BODY, is_ours)
    assert [request.method for request in server.requests] == ["POST"] * 3


@pytest.mark.parametrize("status", [400, 401, 402, 403, 413, 422])
def test_a_refused_job_is_not_sent_again(status: int, api: Api, server: ScriptedServer) -> None:
    server.route(POST, error(status, "No."))
    with pytest.raises(ConnectorError):
        api.create_job(BODY, is_ours)
    assert len(server.requests) == 1


BROKEN = [b"", b"<html>", b"[]", b"{}", b"null", b'{"data": null}', b'{"data": []}', b'{"data": {}}', b'{"data": "x"}']


@pytest.mark.parametrize("body", BROKEN, ids=ascii)
def test_a_job_that_is_none_breaks_the_contract(body: bytes, api: Api, server: ScriptedServer) -> None:
    server.route("GET /v2/jobs/j", Reply(200, body))
    with pytest.raises(ProtocolError, match=r"GET /jobs/j \(status 200\)"):
        api.job("j")


TASKS = ["x", {"a": {}}, [None], [3], [{"result": "x"}], [{"result": {"files": [None]}}], [{"result": {"files": "x"}}]]


@pytest.mark.parametrize("tasks", TASKS, ids=str)
def test_tasks_in_another_shape_break_the_contract(tasks: Any, api: Api, server: ScriptedServer) -> None:
    server.route("GET /v2/jobs/j", data({"id": "j", "tasks": tasks}))
    with pytest.raises(ProtocolError, match=r"GET /jobs/j \(status 200\)"):
        api.job("j")


@pytest.mark.parametrize("tasks", [None, [], [{"result": None}], [{"result": {"files": None}, "new": 1}]], ids=str)
def test_nulls_and_unknown_keys_pass(tasks: Any, api: Api, server: ScriptedServer) -> None:
    job = {"id": "j", "tasks": tasks, "region": "x", "status": "queued"}
    server.route("GET /v2/jobs/j", data(job))
    assert api.job("j") == job


def page(items: list[Any], following: bool) -> Reply:
    return Reply(200, {"data": items, "links": {"next": "https://elsewhere.example/?page=9" if following else None}})


def ids(api: Api) -> list[Any]:
    return [item["id"] for item in api.pages("/jobs", {"per_page": 2})]


def test_a_list_is_walked_to_its_end(api: Api, server: ScriptedServer) -> None:
    server.route(LIST, page([{"id": 1}, {"id": 2}], True), page([{"id": 3}], False))
    assert ids(api) == [1, 2, 3]
    assert [request.query["page"] for request in server.requests] == ["1", "2"]


def test_an_item_that_moves_to_the_next_page_is_given_once(api: Api, server: ScriptedServer) -> None:
    server.route(LIST, page([{"id": 1}, {"id": 2}], True), page([{"id": 2}, {"id": 3}], False))
    assert ids(api) == [1, 2, 3]


def test_a_page_is_fetched_when_it_is_needed(api: Api, server: ScriptedServer) -> None:
    server.route(LIST, page([{"id": 1}], True))
    next(api.pages("/jobs", {}))
    assert len(server.requests) == 1


def test_an_empty_page_ends_the_list_whatever_it_says(api: Api, server: ScriptedServer) -> None:
    server.route(LIST, page([], True))
    assert ids(api) == []


@pytest.mark.parametrize("links", [None, [], {}, 3, {"next": None}], ids=str)
def test_a_list_without_a_next_page_ends(links: Any, api: Api, server: ScriptedServer) -> None:
    server.route(LIST, Reply(200, {"data": [{"id": 1}], "links": links}))
    assert ids(api) == [1]


@pytest.mark.parametrize("document", [{"data": None}, {"data": {}}, {"data": [3]}, {"data": [None]}, {}, []], ids=str)
def test_a_list_that_is_none_breaks_the_contract(document: Any, api: Api, server: ScriptedServer) -> None:
    server.route(LIST, Reply(200, document))
    with pytest.raises(ProtocolError, match=r"GET /jobs \(status 200\)"):
        list(api.pages("/jobs", {}))


def test_a_blocking_read_ends_with_its_patience(server: ScriptedServer, api: Api) -> None:
    waiting = Api(api.session, api.base_url, sync_url=server.url)
    server.route("GET /v2/jobs/j", Reply(fault="hang"))
    with pytest.raises(NoAnswer):
        waiting.when_ended("/jobs/j", 0.1)
    assert len(server.requests) == 1


def test_a_user_and_a_task_are_read(api: Api, server: ScriptedServer) -> None:
    server.route("GET /v2/users/me", data({"id": 1}))
    server.route("GET /v2/tasks/t", data({"id": "t", "status": "waiting"}))
    assert (api.me(), api.task("t")["status"]) == ({"id": 1}, "waiting")


def test_a_job_whose_answer_cannot_be_read_is_adopted(api: Api, server: ScriptedServer, jobs: Jobs) -> None:
    jobs.faults = [Reply(201, b"{broken")]
    assert api.create_job(BODY, is_ours)["id"] == "job-1"
    assert len(server.asked(POST)) == 1
