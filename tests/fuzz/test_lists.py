"""Lists give at most what was asked for, and nothing twice, while others add and delete."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.api.endpoints import Api
from connector.errors import InputError
from connector.module import Module
from connector.recipe import Listing
from connector.runtime import Items, execute
from connector.runtime.call_request import PAGE
from tests.fuzz.forms import MODULES
from tests.fuzz.stub import Stub
from tests.support.scripted_server import Reply, Request

LISTS = [module for module in MODULES if isinstance(module.recipe, Listing)]
PAGED = [module for module in LISTS if module.recipe.paged]
each_list = pytest.mark.parametrize("module", LISTS, ids=lambda module: module.name())
each_paged = pytest.mark.parametrize("module", PAGED, ids=lambda module: module.name())


class Account:
    """So many things, newest first. Before each further page the next of `changes` happens: (added, deleted)."""

    def __init__(self, count: int, changes: list[tuple[int, int]]) -> None:
        self.ids = [f"old-{number}" for number in range(count)]
        self.changes = list(changes)
        self.asked = 0

    def page(self, request: Request) -> Reply:
        self.asked += 1
        number, size = int(request.query.get("page", 1)), int(request.query.get("per_page", 10**9))
        if number > 1 and self.changes:
            added, deleted = self.changes.pop(0)
            self.ids = [f"new-{self.asked}-{one}" for one in range(added)] + self.ids[deleted:]
        shown = self.ids[(number - 1) * size : number * size]
        more = f"?page={number + 1}" if number * size < len(self.ids) else None
        return Reply(200, {"data": [{"id": one} for one in shown], "links": {"next": more}})


def listed(service: Stub, api: Api, module: type[Module], account: Account, limit: Any) -> list[str]:
    service.route(f"GET /v2{module.recipe.path}", account.page)
    form = module.fill({**module.examples[0], "limit": limit})
    given = execute(api, module.recipe, form)
    assert isinstance(given, Items)
    return [item["id"] for item in given]


@pytest.mark.row("B11")
@pytest.mark.parametrize("limit", [-1, 10**9, 1_000_001])
@each_list
def test_a_limit_out_of_range_is_refused(module: type[Module], limit: int) -> None:
    with pytest.raises(InputError) as caught:
        module.fill({**module.examples[0], "limit": limit})
    assert "must be at" in caught.value.fields["limit"]


@pytest.mark.row("B11")
@pytest.mark.parametrize("limit", [0, 1, 99, 100, 101, 250, 1_000_000])
@each_list
def test_so_many_are_given_as_were_asked_for(service: Stub, service_api: Api, module: type[Module], limit: int) -> None:
    account = Account(230, [])
    expected = account.ids[: limit or None]
    assert listed(service, service_api, module, account, limit) == expected
    assert account.asked == (-(-len(expected) // PAGE) if module.recipe.paged else 1)


@pytest.mark.row("B11")
@each_paged
def test_nothing_comes_twice_while_others_add_and_delete(service: Stub, service_api: Api, module: type[Module]) -> None:
    changes = st.lists(st.tuples(st.integers(0, 320), st.integers(0, 150)), max_size=5)

    @settings(max_examples=settings.default.max_examples // 4)
    @given(st.integers(0, 450), changes, st.sampled_from([0, 1, 100, 101, 350]))
    def check(count: int, changes: list[tuple[int, int]], limit: int) -> None:
        ids = listed(service, service_api, module, Account(count, changes), limit)
        assert len(set(ids)) == len(ids)
        assert not limit or len(ids) <= limit

    check()
