"""The two programs, what each of them is told besides the work, and how they are kept from doing more than that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import EngineError, Source, Work
from connector.sandbox.engines.common.tool import Tool

_VERSION = r"ImageMagick (\d+\.[\d.]+(?:-\d+)?)"
CONVERT = Tool(
    "ImageMagick",
    ("convert-im6.q16", "convert-im7.q16", "magick", "convert"),
    "apt-get install imagemagick-6.q16",
    asked="-version",
    pattern=_VERSION,
)
IDENTIFY = Tool(
    "ImageMagick",
    ("identify-im6.q16", "identify-im7.q16", "identify"),
    CONVERT.install,
    asked="-version",
    pattern=_VERSION,
)
GRAPHICSMAGICK = Tool(
    "GraphicsMagick",
    ("gm",),
    "apt-get install graphicsmagick",
    asked="version",
    pattern=r"GraphicsMagick (\d+\.[\d.]+)",
)
# In addition to the system's own policy, which stays in force: nothing that starts programs, reads lists of files or
# carries instructions, and limits that arguments cannot raise.
_POLICY = """\
<policymap>
  <policy domain="delegate" rights="none" pattern="*"/>
  <policy domain="path" rights="none" pattern="@*"/>
  <policy domain="coder" rights="none" pattern="{%s}"/>
  <policy domain="module" rights="none" pattern="{MSL,MVG,PS,SVG,URL,X,VID}"/>
  <policy domain="filter" rights="none" pattern="*"/>
  <policy domain="resource" name="memory" value="512MiB"/>
  <policy domain="resource" name="map" value="1GiB"/>
  <policy domain="resource" name="disk" value="2GiB"/>
  <policy domain="resource" name="area" value="128MP"/>
  <policy domain="resource" name="width" value="32KP"/>
  <policy domain="resource" name="height" value="32KP"/>
  <policy domain="resource" name="thread" value="1"/>
</policymap>
"""
DANGEROUS = (
    *(
        "MSL",
        "MVG",
        "URL",
        "HTTP",
        "HTTPS",
        "FTP",
        "FILE",
        "EPHEMERAL",
        "PLT",
        "SHOW",
        "WIN",
        "X",
        "SCAN",
        "PRINT",
        "VID",
    ),
    *(
        "SVG",
        "SVGZ",
        "MSVG",
        "RSVG",
        "PS",
        "PS2",
        "PS3",
        "EPS",
        "EPSF",
        "EPI",
        "EPSI",
        "EPT",
        "PDF",
        "PDFA",
        "EPDF",
        "XPS",
    ),
    *(
        "AI",
        "DOT",
        "GV",
        "HTML",
        "HTM",
        "MAN",
        "MPEG",
        "MOV",
        "MP4",
        "AVI",
        "MKV",
        "TTF",
        "OTF",
        "PFA",
        "PFB",
        "CLIPBOARD",
    ),
)
_UNREADABLE = re.compile(
    r"improper image header|no decode delegate|corrupt|insufficient image data|unexpected end|not a [A-Z]+ file|unable to read"
    r"|Invalid|unrecognized|Request did not return an image|no images defined|Unable to open file|negative or zero image size",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    r"cache resources exhausted|exceeds limit|limit exceeded|memory allocation failed|Memory allocation|ResourceLimit",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Program:
    """One of the two: the tool, the words that make it convert, and how it is told to make what is seen through white."""

    tool: Tool
    opening: tuple[str, ...] = ()
    opaque: tuple[str, ...] = ("-background", "white", "-alpha", "remove", "-alpha", "off")


IMAGE_MAGICK = Program(CONVERT)
GRAPHICS_MAGICK = Program(GRAPHICSMAGICK, ("convert",), ("-background", "white", "-extent", "0x0", "+matte"))


def environment(folder: Path) -> dict[str, str]:
    """What both programs find in their environment: our rules, few threads, no more memory than they may have."""
    rules = folder / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "policy.xml").write_text(_POLICY % ",".join(DANGEROUS), "utf-8")
    # GraphicsMagick would start programs that this file names; it names none.
    (rules / "delegates.mgk").write_text("<delegatemap/>\n", "utf-8")
    return {
        "MAGICK_CONFIGURE_PATH": str(rules),
        "MAGICK_TMPDIR": str(folder),
        "MAGICK_TEMPORARY_PATH": str(folder),
        "MAGICK_LIMIT_MEMORY": "512MB",
        "MAGICK_LIMIT_MAP": "1GB",
        "MAGICK_LIMIT_DISK": "2GB",
        "MAGICK_LIMIT_PIXELS": "128MP",
        "MAGICK_LIMIT_WIDTH": "32KP",
        "MAGICK_LIMIT_HEIGHT": "32KP",
        "MAGICK_THREAD_LIMIT": "1",
    }


def call(tool: Tool, work: Work, arguments: Sequence[str | Path], deadline: float | None = None) -> programs.Finished:
    """Run it under the rules."""
    return tool.run(work, arguments, environment=environment(work.folder), deadline=deadline)


def failure(tool: Tool, done: programs.Finished, source: Source) -> EngineError:
    """The error that its words mean."""
    said = done.stderr + done.stdout
    if _LIMITED.search(said):
        return EngineError(
            "LIMIT_EXCEEDED", f"{source.name} needs more pixels or memory than a conversion may use: make it smaller."
        )
    if re.search(r"not allowed by the security policy|not authorized", said):
        return EngineError(
            "INVALID_OPTION", f"{tool.label} may not do that here: it would start programs or read other files."
        )
    if re.search(
        r"unrecognized option|invalid argument for option|option requires an argument|unable to parse",
        said,
        re.IGNORECASE,
    ):
        return EngineError("INVALID_OPTION", f"{tool.label} does not understand the arguments: {reason(done)}.")
    if _UNREADABLE.search(said):
        return EngineError("OPEN_FAILED", f"{source.name} cannot be read: {reason(done)}.")
    return EngineError("CONVERSION_FAILED", f"{tool.label} could not convert {source.name}: {reason(done)}.")


def reason(done: programs.Finished) -> str:
    """Its first complaint, without the name and the line of its source code."""
    lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    first = re.sub(r" @ \w+/.*$", "", lines[0]) if lines else f"it ended with code {done.code}"
    return programs.shortened(re.sub(r"^\S*(convert|identify|magick|gm)\S*( \w+)?: ", "", first))
