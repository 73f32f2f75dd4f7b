"""Merge files."""

from connector.fields import Choice, Files, Select
from connector.module import Action, BadExample
from connector.modules.shared.input_files import ManyFiles
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_options, engine_settings, output_name
from connector.recipe import Job, Task


class MergeFiles(Action):
    """Merges at least two files into one PDF; files of other formats become PDF first."""

    label = "Merge Files"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(ManyFiles, engine_settings("merge", "output_format"), JobForm):  # type: ignore[misc]
        section = "Merge options"
        position = 50

        input_files = Files(
            "Input files",
            required=True,
            minimum=2,
            help="At least two files, in the order of the result: each uploaded, mapped from an earlier module, or imported from a URL.",
            example=["https://example.com/cover.docx", "https://example.com/report.pdf"],
        )
        output_format = Select(
            "Output format", default="pdf", options=[Choice("pdf", "PDF")], help="What the merged file is."
        )
        file_name = output_name("merged.pdf")
        engine_options = engine_options("merge", "output_format")

    Output = JobResult
    recipe = Job(
        Task("merge", output_format="output_format", filename="file_name", options="engine_options", **ENGINE),
        inputs="input_files",
    )
    examples = [
        {"input_files": ["https://example.com/cover.pdf", "https://example.com/photo.png"]},
        {
            "input_files": ["https://example.com/cover.pdf", {"url": "https://example.com/report.pdf"}],
            "file_name": "all.pdf",
        },
    ]
    bad_examples = [
        BadExample({"input_files": ["https://example.com/a.pdf"]}, "input_files", "must hold at least 2 files"),
        BadExample({}, "input_files", "is required"),
        BadExample(
            {"input_files": ["https://a.example/1", "https://a.example/2"], "output_format": "docx"},
            "output_format",
            "must be one of pdf",
        ),
    ]
