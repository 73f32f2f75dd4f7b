"""`run`: a module by its name, a connection, a form."""

from __future__ import annotations

import pytest

from connector import Connection, InputError, run
from tests.support.scripted_server import ScriptedServer, data


def test_a_module_is_run_with_the_connection(server: ScriptedServer) -> None:
    server.route("GET /v2/users/me", data({"id": 1, "username": "jane", "credits": 7}))
    with Connection.api_key("a-key-of-somebody", base_url=server.url) as connection:
        me = run("get-my-info", connection)
    assert (me.username, me["credits"]) == ("jane", 7)
    assert server.requests[0].headers["Authorization"] == "Bearer a-key-of-somebody"


def test_a_wrong_form_is_refused_before_anything_is_sent(server: ScriptedServer) -> None:
    connection = Connection.api_key("a-key-of-somebody", base_url=server.url)
    with connection, pytest.raises(InputError, match="output_format"):
        run("ConvertFile", connection, input_file="https://example.com/a.docx")
    assert server.requests == []


def test_an_unknown_module_is_answered_with_the_nearest_one() -> None:
    with Connection.api_key("a-key-of-somebody") as connection, pytest.raises(InputError, match="'ConvertFile'"):
        run("ConvertFiles", connection)
