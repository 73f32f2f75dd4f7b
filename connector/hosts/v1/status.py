"""What v1 says about a process, from the v2 job behind it. No I/O here.

Source: sections "Status" and "Output" of the v1 guide, and answers that were recorded of the service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from connector.catalogue import format_of
from connector.hosts.v1.process import Plan, Process
from connector.redact import redact
from connector.runtime.failure import root_cause

STEPS = ("input", "wait", "convert", "output", "error", "finished")
Job = Mapping[str, Any]
_ENDED = {"finished": "finished", "error": "error"}
_WAITING_FOR_UPLOAD = "Waiting for the upload of input files"


def step_of(process: Process, job: Job | None) -> str:
    """One of STEPS."""
    plan = process.plan
    if plan is None or job is None:
        return "input"
    if job.get("status") in _ENDED:
        return _ENDED[str(job["status"])]
    imports = _imports(job)
    if any(task.get("status") != "finished" for task in imports):
        return "input"
    main = task_named(job, plan.main)
    if main.get("status") == "finished" and plan.storage:
        return "output"
    return "convert" if main.get("status") in ("processing", "finished") else "wait"


def status_of(process: Process, job: Job | None) -> dict[str, Any]:
    """The document of `GET {process url}`."""
    plan, step = process.plan, step_of(process, job)
    status: dict[str, Any] = {
        "id": process.id,
        "url": process.url,
        "percent": _percent(process, job, step),
        "message": _message(process, job, step),
        "step": step,
        "starttime": _moment((job or {}).get("created_at")) or int(process.created_at),
        "expire": int(process.expires_at),
    }
    if plan is None:
        return status
    if plan.group:
        status["group"] = plan.group
    status["input"] = _input(plan, job)
    status["converter"] = _converter(plan, job)
    if plan.uploads and step == "input":
        status["upload"] = {"url": process.upload_url}
    return status | _rest(process, plan, job, step)


def _rest(process: Process, plan: Plan, job: Job | None, step: str) -> dict[str, Any]:
    rest: dict[str, Any] = {"output": _output(process, plan, job, step)}
    if step in _ENDED:
        rest["endtime"] = _moment((job or {}).get("ended_at")) or int(process.ended_at or process.created_at)
    if step == "error":
        rest |= {"error": _message(process, job, step), "code": 422}
    if plan.mode == "info" and step == "finished":
        rest["info"] = metadata_of(plan, job)
    if plan.tag:
        rest["tag"] = plan.tag
    return rest | ({"warnings": list(plan.warnings)} if plan.warnings else {})


def created_answer(process: Process) -> dict[str, Any]:
    """The document of `POST /process`."""
    return {
        "url": process.url,
        "id": process.id,
        "host": process.host,
        "expires": written(process.expires_at),
        "maxtime": 18000,
    }


def listed(process: Process, job: Job | None) -> dict[str, Any]:
    """One entry of `GET /processes`."""
    status = status_of(process, job)
    ended = {"endtime": written(status["endtime"])} if "endtime" in status else {}
    return {
        "id": process.id,
        "host": process.host,
        "step": status["step"],
        "starttime": written(status["starttime"]),
        **ended,
        "url": process.url,
    }


def written(moment: float) -> str:
    """A moment as lists have it, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")


def task_named(job: Job | None, name: str) -> Mapping[str, Any]:
    """The task of that name; an empty one where there is none."""
    return next((task for task in (job or {}).get("tasks") or [] if task.get("name") == name), {})


def files_of(job: Job | None, plan: Plan) -> list[Mapping[str, Any]]:
    """The output files one by one: name, size and, where they can be fetched, URL."""
    task = task_named(job, plan.exports[0] if plan.exports else plan.main)
    return list((task.get("result") or {}).get("files") or [])


def zip_of(job: Job | None, plan: Plan) -> Mapping[str, Any] | None:
    """The ZIP with all output files, where there are several."""
    if len(plan.exports) < 2 or len(files_of(job, plan)) < 2:
        return None
    files = (task_named(job, plan.exports[1]).get("result") or {}).get("files") or []
    return files[0] if files else None


def metadata_of(plan: Plan, job: Job | None) -> Mapping[str, Any]:
    """What the mode info found out."""
    return dict((task_named(job, plan.main).get("result") or {}).get("metadata") or {})


