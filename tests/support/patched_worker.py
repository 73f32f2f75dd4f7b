"""`bulk worker` with a flaw: `python -m tests.support.patched_worker dies|blind|sound OPTION...`.

One that "dies" kills itself when its first job has been made, before that is noted; one that is "blind" does not look
for a job before it makes one.
"""

from __future__ import annotations

import os
import signal
import sys

from connector.api.endpoints import Api
from connector.bulk.rows import Rows
from connector.cli import main


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[1] == "dies":
        Rows.made = die  # type: ignore[assignment]
    if sys.argv[1] == "blind":
        Api.job_with_tag = lambda *_, **__: None  # type: ignore[assignment]
    main(["bulk", "worker", *sys.argv[2:]])
