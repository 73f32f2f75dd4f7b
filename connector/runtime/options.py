"""How a run is to be made, beside what the form says."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from connector.runtime.progress import Progress, Silent


@dataclass(frozen=True)
class Options:
    """For callers that run modules: the command line, scenarios, hosts.

    `output_dir`: the folder for downloaded files; without it they come as bytes in `data`. `overwrite`: replace files
    of the same name there, instead of adding a number. `tag`: the unique tag by which a job is known; with `adopt` a
    job that has it already is taken up instead of making another. `job_id`: take up this job.
    """

    output_dir: Path | None = None
    overwrite: bool = False
    progress: Progress = field(default_factory=Silent)
    tag: str | None = None
    adopt: bool = False
    job_id: str | None = None
