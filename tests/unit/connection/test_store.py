"""Named connections and their default, in one file."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from connector.connection.record import Secrets, Trouble
from connector.connection.store import Busy, Store
from connector.connection.token import Token
from connector.errors import ConnectionInvalid, ConnectorError, InputError
from tests.support.connections import KEY, with_key

BEFORE = Token("access-before-01", "refresh-before-01")
AFTER = Token("access-after-0123", "refresh-after-0123")


def with_token(token: Token = BEFORE) -> Any:
    return replace(with_key(), kind="oauth2", secrets=Secrets(token=token))


def test_what_is_saved_is_there_again(store: Store) -> None:
    saved = store.save(with_key("work", region="us-east"))
    assert Store(store.folder).get("work") == saved
    assert Store(store.folder).get("work").secrets.api_key == KEY


def test_nothing_is_made_before_something_is_saved(store: Store) -> None:
    assert (store.names(), store.default()) == ([], None)
    assert not store.folder.exists()


def test_the_first_becomes_the_default_and_stays_it(store: Store) -> None:
    for name in ("b", "a"):
        store.save(with_key(name))
    assert (store.default(), store.names()) == ("b", ["a", "b"])


def test_another_can_be_made_the_default(store: Store) -> None:
    store.save(with_key("a"))
    store.save(with_key("b"), default=True)
    assert store.default() == "b"
    store.set_default("a")
    assert store.default() == "a"


def test_a_name_is_not_taken_twice_unless_it_is_meant(store: Store) -> None:
    first = store.save(with_key())
    with pytest.raises(InputError, match="already"):
        store.save(with_key())
    again = store.save(with_key(region="us-east"), overwrite=True)
    assert (again.id, store.get("work").region) == (first.id, "us-east")


def test_a_new_name_keeps_the_default(store: Store) -> None:
    saved = store.save(with_key())
    store.rename("work", "home")
    assert (store.default(), store.names()) == ("home", ["home"])
    assert store.by_id(saved.id) == replace(saved, name="home")


def test_a_new_name_must_be_free_and_a_name(store: Store) -> None:
    store.save(with_key("a"))
    store.save(with_key("b"))
    for taken in ("b", ""):
        with pytest.raises(InputError):
            store.rename("a", taken)
    assert store.names() == ["a", "b"]


def test_what_is_removed_is_gone_with_its_secret_and_lock(store: Store) -> None:
    saved = store.save(with_key())
    with store.alone(saved.id, 1):
        pass
    store.remove("work")
    assert (store.names(), store.default(), store.by_id(saved.id)) == ([], None, None)
    assert KEY not in store.path.read_text()
    assert sorted(path.name for path in store.folder.iterdir()) == ["connections.json", "connections.lock"]


def test_an_unknown_name_is_answered_with_the_nearest_one(store: Store) -> None:
    store.save(with_key("office"))
    with pytest.raises(InputError, match="Did you mean 'office'") as caught:
        store.get("ofice")
    assert "There are: office" in caught.value.hint


def test_the_overview_holds_no_secret(store: Store) -> None:
    store.save(with_key())
    assert KEY not in str(store.overview())
    assert store.overview()["work"]["kind"] == "api-key"


def test_a_new_token_takes_the_place_of_the_used_one(store: Store) -> None:
    saved = store.save(with_token())
    store.keep_trouble(saved.id, BEFORE, Trouble(1.0, "down"))
    kept = store.keep_token(saved.id, BEFORE, AFTER)
    assert kept == store.get("work")
    assert (kept.secrets.token, kept.trouble) == (AFTER, None)


def test_a_connection_that_was_removed_is_not_brought_back_by_a_token(store: Store) -> None:
    saved = store.save(with_token())
    store.remove("work")
    assert store.keep_token(saved.id, BEFORE, AFTER) is None
    assert store.names() == []


def test_a_token_does_not_replace_that_of_a_newer_sign_in(store: Store) -> None:
    saved = store.save(with_token())
    newer = Token("access-newer-0123", "refresh-newer-0123")
    store.save(with_token(newer), overwrite=True)
    kept = store.keep_token(saved.id, BEFORE, AFTER)
    assert kept is not None
    assert kept.secrets.token == store.get("work").secrets.token == newer


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"version": 2, "connections": {}}, "newer version"),
        ({"connections": {}}, "no list of connections"),
        ([], "no list of connections"),
        ({"version": 1, "connections": []}, "no list of connections"),
        ({"version": 1, "connections": {"work": {"kind": "api-key"}}}, "'work' is not complete"),
        (
            {"version": 1, "connections": {"work": {"kind": "oauth2", "id": "1", "secrets": {"token": {"life": 1}}}}},
            "not complete",
        ),
    ],
)
@pytest.mark.row("T11")
def test_what_cannot_be_understood_is_named(store: Store, document: Any, why: str) -> None:
    store.folder.mkdir(mode=0o700)
    store.path.touch(0o600)
    store.path.write_text(json.dumps(document))
    with pytest.raises(ConnectionInvalid, match=why):
        store.get("work")


@pytest.mark.parametrize("content", ["", "nonsense", '{"version": 99}'])
@pytest.mark.row("T11")
def test_what_cannot_be_understood_is_never_overwritten(store: Store, content: str) -> None:
    store.folder.mkdir(mode=0o700)
    store.path.touch(0o600)
    store.path.write_text(content)
    with pytest.raises(ConnectionInvalid):
        store.save(with_key())
    assert store.path.read_text() == content


@pytest.mark.parametrize("default", ["gone", None, []])
def test_a_default_that_is_gone_is_none(store: Store, default: Any) -> None:
    store.save(with_key())
    document = json.loads(store.path.read_text())
    store.path.write_text(json.dumps({**document, "default": default}))
    assert store.default() is None


def test_a_lock_that_somebody_holds_is_waited_for_and_then_given_up(store: Store) -> None:
    saved = store.save(with_key())
    with store.alone(saved.id, 1), pytest.raises(Busy, match="another process"), Store(store.folder).alone(saved.id, 0):
        pass


def test_the_store_is_changed_by_one_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(with_key())
    monkeypatch.setattr("connector.connection.store._PATIENCE", 0.05)
    with FileLock(store.folder / "connections.lock"), pytest.raises(Busy):
        store.save(with_key("other"))


@pytest.mark.row("T4")
def test_strays_of_died_saves_are_swept_at_the_start(store: Store) -> None:
    store.save(with_key())
    stray = store.folder / ".connections.json.1.aa.tmp"
    stray.touch()
    os.utime(stray, (1000, 1000))
    Store(store.folder)
    assert not stray.exists()


def test_the_folder_is_the_users_unless_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Store.of_user({"CLOUDCONVERT_CONFIG_DIR": str(tmp_path)}).folder == tmp_path
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert Store.of_user({}).folder.name == "cloudconvert-connector"


def test_a_place_that_can_hold_no_connections_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConnectorError, match="cannot hold the saved connections") as caught:
        Store(tmp_path / "file" / "x").remove("work")
    assert "CLOUDCONVERT_CONFIG_DIR" in caught.value.hint


def told(error: ConnectorError) -> tuple[str, dict[str, str], str]:
    return str(error), getattr(error, "fields", {}), error.hint


def test_a_name_that_is_taken_is_refused_in_these_words(store: Store) -> None:
    store.save(with_key("a"))
    store.save(with_key("b"))
    with pytest.raises(InputError) as caught:
        store.save(with_key("a"))
    taken = {"name": "is taken"}
    assert told(caught.value) == ("There is a connection 'a' already.", taken, "Choose another name, or add --replace.")
    with pytest.raises(InputError) as caught:
        store.rename("a", "b")
    assert told(caught.value) == ("There is a connection 'b' already.", taken, "")


def test_an_unknown_name_is_refused_in_these_words(store: Store) -> None:
    with pytest.raises(InputError) as caught:
        store.get("x" * 101)
    make = "Make one with: cloudconvert-connector connect"
    unknown = {"connection": "is unknown"}
    assert told(caught.value) == (f"There is no connection '{'x' * 100}'.", unknown, f"None is saved yet. {make}")
    store.save(with_key("b"))
    store.save(with_key("a"))
    for use in (store.get, store.remove, store.set_default, lambda name: store.rename(name, "c")):
        with pytest.raises(InputError) as caught:
            use("zzz")
        assert told(caught.value) == ("There is no connection 'zzz'.", unknown, f"There are: a, b. {make}")


def test_names_stand_in_the_order_of_the_alphabet_whatever_their_case(store: Store) -> None:
    for name in ("b", "C", "a"):
        store.save(with_key(name))
    assert store.names() == ["a", "b", "C"]


def test_removing_and_renaming_one_leaves_the_others_and_their_default(store: Store) -> None:
    ids = {name: store.save(with_key(name)).id for name in ("a", "b", "c")}
    store.rename("b", "d")
    assert (store.default(), store.names()) == ("a", ["a", "c", "d"])
    assert [store.get(name).id for name in ("a", "c", "d")] == [ids["a"], ids["c"], ids["b"]]
    store.remove("c")
    assert (store.default(), store.names()) == ("a", ["a", "d"])
    store.remove("a")
    assert (store.default(), store.names()) == (None, ["d"])
    assert json.loads(store.path.read_text())["default"] is None


def test_trouble_is_noted_for_every_process_to_know(store: Store) -> None:
    saved = store.save(with_token())
    trouble = Trouble(1.0, "down")
    store.keep_trouble(saved.id, BEFORE, trouble)
    assert Store(store.folder).get("work").trouble == trouble
    store.keep_trouble("another-id", BEFORE, Trouble(2.0, "up"))
    assert store.get("work").trouble == trouble


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ([], "it is no list of connections"),
        ({"version": 2}, "a newer version of the connector wrote it, so this one must be updated"),
        ({"version": 1, "connections": 3}, "it is no list of connections"),
        ({"version": 1, "connections": {"work": {}}}, "the entry of 'work' is not complete"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_in_these_words(store: Store, document: Any, why: str) -> None:
    store.folder.mkdir(mode=0o700)
    store.path.touch(0o600)
    store.path.write_text(json.dumps(document))
    with pytest.raises(ConnectionInvalid) as caught:
        store.get("work")
    assert str(caught.value) == f"The saved connections in {store.path} cannot be read: {why}."


def test_the_environment_decides_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDCONVERT_CONFIG_DIR", str(tmp_path / "own"))
    assert Store.of_user().folder == tmp_path / "own"
    monkeypatch.delenv("CLOUDCONVERT_CONFIG_DIR")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert Store.of_user().folder == tmp_path / "cloudconvert-connector"
