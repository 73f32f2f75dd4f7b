"""Why a job failed: the first cause, not its followers."""

from __future__ import annotations

from collections.abc import Sequence

from connector.api.endpoints import Api, Object
from connector.errors import ConversionFailed
from connector.redact import redact

_FOLLOWER = "INPUT_TASK_FAILED"
_WRONG_PAIR = "INVALID_CONVERSION_TYPE"


def failure_of(api: Api, job: Object) -> ConversionFailed:
    """The error that a failed job stands for, with a hint where one is known."""
    task = root_cause(job.get("tasks") or [])
    job_id = str(job.get("id"))
    if task is None:
        return ConversionFailed(f"The job {job_id} failed, and CloudConvert gives no reason.", job_id=job_id)
    code = str(task.get("code") or "")
    name, operation = str(task.get("name") or task.get("operation")), str(task.get("operation"))
    said = redact(str(task.get("message") or "no reason was given"))[:300].rstrip(".")
    return ConversionFailed(
        f"The task {name!r} ({operation}) failed: {said}{f' [{code}]' if code else ''}.",
        task=name,
        operation=operation,
        code=code,
        hint=_hint(api, code, task, job),
        job_id=job_id,
        task_id=str(task.get("id")),
    )


def root_cause(tasks: Sequence[Object]) -> Object | None:
    """The failed task whose inputs did not fail; of several, the one that failed first."""
    failed = [task for task in tasks if task.get("status") == "error"]
    causes = [task for task in failed if task.get("code") != _FOLLOWER] or failed
    return min(causes, key=lambda task: str(task.get("ended_at") or "9999"), default=None)


def _hint(api: Api, code: str, task: Object, job: Object) -> str:
    if code == _WRONG_PAIR:
        return _what_it_can_become(api, task, job)
    if code == "SANDBOX_FILE_NOT_ALLOWED":
        return "CloudConvert's own sandbox takes only files that were allowed in its dashboard, by their MD5."
    return ""


def _what_it_can_become(api: Api, task: Object, job: Object) -> str:
    from connector.catalogue import Catalogue

    given = (task.get("payload") or {}).get("input_format") or _input_format(job)
    formats = Catalogue(api).output_formats(str(task.get("operation")), given).items if given else ()
    return (
        f"A {given} file can become: {', '.join(formats)}."
        if formats
        else f"CloudConvert cannot convert {given or 'this'} files."
    )


def _input_format(job: Object) -> str | None:
    from connector.catalogue import format_of

    for task in job.get("tasks") or []:
        if str(task.get("operation")).startswith("import/") and (task.get("result") or {}).get("files"):
            return format_of(str(task["result"]["files"][0].get("filename", "")))
    return None
