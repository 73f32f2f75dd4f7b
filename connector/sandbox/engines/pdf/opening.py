"""Opening PDF files of strangers for change, and saving them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
from pikepdf import Pdf

from connector.sandbox.engines.base import EngineError, Source


@contextmanager
def opened(source: Source, password: object = None) -> Iterator[Pdf]:
    """The PDF with at least one page. Raises EngineError OPEN_FAILED or INVALID_PASSWORD."""
    try:
        pdf = Pdf.open(source.path, password=str(password or ""))
    except pikepdf.PasswordError as error:
        hint = "The password does not fit." if password else "It is protected with a password: use pdf/decrypt first."
        raise EngineError("INVALID_PASSWORD", f'"{source.name}" cannot be opened. {hint}') from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise damaged(source) from error
    with pdf:
        try:
            pages = len(pdf.pages)
        except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
            raise damaged(source) from error
        if pages == 0:
            raise EngineError("OPEN_FAILED", f'"{source.name}" has no pages. Check that the file is a complete PDF.')
        try:
            yield pdf
        except (pikepdf.PdfError, pikepdf.DataDecodingError) as error:
            raise damaged(source) from error


def damaged(source: Source) -> EngineError:
    """The error for files that are no PDF or a broken one."""
    return EngineError(
        "OPEN_FAILED", f'"{source.name}" is damaged or no PDF and cannot be read. Export it again and retry.'
    )


def save(pdf: Pdf, path: Path, *, linearize: bool = False) -> None:
    """Write compactly; a protection that the file had stays."""
    pdf.save(
        path,
        encryption=pdf.is_encrypted,
        linearize=linearize,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )
