"""Sends hostile cases to a sandbox all at once, and finds out what came of each."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.hostile.case import PICTURE_COLOR, Bait, Case, fill
from tests.support.watched import Watched


@dataclass(frozen=True)
class Came:
    """What came of a case: its task as the API shows it, and its files."""

    case: Case
    task: dict[str, Any]
    files: tuple[Path, ...]


def run(sandbox: Watched, cases: Sequence[Case], bait: Bait, seconds: float) -> dict[str, Came]:
    """Every case as a job of its own, all waiting at once; what came of each by its name."""
    jobs = {case.name: _sent(sandbox, case, bait) for case in cases}
    ended = sandbox.ended(list(jobs.values()), seconds)
    return {case.name: _came(sandbox, case, ended[jobs[case.name]]) for case in cases}


def _sent(sandbox: Watched, case: Case, bait: Bait) -> str:
    """The id of the case's job, whose file has arrived."""
    job = sandbox.client.job(i={"operation": "import/upload"}, t=_task(case, bait))
    form = job["tasks"][0]["result"]["form"]
    assert sandbox.client.upload(form, case.file, case.content(bait)).status_code == 201
    return str(job["id"])


def _task(case: Case, bait: Bait) -> dict[str, Any]:
    filled: dict[str, Any] = json.loads(fill(json.dumps(case.task), bait))
    return {**filled, "input": "i"}


def _came(sandbox: Watched, case: Case, job: dict[str, Any]) -> Came:
    task = next(task for task in job["tasks"] if task["name"] == "t")
    folder = sandbox.data / "files" / task["id"]
    return Came(case, task, tuple(sorted(folder.glob("*"))))


def taken(came: Came, bait: Bait) -> str | None:
    """Which part of the bait is in what came out; None where there is nothing of it."""
    told = json.dumps(came.task.get("result") or {}) + str(came.task.get("message") or "")
    if bait.word in told:
        return "the text, in the task"
    return next((found for file in came.files for found in _bait_in(file.read_bytes(), bait)), None)


def _bait_in(content: bytes, bait: Bait, depth: int = 2) -> Iterator[str]:
    if bait.word.encode() in content or bait.word in _text_of_pdf(content):
        yield "the text"
    if _shows_picture(content):
        yield "the picture"
    with (
        suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError),
        zipfile.ZipFile(io.BytesIO(content)) as packed,
    ):
        for name in packed.namelist()[:200] if depth else []:
            yield from _bait_in(packed.read(name), bait, depth - 1)


def _text_of_pdf(content: bytes) -> str:
    import pypdfium2

    if not content.startswith(b"%PDF"):
        return ""
    with suppress(pypdfium2.PdfiumError):
        pages = list(pypdfium2.PdfDocument(content))[:5]
        return " ".join(page.get_textpage().get_text_range() for page in pages)
    return ""


def _shows_picture(content: bytes) -> bool:
    """Whether the rare colour of the picture is seen in an image or on a page."""
    from PIL import Image

    shown: list[Image.Image] = []
    if content.startswith(b"%PDF"):
        shown += _seen(content)
    else:
        with suppress(OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            shown.append(Image.open(io.BytesIO(content)).convert("RGB"))
    return any(_near(color) for image in shown for _, color in image.resize((200, 200)).getcolors(40_000) or [])


def _seen(content: bytes) -> list[Any]:
    import pypdfium2

    with suppress(pypdfium2.PdfiumError):
        document = pypdfium2.PdfDocument(content)
        pages = [document[number] for number in range(min(3, len(document)))]
        return [page.render(scale=min(1.0, 600 / max(page.get_size()))).to_pil().convert("RGB") for page in pages]
    return []


def _near(color: Any) -> bool:
    return all(abs(one - other) < 24 for one, other in zip(color, PICTURE_COLOR, strict=True))
