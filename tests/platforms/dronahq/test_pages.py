"""The README and the setup sheet say what a person needs, and nothing that is not so."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from connector.cli.manifests import service_at
from connector.platforms.dronahq import DronaHQ
from connector.platforms.dronahq.actions import ACTIONS
from connector.platforms.dronahq.sign_in import ACCOUNT_NAME, NAME
from connector.service import SANDBOX

FILES = DronaHQ().files(service_at())
README = FILES["README.md"].decode()
SHEET = FILES["setup-sheet.md"].decode()


def rows(text: str) -> dict[str, list[str]]:
    """Every table's rows by their first cell."""
    cells = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("|")
    ]
    return {row[0].strip(): row[1:] for row in cells}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Base URL of your API endpoint for given environment *", "`https://api.cloudconvert.com`"),
        ("Scope", "`user.read task.read task.write webhook.read webhook.write`"),
        ("Authorization Request URL *", "`https://cloudconvert.com/oauth/authorize`"),
        ("Access Token Request URL *", "`https://cloudconvert.com/oauth/token`"),
        ("Refresh Token Request URL", "`https://cloudconvert.com/oauth/token`"),
    ],
)
def test_the_sheet_says_what_to_enter(field: str, value: str) -> None:
    assert rows(SHEET)[field][0] == value


def test_the_sheet_has_every_field_of_the_form() -> None:
    asked = ("Environment/ Account Name *", "Copy your OAuth redirect URL", "Client ID *", "Client Secret *")
    assert set(asked) <= set(rows(SHEET))
    assert "`https://studio.dronahq.com/oauth_callback`" in rows(SHEET)["Copy your OAuth redirect URL"][0]


@pytest.mark.parametrize(
    ("name", "taken"),
    [(NAME, True), ("a_1", True), ("1a", False), ("_a", False), ("a b", False), ("a-b", False), ("", False)],
)
def test_the_account_name_keeps_to_the_rule(name: str, taken: bool) -> None:
    assert bool(re.fullmatch(ACCOUNT_NAME, name)) is taken


def test_the_readme_calls_importable_what_is_and_nothing_else() -> None:
    importable = {name: cells[0].startswith("**Yes.**") for name, cells in rows(README).items() if name.startswith("`")}
    said = {name: importable[name] for name in ("`openapi.json`", "`curl/*.txt`", "`setup-sheet.md`", "`records/`")}
    assert said == {"`openapi.json`": True, "`curl/*.txt`": True, "`setup-sheet.md`": False, "`records/`": False}


def test_the_readme_says_of_every_action_how_it_comes_in() -> None:
    paths = json.loads(FILES["openapi.json"])["paths"].values()
    operations = {operation["operationId"] for path in paths for operation in path.values()}
    table = rows(README.split("## The seven actions")[1].split("###")[0])
    for action in ACTIONS:
        comes_by = table[f"`{action.name}`"][1]
        wanted = "`openapi.json`, as `" if action.name in operations else f"`curl/{action.name}.txt`"
        assert comes_by.startswith(wanted)


def test_every_file_that_the_pages_name_exists() -> None:
    named = set(re.findall(r"`((?:curl|records)/[\w./-]+|[\w-]+\.(?:json|md))`", README + SHEET)) - {"records/"}
    assert named <= set(FILES), named - set(FILES)


def test_no_file_leads_elsewhere_than_to_the_chosen_service() -> None:
    files: Mapping[str, bytes] = DronaHQ().files(service_at(SANDBOX))
    pages = rb"https://cloudconvert\.com/dashboard[\w/.]*"
    live = [
        path
        for path, text in files.items()
        if b"//api.cloudconvert" in text or b"//cloudconvert" in re.sub(pages, b"", text)
    ]
    assert live == []
