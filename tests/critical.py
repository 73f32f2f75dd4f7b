"""The files where a mistake loses money, secrets or files, and the unit tests that hold them: the one list of both.

`python -m tests.coverage` demands that these tests take every branch of these files, and `python -m tests.mutants` that
they notice when a line is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CRITICAL: Mapping[str, tuple[str, ...]] = {
    "connector/api/policy.py": ("tests/unit/api/test_policy.py",),
    "connector/connection/safefile.py": ("tests/unit/connection/test_safefile.py",),
    "connector/connection/store.py": ("tests/unit/connection/test_store.py", "tests/unit/connection/test_vault.py"),
    "connector/events/receiver.py": ("tests/unit/events/test_receiver.py",),
    "connector/events/signature.py": ("tests/unit/events/test_signature.py",),
    "connector/safety.py": ("tests/unit/test_safety.py",),
}
