"""Convert a file."""

from connector.fields import Dynamic, FormatSelect
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile, input_format
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_options, engine_settings, output_name
from connector.recipe import Job, Task


class ConvertFile(Action):
    """Converts a file to another format."""

    label = "Convert a File"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("convert", "input_format", "output_format"), JobForm):  # type: ignore[misc]
        section = "Convert options"
        position = 50

        input_format = input_format("convert")
        output_format = FormatSelect(
            "Output format",
            required=True,
            options=Dynamic("output_formats", operation="convert", depends_on=("input_format",)),
            help="The format that the file becomes.",
            example="pdf",
        )
        file_name = output_name("report.pdf")
        engine_options = engine_options("convert", "input_format", "output_format")

    Output = JobResult
    recipe = Job(
        Task(
            "convert",
            input_format="input_format",
            output_format="output_format",
            filename="file_name",
            options="engine_options",
            **ENGINE,
        )
    )
    examples = [
        {"input_file": "https://example.com/photo.png", "output_format": "jpg"},
        {
            "input_file": {
                "url": "https://example.com/photo",
                "headers": [{"key": "Authorization", "value": "Basic ZXhhbXBsZQ=="}],
            },
            "input_format": "png",
            "output_format": "JPG",
            "file_name": "small.jpg",
            "engine_options": [{"name": "quality", "value": 80}],
            "tag": "holiday pictures",
            "download": True,
        },
    ]
    bad_examples = [
        BadExample({"input_file": "https://example.com/a.docx"}, "output_format", "is required"),
        BadExample({"output_format": "pdf"}, "input_file", "is required"),
        BadExample(
            {"input_file": "no-such-file.docx", "output_format": "pdf"}, "input_file", "is no file that can be found"
        ),
        BadExample(
            {"input_file": "https://example.com/a.docx", "output_format": "../pdf"},
            "output_format",
            "must be a file format",
        ),
        BadExample(
            {"input_file": "https://example.com/a.docx", "output_format": "pdf", "wait_limit": 0},
            "wait_limit",
            "must be at least 1",
        ),
        BadExample(
            {"input_file": {"url": "ftp://example.com/a"}, "output_format": "pdf"},
            "input_file.url",
            "http:// or https://",
        ),
        BadExample(
            {"input_file": "https://example.com/a.docx", "output_fromat": "pdf"},
            "output_fromat",
            "Did you mean 'output_format'?",
        ),
    ]
