"""A scripted server, a clock that stands still, and a connection between them, as in the unit tests."""

from __future__ import annotations

from tests.unit.conftest import api, clock, server

__all__ = ["api", "clock", "server"]