def info_name(plan: Plan, job: Job | None) -> str:
    """The name of the file with what the mode info found out."""
    name, _ = _split(_first_input(job).get("filename") or plan.filename or "file")
    return f"{name}.json"


def _output(process: Process, plan: Plan, job: Job | None, step: str) -> dict[str, Any]:
    url = {} if plan.storage else {"url": process.download_url}
    if step != "finished":
        return url
    if plan.mode == "info":
        return {"filename": info_name(plan, job), "ext": "json", **url, "downloads": process.downloads.get("", 0)}
    files, archive = files_of(job, plan), zip_of(job, plan)
    if not files:
        return {"storage": plan.storage} if plan.storage else url
    name = _archive_name(plan, job) if archive else str(files[0].get("filename"))
    size = (archive or files[0]).get("size")
    output = {"filename": name, "ext": _split(name)[1], "size": size, **url, "downloads": process.downloads.get("", 0)}
    return output | ({"files": [str(file.get("filename")) for file in files]} if len(files) > 1 else {})


def output_name(plan: Plan, job: Job | None) -> str:
    """What `output.url` is called."""
    files = files_of(job, plan)
    if plan.mode == "info":
        return info_name(plan, job)
    return _archive_name(plan, job) if zip_of(job, plan) else str(files[0].get("filename")) if files else "file"


def _archive_name(plan: Plan, job: Job | None) -> str:
    return f"{_split(_first_input(job).get('filename') or plan.filename or 'files')[0]}.zip"


def _input(plan: Plan, job: Job | None) -> dict[str, Any]:
    file = _first_input(job)
    name = file.get("filename") or plan.filename
    if not name:
        return {"type": plan.input}
    stem, extension = _split(str(name))
    size = {"size": file["size"]} if isinstance(file.get("size"), int) else {}
    return {"type": plan.input, "filename": str(name), **size, "name": stem, "ext": extension}


def _converter(plan: Plan, job: Job | None) -> dict[str, Any]:
    engine = task_named(job, plan.main).get("engine")
    kind = {"type": engine} if engine else {}
    return {"mode": plan.mode, "format": plan.output_format, **kind, "options": dict(plan.options)}


def _percent(process: Process, job: Job | None, step: str) -> float:
    """Of the current step; v2 says 100 of tasks that have not begun."""
    if step in _ENDED:
        return 100
    main = task_named(job, process.plan.main) if process.plan else {}
    percent = main.get("percent")
    if step == "convert" and main.get("status") == "processing" and isinstance(percent, int | float):
        return percent
    return 0


def _message(process: Process, job: Job | None, step: str) -> str:
    plan = process.plan
    if plan is None:
        return "Waiting for the start of the process"
    if step == "error":
        return _reason(job or {})
    waiting = [task for task in _imports(job or {}) if task.get("status") == "waiting"]
    if step == "input" and any(task.get("operation") == "import/upload" for task in waiting):
        return _WAITING_FOR_UPLOAD
    return {
        "input": "Fetching the input file",
        "wait": "Waiting for a free converter",
        "convert": f"Converting to {plan.output_format or 'information'}...",
        "output": f"Sending the output to {plan.storage}",
        "finished": "Conversion finished!",
    }[step]


def _reason(job: Job) -> str:
    cause = root_cause(job.get("tasks") or [])
    said = (cause or {}).get("message") or job.get("message") or "The conversion failed, and no reason was given."
    code = (cause or {}).get("code")
    return redact(str(said))[:500] + (f" [{code}]" if code else "")


def _imports(job: Job) -> Sequence[Mapping[str, Any]]:
    return [task for task in job.get("tasks") or [] if str(task.get("operation")).startswith("import/")]


def _first_input(job: Job | None) -> Mapping[str, Any]:
    task = task_named(job, "import-1")
    files = (task.get("result") or {}).get("files") or []
    return files[0] if files else {}


def _split(name: str) -> tuple[str, str]:
    extension = format_of(name) or ""
    return (name[: -len(extension) - 1], extension) if extension else (name, "")


def _moment(text: object) -> int | None:
    try:
        return int(datetime.fromisoformat(str(text)).timestamp())
    except ValueError:
        return None
