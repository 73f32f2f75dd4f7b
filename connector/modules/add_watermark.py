"""Add a watermark."""

from connector.fields import Choice, File, Integer, Select, Text
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile, input_format
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class AddWatermark(Action):
    """Puts a text or an image on a PDF, an image or a video."""

    label = "Add a Watermark"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("watermark", "input_format"), JobForm):  # type: ignore[misc]
        section = "Watermark options"
        position = 50

        input_format = input_format("watermark", "pdf")
        text = Text(
            "Text", max_length=1000, help="What the watermark says; leave it empty to use an image.", example="Draft"
        )
        font_size = Integer("Font size", minimum=1, maximum=1000, help="Of the text.", example=40)
        font_color = Text("Font colour", max_length=7, help="Of the text, as #RRGGBB.", example="#808080")
        font_name = Text(
            "Font",
            max_length=60,
            advanced=True,
            help="Of the text, e.g. Arial or Times New Roman Bold.",
            example="Arial",
        )
        font_align = Select(
            "Alignment",
            advanced=True,
            options=[Choice("left", "Left"), Choice("center", "Centre"), Choice("right", "Right")],
            help="Of a text of several lines.",
        )
        image = File("Image", help="A PNG, JPG or SVG file to use instead of a text.")
        image_width = Integer(
            "Image width",
            minimum=1,
            maximum=10000,
            unit="pixels",
            advanced=True,
            help="The width of the image on the file.",
        )
        layer = Select(
            "Layer",
            advanced=True,
            options=[Choice("above", "Above the content"), Choice("below", "Below the content")],
            help="Whether the watermark covers the content or lies behind it.",
        )
        position_vertical = Select(
            "Vertical position",
            default="center",
            options=[Choice("top", "Top"), Choice("center", "Centre"), Choice("bottom", "Bottom")],
            help="Where on the page.",
        )
        position_horizontal = Select(
            "Horizontal position",
            default="center",
            options=[Choice("left", "Left"), Choice("center", "Centre"), Choice("right", "Right")],
            help="Where on the page.",
        )
        margin_vertical = Integer(
            "Vertical margin",
            minimum=0,
            maximum=10000,
            advanced=True,
            help="The distance from the upper or lower edge.",
        )
        margin_horizontal = Integer(
            "Horizontal margin",
            minimum=0,
            maximum=10000,
            advanced=True,
            help="The distance from the left or right edge.",
        )
        opacity = Integer("Opacity", default=100, minimum=0, maximum=100, unit="percent", help="100 is fully visible.")
        rotation = Integer(
            "Rotation", default=0, minimum=-360, maximum=360, unit="degrees", help="Turns the watermark."
        )
        pages = Text(
            "Pages", max_length=500, advanced=True, help="Pages of a PDF, e.g. 1,2,5-7; all when left out.", example="1"
        )
        file_name = output_name("draft.pdf")

    Output = JobResult
    recipe = Job(
        Task(
            "watermark",
            input_format="input_format",
            text="text",
            font_size="font_size",
            font_color="font_color",
            font_name="font_name",
            font_align="font_align",
            image="image",
            image_width="image_width",
            layer="layer",
            position_vertical="position_vertical",
            position_horizontal="position_horizontal",
            margin_vertical="margin_vertical",
            margin_horizontal="margin_horizontal",
            opacity="opacity",
            rotation="rotation",
            pages="pages",
            filename="file_name",
            **ENGINE,
        )
    )
    examples = [
        {"input_file": "https://example.com/report.pdf", "text": "Draft", "font_size": 40, "opacity": 50},
        {
            "input_file": "https://example.com/report.pdf",
            "image": "https://example.com/photo.png",
            "position_vertical": "top",
        },
    ]
    bad_examples = [
        BadExample(
            {"input_file": "https://example.com/a.pdf", "text": "x", "opacity": 101}, "opacity", "must be at most 100"
        ),
        BadExample(
            {"input_file": "https://example.com/a.pdf", "image": "no-such.png"}, "image", "is no file that can be found"
        ),
    ]
