"""Lua scripts that Pandoc runs over a document between reading and writing it."""

from __future__ import annotations

from pathlib import Path

SCRIPTS = {
    # Some writers fail on a picture that they cannot load: pictures from outside, or of unusual formats, become their
    # descriptions. Typst code in a document is a stranger's program and is dropped.
    "own_content": r"""
local readable = {png = true, jpg = true, jpeg = true, gif = true, svg = true, webp = true}
function Image(image)
  if image.src:match("^data:") then
    local kind, data = pandoc.mediabag.fetch(image.src)
    image.src = pandoc.utils.sha1(data) .. "." .. (kind:match("^image/(%a+)") or "png")
    pandoc.mediabag.insert(image.src, kind, data)
    return image
  end
  if readable[image.src:lower():match("%.(%a+)$")] and pandoc.mediabag.lookup(image.src) then return nil end
  io.stderr:write("[WARNING] Could not fetch resource ", image.src, "\n")
  return image.caption
end
function RawBlock(raw) if raw.format == "typst" then return {} end end
function RawInline(raw) if raw.format == "typst" then return {} end end
""",
    # Notebooks keep the title where nobody sees it.
    "title_as_heading": """
function Pandoc(document)
  if document.meta.title then
    document.blocks:insert(1, pandoc.Header(1, document.meta.title))
    document.meta.title = nil
  end
  return document
end
""",
    # The writer of slides leaves out whole tables and headings that lie inside a division.
    "without_divisions": "function Div(division) return division.content end",
}


def argument(folder: Path, name: str) -> str:
    """The argument that makes Pandoc run the script of that name, which is written into the folder."""
    file = folder / f"{name}.lua"
    file.write_text(SCRIPTS[name], "utf-8")
    return f"--lua-filter={file}"
