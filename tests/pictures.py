"""The pictures in manifests/node-red, taken of a playground in headless Chromium: `python -m tests.pictures`.

They are emitted from the platform's own folder, as its scripts are. Run it again after a change of the nodes or dialogs.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from connector.platforms import node_red
from tests.platforms.playground.editor import Editor
from tests.platforms.playground.running import Playground
from tests.support.browser import chromium

FOLDER = Path(node_red.__file__).with_name("pictures")
_COLOURS = 64  # an editor has few, and a third of the bytes is saved


def pictures(editor: Editor) -> Iterator[tuple[str, bytes]]:
    """Each by its file name, as PNG."""
    editor.page.evaluate("RED.menu.setSelected('menu-item-sidebar', false)")
    editor.show("Capture a website")
    editor.page.locator("[id='cc-example-show'] image.picture").wait_for()
    yield "website.png", editor.page.screenshot()
    editor.show("Convert and merge files")
    editor.page.locator("[id='cc-example-convert']").wait_for()
    yield "editor.png", editor.page.screenshot()
    editor.page.evaluate("RED.menu.setSelected('menu-item-sidebar', true); RED.sidebar.show('help')")
    editor.open("cc-example-convert")
    editor.page.get_by_text("Add an option").click()
    editor.page.locator(".cloudconvert-rows .name").fill("quality")
    editor.page.locator(".cloudconvert-rows .value").fill("80")
    editor.type_into("output_format", "pn")
    editor.suggested("png").wait_for()
    yield "dialog.png", editor.page.screenshot()


def small(picture: bytes) -> bytes:
    """The same with few colours, packed as well as PNG can."""
    from PIL import Image

    packed = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(
        packed, "PNG", optimize=True
    )
    return packed.getvalue()


def main() -> None:
    """Take all pictures and write them."""
    with Playground("--fresh") as playground, chromium() as browser:
        page = browser.new_page()
        page.set_viewport_size({"width": 1100, "height": 700})
        for name, picture in pictures(Editor(page, playground.url)):
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / name).write_bytes(small(picture))


if __name__ == "__main__":
    main()
