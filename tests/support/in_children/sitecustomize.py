"""Runs first in every Python process that the tests start: see ../network_guard.py."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("network_guard", Path(__file__).parent.parent / "network_guard.py")
assert _spec
assert _spec.loader
_guard = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_guard)
_guard.install()
