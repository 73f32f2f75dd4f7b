"""Scenarios: modules one after the other, outputs of one mapped into inputs of the next, from a YAML file."""

from connector.scenario.attempts import Conduct, Connect, Report
from connector.scenario.check import check, checked
from connector.scenario.inputs import from_text
from connector.scenario.ledger import Ledger, state_dir
from connector.scenario.problems import Problem
from connector.scenario.run import Request, conduct_run, run_scenario
from connector.scenario.scenario import Scenario, Step

__all__ = [
    "Conduct",
    "Connect",
    "Ledger",
    "Problem",
    "Report",
    "Request",
    "Scenario",
    "Step",
    "check",
    "checked",
    "conduct_run",
    "from_text",
    "run_scenario",
    "state_dir",
]
