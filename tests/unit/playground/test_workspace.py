"""What Node-RED finds in its folder at the first start and at later ones."""

from __future__ import annotations

import json
from pathlib import Path

from connector.cli.manifests import service_at
from connector.platforms import find
from connector.playground.flows import CONNECTION, flows
from connector.playground.workspace import Place, moved, prepare

FIRST = Place("http://127.0.0.1:1", "http://127.0.0.1:2", "key-one")
LATER = Place("http://127.0.0.1:11", "http://127.0.0.1:12", "key-two")


def test_later_starts_keep_the_flows_and_move_their_addresses(tmp_path: Path) -> None:
    prepare(tmp_path, {"package.json": b"{}"}, FIRST, "http://127.0.0.1:1880")
    flow = json.loads((tmp_path / "flows.json").read_text())
    (tmp_path / "flows.json").write_text(json.dumps([*flow, {"id": "mine", "info": "http://127.0.0.1:1880/files"}]))
    prepare(tmp_path, {"package.json": b"{}"}, LATER, "http://127.0.0.1:1999")
    kept = {node["id"]: node for node in json.loads((tmp_path / "flows.json").read_text())}
    assert kept["mine"]["info"] == "http://127.0.0.1:1999/files"
    assert (kept[CONNECTION]["base_url"], kept[CONNECTION]["sync_url"]) == (LATER.base_url, LATER.sync_url)


def test_no_key_is_written(tmp_path: Path) -> None:
    prepare(tmp_path, {}, FIRST, "http://127.0.0.1:1880")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and FIRST.api_key in path.read_text()]


def test_a_port_that_begins_like_another_is_not_taken_for_it() -> None:
    now = {"page": "http://127.0.0.1:5"}
    assert moved("http://127.0.0.1:188 http://127.0.0.1:1880", {"page": "http://127.0.0.1:188"}, now) == (
        "http://127.0.0.1:5 http://127.0.0.1:1880"
    )


def test_addresses_that_change_places_do_not_mix() -> None:
    before, now = {"a": "http://h:1", "b": "http://h:2"}, {"a": "http://h:2", "b": "http://h:1"}
    assert moved("http://h:1 http://h:2", before, now) == "http://h:2 http://h:1"


def test_the_flows_are_whole() -> None:
    """Every wire leads to a node of the same tab, and every node of ours is one of the package."""
    made = flows("http://127.0.0.1:1880", "http://127.0.0.1:1", "http://127.0.0.1:2")
    places = {node["id"]: node.get("z") for node in made}
    assert len(places) == len(made)
    assert all(places[to] == node["z"] for node in made for wires in node.get("wires", []) for to in wires)
    package = find("node-red").files(service_at())
    ours = {node["type"] for node in made if node["type"].startswith("cloudconvert-")}
    assert ours
    assert all(f"nodes/{kind}.html" in package for kind in ours)
