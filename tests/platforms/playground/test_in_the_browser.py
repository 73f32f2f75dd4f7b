"""What a person sees and does: the palette, a dialog, a deployed flow, the upload page, a picture on the canvas."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from connector.cli.manifests import FOLDER
from connector.modules.convert_file import ConvertFile
from tests.platforms.playground.editor import Editor
from tests.platforms.playground.running import Playground
from tests.support.samples import sample

if TYPE_CHECKING:
    from playwright.sync_api import Page

CONVERT = "cc-example-convert"


def test_the_palette_shows_every_node(editor: Editor) -> None:
    nodes = json.loads((FOLDER / "node-red" / "package.json").read_text())["node-red"]["nodes"]
    assert editor.palette() == set(nodes) - {"cloudconvert-connection"}


def test_a_dialog_has_the_fields_of_its_module_and_the_connection(editor: Editor) -> None:
    dialog = editor.open(CONVERT)
    labels = [text.removesuffix(" *") for text in dialog.locator(".form-row > label").all_text_contents()]
    assert sorted(labels) == sorted(field.label for field in ConvertFile.Input.all().values())
    chosen = editor.page.locator("#node-input-connection option:checked")
    assert chosen.text_content() == "the sandbox on this machine"


def test_a_list_is_filled_from_the_api_and_narrowed_by_what_is_filled_in(editor: Editor) -> None:
    editor.open(CONVERT)
    editor.type_into("output_format", "j")
    editor.suggested("jpg").wait_for()
    assert editor.suggested("json").count() == 1
    editor.type_into("input_format", "png")
    editor.type_into("output_format", "j")
    editor.suggested("jpg").wait_for()
    assert editor.suggested("json").count() == 0


def test_rows_of_options_are_kept_with_the_types_that_the_service_expects(editor: Editor) -> None:
    editor.open(CONVERT)
    for name, value in (("quality", "20"), ("strip", "true"), ("", "left empty")):
        editor.page.get_by_text("Add an option").click()
        editor.page.locator(".cloudconvert-rows .name").last.fill(name)
        editor.page.locator(".cloudconvert-rows .value").last.fill(value)
    editor.done()
    assert json.loads(editor.node(CONVERT)["engine_options"]) == {"quality": 20, "strip": True}
    editor.open(CONVERT)
    assert editor.page.locator(".cloudconvert-rows .value").evaluate_all("all => all.map(one => one.value)") == [
        "20",
        "true",
    ]


def test_what_was_not_chosen_stays_open(editor: Editor) -> None:
    """Node-RED would take the first entry of a list for what nobody chose."""
    editor.page.evaluate(
        "RED.view.importNodes([{id: 'new', type: 'cloudconvert-add-watermark', x: 400, y: 500, wires: [[]]}])"
    )
    editor.page.locator("#red-ui-workspace-chart svg").first.click(position={"x": 500, "y": 600})
    editor.page.evaluate("RED.editor.edit(RED.nodes.filterNodes({type: 'cloudconvert-add-watermark'})[0])")
    editor.page.locator(".red-ui-editor .cloudconvert-fields").wait_for()
    editor.done()
    kept = editor.page.evaluate("RED.nodes.convertNode(RED.nodes.filterNodes({type: 'cloudconvert-add-watermark'})[0])")
    assert kept["font_align"] == ""


def test_a_deployed_flow_takes_a_file_at_the_page_and_gives_the_converted_one(
    editor: Editor, playground: Playground
) -> None:
    editor.open(CONVERT)
    editor.type_into("output_format", "jp")
    editor.suggested("jpg").click()
    editor.done()
    editor.deploy()
    playground.wait_for_page()
    page = editor.page
    page.goto(playground.page)
    page.locator("input[name=file]").set_input_files(
        {"name": "Käse.png", "mimeType": "image/png", "buffer": sample("png")}
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="Convert").click()
    assert download.value.suggested_filename == "Käse.jpg"
    assert Image.open(io.BytesIO(download.value.path().read_bytes())).format == "JPEG"


def test_files_are_merged_at_the_page(page: Page, playground: Playground) -> None:
    page.goto(playground.page)
    picture = {"name": "photo.png", "mimeType": "image/png", "buffer": sample("png")}
    page.locator("input[name=files]").set_input_files([picture, picture])
    with page.expect_download() as download:
        page.get_by_role("button", name="Merge").click()
    assert download.value.path().read_bytes()[:4] == b"%PDF"


def test_what_goes_wrong_is_said_on_a_page(page: Page, playground: Playground) -> None:
    page.goto(playground.page)
    page.locator("input[name=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"<no picture>"}
    )
    page.get_by_role("button", name="Convert").click()
    page.get_by_text("That did not work: The task 'convert' (convert) failed").wait_for()


@pytest.mark.engine("chrome")
def test_the_website_is_captured_and_its_picture_shown_in_the_flow(editor: Editor) -> None:
    editor.show("Capture a website")
    picture = editor.page.locator("[id='cc-example-show'] image.picture")
    picture.wait_for()
    assert str(picture.get_attribute("href")).startswith("data:image/png;base64,")
    editor.show("Convert and merge files")
    editor.show("Capture a website")
    picture.wait_for()
