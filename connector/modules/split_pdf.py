"""Split a PDF."""

from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class SplitPDF(Action):
    """Splits a PDF into one file per page."""

    label = "Split a PDF"
    group = "PDF tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("pdf/split-pages"), JobForm):  # type: ignore[misc]
        section = "Split options"
        position = 50

        file_name = output_name("page-%d.pdf")

    Output = JobResult
    recipe = Job(Task("pdf/split-pages", filename="file_name", **ENGINE))
    examples = [
        {"input_file": "https://example.com/report.pdf"},
        {"input_file": "https://example.com/report.pdf", "file_name": "page-%d.pdf"},
    ]
    bad_examples = [
        BadExample({}, "input_file", "is required"),
        BadExample({"input_file": "https://example.com/report.pdf", "pages": "1"}, "pages", "has no field"),
    ]
