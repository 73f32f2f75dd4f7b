"""Rotate Pages of a PDF."""

from connector.fields import Choice, Select, Text
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class RotatePDFPages(Action):
    """Turns pages of a PDF."""

    label = "Rotate Pages of a PDF"
    group = "PDF tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("pdf/rotate-pages"), JobForm):  # type: ignore[misc]
        section = "Rotation options"
        position = 50

        rotation = Select(
            "Rotation",
            required=True,
            options=[Choice("+90", "Right by 90°"), Choice("180", "Upside down"), Choice("-90", "Left by 90°")],
            help="By how much the pages are turned.",
            example="+90",
        )
        pages = Text(
            "Pages",
            max_length=500,
            help="Page numbers and ranges, counted from 1, e.g. 1,2,5-7; all when left out.",
            example="1,2,5-7",
        )
        file_name = output_name("turned.pdf")

    Output = JobResult
    recipe = Job(Task("pdf/rotate-pages", rotation="rotation", pages="pages", filename="file_name", **ENGINE))
    examples = [
        {"input_file": "https://example.com/report.pdf", "rotation": "+90"},
        {"input_file": "https://example.com/report.pdf", "rotation": "180", "pages": "2"},
    ]
    bad_examples = [
        BadExample({"input_file": "https://example.com/report.pdf", "rotation": "45"}, "rotation", "must be one of"),
        BadExample({"rotation": "+90"}, "input_file", "is required"),
    ]
