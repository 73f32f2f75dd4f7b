"""The first sheet of an xlsx workbook as rows, and rows as a workbook of one sheet."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from connector.sandbox.engines.archives.limits import Budget
from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.tables.cells import MOST_COLUMNS, MOST_ROWS, Cell, Row, number

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DATE_FORMATS = frozenset((*range(14, 23), *range(45, 48)))
_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  # spreadsheets know no time zones
_DAMAGE = (zipfile.BadZipFile, ET.ParseError, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError)


def read_xlsx(path: Path) -> list[Row]:
    """The rows of the first sheet; dates as ISO text, formulas as their last result. Raises ValueError where it is no workbook."""
    try:
        with zipfile.ZipFile(path) as file:
            Budget(path.name, path.stat().st_size).check(sum(info.file_size for info in file.infolist()))
            return _Workbook(file).rows()
    except _DAMAGE as error:
        raise ValueError("no workbook") from error


class _Workbook:
    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        names = set(file.namelist())
        self._texts = (
            [_joined(item) for item in self._xml("xl/sharedStrings.xml")] if "xl/sharedStrings.xml" in names else []
        )
        self._dates = self._date_styles() if "xl/styles.xml" in names else []

    def rows(self) -> list[Row]:
        """All rows with gaps filled, so that every cell is in its column."""
        rows: list[Row] = []
        for element in self._xml(self._first_sheet()).iter(f"{_MAIN}row"):
            place = int(element.get("r") or len(rows) + 1)
            if not len(rows) < place <= MOST_ROWS:
                raise ValueError("row")
            rows.extend([] for _ in range(place - 1 - len(rows)))
            rows.append(self._row(element))
        return rows

    def _row(self, element: ET.Element) -> Row:
        row: Row = []
        for cell in element.iter(f"{_MAIN}c"):
            column = _column(cell.get("r") or "", len(row))
            row.extend(None for _ in range(column - len(row)))
            row.append(self._cell(cell))
        return row

    def _cell(self, cell: ET.Element) -> Cell:
        kind, value = cell.get("t", "n"), cell.findtext(f"{_MAIN}v")
        if kind == "inlineStr":
            return _joined(cell)
        if value is None or value == "":
            return None
        if kind == "s":
            return self._texts[int(value)]
        if kind == "b":
            return value == "1"
        if kind in ("str", "e", "d"):
            return value
        style = int(cell.get("s") or 0)
        return _date(float(value)) if style < len(self._dates) and self._dates[style] else _numeric(value)

    def _first_sheet(self) -> str:
        sheet = next(self._xml("xl/workbook.xml").iter(f"{_MAIN}sheet"))
        for link in self._xml("xl/_rels/workbook.xml.rels"):
            if link.get("Id") == sheet.get(_LINK):
                target = link.get("Target", "")
                return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        raise ValueError("sheet")

    def _date_styles(self) -> list[bool]:
        styles = self._xml("xl/styles.xml")
        own = {int(item.get("numFmtId", 0)): item.get("formatCode", "") for item in styles.iter(f"{_MAIN}numFmt")}
        dates = {
            key for key, code in own.items() if re.search("[ymdhs]", _LITERALS.sub("", code.lower()))
        } | _DATE_FORMATS
        formats = styles.find(f"{_MAIN}cellXfs")
        return [int(item.get("numFmtId", 0)) in dates for item in (formats if formats is not None else ())]

    def _xml(self, name: str) -> ET.Element:
        data = self._file.read(name)
        # Workbooks have no document type; hostile ones declare entities in it.
        if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data[:2000]:
            raise EngineError(
                "OPEN_FAILED",
                "The workbook declares XML entities, so it was refused. Save it again from a spreadsheet program.",
            )
        return ET.fromstring(data)  # noqa: S314


def _joined(element: ET.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_MAIN}t"))


def _column(reference: str, following: int) -> int:
    letters = re.match("[A-Z]{1,3}", reference)
    if letters is None:
        return following
    column = 0
    for letter in letters.group():
        column = column * 26 + ord(letter) - 64
    if column > MOST_COLUMNS:
        raise ValueError("column")
    return column - 1


def _numeric(value: str) -> int | float:
    amount = float(value)
    return int(amount) if amount.is_integer() and abs(amount) < 1e15 else amount


def _date(days: float) -> str:
    moment = _DAY_ZERO + timedelta(seconds=round(days * 86_400))
    if days < 1:
        return moment.strftime("%H:%M:%S")
    return moment.date().isoformat() if days == int(days) else moment.isoformat(sep=" ")


def write_xlsx(rows: list[Row], path: Path) -> None:
    """A workbook with one sheet; text that is plainly a number becomes one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in _FRAME.items():
            file.writestr(name, _HEAD + content)
        with file.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN[1:-1]}"><sheetData>'.encode())
            for part in _sheet(rows):
                sheet.write(part.encode())
            sheet.write(b"</sheetData></worksheet>")


def _sheet(rows: list[Row]) -> Iterator[str]:
    for place, row in enumerate(rows, start=1):
        yield f'<row r="{place}">' + "".join(_written(cell) for cell in row) + "</row>"


def _written(cell: Cell) -> str:
    value = number(cell)
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c><v>{value!r}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(_CONTROLS.sub("", value[:32_767]))}</t></is></c>'


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FRAME = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN[1:-1]}" xmlns:r="{_OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
