from __future__ import annotations

import io

from PIL import Image

from .client import Client

PAPER = {"operation": "import/raw", "file": "# Title\n\nText", "filename": "letter.md"}


def test_a_thumbnail_is_made_of_every_document_that_can_become_a_pdf(client: Client) -> None:
    thumbnail = {"operation": "thumbnail", "input": "i", "output_format": "png", "width": 100, "height": 100}
    job = client.job(sync=True, i=PAPER, t=thumbnail, e={"operation": "export/url", "input": "t"})
    assert job["status"] == "finished", job["tasks"]
    [file] = job["tasks"][2]["result"]["files"]
    assert file["filename"] == "letter.png"
    with Image.open(io.BytesIO(client.ask("GET", file["url"]).content)) as image:
        assert (image.format, image.height) == ("PNG", 100)


def test_other_operations_make_no_detour(client: Client) -> None:
    task = client.job(sync=True, i=PAPER, r={"operation": "pdf/rotate-pages", "input": "i", "rotation": "90"})["tasks"][
        1
    ]
    assert (task["code"], "cannot take md here" in task["message"]) == ("INVALID_CONVERSION_TYPE", True)
