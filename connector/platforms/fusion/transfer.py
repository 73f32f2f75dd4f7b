"""Uploads to and downloads from storage hosts: requests of their own, which never carry the token."""

from __future__ import annotations

from typing import Any

from connector.platforms.fusion.iml import call, items, whole
from connector.platforms.fusion.imports import Import
from connector.platforms.fusion.limits import MOST
from connector.platforms.fusion.request import spread

Json = dict[str, Any]

FILES: Json = {"contents": [f"{{{{temp.file_{number}}}}}" for number in range(1, MOST + 1)]}
"""The downloaded files in a list, for the last step."""


def upload(file: Import) -> Json:
    """Post one file to the form that its import task was given: the form's parameters first, the file last."""
    form = "first(map(temp.job.tasks, 'result.form.{}', 'name', {}))"
    content = {"value": whole(f"{file.at}_data"), "options": {"filename": whole(f"{file.at}_name")}}
    return {
        "condition": whole(file.uploaded),
        "url": whole(form.format("url", file.named)),
        "encodeUrl": False,
        "method": "POST",
        "type": "multipart/form-data",
        "body": spread(form.format("parameters", file.named), file=content),
        "followRedirects": False,
        "followAllRedirects": False,
        "response": {
            "type": "text",
            "error": {
                "message": f"[{{{{statusCode}}}}] The upload of {whole(f'{file.at}_name')} was refused: {{{{body}}}}",
                "type": "ConnectionError",
            },
        },
    }


def downloads() -> list[Json]:
    """Fetch the files that `temp.files` lists, each with its content."""
    return [_download(number) for number in range(1, MOST + 1)]


def _download(number: int) -> Json:
    file = f"temp.files[{number}]"
    kept = {key: whole(f"{file}.{key}") for key in ("filename", "size", "url")} | {"data": "{{body}}"}
    return {
        "condition": whole(f"{call('length', items('temp.files'))} >= {number}"),
        "url": whole(f"{file}.url"),
        "encodeUrl": False,
        "response": {
            "type": {"*": "automatic", "200-299": "binary"},
            "temp": {f"file_{number}": kept},
            "error": {
                "message": f"[{{{{statusCode}}}}] The download of {whole(f'{file}.filename')} failed.",
                "type": "ConnectionError",
            },
        },
    }


def joined() -> str:
    """The list of files, with contents as far as they were downloaded, as an expression."""
    files = items("temp.files")
    most = str(MOST)
    return call(
        "merge",
        call("slice", "temp.contents", "0", call("min", call("length", files), most)),
        call("slice", files, most),
    )


def first_url(files: str) -> str:
    """The address of the first file, as an expression."""
    return call("get", call("first", files), "'url'")
