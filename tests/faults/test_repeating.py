"""What is repeated after a lost answer is done, not refused: deletes and cancels, by every module that has them."""

from __future__ import annotations

from typing import Any

import pytest

from connector import Connection
from connector.errors import InputError, NotFound
from connector.modules import all_modules
from connector.runtime import execute
from connector.runtime.outputs import outputs_of
from tests.conftest import RunningSandbox
from tests.faults.proxy import FaultProxy, LimitData
from tests.support.world import World

pytestmark = pytest.mark.row("F10")

DELETES = [module for module in all_modules().values() if getattr(module.recipe, "method", "") == "DELETE"]


def run(connection: Connection, module: Any, form: dict[str, Any]) -> Any:
    return execute(connection.api, module.recipe, module.fill(form), outputs=module.Output)


@pytest.mark.parametrize("module", DELETES, ids=lambda module: module.name())
def test_a_delete_whose_answer_was_lost_is_done(module: Any, connection: Connection, sandbox: RunningSandbox) -> None:
    form = World(connection.api, "https://example.com").real(module, module.examples[0])
    with (
        FaultProxy(sandbox.base_url) as proxy,
        Connection.api_key(sandbox.api_key, base_url=proxy.url) as through,
    ):
        proxy.add(LimitData(0).when(b"DELETE "), uses=1)
        assert run(through, module, form) == outputs_of(
            module.Output, {}, module.fill(form)
        )  # as if the answer had come
        assert proxy.spent
    with pytest.raises(NotFound):  # and one that was gone before is still said to be
        run(connection, module, form)


def test_a_cancel_whose_answer_was_lost_gives_the_cancelled_task(
    connection: Connection, sandbox: RunningSandbox
) -> None:
    module = all_modules()["CancelTask"]
    form = World(connection.api, "https://example.com").real(module, module.examples[0])
    with (
        FaultProxy(sandbox.base_url) as proxy,
        Connection.api_key(sandbox.api_key, base_url=proxy.url) as through,
    ):
        proxy.add(LimitData(0).when(b"POST /v2/tasks/"), uses=1)
        done = run(through, module, form)
        assert proxy.spent
    assert (done["task_id"], done["status"]) == (form["task_id"], "error")
    with pytest.raises(InputError, match="already completed"):
        run(connection, module, form)
