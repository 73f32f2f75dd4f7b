"""What a request to create jobs and tasks must hold; everything wrong is told at once, in the service's shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from connector.sandbox import imports, lifecycle, references
from connector.sandbox.events import EVENTS
from connector.sandbox.guard import is_web_address
from connector.sandbox.problems import invalid

MAX_TASKS = 1000
OPERATIONS: dict[str, tuple[str, ...]] = {
    "import/url": ("url",),
    "import/upload": (),
    "import/base64": ("file", "filename"),
    "import/raw": ("file", "filename"),
    "import/s3": ("bucket", "region", "access_key_id", "secret_access_key"),
    "import/azure/blob": ("storage_account", "container"),
    "import/google-cloud-storage": ("project_id", "bucket", "client_email", "private_key"),
    "import/openstack": ("auth_url", "username", "password", "region", "container"),
    "import/sftp": ("host", "username"),
    "export/url": (),
    "export/s3": ("bucket", "region", "access_key_id", "secret_access_key"),
    "export/azure/blob": ("storage_account", "container"),
    "export/google-cloud-storage": ("project_id", "bucket", "client_email", "private_key"),
    "export/openstack": ("auth_url", "username", "password", "region", "container"),
    "export/sftp": ("host", "username"),
    "export/upload": ("url",),
    "convert": ("output_format",),
    "optimize": (),
    "watermark": (),
    "capture-website": ("url", "output_format"),
    "thumbnail": ("output_format",),
    "metadata": (),
    "metadata/write": ("metadata",),
    "merge": ("output_format",),
    "archive": ("output_format",),
    "archive/extract": (),
    "command": ("engine", "command", "arguments"),
    "pdf/a": (),
    "pdf/x": (),
    "pdf/ocr": (),
    "pdf/encrypt": (),
    "pdf/decrypt": (),
    "pdf/split-pages": (),
    "pdf/extract-pages": ("pages",),
    "pdf/rotate-pages": ("rotation",),
}
"""The operations of the API with the fields that each requires besides `input`."""

ALIASES = {"pdf/merge": "merge"}
"""Operations under another name, which some clients send."""

_IMPLIED: dict[str, dict[str, str]] = {"pdf/merge": {"output_format": "pdf"}}

EXTRACT = "extract"
"""`convert` to this from an archive is archive/extract: the API's documents leave open which of the two it is."""

_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
_TEXTS = ("output_format", "input_format", "filename", "engine", "engine_version", "url", "redirect", "image")


@dataclass(frozen=True)
class Draft:
    """A checked task. `content` is a file that came in the request.

    `inputs` are names of tasks of the same job, or ids: of `input`, and of parameters that name tasks.
    """

    operation: str
    payload: dict[str, Any]
    inputs: tuple[str, ...]
    ignore_error: bool
    content: bytes | None


@dataclass(frozen=True)
class JobDraft:
    """A checked job: its tasks by name, in the order in which they were given."""

    tasks: dict[str, Draft]
    tag: str | None
    webhook_url: str | None


class Errors:
    """Collects what is wrong with which field."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def add(self, name: str, sentence: str) -> None:
        """Note one more thing."""
        self.found.setdefault(name, []).append(sentence)

    def raise_if_any(self) -> None:
        """Raise ApiError 422 when something was noted."""
        if self.found:
            raise invalid(self.found)


def job(body: Mapping[str, Any], operations: Collection[str], exists: Callable[[str], bool]) -> JobDraft:
    """A checked job. `exists` tells whether there is a task of an id. Raises ApiError 422."""
    errors = Errors()
    given = body.get("tasks")
    if not isinstance(given, dict) or not given:
        raise invalid(
            {"tasks": ["The tasks field is required." if not given else "The tasks must be an object of named tasks."]}
        )
    if len(given) > MAX_TASKS:
        raise invalid({"tasks": [f"The tasks may not have more than {MAX_TASKS} items."]})
    drafts = {
        name: _task(f"tasks.{name}", value, errors, operations, lambda one: one in given or exists(one))
        for name, value in given.items()
    }
    for name in given:
        if not _NAME.fullmatch(name):
            errors.add("tasks", f"The task name {name[:80]} may only hold letters, digits, dashes and underscores.")
    _no_cycle(drafts, errors)
    tag, webhook_url = _text(body, "tag", errors), _text(body, "webhook_url", errors)
    if webhook_url and not is_web_address(webhook_url):
        errors.add("webhook_url", "The webhook_url must be a valid http or https URL.")
    errors.raise_if_any()
    return JobDraft(drafts, tag, webhook_url)


def task(operation: str, body: Mapping[str, Any], operations: Collection[str], exists: Callable[[str], bool]) -> Draft:
    """A checked single task, whose inputs are ids of tasks. Raises ApiError 422."""
    errors = Errors()
    draft = _task("", {**body, "operation": operation}, errors, operations, exists)
    errors.raise_if_any()
    return draft


def webhook(body: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The URL and the events of a new webhook. Raises ApiError 422."""
    errors = Errors()
    url, events = body.get("url"), body.get("events")
    if not isinstance(url, str) or not is_web_address(url):
        errors.add("url", "The url must be a valid http or https URL." if url else "The url field is required.")
    if not isinstance(events, list) or not events:
        errors.add("events", "The events must be an array." if events else "The events field is required.")
        events = []
    for number, event in enumerate(events):
        if event not in EVENTS:
            errors.add(f"events.{number}", f"The selected event is invalid; choose out of: {', '.join(EVENTS)}.")
    errors.raise_if_any()
    return str(url), list(dict.fromkeys(map(str, events)))


