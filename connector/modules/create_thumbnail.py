"""Create a Thumbnail."""

from connector.fields import Choice, Integer, Select, Text
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile, input_format
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_options, engine_settings, output_name
from connector.recipe import Job, Task


class CreateThumbnail(Action):
    """Makes a small picture of an image, a document or a video."""

    label = "Create a Thumbnail"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("thumbnail", "input_format", "output_format"), JobForm):  # type: ignore[misc]
        section = "Thumbnail options"
        position = 50

        input_format = input_format("thumbnail", "pdf")
        output_format = Select(
            "Output format",
            required=True,
            options=[Choice("png", "PNG"), Choice("jpg", "JPG"), Choice("webp", "WebP")],
            help="What the picture is.",
            example="png",
        )
        width = Integer("Width", minimum=1, maximum=10000, unit="pixels", help="The width of the picture.", example=320)
        height = Integer(
            "Height", minimum=1, maximum=10000, unit="pixels", help="The height of the picture.", example=200
        )
        fit = Select(
            "Fit",
            default="max",
            options=[
                Choice("max", "Fit inside", "Keeps the shape, never larger than the original."),
                Choice("crop", "Fill and cut", "Fills the size and cuts what does not fit."),
                Choice("scale", "Stretch", "Takes exactly this size, whatever the shape."),
            ],
            help="How the picture is fitted into width and height.",
        )
        count = Integer(
            "Number of thumbnails",
            default=1,
            minimum=1,
            maximum=100,
            help="How many pictures, of a video or of several pages.",
        )
        timestamp = Text(
            "Timestamp", max_length=20, help="Where in a video the picture is taken, as hh:mm:ss.", example="00:00:05"
        )
        file_name = output_name("thumbnail.png")
        engine_options = engine_options("thumbnail", "input_format", "output_format")

    Output = JobResult
    recipe = Job(
        Task(
            "thumbnail",
            input_format="input_format",
            output_format="output_format",
            width="width",
            height="height",
            fit="fit",
            count="count",
            timestamp="timestamp",
            filename="file_name",
            options="engine_options",
            **ENGINE,
        )
    )
    examples = [
        {"input_file": "https://example.com/report.pdf", "output_format": "png", "width": 100},
        {
            "input_file": "https://example.com/photo.png",
            "output_format": "jpg",
            "width": 32,
            "height": 32,
            "fit": "crop",
        },
    ]
    bad_examples = [
        BadExample({"input_file": "https://example.com/report.pdf"}, "output_format", "is required"),
        BadExample(
            {"input_file": "https://example.com/report.pdf", "output_format": "png", "width": 0},
            "width",
            "must be at least 1",
        ),
    ]
