"""Convert a file."""

from connector.fields import Dynamic, FormatSelect, Pairs, Text
from connector.module import Action, BadExample
from connector.modules.shared.export import Export
from connector.modules.shared.input_files import OneFile
from connector.modules.shared.job_result import JobResult
from connector.recipe import Job, Task


class ConvertFile(Action):
    """Converts a file to another format."""

    label = "Convert a File"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, Export):
        section = "Convert options"

        input_format = FormatSelect(
            "Input format",
            options=Dynamic("input_formats", operation="convert"),
            absent="I don't know the input format",
            help="The format of the input file. When it is left out, the file name's extension decides.",
            example="docx",
        )
        output_format = FormatSelect(
            "Output format",
            required=True,
            options=Dynamic("output_formats", operation="convert", depends_on=("input_format",)),
            help="The format that the file becomes.",
            example="pdf",
        )
        file_name = Text(
            "File name",
            max_length=255,
            help="The name of the converted file, with its extension.",
            example="report.pdf",
        )
        engine_options = Pairs(
            "Conversion and engine specific options",
            add_label="Add an option",
            help="Names and values as the format pair knows them, e.g. width 320 or quality 80.",
            example={"pages": "1-2"},
        )

    Output = JobResult
    recipe = Job(
        Task(
            "convert",
            input_format="input_format",
            output_format="output_format",
            filename="file_name",
            options="engine_options",
        )
    )
    examples = [
        {"input_file": "https://example.com/report.docx", "output_format": "pdf"},
        {
            "input_file": {
                "url": "https://example.com/photo",
                "headers": [{"key": "Authorization", "value": "Basic ZXhhbXBsZQ=="}],
            },
            "input_format": "png",
            "output_format": "JPG",
            "file_name": "photo.jpg",
            "engine_options": [{"name": "quality", "value": 80}],
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
