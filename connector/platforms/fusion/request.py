"""What every request shares: who signs it, and which of the platform's errors an answer stands for."""

from __future__ import annotations

from typing import Any

from connector.platforms.fusion.iml import SPREAD, call, if_, if_empty, items, literal, mapped, whole

Json = dict[str, Any]

TOKEN = "ifempty(connection.access_token, connection.api_key)"  # noqa: S105 - an expression

# Storage hosts must not see the token, and the base's headers go everywhere: so each request to the API has its own.
SIGNED: Json = {"authorization": f"Bearer {whole(TOKEN)}"}

_FAULTS = call("join", call("flatten", call("map", "toArray(body.errors)", "'value'")), "' '")
_SAID = "{{ifempty(body.message, 'no reason was given')}}"
_INVALID = f"CloudConvert refused the request: {_SAID} {whole(if_('body.errors', _FAULTS, literal('')))}"

ERRORS: Json = {
    "message": f"[{{{{statusCode}}}}] {_SAID}",
    "type": "RuntimeError",
    "400": {"message": _INVALID, "type": "DataError"},
    "401": {
        "message": f"CloudConvert refused the key or the sign-in: {_SAID} Connect again.",
        "type": "InvalidAccessTokenError",
    },
    "402": {"message": f"The account has no credits left: {_SAID}", "type": "OutOfSpaceError"},
    "403": {
        "message": f"The connection lacks a scope that this module needs: {_SAID}",
        "type": "InvalidConfigurationError",
    },
    "404": {
        "message": f"CloudConvert does not know it: {_SAID} Jobs, tasks and files are deleted 24 hours after they ended.",
        "type": "DataError",
    },
    "422": {"message": _INVALID, "type": "DataError"},
    "429": {"message": f"CloudConvert takes no more jobs at the moment: {_SAID}", "type": "RateLimitError"},
    **{
        status: {
            "message": f"[{status}] CloudConvert has a problem: {_SAID} Try again later.",
            "type": "ConnectionError",
        }
        for status in ("500", "502", "503", "504")
    },
}


def request(method: str, url: str, **rest: Any) -> Json:
    """A signed request to the API; `url` is below `/v2`. The platform's schema wants a body in every POST."""
    made: Json = {"url": url, "encodeUrl": False, "method": method, "headers": dict(SIGNED)}
    return made | ({"body": {}} if method in ("POST", "PUT", "PATCH") else {}) | rest


def spread(expression: str, **rest: Any) -> Json:
    """An object with another one merged into it; what stands in `rest` wins."""
    return {SPREAD: whole(expression), **rest}


_FOLLOWER = "INPUT_TASK_FAILED"


def code_of(tasks: str) -> str:
    """The error code of the task that failed first, not of those that failed because of it."""
    codes = call("remove", mapped(tasks, "code", "status", "error"), literal(_FOLLOWER))
    return if_empty(call("first", codes), literal(_FOLLOWER))


def failure(tasks: str, code: str) -> str:
    """The sentence for a failed job, as an expression. `code` is an expression too."""

    def of(key: str) -> str:
        return call("first", call("map", items(tasks), literal(key), "'code'", code))

    return (
        f"'The task ' + {of('name')} + ' (' + {of('operation')} + ') failed: ' + {of('message')} + ' [' + {code} + ']'"
    )
