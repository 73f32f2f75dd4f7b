"""A `run_many` that kills itself at a bad moment: `python -m tests.support.killed_run asked|made URL FOLDER`."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from connector import Connection, run_many
from connector.bulk.rows import Rows


def die(*_: object, **__: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("unreachable")


def main(moment: str, url: str, folder: str) -> None:
    noted = Rows.made

    def made(self: Rows, *arguments: Any) -> Any:
        return die() if moment == "asked" else (noted(self, *arguments), die())

    Rows.made = made  # type: ignore[method-assign]
    files = ({"input_file": f"https://example.com/{n}.png", "output_format": "jpg", "download": True} for n in range(6))
    with Connection.api_key("key-of-the-tests-0123456789", base_url=url) as connection:
        list(
            run_many("ConvertFile", connection, files, ledger=Path(folder) / "ledger", output_dir=Path(folder) / "out")
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