def is_true(value: object) -> bool:
    """Whether a JSON or form value means yes."""
    return str(value).strip().lower() in ("true", "1", "yes", "on")


def _task(
    prefix: str, value: object, errors: Errors, operations: Collection[str], known: Callable[[str], bool]
) -> Draft:
    if not isinstance(value, dict):
        errors.add(prefix, "The task must be an object.")
        return Draft("", {}, (), False, None)
    operation = value.get("operation")
    inputs = _inputs(value.get("input"))
    payload = {**_IMPLIED.get(str(operation), {}), **value, **({"input": inputs} if inputs else {})}
    if not isinstance(operation, str) or operation not in operations:
        errors.add(
            _at(prefix, "operation"),
            "The selected operation is invalid." if operation else "The operation field is required.",
        )
        return Draft("", payload, (), False, None)
    operation = _usual(operation, payload)
    for name in OPERATIONS.get(operation, ()):
        if payload.get(name) in (None, "") and not (operation == "import/raw" and name == "file" and name in value):
            errors.add(_at(prefix, name), f"The {name} field is required.")
    _check_texts(prefix, value, errors)
    _check_inputs(prefix, operation, inputs, errors, known)
    named = references.named(operation, value)
    for parameter, name in named.items():
        _check_known(prefix, parameter, name, errors, known)
    content = _content(prefix, operation, payload, errors)
    needed = tuple(dict.fromkeys([*inputs, *named.values()]))
    return Draft(operation, payload, needed, is_true(value.get("ignore_error")), content)


def _usual(operation: str, payload: dict[str, Any]) -> str:
    """The operation under its usual name; its payload becomes that one's."""
    if operation == "convert" and payload.get("output_format") == EXTRACT:
        del payload["output_format"]
        return "archive/extract"
    return ALIASES.get(operation, operation)


def _inputs(value: object) -> list[str]:
    given = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(str(one) for one in given if one not in (None, "")))


def _check_inputs(prefix: str, operation: str, inputs: list[str], errors: Errors, known: Callable[[str], bool]) -> None:
    takes_none = operation.startswith("import/") or operation == "capture-website"
    if not inputs and not takes_none:
        errors.add(_at(prefix, "input"), "The input field is required.")
    for name in inputs:
        _check_known(prefix, "input", name, errors, known)


def _check_known(prefix: str, field: str, name: str, errors: Errors, known: Callable[[str], bool]) -> None:
    if not known(name):
        what = "the name of a task of this job" if prefix else "the id of a task"
        errors.add(_at(prefix, field), f"The {field} {name[:80]} is not {what}.")


def _check_texts(prefix: str, value: Mapping[str, Any], errors: Errors) -> None:
    for name in _TEXTS:
        if isinstance(value.get(name), dict | list | bool):
            errors.add(_at(prefix, name), f"The {name} must be a string.")
    headers = value.get("headers")
    if headers not in (None, "", []) and not isinstance(headers, dict):
        errors.add(_at(prefix, "headers"), "The headers must be an object of names and values.")


def _content(prefix: str, operation: str, payload: dict[str, Any], errors: Errors) -> bytes | None:
    """The file in the request, taken out of the payload so that it is not kept twice."""
    try:
        content = imports.inline_content(operation, payload)
    except ValueError:
        errors.add(_at(prefix, "file"), "The file is not valid base64.")
        return None
    if content is not None:
        payload.pop("file", None)
    return content


def _no_cycle(drafts: Mapping[str, Draft], errors: Errors) -> None:
    for name in lifecycle.find_cycle({name: draft.inputs for name, draft in drafts.items()}):
        errors.add(f"tasks.{name}.input", "The task waits for itself through its inputs.")


def _text(body: Mapping[str, Any], name: str, errors: Errors) -> str | None:
    value = body.get(name)
    if isinstance(value, dict | list):
        errors.add(name, f"The {name} must be a string.")
    return None if value in (None, "") else str(value)


def _at(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
