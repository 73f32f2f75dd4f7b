"""Make a PDF Searchable (OCR)."""

from connector.fields import Boolean, MultiSelect
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class OCRPDF(Action):
    """Recognizes the text in a scanned PDF, so that it can be searched and copied."""

    label = "Make a PDF Searchable (OCR)"
    group = "PDF tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("pdf/ocr"), JobForm):  # type: ignore[misc]
        section = "OCR options"
        position = 50

        language = MultiSelect(
            "Languages",
            default=["eng"],
            help="The languages of the text, as ISO 639-2 codes such as eng, deu or fra.",
            example=["eng", "deu"],
        )
        auto_orient = Boolean(
            "Turn pages upright", default=True, help="Turn pages that were scanned sideways or upside down."
        )
        file_name = output_name("searchable.pdf")

    Output = JobResult
    recipe = Job(Task("pdf/ocr", language="language", auto_orient="auto_orient", filename="file_name", **ENGINE))
    examples = [
        {"input_file": "https://example.com/report.pdf"},
        {"input_file": "https://example.com/report.pdf", "language": ["eng"], "auto_orient": False},
    ]
    bad_examples = [
        BadExample({"language": ["eng"]}, "input_file", "is required"),
        BadExample(
            {"input_file": "https://example.com/report.pdf", "language": 3}, "language", "must be a list of texts"
        ),
    ]
