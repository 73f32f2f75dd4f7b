"""Runs a Job recipe: create, upload, wait, download."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connector.api.download import download_into, download_to
from connector.api.endpoints import Api, Object
from connector.api.upload import upload
from connector.errors import ConnectorError
from connector.files import LocalFile
from connector.recipe import Job
from connector.runtime.failure import failure_of
from connector.runtime.job_request import job_request
from connector.runtime.progress import Progress, Silent
from connector.runtime.record import Record
from connector.runtime.wait import has_ended, wait_for_job

_URL_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Options:
    """How a run is to be made, beside what the form says.

    `output_dir`: the folder for downloaded files; without it they come as bytes in `data`. `overwrite`: replace files
    of the same name there, instead of adding a number.
    """

    output_dir: Path | None = None
    overwrite: bool = False
    progress: Progress = field(default_factory=Silent)


def run_job(api: Api, recipe: Job, form: Mapping[str, Any], options: Options) -> Record:
    """The outputs of JobResult. With `download` off the job is given as it stands after the uploads."""
    body, uploads = job_request(recipe, form)
    job = api.create_job(body)
    options.progress.job_created(str(job["id"]))
    try:
        _upload_all(api, job, uploads, options.progress)
        if form.get("download"):
            job = wait_for_job(api, str(job["id"]), float(form["wait_limit"]), options.progress)
    except ConnectorError as error:
        error.job_id = error.job_id or str(job["id"])
        raise
    if job.get("status") == "error":
        raise failure_of(api, job)
    files = exported_files(job)
    if form.get("download") and has_ended(job):
        files = [_download(api, file, options) for file in files]
    return job_result(job, files)


def _upload_all(api: Api, job: Object, uploads: Mapping[str, LocalFile], progress: Progress) -> None:
    tasks = {task.get("name"): task for task in job.get("tasks") or []}
    for name, file in uploads.items():
        task = tasks[name]
        if not (task.get("result") or {}).get("form"):
            task = api.task(str(task["id"]))  # the form may take a moment to be made
        try:
            upload(api, task, file, lambda done, total, file=file: progress.uploading(file.name, done, total))  # type: ignore[misc]
        except ConnectorError:
            _give_up(api, job)
            raise


def _give_up(api: Api, job: Object) -> None:
    """A job that never gets its file would wait for hours; take it away."""
    with contextlib.suppress(ConnectorError):
        api.request("DELETE", f"/jobs/{job['id']}")


def exported_files(job: Object) -> list[dict[str, Any]]:
    """The files of every finished export/url task, in order."""
    exports = [task for task in job.get("tasks") or [] if task.get("operation") == "export/url"]
    return [_file(file, task) for task in exports for file in (task.get("result") or {}).get("files") or []]


def _file(file: Mapping[str, Any], task: Object) -> dict[str, Any]:
    return {
        "name": file.get("filename"),
        "size": file.get("size"),
        "url": file.get("url"),
        "expires_at": _expiry(task.get("ended_at")),
    }


def _expiry(ended_at: object) -> str | None:
    with contextlib.suppress(TypeError, ValueError):
        return (datetime.fromisoformat(str(ended_at)).astimezone(UTC) + _URL_LIFETIME).isoformat()
    return None


def _download(api: Api, file: Mapping[str, Any], options: Options) -> dict[str, Any]:
    name, size, url = str(file["name"]), file["size"], str(file["url"])

    def report(done: int, total: int) -> None:
        options.progress.downloading(name, done, total)

    if options.output_dir is not None:
        path = download_to(
            api.session, url, options.output_dir, name, size=size, overwrite=options.overwrite, report=report
        )
        return {**file, "size": path.stat().st_size, "path": str(path)}
    sink = io.BytesIO()
    download_into(api.session, url, sink, name, size=size, report=report)
    return {**file, "size": sink.tell(), "data": sink.getvalue()}


def job_result(job: Object, files: list[dict[str, Any]]) -> Record:
    """The outputs that every Job module declares."""
    first = files[0] if files else {}
    return Record(
        job_id=job["id"],
        status=job.get("status"),
        tag=job.get("tag"),
        file_name=first.get("name"),
        url=first.get("url"),
        size=first.get("size"),
        files=files,
        job=job,
    )
