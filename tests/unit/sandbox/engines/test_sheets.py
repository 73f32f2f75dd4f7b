from __future__ import annotations

import csv
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from connector.sandbox.engines.sheets import Sheets
from tests.unit.sandbox.engines.workbench import refused, run

ENGINE = Sheets()
ROWS = [["name", "amount", "code", "note"], ["Zoë & <Co>", "12.5", "007", 'says "hi",\nbye'], ["", "-3", "1e5", ""]]
ITEMS = [dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]


def sample(folder: Path, kind: str) -> Path:
    """The same table as a file of that kind."""
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS)
    return folder / "in.csv" if kind == "csv" else run(ENGINE, "convert", folder / "in.csv", kind).path


def read_csv(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize("kind", ["csv", "tsv", "json", "xlsx"])
def test_a_table_survives_the_way_through_every_kind(tmp_path: Path, kind: str) -> None:
    assert read_csv(run(ENGINE, "convert", sample(tmp_path, kind), "csv").path) == ROWS
    assert read_csv(run(ENGINE, "convert", sample(tmp_path, kind), "tsv").path, "\t") == ROWS


def test_json_holds_one_object_per_row(tmp_path: Path) -> None:
    assert json.loads(sample(tmp_path, "json").read_text("utf-8")) == ITEMS


def test_spreadsheets_hold_numbers_but_codes_stay_text(tmp_path: Path) -> None:
    back = json.loads(run(ENGINE, "convert", sample(tmp_path, "xlsx"), "json").path.read_text("utf-8"))
    assert [row["amount"] for row in back] == [12.5, -3]
    assert [row["code"] for row in back] == ["007", "1e5"]


def test_html_is_escaped(tmp_path: Path) -> None:
    html = run(ENGINE, "convert", sample(tmp_path, "csv"), "html").path.read_text("utf-8")
    assert "<th>name</th>" in html
    assert "<td>Zoë &amp; &lt;Co&gt;</td>" in html


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_and_encodings_are_recognised(tmp_path: Path, delimiter: str, encoding: str) -> None:
    (tmp_path / "in.csv").write_bytes(
        f'"a, b"{delimiter}ü{delimiter}c\r\n1{delimiter}2{delimiter}3\r\n'.encode(encoding)
    )
    assert read_csv(run(ENGINE, "convert", tmp_path / "in.csv", "csv").path) == [["a, b", "ü", "c"], ["1", "2", "3"]]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ([{"a": 1}, {"b": {"c": [2]}}], [["a", "b"], ["1", ""], ["", '{"c": [2]}']]),
        ({"a": True, "b": None}, [["a", "b"], ["TRUE", ""]]),
        ([["x", 1], ["y", 2.5]], [["x", "1"], ["y", "2.5"]]),
        ([1, "two"], [["value"], ["1"], ["two"]]),
        ([], [[]]),
    ],
)
def test_json_of_other_shapes_becomes_a_table(tmp_path: Path, data: object, rows: list[list[str]]) -> None:
    (tmp_path / "in.json").write_text(json.dumps(data))
    assert read_csv(run(ENGINE, "convert", tmp_path / "in.json", "csv").path) == rows


def workbook(path: Path, sheet: str, styles: str = "", texts: str = "") -> Path:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="S" sheetId="1" r:id="r7"/></sheets></workbook>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r7" Target="/xl/worksheets/other.xml"/></Relationships>',
        )
        file.writestr(
            "xl/worksheets/other.xml", f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>'
        )
        if styles:
            file.writestr("xl/styles.xml", f'<styleSheet xmlns="{main}">{styles}</styleSheet>')
        if texts:
            file.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{texts}</sst>')
    return path


def test_gaps_dates_shared_texts_and_formulas_are_understood(tmp_path: Path) -> None:
    sheet = (
        '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" s="1"><v>45413</v></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3" t="b"><v>1</v></c><c r="C3" s="2"><v>45413.75</v></c><c r="D3" t="e"><v>#N/A</v></c></row>'
    )
    styles = '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;x&quot;hh:mm"/></numFmts><cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs>'
    source = workbook(tmp_path / "in.xlsx", sheet, styles, "<si><r><t>rich</t></r><r><t> text</t></r></si>")
    rows = read_csv(run(ENGINE, "convert", source, "csv").path)
    assert rows == [[], ["", "rich text", "", "2024-05-01"], ["2", "TRUE", "2024-05-01 18:00:00", "#N/A"]]


@pytest.mark.parametrize(
    ("kind", "content"),
    [("json", b"{"), ("json", b"[" * 100_000), ("csv", b"a\0b" * 100), ("xlsx", b"PK\3\4nothing"), ("xlsx", b"")],
)
def test_damaged_files_are_refused(tmp_path: Path, kind: str, content: bytes) -> None:
    (tmp_path / f"in.{kind}").write_bytes(content)
    assert refused(ENGINE, "convert", tmp_path / f"in.{kind}", "csv").code == "OPEN_FAILED"


@pytest.mark.parametrize(
    "sheet",
    ['<row r="9999999"/>', '<row r="1"><c r="ZZZ1"><v>1</v></c></row>', '<row r="1"><c t="s"><v>5</v></c></row>'],
)
def test_impossible_places_are_refused(tmp_path: Path, sheet: str) -> None:
    assert refused(ENGINE, "convert", workbook(tmp_path / "in.xlsx", sheet), "csv").code == "OPEN_FAILED"


def test_entities_and_bombs_are_refused(tmp_path: Path) -> None:
    evil = zipped_with(tmp_path / "a.xlsx", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')
    assert refused(ENGINE, "convert", evil, "csv").code == "OPEN_FAILED"
    bomb = zipped_with(tmp_path / "b.xlsx", bytes(105 * 1024**2))
    assert refused(ENGINE, "convert", bomb, "csv").code == "LIMIT_EXCEEDED"


def zipped_with(path: Path, content: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", content)
    return path


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is missing; apt-get install libreoffice-calc")
def test_libreoffice_reads_the_workbook(tmp_path: Path) -> None:
    source = sample(tmp_path, "xlsx").rename(tmp_path / "in.xlsx")
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76",
        "--outdir",
        tmp_path / "out",
        source,
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert read_csv(tmp_path / "out" / "in.csv") == ROWS
