"""Picture to picture by either of the two programs."""

from __future__ import annotations

import time
from collections.abc import Mapping

from connector.sandbox.engines.base import EngineError, OutputFile, Result, Source, Work
from connector.sandbox.engines.common.geometry import Sizing
from connector.sandbox.engines.common.tool import filled
from connector.sandbox.engines.magick.formats import CODERS
from connector.sandbox.engines.magick.tool import Program, call, failure

_SEVERAL = ("gif", "tif", "tiff", "mng", "miff")
_PAGED = ("tif", "tiff", "dcx", "dcm", "miff", "mng")
_LAYERED = ("xcf", "ora")
_OPAQUE = ("bmp", "jfif", "jpeg", "jpg", "pbm", "pcx", "pgm", "pnm", "ppm", "wbmp", "hdr", "cin", "ras", "sun", "xwd")


def convert(work: Work, program: Program) -> Result:
    """Convert one picture; pages become one file each where the output holds only one."""
    source = f"{_coder(work.source.format)}:{work.source.path}{_chosen(work)}"
    pages = work.source.format in _PAGED and work.output_format not in _SEVERAL
    output = work.folder / f"output-%d.{work.output_format}" if pages else work.output()
    arguments = [*program.opening, source, *_changes(work, program), *(("-scene", "1", "+adjoin") if pages else ())]
    deadline = time.monotonic() + work.timeout
    done = call(program.tool, work, [*arguments, f"{_coder(work.output_format or '')}:{output}"], deadline)
    files = sorted(work.folder.glob(f"output-*.{work.output_format}"), key=lambda path: (len(path.name), path.name))
    if not files or not filled(files[0]):
        _check_pixels(work.source)
        raise failure(program.tool, done, work.source)
    if done.code:
        work.warn(f"{work.source.name} is damaged; the file shows what could be read of it.")
    return Result([OutputFile(file) for file in files])


def _check_pixels(source: Source) -> None:
    """Raise LIMIT_EXCEEDED: both programs only say that there is no picture where it has too many pixels for them."""
    from connector.sandbox.engines.raster.opening import opened

    try:
        with opened(source):
            pass
    except EngineError as error:
        if error.code == "LIMIT_EXCEEDED":
            raise


def _coder(extension: str) -> str:
    return CODERS.get(extension, extension.upper())


def _chosen(work: Work) -> str:
    """The first frame, which in layered files is the whole picture, where the output holds only one."""
    if work.source.format in (*_PAGED, *_LAYERED) or (work.source.format == "gif" and work.output_format in _SEVERAL):
        return ""
    return "[0]"


def _changes(work: Work, program: Program) -> list[str]:
    options = work.options
    changes = ["-coalesce"] if work.source.format == "gif" and work.output_format in _SEVERAL else []
    if work.source.format in _LAYERED:
        changes += ["-background", "none", "-flatten"]
    if options.get("auto_orient", True):
        changes.append("-auto-orient")
    changes += _size(options)
    if work.output_format in _OPAQUE:
        changes += program.opaque
    if options.get("strip"):
        changes.append("-strip")
    for name, argument in (("quality", "-quality"), ("pixel_density", "-density")):
        if options.get(name):
            changes += [argument, str(options[name])]
    return [*changes, "-units", "PixelsPerInch"] if options.get("pixel_density") else changes


def _size(options: Mapping[str, object]) -> list[str]:
    sizing = Sizing.of(options)
    if not sizing.wanted:
        return []
    if (sizing.width or 0) * (sizing.height or 0) > 128_000_000:
        raise EngineError(
            "LIMIT_EXCEEDED", "The picture would have too many pixels: ask for a smaller width or height."
        )
    box = f"{sizing.width or ''}x{sizing.height or ''}"
    if sizing.fit == "crop" and sizing.width and sizing.height:
        return ["-resize", f"{box}^", "-gravity", "center", "-extent", box]
    if sizing.fit == "scale" and sizing.width and sizing.height:
        return ["-resize", f"{box}!"]
    return ["-resize", f"{box}>" if sizing.fit == "max" else box]
