"""What a run tells about itself, in the log of its Airflow task."""

from __future__ import annotations

import logging

from connector.runtime import Silent


class Logged(Silent):
    """One line for each step, once; of a file's transfer only the end."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said: set[str] = set()

    def job_created(self, job_id: str) -> None:
        self._say(f"The job is {job_id}.")

    def warning(self, sentence: str) -> None:
        self._log.warning("%s", sentence)

    def uploading(self, name: str, done: int, total: int) -> None:
        if done == total:
            self._say(f"Sent {name}, {done} bytes.")

    def downloading(self, name: str, done: int, total: int) -> None:
        if done == total:
            self._say(f"Received {name}, {done} bytes.")

    def _say(self, line: str) -> None:
        if line not in self._said:
            self._said.add(line)
            self._log.info("%s", line)
