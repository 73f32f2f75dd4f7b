"""The recipe Download: the files of a finished task."""

from __future__ import annotations

from typing import Any

from connector.platforms.fusion.form import Form
from connector.platforms.fusion.iml import call, if_, whole
from connector.platforms.fusion.outputs import Thing, files_of_task, output
from connector.platforms.fusion.request import ERRORS, request
from connector.platforms.fusion.transfer import FILES, downloads, first_url, joined
from connector.recipe import Download

Json = dict[str, Any]


def download_steps(form: Form, recipe: Download) -> list[Json]:
    """Read the task, then fetch what it exported."""
    files = files_of_task("body.data")
    read = request(
        "GET",
        f"/tasks/{whole(call('encodeURL', form.at(recipe.task)))}",
        response={
            "temp": {"task": "{{body.data}}", "files": whole(files)},
            "valid": whole(f"statusCode < 400 && body.data.status = 'finished' && {first_url(files)}"),
            "error": {**ERRORS, "message": whole(_sentence()), "type": "DataError"},
        },
    )
    end: Json = {"temp": FILES, "response": {"output": output(form, Thing("temp.task", joined()))}}
    return [read, *downloads(), end]


def _sentence() -> str:
    task = "body.data"
    failed = (
        f"'The task ' + {task}.id + ' (' + {task}.operation + ') failed: ' + {task}.message + ' [' + {task}.code + ']'"
    )
    running = f"'The task ' + {task}.id + ' is still ' + {task}.status + '; wait for it first.'"
    no_url = f"'The task ' + {task}.id + ' (' + {task}.operation + ') has no files with a download URL.'"
    refused = "'[' + statusCode + '] ' + ifempty(body.message, 'no reason was given')"
    about = if_(f"{task}.status = 'error'", failed, if_(f"{task}.status = 'finished'", no_url, running))
    return if_("statusCode >= 400", refused, about)
