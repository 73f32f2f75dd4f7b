"""Write Metadata."""

from connector.fields import Pairs
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile, input_format
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class WriteMetadata(Action):
    """Changes the title, author and other metadata of a file."""

    label = "Write Metadata"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("metadata/write", "input_format"), JobForm):  # type: ignore[misc]
        section = "Metadata"
        position = 50

        input_format = input_format("metadata/write", "pdf")
        metadata = Pairs(
            "Metadata",
            required=True,
            add_label="Add an entry",
            help="Names and values, e.g. Title, Author, Creator or Producer.",
            example={"Title": "Quarterly report"},
        )
        file_name = output_name("report.pdf")

    Output = JobResult
    recipe = Job(
        Task("metadata/write", input_format="input_format", metadata="metadata", filename="file_name", **ENGINE)
    )
    examples = [
        {"input_file": "https://example.com/report.pdf", "metadata": {"Title": "Quarterly report"}},
        {
            "input_file": "https://example.com/report.pdf",
            "metadata": [{"name": "Author", "value": "Jane"}],
            "download": True,
        },
    ]
    bad_examples = [
        BadExample({"input_file": "https://example.com/report.pdf"}, "metadata", "is required"),
        BadExample(
            {"input_file": "https://example.com/report.pdf", "metadata": "Title"}, "metadata", "must be a mapping"
        ),
    ]
