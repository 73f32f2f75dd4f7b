"""What a v1 payload asks for, read from its parameters. No I/O here."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from connector.hosts.v1.problems import wrong
from connector.hosts.v1.storage import GONE, INPUTS, OUTPUTS, Storage

Mode = Literal["convert", "info", "combine", "archive", "extract"]
MODES: tuple[Mode, ...] = get_args(Mode)

_INLINE = "inline"
_SENT_ALONG = ("raw", "base64")
_FETCHED = ("download", "url", "website")
"""Three names for a file that has an address; only the first was documented."""

WEBSITE = "website"
"""The input format of a web page that is to be captured."""


@dataclass(frozen=True)
class Input:
    """Where the files come from. `files` are URLs, contents, keys in a storage, or the names of uploads."""

    method: str
    files: tuple[str, ...] = field(repr=False)
    filename: str | None = None
    storage: Storage | None = None


@dataclass(frozen=True)
class Order:
    """A process that can be started.

    `options` are `converteroptions` by their v1 names; `timeout` is in seconds. `download` wants the file as the answer,
    `inline` to be shown by a browser instead of saved.
    """

    mode: Mode
    input_format: str
    output_format: str
    input: Input
    options: Mapping[str, Any]
    output: Storage | None = None
    timeout: int | None = None
    callback: str | None = None
    tag: str | None = None
    wait: bool = False
    download: bool = False
    inline: bool = False
    save: bool = False
    email: bool = False

    @classmethod
    def read(cls, given: Mapping[str, Any], *, uploads: int = 0) -> Order:
        """The order in these parameters; `uploads` is the number of files that came with the request itself.

        Raises InputError, whose `fields` name the parameters that are missing or wrong.
        """
        if given.get("preset"):
            raise wrong(
                "preset", "cannot be used: presets are gone with API v1; send what the preset holds as converteroptions"
            )
        mode = mode_of(given)
        return cls(
            mode,
            _format(given, "inputformat", required=mode == "convert"),
            _format(given, "outputformat", required=mode != "info"),
            _input(given, uploads),
            _options(given.get("converteroptions")),
            output=_output(given.get("output")),
            timeout=_seconds(given.get("timeout")),
            callback=address(given, "callback") if given.get("callback") else None,
            tag=_tag(given.get("tag")),
            wait=is_true(given.get("wait")),
            download=wants_file(given),
            inline=given.get("download") == _INLINE,
            save=is_true(given.get("save")),
            email=is_true(given.get("email")),
        )


def created(given: Mapping[str, Any]) -> dict[str, str]:
    """What is kept of the parameters that create a process; a start may leave them out. Raises InputError."""
    mode = mode_of(given)
    formats = {name: _format(given, name, required=mode != "info") for name in ("inputformat", "outputformat")}
    return {"mode": mode, **formats}


def mode_of(given: Mapping[str, Any]) -> Mode:
    """The mode, `convert` where none is given. Raises InputError."""
    name = str(given.get("mode") or "convert").lower()
    for mode in MODES:
        if name == mode:
            return mode
    raise wrong("mode", f"must be one of {', '.join(MODES)}")


def is_true(value: object) -> bool:
    """A flag as clients send it in JSON, in a query or in a form."""
    return value is True or str(value).strip().lower() in ("true", "1", "yes", "on")


def wants_file(given: Mapping[str, Any]) -> bool:
    """Whether the file itself is to be the answer."""
    return is_true(given.get("download")) or given.get("download") == _INLINE


def address(given: Mapping[str, Any], name: str) -> str:
    """A parameter that is a web address. Raises InputError."""
    text = str(given.get(name) or "").strip()
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise wrong(name, "must be a full http or https address")
    return text


def _format(given: Mapping[str, Any], name: str, *, required: bool) -> str:
    text = str(given.get(name) or "").strip().lower().lstrip(".")
    if not text and required:
        raise wrong(name, "is missing")
    if len(text) > 20 or not all(c.isalnum() or c in "._-" for c in text):
        raise wrong(name, "must be a file format such as pdf")
    return text


def _input(given: Mapping[str, Any], uploads: int) -> Input:
    method, fields = _named(given.get("input"), "input")
    filename = str(given["filename"]) if given.get("filename") else None
    if uploads:
        return Input("upload", ("",) * uploads, filename)
    if not method:  # the Node client starts so when it is piped a file
        method = "download" if _files(given) else "upload"
    if method == "upload":
        return Input("upload", _files(given) or ("",), filename)
    if method in GONE:
        raise wrong("input", f"cannot be {method}, which {GONE[method]}")
    if method not in (*_FETCHED, *_SENT_ALONG, *INPUTS):
        raise wrong(
            "input", f"cannot be {method[:40]!r}; it is one of download, upload, raw, base64, {', '.join(INPUTS)}"
        )
    files = _files(given)
    if not files:
        raise wrong("file", "is missing")
    if method in INPUTS:
        return Input(method, files, filename, INPUTS[method].read(fields, "input"))
    if method in _SENT_ALONG:
        return _sent_along(method, files, filename)
    for url in files:
        address({"file": url}, "file")
    return Input("download", files, filename)


def _sent_along(method: str, files: tuple[str, ...], filename: str | None) -> Input:
    if filename is None:
        raise wrong("filename", f"is missing; with input {method} it says what the content is, e.g. report.html")
    if method == "base64":
        try:
            for content in files:
                base64.b64decode(content, validate=True)
        except (binascii.Error, ValueError):
            raise wrong("file", "is not base64") from None
    return Input(method, files, filename)


def _files(given: Mapping[str, Any]) -> tuple[str, ...]:
    """`files` where there are several, else `file`; each a text, or an object with `file` or `url`."""
    several = given.get("files")
    several = list(several.values()) if isinstance(several, Mapping) else several
    values = several if isinstance(several, list) and several else [given.get("file")]
    inner = [one.get("file") or one.get("url") if isinstance(one, Mapping) else one for one in values]
    return tuple(str(one) for one in inner if one not in (None, ""))


def _output(value: object) -> Storage | None:
    name, fields = _named(value, "output")
    if not name:
        return None
    if name in GONE:
        raise wrong("output", f"cannot be {name}, which {GONE[name]}")
    if name not in OUTPUTS:
        raise wrong("output", f"cannot be {name[:40]!r}; it is one of {', '.join(OUTPUTS)}")
    return OUTPUTS[name].read(fields, "output")


def _named(value: object, parameter: str) -> tuple[str, Mapping[str, Any]]:
    """The name and the fields of an input or output: a text, or an object with one entry."""
    if isinstance(value, Mapping):
        if len(value) != 1:
            raise wrong(parameter, "must name exactly one storage")
        name, fields = next(iter(value.items()))
        return str(name).lower(), fields if isinstance(fields, Mapping) else {}
    return str(value or "").strip().lower(), {}


def _options(value: object) -> dict[str, Any]:
    if value in (None, "", []):
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            value = None
    if not isinstance(value, Mapping):
        raise wrong("converteroptions", "must be an object with names and values")
    return {str(name): one for name, one in value.items()}


def _seconds(value: object) -> int | None:
    if value in (None, "", 0, "0"):
        return None
    try:
        seconds = int(str(value))
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 18000:
        raise wrong("timeout", "must be a number of seconds from 1 to 18000")
    return seconds


def _tag(value: object) -> str | None:
    """Free text; an object is kept as JSON. API v2 takes 255 characters."""
    if value in (None, "", {}, []):
        return None
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:255]
