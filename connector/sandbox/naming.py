"""File names: made harmless, derived from each other, and put into and read from headers. They never become paths."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from email.header import decode_header, make_header
from urllib.parse import quote, unquote, urlsplit

from connector.sandbox import formats

MAX_BYTES = 255
_PLACE_HOLDER = re.compile(r"%(0?\d{0,3})d")
_PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))')


def clean(name: str, fallback: str = "file") -> str:
    """The last component of a name, without control and bidi characters, at most 255 bytes, extension kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()))[-1]
    visible = "".join(letter for letter in last if not _is_hidden(letter)).strip()
    return _shorten(visible) if visible.strip(".") else fallback


def stem(name: str) -> str:
    """The name without its extension, compound ones such as `.tar.gz` as a whole."""
    extension = formats.format_of(name)
    return name[: -len(extension) - 1] if extension and len(extension) + 1 < len(name) else name


def with_extension(name: str, extension: str | None) -> str:
    """The name with another extension; unchanged without one."""
    return clean(f"{stem(name)}.{extension}") if extension else name


def outputs(pattern: str | None, source: str, extension: str | None, count: int) -> list[str]:
    """The names of `count` output files: by the person's `pattern` (printf `%d`), else from the source's name.

    One file: `name.ext`. Several: `name-1.ext`, `name-2.ext` and so on.
    """
    name = clean(pattern) if pattern else with_extension(clean(source), extension)
    if _PLACE_HOLDER.search(name):
        return [_fill(name, number) for number in range(1, count + 1)]
    if count == 1:
        return [name]
    return [insert(name, f"-{number}") for number in range(1, count + 1)]


def distinct(names: Sequence[str]) -> list[str]:
    """The names, with ` (2)` and so on where one comes again."""
    given: dict[str, None] = {}
    for name in names:
        candidates = (name if number == 1 else insert(name, f" ({number})") for number in range(1, len(names) + 1))
        given[next((one for one in candidates if one not in given), f"{len(given)}-{name}")] = None
    return list(given)


def insert(name: str, addition: str) -> str:
    """The name with something before its extension."""
    start = stem(name)
    return clean(f"{start}{addition}{name[len(start) :]}")


def of_url(url: str, extension: str = "html") -> str:
    """A name from the path of a URL, else from its host: then with the extension, as the host's own dots are none."""
    parts = urlsplit(url)
    host = f"{parts.hostname}.{extension}" if parts.hostname else "file"
    return clean(unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]), fallback=host)


def disposition(name: str, *, inline: bool) -> str:
    """The value of Content-Disposition, with the UTF-8 form of RFC 6266 beside an ASCII one where it is needed."""
    kind = "inline" if inline else "attachment"
    plain = "".join(letter if " " <= letter <= "~" and letter not in '"\\%' else "_" for letter in name)
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{kind}; filename="{plain}"{extended}'


def parameters(value: str) -> dict[str, str]:
    """The parameters of a header such as Content-Disposition, names in lower case, quotes optional."""
    found = {}
    for key, quoted, plain in _PARAMETER.findall(value):
        found[key.lower()] = re.sub(r'\\(["\\])', r"\1", quoted) if quoted else plain.strip()
    return found


def of_disposition(value: str) -> str | None:
    """The file name in a Content-Disposition, in any of the forms that clients and servers send; None without one."""
    given = parameters(value)
    charset, quotes, encoded = given.get("filename*", "").partition("''")
    if quotes:
        return unquote(encoded, encoding=charset if charset.lower() in ("utf-8", "iso-8859-1") else "utf-8")
    name = given.get("filename")
    return _mime_word(name) if name and name.startswith("=?") else name


def decode(raw: bytes) -> str:
    """A header's bytes as text: UTF-8 where it is, else Latin-1."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _mime_word(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (LookupError, ValueError):
        return text


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _shorten(name: str) -> str:
    extension = name[len(stem(name)) :]
    room = MAX_BYTES - len(extension.encode())
    if room < 1:
        return name.encode()[:MAX_BYTES].decode("utf-8", "ignore")
    return name[: len(name) - len(extension)].encode()[:room].decode("utf-8", "ignore") + extension


def _fill(name: str, number: int) -> str:
    return _PLACE_HOLDER.sub(lambda found: f"{number:{found.group(1)}d}", name)
