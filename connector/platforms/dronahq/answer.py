"""What the API answers to an action, under DronaHQ's names of tasks."""

from __future__ import annotations

from typing import Any

from connector.module import Module
from connector.platforms.dronahq.request import EXPORT
from connector.platforms.openapi import answer


def sample(module: type[Module]) -> dict[str, Any]:
    """An answer, made of the outputs' examples."""
    return answer.sample(module, EXPORT)
