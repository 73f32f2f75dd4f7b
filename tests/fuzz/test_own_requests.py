"""A person's own request stays at the API's host, keeps the connection's key, and is sent as it was written or refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.api.endpoints import Api
from connector.errors import InputError
from connector.recipe import ApiCall
from connector.runtime import execute
from connector.runtime.api_call import FIXED_HEADERS
from tests.fuzz.forms import MODULES
from tests.fuzz.hostile import FOREIGN, STRINGS
from tests.fuzz.stub import Stub
from tests.support.scripted_server import Request, ScriptedServer

OWN = next(module for module in MODULES if isinstance(module.recipe, ApiCall))
SHORT = {name: text for name, text in STRINGS.items() if len(text) < 4000}
METHODS = next(field.options for field in OWN.Input.all().values() if field.label == "Method")
KEY = "Bearer key-of-the-tests"


def send(api: Api, **form: Any) -> Any:
    return execute(api, OWN.recipe, OWN.fill({"url": "/v2/users/me", **form}))


def refused(api: Api, **form: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        send(api, **form)
    assert str(caught.value).startswith(OWN.name()) or "cannot be sent" in str(caught.value)
    assert len(str(caught.value)) <= 200
    assert str(caught.value).isprintable()
    return caught.value


def only(service: ScriptedServer) -> Request:
    """The one request, signed with the connection's key and for the service's own host."""
    (request,) = service.requests
    assert request.headers.get_all("Authorization") == [KEY]
    assert request.headers.get_all("Host") == [service.host]
    return request


@pytest.mark.row("B10")
@pytest.mark.parametrize("path", FOREIGN, ids=ascii)
def test_a_path_that_leads_elsewhere_is_refused(service: Stub, service_api: Api, path: str) -> None:
    refused(service_api, url=path)
    assert service.requests == []


@pytest.mark.row("B6")
@pytest.mark.row("B10")
@given(st.text(max_size=30) | st.builds("{}{}".format, st.sampled_from(FOREIGN), st.text("/@:\\.?#[]ax", max_size=8)))
def test_whatever_is_written_the_request_goes_to_the_base_or_nowhere(path: str) -> None:
    from connector.runtime.api_call import address

    try:
        url = address("https://api.cloudconvert.com", path)
    except InputError:
        return
    # Judged as WHATWG's parsers and curl read it too: a backslash counts as a slash, blanks are dropped.
    assert re.match(r"https://api\.cloudconvert\.com/[!-~]*$", url)
    assert "\\" not in url


@pytest.mark.row("B10")
@pytest.mark.parametrize(
    "method", ["get", "Post", "TRACE", "CONNECT", "GET ", "GET\r\nX: 1", "", "PROPFIND"], ids=ascii
)
def test_a_method_is_one_of_the_list(service: Stub, service_api: Api, method: str) -> None:
    if method == "":
        send(service_api, method=method)
        assert only(service).method == "GET"
    else:
        assert "method" in refused(service_api, method=method).fields
        assert service.requests == []


@pytest.mark.row("B10")
@pytest.mark.parametrize("name", [*sorted(FIXED_HEADERS), "AUTHORIZATION", " Host", "host ", "Content-length"])
def test_what_the_connection_sets_cannot_be_set(service: Stub, service_api: Api, name: str) -> None:
    assert "headers" in refused(service_api, headers={name: "x"}).fields
    assert service.requests == []


@pytest.mark.row("B10")
@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)
@pytest.mark.parametrize("part", ["name", "value"])
def test_a_header_is_sent_as_it_is_or_refused(service: Stub, service_api: Api, part: str, text: str) -> None:
    header = {text: "x"} if part == "name" else {"X-Own": text}
    try:
        send(service_api, headers=header)
    except InputError:
        assert service.requests == []
        return
    request = only(service)
    assert "X-Injected" not in request.headers
    sent = request.headers.get(next(iter(header)), "") if text else ""
    assert sent == ("x" if part == "name" and text else text).strip(" \t")


@pytest.mark.row("B10")
@pytest.mark.parametrize("text", SHORT.values(), ids=SHORT)
def test_a_query_arrives_whole(service: Stub, service_api: Api, text: str) -> None:
    if not text.isascii() and "\ud800" in text:
        refused(service_api, query={"q": text})
        return
    send(service_api, query={"q": text, text or "n": "x"})
    assert only(service).query == ({"q": text} if text else {}) | {text or "n": "x"}


@pytest.mark.row("B10")
@pytest.mark.parametrize("method", [choice.value for choice in METHODS])
@pytest.mark.parametrize("body", ["", "[1, 2]", '"text"', "no JSON {", '{"a": 1}', "ü"], ids=ascii)
def test_any_body_with_any_method_is_sent_as_written(service: Stub, service_api: Api, method: str, body: str) -> None:
    send(service_api, method=method, body=body)
    request = only(service)
    assert (request.method, request.body.decode()) == (method, body)
    assert request.headers["Content-Type"] == "application/json"


@pytest.mark.row("B10")
@pytest.mark.parametrize("body", [[1, 2], {"a": 1}, b"bytes", 3], ids=str)
def test_a_body_that_is_no_text_is_refused(service: Stub, service_api: Api, body: Any) -> None:
    assert refused(service_api, body=body).fields == {"body": "must be text"}
    assert service.requests == []
