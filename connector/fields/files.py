"""Fields that hold files, and what people write into them."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import marshmallow as ma

from connector.fields.base import Choice, Field, json_or_text
from connector.fields.compound import Inside, Pairs
from connector.fields.plain import AnyValue, Text, Url, require_web_address
from connector.files import LocalFile, RemoteFile

_HEADERS = Pairs(
    "Headers",
    help="Request headers for the download, e.g. for authorization.",
    text_values=True,
    name_label="Key",
    add_label="Add a header",
)


class File(Field):
    """A file: uploaded, or fetched by CloudConvert from a URL. Becomes a LocalFile or a RemoteFile.

    Takes a path, a URL, bytes (as `(name, bytes)` or {"name", "data"}), an open binary stream, or {"url", "headers"}.
    Dialogs show it as a choice with the fields of `choices` nested under each entry.
    """

    kind = "file"
    choices: ClassVar[tuple[Choice, ...]] = (Choice("upload", "Upload a file"), Choice("url", "Import from URL"))
    upload_fields: ClassVar[Mapping[str, Field]] = {
        "name": Text("File name", required=True, help="The name with its extension, which tells the format."),
        "data": AnyValue("Data", required=True, help="The content of the file."),
    }
    url_fields: ClassVar[Mapping[str, Field]] = {
        "url": Url("URL", required=True, help="The address of the file. CloudConvert downloads it."),
        "headers": _HEADERS,
    }

    def from_text(self, text: str) -> Any:
        """A path or a URL; a JSON object with url and headers."""
        return json_or_text(text) if text.startswith("{") else text

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> LocalFile | RemoteFile:  # noqa: ARG002
        return input_file(value)


class Files(Field):
    """A list of files, uploads and URLs mixed; `minimum` and `maximum` count them."""

    kind = "files"
    item_label: ClassVar[str] = "Input file"
    add_label: ClassVar[str] = "Add a file"

    def __init__(self, label: str, *, minimum: int = 1, maximum: int | None = None, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.minimum = minimum
        self.maximum = maximum

    def from_text(self, text: str) -> Any:
        """A JSON list; a single path or URL counts as a list of one."""
        value = json_or_text(text) if text.startswith(("[", "{")) else text
        return value if isinstance(value, list) else [value]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[LocalFile | RemoteFile]:  # noqa: ARG002
        if not isinstance(value, list | tuple):
            raise ma.ValidationError("must be a list of files")
        if len(value) < self.minimum:
            raise ma.ValidationError(f"must hold at least {self.minimum} file{'s' * (self.minimum > 1)}")
        if self.maximum is not None and len(value) > self.maximum:
            raise ma.ValidationError(f"must hold at most {self.maximum} files")
        errors: dict[int, Any] = {}
        files = []
        for index, item in enumerate(value):
            try:
                files.append(input_file(item))
            except ma.ValidationError as error:
                errors[index] = error.messages
        if errors:
            raise ma.ValidationError(errors)
        return files


def input_file(value: Any) -> LocalFile | RemoteFile:
    """What a person meant by the value of a file field. Raises marshmallow's ValidationError with the reason."""
    match value:
        case LocalFile() | RemoteFile():
            return value
        case str() if value.lower().startswith(("http://", "https://")):
            require_web_address(value)
            return RemoteFile(value)
        case str() if "://" in value:
            raise ma.ValidationError("must be a path, or an address that begins with http:// or https://")
        case str() | os.PathLike():
            return _file_at(Path(os.fspath(value)))
        case {"url": str()}:
            loaded = Inside.from_dict({**File.url_fields, "name": Text("File name")})().load(dict(value))
            return RemoteFile(loaded["url"], loaded.get("headers", {}), loaded.get("name"))
        case (str() as name, bytes() as content) | {"name": str() as name, "data": bytes() as content}:
            return LocalFile(name, data=content)
        case bytes():
            raise ma.ValidationError("needs a name for its bytes: give (name, bytes)")
        case io.TextIOBase():
            raise ma.ValidationError("must be opened in binary mode")
        case stream if callable(getattr(stream, "read", None)):
            return LocalFile(Path(str(getattr(stream, "name", "file"))).name, stream=stream)
    raise ma.ValidationError("must be a path, a URL, (name, bytes) or an open binary stream")


def _file_at(path: Path) -> LocalFile:
    try:
        expanded = path.expanduser()
        if expanded.is_dir():
            raise ma.ValidationError(f"{str(path)!r} is a folder; give a file")
        if not expanded.is_file():
            raise ma.ValidationError(f"{str(path)!r} is no file that can be found")
    except (OSError, ValueError, RuntimeError) as error:
        raise ma.ValidationError("is no usable path") from error
    return LocalFile(expanded.name, path=expanded)
