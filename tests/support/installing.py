"""Installing what a suite needs: the one thing that may ask the outside, and only where installing is allowed."""

from __future__ import annotations

import os


def environment() -> dict[str, str]:
    """The environment for pip: without the guard that the tests put on every Python process they start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
