"""Waiting for a job or task: looks at it again and again, within the platform's limits."""

from __future__ import annotations

from typing import Any

from connector.modules.wait_for_job import WaitForJob
from connector.modules.wait_for_task import WaitForTask
from connector.platforms.fusion.iml import call, if_, whole
from connector.platforms.fusion.limits import LOOKS, STEP
from connector.platforms.fusion.request import ERRORS, code_of, failure, request
from connector.platforms.fusion.value import wait_limit

Json = dict[str, Any]

_ENDED = "(body.data.status = 'finished' || body.data.status = 'error')"


def waiting(
    kind: str, identity: str, limit: str, *, condition: str | None, must_finish: bool, **temp: str
) -> list[Json]:
    """Two steps: the end of patience is fixed, then the `kind` ("job" or "task") is read until it has ended.

    `identity` and `limit` are expressions. What has ended is in `temp.{kind}` afterwards; with `must_finish` a failed
    one is an error with its root cause. `temp` are further things to keep from the answer.
    """
    start: Json = {"temp": {"deadline": whole(call("addSeconds", "now", wait_limit(limit)))}}
    keep: Json = {kind: whole("body.data"), **temp}
    keep |= {"code": whole(code_of("body.data.tasks"))} if must_finish else {}
    patience = f"{_ENDED} || now < temp.deadline"
    valid = f"statusCode < 400 && ({patience})" + (" && body.data.status != 'error'" if must_finish else "")
    look = request(
        "GET",
        f"/{kind}s/{whole(call('encodeURL', identity))}",
        repeat={
            "condition": whole(f"statusCode < 400 && !{_ENDED} && now < temp.deadline"),
            "delay": STEP,
            "limit": LOOKS,
        },
        response={"temp": keep, "valid": whole(valid), "error": _error(kind, must_finish=must_finish)},
    )
    return [_when(condition, start), _when(condition, look)]


def _when(condition: str | None, step: Json) -> Json:
    return {"condition": whole(condition), **step} if condition else step


def _error(kind: str, *, must_finish: bool) -> Json:
    again = (WaitForJob if kind == "job" else WaitForTask).label
    passed = (
        f"'The {kind} ' + body.data.id + ' has not ended in time; it goes on at CloudConvert. "
        f"Take it up again with the module {again} and its ID.'"
    )
    failed = failure("body.data.tasks", "temp.code") + " + '. (' + body.data.id + ')'"
    sentence = if_("body.data.status = 'error'", failed, passed) if must_finish else passed
    refused = "'[' + statusCode + '] ' + ifempty(body.message, 'no reason was given')"
    return {**ERRORS, "message": whole(if_("statusCode >= 400", refused, sentence)), "type": "DataError"}
