"""What PDF files say about themselves, under exiftool's names, and how to change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from pikepdf import Dictionary, Name, Pdf, PdfError

from connector.sandbox.engines.base import EngineError, Result, Work
from connector.sandbox.engines.common.facts import file_facts
from connector.sandbox.engines.common.outputs import one_file, output_path
from connector.sandbox.engines.pdf.opening import opened, save

_DATES = {"CreateDate": ("CreationDate", "xmp:CreateDate"), "ModifyDate": ("ModDate", "xmp:ModifyDate")}
_TEXTS = {
    "Title": ("Title", "dc:title"),
    "Author": ("Author", "dc:creator"),
    "Subject": ("Subject", "dc:description"),
    "Keywords": ("Keywords", "pdf:Keywords"),
    "Creator": ("Creator", "xmp:CreatorTool"),
    "Producer": ("Producer", "pdf:Producer"),
}
_PDF_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?\s*(Z|[+-]\d\d)?'?(\d\d)?'?.*", re.DOTALL)
_WRITTEN_DATE = re.compile(
    r"(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)
_DAMAGE = (PdfError, ValueError, TypeError, LookupError, AttributeError, SyntaxError)


def metadata(work: Work) -> Result:
    """The `metadata` operation."""
    with opened(work.source) as pdf:
        facts = file_facts(work.source, "PDF", "pdf", "application/pdf")
        facts |= {
            "PDFVersion": float(pdf.pdf_version),
            "Linearized": "Yes" if pdf.is_linearized else "No",
            "PageCount": len(pdf.pages),
        }
        facts |= _layout(pdf)
        facts |= _described(pdf)
    return Result(metadata=facts)


def write_metadata(work: Work) -> Result:
    """The `metadata/write` operation, in the document's information and in its XMP where it has one. Empty values delete."""
    wanted = _wanted(work)
    with opened(work.source) as pdf:
        _write_information(pdf, wanted)
        if Name.Metadata in pdf.Root:
            _write_xmp(work, pdf, wanted)
        save(pdf, output_path(work))
    return one_file(output_path(work))


def shown_date(text: str) -> str:
    """A PDF date as exiftool writes it: `2014:05:14 13:14:52-05:00`."""
    match = _PDF_DATE.fullmatch(text.strip())
    if match is None:
        return text
    year, month, day, hour, minute, second, zone, zone_minutes = match.groups()
    shown = f"{year}:{month or '01'}:{day or '01'} {hour or '00'}:{minute or '00'}:{second or '00'}"
    return shown + (zone if zone in (None, "Z") else f"{zone}:{zone_minutes or '00'}") if zone else shown


def read_date(key: str, text: str) -> tuple[str, str]:
    """A date as a person or exiftool writes it, for the document's information and for XMP. Raises EngineError INVALID_OPTION."""
    match = _WRITTEN_DATE.fullmatch(text.strip())
    if match is None or not _is_date([int(part or 0) for part in match.groups()[:6]]):
        raise EngineError(
            "INVALID_OPTION", f'The {key} "{text[:40]}" is no date. Write it like 2014:05:14 13:14:52-05:00.'
        )
    year, month, day, hour, minute, second, zone = (part or "" for part in match.groups())
    zone = zone if zone in ("", "Z") else f"{zone[:3]}:{zone[-2:]}"
    clock = f"{hour or '00'}{minute or '00'}{second or '00'}"
    pdf_zone = zone if zone in ("", "Z") else f"{zone[:3]}'{zone[-2:]}'"
    return f"D:{year}{month}{day}{clock}{pdf_zone}", f"{year}-{month}-{day}T{clock[:2]}:{clock[2:4]}:{clock[4:]}{zone}"


def _is_date(parts: list[int]) -> bool:
    try:
        datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=UTC)
    except ValueError:
        return False
    return True


def _layout(pdf: Pdf) -> dict[str, object]:
    facts: dict[str, object] = {}
    for key in ("PageLayout", "PageMode", "Lang"):
        if (value := pdf.Root.get(f"/{key}")) is not None:
            facts["Language" if key == "Lang" else key] = str(value).lstrip("/")
    mark = pdf.Root.get(Name.MarkInfo)
    if isinstance(mark, Dictionary) and mark.get(Name.Marked):
        facts["TaggedPDF"] = "Yes"
    if pdf.is_encrypted:
        facts["Encryption"] = f"Standard V{pdf.encryption.V} ({pdf.encryption.bits}-bit)"
    return facts


def _described(pdf: Pdf) -> dict[str, object]:
    xmp, facts = _xmp(pdf), dict[str, object]()
    for key, (name, path) in {**_TEXTS, **_DATES}.items():
        text = _information(pdf, name)
        if not text:
            text = xmp.get(path, "").replace("-", ":", 2).replace("T", " ", 1) if key in _DATES else xmp.get(path, "")
        elif key in _DATES:
            text = shown_date(text)
        if text:
            facts[key] = text
    return facts


def _information(pdf: Pdf, name: str) -> str:
    if Name.Info not in pdf.trailer:
        return ""
    try:
        return str(pdf.docinfo.get(f"/{name}", ""))
    except _DAMAGE:
        return ""


def _xmp(pdf: Pdf) -> dict[str, str]:
    paths = [path for _, path in {**_TEXTS, **_DATES}.values()]
    if Name.Metadata not in pdf.Root:
        return {}
    try:
        found = pdf.open_metadata(set_pikepdf_as_editor=False, strict=False)
        return {path: _joined(found.get(path)) for path in paths if found.get(path)}
    except _DAMAGE:
        return {}


def _joined(value: object) -> str:
    return ", ".join(str(part) for part in value) if isinstance(value, (list, set, tuple)) else str(value)


def _wanted(work: Work) -> dict[str, str]:
    given = work.options.get("metadata")
    if not isinstance(given, Mapping) or not given:
        raise EngineError(
            "INVALID_OPTION", 'The "metadata" to write is missing. Give an object such as {"Title": "Report"}.'
        )
    known = {key: value for key, value in given.items() if key in _TEXTS or key in _DATES}
    for key in given.keys() - known.keys():
        work.warn(f'"{str(key)[:60]}" cannot be written into a PDF; possible are {", ".join([*_TEXTS, *_DATES])}.')
    return {str(key): "" if value is None else _joined(value) for key, value in known.items()}


def _write_information(pdf: Pdf, wanted: Mapping[str, str]) -> None:
    for key, text in wanted.items():
        name = f"/{(_TEXTS.get(key) or _DATES[key])[0]}"
        if text:
            pdf.docinfo[name] = read_date(key, text)[0] if key in _DATES else text
        elif name in pdf.docinfo:
            del pdf.docinfo[name]


def _write_xmp(work: Work, pdf: Pdf, wanted: Mapping[str, str]) -> None:
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False, strict=False) as xmp:
            for key, text in wanted.items():
                path = (_TEXTS.get(key) or _DATES[key])[1]
                if not text:
                    xmp.pop(path, None)
                elif path == "dc:creator":
                    xmp[path] = [text]
                else:
                    xmp[path] = read_date(key, text)[1] if key in _DATES else text
    except _DAMAGE:
        work.warn("The XMP part of the metadata is damaged and was left as it is.")
