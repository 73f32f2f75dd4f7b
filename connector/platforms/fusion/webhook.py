"""The recipe Webhook: attach, detach, and the events that a call of the webhook stands for."""

from __future__ import annotations

from typing import Any

from connector.platforms.fusion.form import Form
from connector.platforms.fusion.iml import call, if_, if_empty, items, mapped, whole
from connector.platforms.fusion.outputs import files_of_task
from connector.platforms.fusion.parameter import Parameter
from connector.platforms.fusion.request import code_of, request
from connector.recipe import Webhook

Json = dict[str, Any]

_NAME = "webhook_name"  # the platform asks for the name of every webhook itself
_KIND = (
    "if(body.event = 'job.created', 'created', if(item.operation, if(item.status = 'finished', 'finished', "
    "if(item.status = 'error', 'failed', '')), if(body.event = 'job.failed', 'failed', 'finished')))"
)
_IS_TASK = "item.operation"


def parameters(form: Form) -> list[Parameter]:
    """What is asked when the webhook is made."""
    return [parameter for parameter in form.parameters() if parameter["name"] != _NAME]


def attach(form: Form, recipe: Webhook) -> Json:
    """Register the webhook. Both ends of a job are needed for either: a failed job has tasks that finished."""
    chosen = form.at(recipe.events)
    created = f"contains({chosen}, 'created')"
    ended = f"(contains({chosen}, 'finished') || contains({chosen}, 'failed'))"
    both, ends = "'job.created,job.finished,job.failed'", "'job.finished,job.failed'"
    events = if_(created, if_(ended, both, "'job.created'"), ends)
    return request(
        "POST",
        "/webhooks",
        body={"url": "{{webhook.url}}", "events": whole(call("split", events, "','"))},
        response={"data": {"externalHookId": "{{body.data.id}}"}},
    )


def detach() -> Json:
    """Remove it."""
    return request("DELETE", "/webhooks/{{webhook.externalHookId}}")


def communication(form: Form, recipe: Webhook) -> Json:
    """One call brings a job: an event for it, and one for each of its tasks to which the same happened."""
    chosen = f"contains({form.at(recipe.events)}, {_KIND})"
    everything = call("add", items("body.job.tasks"), "body.job")
    values = _values()
    return {
        "respond": {"type": "json", "status": 200, "body": {"ok": True}},
        "iterate": {"container": whole(everything), "condition": whole(chosen)},
        "output": {name: whole(values[name]) for name in form.module.Output.all()},
    }


def _values() -> dict[str, str]:
    """Each declared output as an expression over `item`, a task of the job or the job itself."""

    def of_task(key: str) -> str:
        return if_(_IS_TASK, f"item.{key}")

    # The status in a call may be null: the event tells how the job ended.
    exported = call("flatten", mapped("body.job.tasks", "result.files", "operation", "export/url"))
    of_job = if_("body.event = 'job.finished'", exported, "emptyarray")
    files = if_(_IS_TASK, files_of_task("item"), of_job)
    cause = code_of("body.job.tasks")
    message = call("first", call("map", items("body.job.tasks"), "'message'", "'code'", cause))
    ended = if_("body.event = 'job.failed'", "'error'", "'finished'")
    failed = f"{_KIND} = 'failed'"
    first = call("first", files)
    return {
        "event": f"if({_IS_TASK}, 'task.', 'job.') + {_KIND}",
        "job_id": "body.job.id",
        "status": if_(_IS_TASK, "item.status", if_("body.event = 'job.created'", "item.status", ended)),
        "tag": "body.job.tag",
        "task_id": of_task("id"),
        "task_name": of_task("name"),
        "operation": of_task("operation"),
        "code": if_(failed, if_(_IS_TASK, "item.code", cause)),
        "message": if_(failed, if_(_IS_TASK, "item.message", message)),
        "credits": of_task("credits"),
        "ended_at": if_empty("item.ended_at"),
        "job": "body.job",
        "file_name": call("get", first, "'filename'"),
        "url": call("get", first, "'url'"),
        "size": call("get", first, "'size'"),
        "files": files,
    }
