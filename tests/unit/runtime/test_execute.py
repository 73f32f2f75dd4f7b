"""Calls, lists, downloads of a task and a person's own request."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.api.endpoints import Api
from connector.errors import ConversionFailed, InputError, NotFound, ProtocolError, WaitExceeded
from connector.fields import Text
from connector.forms import Fields
from connector.recipe import ApiCall, Call, Download, Listing, Webhook
from connector.runtime import Items, Options, execute
from tests.support.scripted_server import Reply, ScriptedServer, data, error

GET_JOB = Call("GET", "/jobs/{job_id}", query={"include": "parts"})
ME = "GET /v2/users/me"


class Outputs(Fields):
    id = Text("ID")


def test_a_call_names_its_fields_in_path_query_and_body(api: Api, server: ScriptedServer) -> None:
    server.route("POST /v2/webhooks/7", data({"id": 7}, 201))
    call = Call("POST", "/webhooks/{number}", query={"include": "parts"}, body={"url": "address"})
    assert execute(api, call, {"number": 7, "parts": "a,b", "address": "https://x"}) == {"id": 7}
    assert (server.requests[0].query, server.requests[0].json()) == ({"include": "a,b"}, {"url": "https://x"})


def test_a_field_that_was_left_out_leaves_its_parameter_out(api: Api, server: ScriptedServer) -> None:
    server.route("GET /v2/jobs/j", data({"id": "j"}))
    execute(api, GET_JOB, {"job_id": "j"})
    assert (server.requests[0].query, server.requests[0].body) == ({}, b"")


@pytest.mark.parametrize("value", ["../users/me", "a/b", "a?b=1", "a#b", "a b", "%2e%2e", "ü", "..%2f"])
def test_an_id_stays_one_part_of_the_path(value: str, api: Api, server: ScriptedServer) -> None:
    with pytest.raises(NotFound):
        execute(api, GET_JOB, {"job_id": value})
    assert server.requests[0].path.startswith("/v2/jobs/")
    assert server.requests[0].path.count("/") == 3


@pytest.mark.parametrize("value", [".", ".."])
@pytest.mark.parametrize("recipe", [GET_JOB, Download("job_id")], ids=["call", "download"])
def test_an_id_that_would_climb_in_the_path_is_refused(
    value: str, recipe: Any, api: Api, server: ScriptedServer
) -> None:
    with pytest.raises(InputError) as caught:
        execute(api, recipe, {"job_id": value})
    assert (list(caught.value.fields), server.requests) == (["job_id"], [])


def test_a_deleted_thing_has_nothing_to_say(api: Api, server: ScriptedServer) -> None:
    server.route("DELETE /v2/jobs/j", Reply(204))
    assert execute(api, Call("DELETE", "/jobs/{job_id}"), {"job_id": "j"}) == {}


@pytest.mark.parametrize("body", [[], "x", 3])
def test_an_answer_that_is_no_object_breaks_the_contract(body: Any, api: Api, server: ScriptedServer) -> None:
    server.route(ME, data(body))
    with pytest.raises(ProtocolError, match=r"GET /users/me \(status 200\) holds no object"):
        execute(api, Call("GET", "/users/me"), {})


def test_declared_outputs_are_picked(api: Api, server: ScriptedServer) -> None:
    server.route(ME, data({"id": 1, "more": 2}))
    assert execute(api, Call("GET", "/users/me"), {}, None, Outputs) == {"id": 1}


def test_a_call_can_wait_for_the_end(api: Api, server: ScriptedServer) -> None:
    server.route("GET /v2/jobs/j", data({"id": "j", "status": "processing"}), data({"id": "j", "status": "finished"}))
    waiting = Call("GET", "/jobs/{job_id}", until_ended=True)
    assert execute(api, waiting, {"job_id": "j", "wait_limit": 60})["status"] == "finished"  # type: ignore[index]


def test_a_call_that_waits_keeps_to_its_limit(api: Api, server: ScriptedServer) -> None:
    server.route("GET /v2/jobs/j", data({"id": "j", "status": "processing"}))
    with pytest.raises(WaitExceeded) as caught:
        execute(api, Call("GET", "/jobs/{job_id}", until_ended=True), {"job_id": "j", "wait_limit": 60})
    assert caught.value.job_id == "j"


@pytest.mark.parametrize(("limit", "given"), [(1, 1), (2, 2), (3, 3), (99, 4), (0, 4)])
def test_a_list_gives_at_most_its_limit(limit: int, given: int, api: Api, server: ScriptedServer) -> None:
    pages = [
        Reply(200, {"data": [{"id": n}, {"id": n + 1}], "links": {"next": "x" if n == 1 else None}}) for n in (1, 3)
    ]
    server.route("GET /v2/jobs", *pages)
    items = execute(api, Listing("/jobs"), {"limit": limit})
    assert isinstance(items, Items)
    assert [item.id for item in items] == [1, 2, 3, 4][:given]


def test_a_filter_goes_into_the_query(api: Api, server: ScriptedServer) -> None:
    server.route("GET /v2/jobs", Reply(200, {"data": []}))
    assert list(execute(api, Listing("/jobs", {"filter[status]": "status"}), {"limit": 5, "status": "error"})) == []
    assert server.requests[0].query == {"filter[status]": "error", "per_page": "5", "page": "1"}


def task(server: ScriptedServer, **changes: Any) -> None:
    files = [{"filename": "a.jpg", "url": f"{server.url}/a.jpg", "size": 4}]
    shown = {"id": "t", "operation": "export/url", "status": "finished", "result": {"files": files}, **changes}
    server.route("GET /v2/tasks/t", data(shown))
    server.route("GET /a.jpg", Reply(200, b"JPEG"))


def test_the_files_of_a_task_are_downloaded(api: Api, server: ScriptedServer, tmp_path: Path) -> None:
    task(server)
    execute(api, Download(), {"task_id": "t"}, Options(tmp_path))
    assert (tmp_path / "a.jpg").read_bytes() == b"JPEG"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "processing", "result": None}, "is still processing"),
        ({"operation": "convert", "result": {"files": [{"filename": "a.jpg"}]}}, "have no download URL"),
        ({"result": None}, "have no download URL"),
    ],
)
def test_a_task_without_files_is_explained(changes: Any, words: str, api: Api, server: ScriptedServer) -> None:
    task(server, **changes)
    with pytest.raises(InputError, match=words) as caught:
        execute(api, Download(), {"task_id": "t"})
    assert list(caught.value.fields) == ["task_id"]


def test_a_failed_task_has_no_files_but_a_reason(api: Api, server: ScriptedServer) -> None:
    task(server, status="error", code="X", message="No.")
    with pytest.raises(ConversionFailed, match=r"failed: No \[X\]"):
        execute(api, Download(), {"task_id": "t"})


def own(api: Api, url: str = "/v2/users/me", method: str = "GET", **form: Any) -> Any:
    return execute(api, ApiCall(), {"url": url, "method": method, **form})


def test_a_persons_own_request_is_signed_and_given_whole(api: Api, server: ScriptedServer) -> None:
    server.route(ME, Reply(200, {"data": {"id": 1}}, [("Content-Type", "application/json"), ("X-Other", "y")]))
    answer = own(api, query={"a": "b"}, headers={"X-Mine": "1"})
    sent = server.requests[0]
    assert (answer.body, answer.status_code, answer.headers["X-Other"]) == ({"data": {"id": 1}}, 200, "y")
    assert (sent.query, sent.headers["X-Mine"], sent.headers["Authorization"][:7]) == ({"a": "b"}, "1", "Bearer ")


@pytest.mark.parametrize("body", ['{"tasks": {}}', "[1, 2]", "plain", "ümlaut"])
def test_a_body_goes_out_as_it_was_written(body: str, api: Api, server: ScriptedServer) -> None:
    server.route("POST /v2/jobs", Reply(201, {"data": {}}, [("Content-Type", "application/json")]))
    own(api, "/v2/jobs", "POST", body=body)
    assert server.requests[0].body == body.encode()


@pytest.mark.parametrize(
    ("mime", "content", "body"), [("text/plain", b"hi", "hi"), ("", b"\xff", "\ufffd"), ("application/json", b"", None)]
)
def test_an_answer_of_another_kind_is_text(
    mime: str, content: bytes, body: Any, api: Api, server: ScriptedServer
) -> None:
    server.route(ME, Reply(200, content, [("Content-Type", mime)]))
    assert own(api).body == body


@pytest.mark.parametrize("content", [b"{", b"<html>", b"[" * 100_000, b"\xff"], ids=lambda body: ascii(body)[:12])
def test_json_that_is_none_breaks_the_contract(content: bytes, api: Api, server: ScriptedServer) -> None:
    server.route(ME, Reply(200, content, [("Content-Type", "application/json")]))
    with pytest.raises(ProtocolError, match="is not JSON"):
        own(api)


FOREIGN = [
    "@evil.example/x",
    ".evil.example/x",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https://evil.example/",
    "v2/users/me",
    ":8080/x",
    "/v2/a b",
    "/v2/a\r\nX: y",
    "/v2#x",
    "/v2/ü",
    "",
]


@pytest.mark.parametrize("url", FOREIGN, ids=ascii)
def test_no_address_leaves_the_apis_host(url: str, api: Api, server: ScriptedServer) -> None:
    with pytest.raises(InputError) as caught:
        own(api, url)
    assert (list(caught.value.fields), server.requests) == (["url"], [])


@pytest.mark.parametrize(
    "name", ["Authorization", "authorization", " Host ", "Content-Length", "Transfer-Encoding", "Cookie", "Connection"]
)
def test_no_header_of_the_connection_can_be_replaced(name: str, api: Api, server: ScriptedServer) -> None:
    with pytest.raises(InputError) as caught:
        own(api, headers={name: "x"})
    assert (list(caught.value.fields), server.requests) == (["headers"], [])


def test_a_redirect_of_a_persons_request_is_not_followed(api: Api, server: ScriptedServer) -> None:
    server.route(ME, Reply(302, b"", [("Location", "https://evil.example/")]))
    with pytest.raises(ProtocolError):
        own(api, headers={"X-Secret": "s"})
    assert len(server.requests) == 1


def test_what_makes_something_is_not_sent_twice(api: Api, server: ScriptedServer) -> None:
    server.route("POST /v2/jobs", error(500))
    with pytest.raises(Exception, match="status 500"):
        own(api, "/v2/jobs", "POST", body="{}")
    assert len(server.requests) == 1


def test_a_module_that_waits_for_events_says_how_to_start_it(api: Api) -> None:
    with pytest.raises(InputError) as caught:
        execute(api, Webhook(), {"events": []})
    assert "events listen" in caught.value.hint
