"""Convert to PDF/A."""

from connector.fields import Choice, Select
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class ConvertToPDFA(Action):
    """Converts a PDF to PDF/A, the form for archiving."""

    label = "Convert to PDF/A"
    group = "PDF tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("pdf/a"), JobForm):  # type: ignore[misc]
        section = "PDF/A options"
        position = 50

        conformance_level = Select(
            "Conformance level",
            default="3b",
            options=[Choice("1b", "PDF/A-1b"), Choice("2b", "PDF/A-2b"), Choice("3b", "PDF/A-3b")],
            help="The part of the standard that the file will keep to.",
        )
        file_name = output_name("archive.pdf")

    Output = JobResult
    recipe = Job(Task("pdf/a", conformance_level="conformance_level", filename="file_name", **ENGINE))
    examples = [
        {"input_file": "https://example.com/report.pdf"},
        {"input_file": "https://example.com/report.pdf", "conformance_level": "2b"},
    ]
    bad_examples = [
        BadExample({"conformance_level": "2b"}, "input_file", "is required"),
        BadExample(
            {"input_file": "https://example.com/report.pdf", "conformance_level": "4"},
            "conformance_level",
            "must be one of 1b, 2b, 3b",
        ),
    ]
