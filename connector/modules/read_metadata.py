"""Read metadata."""

from connector.fields import AnyValue, Text
from connector.forms import Fields
from connector.module import Action, BadExample
from connector.modules.shared.ids import wait_limit
from connector.modules.shared.input_files import OneFile, input_format
from connector.modules.shared.settings import ENGINE, JobSettings, engine_settings
from connector.recipe import Job, Task


class ReadMetadata(Action):
    """Reads what a file says about itself: title, author, number of pages, size of a picture, length of a film."""

    label = "Read Metadata"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("metadata", "input_format"), JobSettings):  # type: ignore[misc]
        section = "Metadata"
        position = 50

        input_format = input_format("metadata", "pdf")
        wait_limit = wait_limit()

    class Output(Fields):
        job_id = Text("Job ID", source="id", example="b2e4eb2b-a744-4da2-97cd-776d393532a8")
        status = Text("Status", example="finished")
        metadata = AnyValue(
            "Metadata",
            source="result.metadata",
            help="Names and values.",
            example={"PageCount": 2, "Title": "Quarterly report"},
        )
        job = AnyValue("Job", source=".", help="The job as the API describes it, with all tasks.")

    recipe = Job(Task("metadata", input_format="input_format", **ENGINE), export=False)
    examples = [
        {"input_file": "https://example.com/report.pdf"},
        {"input_file": "https://example.com/photo.jpg", "wait_limit": 60},
    ]
    bad_examples = [
        BadExample({}, "input_file", "is required"),
        BadExample({"input_file": "https://example.com/a.pdf", "download": True}, "download", "has no field"),
    ]
