"""Decrypt a PDF."""

from connector.fields import Text
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_settings, output_name
from connector.recipe import Job, Task


class DecryptPDF(Action):
    """Removes the password from a PDF."""

    label = "Decrypt a PDF"
    group = "PDF tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("pdf/decrypt"), JobForm):  # type: ignore[misc]
        section = "Decryption options"
        position = 50

        password = Text(
            "Password",
            required=True,
            secret=True,
            max_length=127,
            help="The password that opens the file.",
            example="open-sesame",
        )
        file_name = output_name("open.pdf")

    Output = JobResult
    recipe = Job(Task("pdf/decrypt", password="password", filename="file_name", **ENGINE))
    examples = [
        {"input_file": "https://example.com/locked.pdf", "password": "open-sesame"},
        {"input_file": "https://example.com/locked.pdf", "password": "open-sesame", "file_name": "open.pdf"},
    ]
    bad_examples = [
        BadExample({"input_file": "https://example.com/report.pdf"}, "password", "is required"),
        BadExample({"password": "x"}, "input_file", "is required"),
    ]
