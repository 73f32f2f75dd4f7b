"""Extract Pages of a PDF."""

from connector.fields import Text
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class ExtractPDFPages(Action):
    """Makes a new PDF of some pages of another."""

    label = "Extract Pages of a PDF"
    group = "PDF tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("pdf/extract-pages"), JobForm):  # type: ignore[misc]
        section = "Page options"
        position = 50

        pages = Text(
            "Pages",
            required=True,
            max_length=500,
            help="Page numbers and ranges, counted from 1, e.g. 1,2,5-7.",
            example="1,2,5-7",
        )
        file_name = output_name("extract.pdf")

    Output = JobResult
    recipe = Job(Task("pdf/extract-pages", pages="pages", filename="file_name", **ENGINE))
    examples = [
        {"input_file": "https://example.com/report.pdf", "pages": "2"},
        {"input_file": "https://example.com/report.pdf", "pages": "1-2", "download": True},
    ]
    bad_examples = [
        BadExample({"input_file": "https://example.com/report.pdf"}, "pages", "is required"),
        BadExample({"pages": "1"}, "input_file", "is required"),
    ]
