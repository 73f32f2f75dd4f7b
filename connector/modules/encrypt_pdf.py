"""Encrypt a PDF."""

from connector.fields import Boolean, Choice, Select, Text
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class EncryptPDF(Action):
    """Protects a PDF with passwords and limits what readers may do."""

    label = "Encrypt a PDF"
    group = "PDF tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("pdf/encrypt"), JobForm):  # type: ignore[misc]
        section = "Encryption options"
        position = 50

        set_password = Text(
            "Password to open", secret=True, max_length=127, help="Needed to open the file.", example="open-sesame"
        )
        set_owner_password = Text(
            "Owner password", secret=True, max_length=127, help="Needed to change the permissions below."
        )
        allow_print = Select(
            "Printing",
            default="full",
            options=[Choice("full", "Allowed"), Choice("low", "In low quality"), Choice("none", "Not allowed")],
            help="Whether readers may print.",
        )
        allow_modify = Select(
            "Changes",
            default="all",
            options=[
                Choice("all", "Allowed"),
                Choice("annotate", "Comments and forms"),
                Choice("form", "Forms only"),
                Choice("assembly", "Page order only"),
                Choice("none", "Not allowed"),
            ],
            help="What readers may change.",
        )
        allow_extract = Boolean(
            "Copying text and images", default=False, help="Whether readers may copy text and images out of it."
        )
        allow_accessibility = Boolean(
            "Screen readers", default=True, help="Whether programs for blind people may read it."
        )
        file_name = output_name("protected.pdf")

    Output = JobResult
    recipe = Job(
        Task(
            "pdf/encrypt",
            set_password="set_password",
            set_owner_password="set_owner_password",
            allow_print="allow_print",
            allow_modify="allow_modify",
            allow_extract="allow_extract",
            allow_accessibility="allow_accessibility",
            filename="file_name",
            **ENGINE,
        )
    )
    examples = [
        {"input_file": "https://example.com/report.pdf", "set_password": "open-sesame"},
        {
            "input_file": "https://example.com/report.pdf",
            "set_owner_password": "only-mine",
            "allow_print": "none",
            "allow_extract": True,
        },
    ]
    bad_examples = [
        BadExample({"set_password": "x"}, "input_file", "is required"),
        BadExample(
            {"input_file": "https://example.com/report.pdf", "allow_print": "maybe"},
            "allow_print",
            "must be one of full, low, none",
        ),
        BadExample(
            {"input_file": "https://example.com/report.pdf", "allow_extract": "perhaps"},
            "allow_extract",
            "must be yes or no",
        ),
    ]
