"""The receiver of events, kept to one core: `python -m tests.benchmarks.servers.receiving FOLDER`.

Prints its address; answers each line with the events that it has handed on, which it appends to FOLDER/events.jsonl.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from connector.events import Journal, Receiver
from connector.events.handlers import Append
from connector.events.serving import serving
from tests.benchmarks.processes import serve_lines
from tests.support.webhook_sender import SECRET


def main(folder: Path) -> None:
    """Serve until standard input closes."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    file = folder / "events.jsonl"
    with Journal(folder / "journal.sqlite") as journal:
        app = Receiver(SECRET, journal, Append(file), api=None)
        with serving(app, "127.0.0.1", 0) as url:
            sys.stdout.write(json.dumps({"url": url}) + "\n")
            sys.stdout.flush()
            serve_lines(lambda: _handed(file))


def _handed(file: Path) -> dict[str, Any]:
    ids = [json.loads(line)["id"] for line in file.read_text().splitlines()]
    return {"handed": len(ids), "different": len(set(ids))}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
