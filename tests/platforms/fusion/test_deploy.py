"""`deploy fusion` against a stand-in for a zone: creates, repeats without a change, shows differences, updates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from connector.cli.deploy import command
from connector.cli.manifests import service_at
from connector.cli.zone import Zone
from connector.errors import ConnectionInvalid, InputError, RateLimited
from connector.modules import all_modules
from connector.platforms.fusion.build import build
from tests.platforms.fusion.zone_server import TOKEN, ZoneServer


@pytest.fixture
def zone() -> Iterator[ZoneServer]:
    with ZoneServer() as running:
        yield running


def deploy(zone: ZoneServer, *more: str, token: str = TOKEN) -> Result:
    arguments = ["fusion", "--zone", zone.url, "--token-env", "ZONE_TOKEN", *more]
    return CliRunner().invoke(command, arguments, env={"ZONE_TOKEN": token})


def test_everything_is_created(zone: ZoneServer) -> None:
    assert deploy(zone).exit_code == 0
    assert set(zone.things["modules"]) == set(all_modules())
    app = build(service_at())
    codes = {path.removeprefix("/cloudconvert-connector/1"): code for path, code in zone.codes.items()}
    assert json.loads(codes["/base"]) == app.base
    assert json.loads(codes["/modules/ConvertFile/api"]) == app.all("module")["ConvertFile"].codes["communication"]
    assert json.loads(codes["/groups"]) == app.groups
    assert codes["/icon"] == app.icon


def test_references_are_to_the_names_that_the_platform_gave(zone: ZoneServer) -> None:
    deploy(zone)
    module = zone.things["modules"]["ConvertFile"]
    assert (module["connection"], module["altConnection"], module["typeId"]) == ("the-app1", "the-app2", 4)
    assert zone.things["modules"]["NewJobEvent"]["webhook"] == "the-hook1"
    assert zone.things["modules"]["MakeAPICall"]["subtype"] == "Universal"


def test_a_second_time_nothing_changes(zone: ZoneServer) -> None:
    deploy(zone)
    done = len(zone.writes)
    assert "is up to date." in deploy(zone).output
    assert len(zone.writes) == done


def test_a_dry_run_shows_everything_and_writes_nothing(zone: ZoneServer) -> None:
    result = deploy(zone, "--dry-run")
    assert "would change: create the module Convert a File" in result.output
    assert zone.writes == []


def test_only_what_differs_is_shown_and_written(zone: ZoneServer) -> None:
    deploy(zone)
    zone.codes["/cloudconvert-connector/1/base"] = b'{"baseUrl": "https://old.example"}'
    zone.things["modules"]["GetJob"]["label"] = "Old"
    zone.requests.clear()
    shown = deploy(zone, "--dry-run").output
    assert '-  "baseUrl": "https://old.example"' in shown
    assert '-  "label": "Old"' in shown
    deploy(zone)
    path = "/api/v2/sdk/apps/cloudconvert-connector/1"
    assert zone.writes == [f"PUT {path}/base", f"PATCH {path}/modules/GetJob"]


def test_an_app_that_the_platform_names_otherwise_is_found_again() -> None:
    with ZoneServer(gives_name="cloudconvert-connector-x1") as zone:
        assert "give --app cloudconvert-connector-x1 next time" in deploy(zone).output
        assert "is up to date." in deploy(zone, "--app", "cloudconvert-connector-x1").output


def test_a_wrong_token_is_refused_and_never_shown(zone: ZoneServer) -> None:
    result = deploy(zone, token="wrong-token-0123456789")
    assert isinstance(result.exception, ConnectionInvalid)
    assert "sdk-apps:write" in result.exception.hint
    assert "wrong-token" not in result.output + str(result.exception)


def test_an_empty_variable_is_named(zone: ZoneServer) -> None:
    result = deploy(zone, token="")
    assert isinstance(result.exception, InputError)
    assert "ZONE_TOKEN" in result.exception.message


def test_a_token_goes_only_where_it_is_safe() -> None:
    with pytest.raises(InputError, match="https://"):
        Zone("http://eu1.make.com", TOKEN)


@pytest.mark.parametrize(("busy", "works"), [(2, True), (99, False)])
def test_a_busy_zone_is_asked_again_for_a_while(zone: ZoneServer, busy: int, works: bool) -> None:
    pauses: list[float] = []
    client = Zone(zone.url, TOKEN, sleep=pauses.append)
    zone.busy = busy
    outcome: Any = None
    try:
        outcome = client.read("/nothing/1")
    except RateLimited as error:
        outcome = error
    assert (outcome is None) == works
    assert pauses == [1.0] * (2 if works else 4)
