"""Scenarios: modules one after the other, outputs of one mapped into inputs of the next, from a YAML file.

What reads and renders is imported when it is first asked for: a single module is noted in the same ledger without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connector.scenario.attempts import Conduct, Connect, Report
    from connector.scenario.check import checked
    from connector.scenario.inputs import from_text
    from connector.scenario.ledger import Ledger, state_dir
    from connector.scenario.problems import Problem
    from connector.scenario.run import Request, conduct_run, run_scenario
    from connector.scenario.scenario import Scenario, Step

_LATER = {
    "Conduct": "attempts",
    "Connect": "attempts",
    "Ledger": "ledger",
    "Problem": "problems",
    "Report": "attempts",
    "Request": "run",
    "Scenario": "scenario",
    "Step": "scenario",
    "checked": "check",
    "conduct_run": "run",
    "from_text": "inputs",
    "run_scenario": "run",
    "state_dir": "ledger",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'connector.scenario' has no attribute {name!r}")
    return getattr(import_module(f"connector.scenario.{_LATER[name]}"), name)


__all__ = [
    "Conduct",
    "Connect",
    "Ledger",
    "Problem",
    "Report",
    "Request",
    "Scenario",
    "Step",
    "checked",
    "conduct_run",
    "from_text",
    "run_scenario",
    "state_dir",
]
