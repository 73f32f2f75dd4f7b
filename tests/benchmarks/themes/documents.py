"""Documents in the sandbox, beside the converter itself."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from connector.sandbox.engines.office import server, soffice
from connector.sandbox.engines.office.filters import EXPORTS
from tests.benchmarks.bench import Bench
from tests.benchmarks.clients.floor import Floor
from tests.benchmarks.measure import LeftOut, Row, at_most, measure
from tests.benchmarks.processes import Helper
from tests.benchmarks.timing import side_by_side
from tests.support.samples import sample

_DRIVER = Path(server.__file__).with_name("driver.py")
_PARAGRAPHS = 120
_WORDS = "What was planned for the quarter was done, but for the northern region, where the new hall opened four weeks late. "


@measure("sandbox-docx")
def docx(bench: Bench) -> Iterator[Row]:
    """A report of several pages; the direct call is a line to a LibreOffice that stays up, without any isolation."""
    floor = Floor(bench.sandbox)
    source = bench.folder / "report.docx"
    source.write_bytes(_report())
    direct = _kept_warm(bench)
    saving = {"FilterName": EXPORTS["writer"]["pdf"]}
    question = {"source": str(source), "target": str(bench.folder / "direct.pdf"), "opening": {}, "saving": saving}
    samples = side_by_side(
        bench.rounds(25, 5),
        warm=3,
        sandbox=lambda: floor.convert(source, bench.folder, "pdf"),
        direct=lambda: direct.ask(**question),
    )
    bar = at_most(1.3, "x", "a direct call to a kept-warm LibreOffice")
    yield bar.row("Sandbox: DOCX to PDF, warm", samples.ratio("sandbox", "direct"), samples.milliseconds())


def _kept_warm(bench: Bench) -> Helper:
    office, interpreter = soffice.find(), server.python()
    if office is None or interpreter is None:
        raise LeftOut("LibreOffice or python3-uno is missing")
    home = bench.folder / "office"
    home.mkdir()
    direct = bench.beside(Helper(interpreter, "-E", _DRIVER, office, *soffice.arguments(home)))
    direct.read()
    return direct


def _report() -> bytes:
    """The sample with its one paragraph, made longer, many times."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sample("docx"))) as plain,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in plain.namelist():
            part = plain.read(name).decode()
            long = part.replace("</w:t>", f". {_WORDS * 3}</w:t>")
            made.writestr(name, re.sub(r"<w:p>.*</w:p>", lambda found: found[0] * _PARAGRAPHS, long))
    return content.getvalue()
