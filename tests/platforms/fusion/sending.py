"""One request as the platform makes it, and its answer, parsed as the request says."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Mapping
from typing import Any

import requests

from tests.platforms.fusion.iml import ImlError, Undefined, as_text


def send(http: requests.Session, base_url: str, request: Mapping[str, Any], render: Callable[[Any], Any]) -> Any:
    """The answer."""
    from tests.platforms.fusion.machine import Answer

    method = render(request.get("method", "GET"))
    url = str(render(request["url"]))
    url = base_url + url if url.startswith("/") else url
    if not url.startswith(("http://", "https://")):
        raise ImlError(f"{request['url']!r} gives no address but {url!r}.")
    headers = {name: as_text(value) for name, value in render(request.get("headers", {})).items()}
    body = {} if method == "GET" else _body(str(request.get("type", "json")), render(request.get("body")), headers)
    follow = request.get("followRedirects" if method == "GET" else "followAllRedirects", True)
    response = http.request(
        method, *_address(url, request, render), headers=headers, allow_redirects=follow, timeout=60, **body
    )
    lower = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, lower, _parsed(response, request.get("response", {}).get("type", "automatic")))


def _address(url: str, request: Mapping[str, Any], render: Callable[[Any], Any]) -> tuple[str]:
    """A query of the request's own replaces the one in the URL."""
    if "qs" not in request:
        return (url,)
    rows = {name: value if isinstance(value, list) else as_text(value) for name, value in render(request["qs"]).items()}
    return (str(requests.Request("GET", url.partition("?")[0], params=rows).prepare().url),)


def _body(kind: str, body: Any, headers: dict[str, str]) -> dict[str, Any]:
    if body is None or isinstance(body, Undefined):
        return {}
    if kind == "json":
        headers.setdefault("Content-Type", "application/json")
        return {"data": json.dumps(body, default=_no_json)}
    if kind == "text":
        return {"data": as_text(body).encode()}
    if kind == "urlencoded":
        return {"data": {name: as_text(value) for name, value in body.items()}}
    if kind == "multipart/form-data":
        return {"files": [_part(name, value) for name, value in body.items()]}
    raise ImlError(f"The type of body {kind!r} is not understood.")


def _no_json(value: Any) -> Any:
    raise ImlError(f"{value!r} cannot be sent as JSON.")


def _part(name: str, value: Any) -> tuple[str, Any]:
    if not isinstance(value, Mapping):
        return name, (None, as_text(value))
    filename = value["options"]["filename"]
    if not isinstance(value["value"], bytes) or set(value) != {"value", "options"}:
        raise ImlError(f"The part {name!r} of the upload is no file.")
    return name, (filename, value["value"], mimetypes.guess_type(filename)[0] or "application/octet-stream")


def _parsed(response: requests.Response, kind: Any) -> Any:
    if isinstance(kind, Mapping):
        ranges = {key: (int(key[:3]), int(key[-3:])) if key != "*" else (0, 999) for key in kind}
        fitting = [key for key, (low, high) in ranges.items() if low <= response.status_code <= high]
        kind = kind[min(fitting, key=lambda key: ranges[key][1] - ranges[key][0])]
    if kind == "binary":
        return response.content
    if kind == "text":
        return response.text
    if kind != "automatic":
        raise ImlError(f"The type of answer {kind!r} is not understood.")
    is_json = "json" in response.headers.get("Content-Type", "json")  # the scripted servers of the tests name no type
    return json.loads(response.content) if is_json and response.content else response.text
