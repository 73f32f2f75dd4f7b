"""Runs a Job recipe: create, upload, wait, download."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Mapping
from typing import Any

from connector.api.download import download_into, download_to
from connector.api.endpoints import Api, Object
from connector.api.upload import upload
from connector.errors import ConnectorError, CreditsExceeded, NotFound, ProtocolError
from connector.files import LocalFile
from connector.forms import Fields
from connector.recipe import CustomJob, Job
from connector.runtime.failure import failure_of
from connector.runtime.job_request import JobRequest, job_request
from connector.runtime.options import Options
from connector.runtime.outputs import file_records, outputs_of
from connector.runtime.progress import Progress
from connector.runtime.record import Record
from connector.runtime.wait import has_ended, wait_until_ended


def run_job(
    api: Api, recipe: Job | CustomJob, form: Mapping[str, Any], options: Options, outputs: type[Fields] | None
) -> Record:
    """The outputs of the job. With `download` off its files are sent, but the job is given as it was made."""
    job = begin_job(api, recipe, form, options)
    with naming_the_job(str(job["id"])):
        if is_awaited(recipe, form):
            job = wait_until_ended(api, f"/jobs/{job['id']}", float(form["wait_limit"]), options.progress)
        return job_outputs(api, recipe, form, options, outputs, job)


def begin_job(api: Api, recipe: Job | CustomJob, form: Mapping[str, Any], options: Options) -> Object:
    """The job as it was made, or taken up as `options` say, with all of its files sent."""
    if options.job_id is None:
        from connector.runtime.precheck import check_form  # with the whole catalogue

        form, warnings = check_form(api, recipe, form)
        for warning in warnings:
            options.progress.warning(warning)
    request = job_request(recipe, form, options.tag)
    job = _job(api, request, options)
    options.progress.job_created(str(job["id"]))
    with naming_the_job(str(job["id"])):
        _upload_all(api, job, request.uploads, options.progress)
    return job


def is_awaited(recipe: Job | CustomJob, form: Mapping[str, Any]) -> bool:
    """Whether the outputs are those of the ended job."""
    return bool(form.get("download")) or (isinstance(recipe, Job) and not recipe.export)


def job_outputs(
    api: Api,
    recipe: Job | CustomJob,
    form: Mapping[str, Any],
    options: Options,
    outputs: type[Fields] | None,
    job: Object,
) -> Record:
    """The outputs of the job as it stands; downloads the files of one that has ended, where the form wants them."""
    if job.get("status") == "error":
        raise failure_of(api, job)
    files = file_records(job)
    if form.get("download") and has_ended(job):
        files = download_all(api, files, options, lambda: file_records(api.job(str(job["id"]))))
    return outputs_of(outputs, _with_result(recipe, job), form, files)


class naming_the_job(contextlib.AbstractContextManager[None]):  # noqa: N801 - reads as a statement
    """Whatever goes wrong inside says which job it concerns."""

    def __init__(self, job_id: str) -> None:
        self._job_id = job_id

    def __exit__(self, _: object, error: object, __: object) -> None:
        if isinstance(error, ConnectorError) and error.job_id is None:
            error.job_id = self._job_id


def _job(api: Api, request: JobRequest, options: Options) -> Object:
    """The job that exists already, if one is to be taken up, else a new one."""
    if options.job_id:
        return api.job(options.job_id)
    known = api.job_with_tag(request.tag, request.recognize, looks=2) if options.adopt and request.recognize else None
    try:
        return known or api.create_job(request.body, request.recognize)
    except CreditsExceeded as error:
        error.hint = f"{_credits_left(api)}{error.hint}"
        raise


def _credits_left(api: Api) -> str:
    """How many there are, for the hint; a key that may not know it says nothing."""
    with contextlib.suppress(ConnectorError):
        return f"It has {api.me().get('credits')} left. "
    return ""


def _with_result(recipe: Job | CustomJob, job: Object) -> Object:
    """A job without an export is about its task's result."""
    if isinstance(recipe, CustomJob) or recipe.export:
        return job
    result = next((task.get("result") for task in job["tasks"] if task.get("operation") == recipe.task.operation), None)
    return {**job, "result": result}


def _upload_all(api: Api, job: Object, uploads: Mapping[str, LocalFile], progress: Progress) -> None:
    tasks = {str(task.get("name")): task for task in job.get("tasks") or []}
    try:
        for name, file in uploads.items():
            _upload(api, tasks.get(name) or {}, file, progress)
    except ConnectorError:
        _give_up(api, job)
        raise


def _upload(api: Api, task: Object, file: LocalFile, progress: Progress) -> None:
    if task.get("status") not in (None, "waiting"):
        return  # a job that was taken up may have its file already
    if "id" not in task:
        raise ProtocolError(f"The job was made without a task for the file {file.name!r}.")
    if not (task.get("result") or {}).get("form"):
        task = api.task(str(task["id"]))  # the form may take a moment to be made
    upload(api, task, file, lambda done, total: progress.uploading(file.name, done, total))


def _give_up(api: Api, job: Object) -> None:
    """A job that never gets its file would wait for hours; take it away."""
    with contextlib.suppress(ConnectorError):
        api.request("DELETE", f"/jobs/{job['id']}")


Records = list[dict[str, Any]]


def download_all(api: Api, files: Records, options: Options, again: Callable[[], Records]) -> Records:
    """The file records, each with its `path`, or with its `data` where no folder was given.

    `again` gives the same records with fresh addresses, for one that is no longer good.
    """
    done: Records = []
    for number, file in enumerate(files):
        try:
            done.append(_download(api, file, options))
        except NotFound:
            files = again()
            if number >= len(files) or files[number]["url"] == file["url"]:
                raise
            done.append(_download(api, files[number], options))
    return done


def _download(api: Api, file: Mapping[str, Any], options: Options) -> dict[str, Any]:
    name, size, url = str(file["name"] or "file"), file["size"], str(file["url"] or "")

    def report(done: int, total: int) -> None:
        options.progress.downloading(name, done, total)

    if options.output_dir is not None:
        path = download_to(
            api.session,
            url,
            options.output_dir,
            name,
            size=size,
            overwrite=options.overwrite,
            report=report,
            warn=options.progress.warning,
        )
        return {**file, "size": path.stat().st_size, "path": str(path)}
    sink = io.BytesIO()
    download_into(api.session, url, sink, name, size=size, report=report, warn=options.progress.warning)
    return {**file, "size": sink.tell(), "data": sink.getvalue()}
