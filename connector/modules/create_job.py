"""Create a job."""

from typing import Any

import marshmallow as ma

from connector.fields import Array, Choice, Dynamic, File, FormatSelect, MultiSelect, Pairs, Select, Text, Url
from connector.module import Action, BadExample
from connector.modules.optimize_file import PROFILES
from connector.modules.shared.job_graph import problems
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import JobForm
from connector.recipe import CustomJob

OPERATIONS = [
    Choice("convert", "Convert"),
    Choice("capture-website", "Capture a website"),
    Choice("optimize", "Optimize"),
    Choice("archive", "Create an archive"),
    Choice("merge", "Merge"),
    Choice("command", "Execute a command"),
    Choice("export/url", "Export to a URL"),
]

TASK = {
    "operation": Select("Operation", required=True, options=OPERATIONS, help="What the task does.", example="convert"),
    "name": Text(
        "Name", required=True, max_length=100, help="What you call it: letters, digits, - and _.", example="convert-1"
    ),
    "input": MultiSelect("Input", help="The names of the files and tasks that it works on.", example=["import-1"]),
    "url": Url("URL", shown_when=("operation", ("capture-website",)), help="The address of the web page."),
    "input_format": FormatSelect(
        "Input format",
        shown_when=("operation", ("convert", "optimize")),
        options=Dynamic("input_formats", depends_on=("operation",)),
        absent="I don't know the input format",
        given="I want to select the input format",
        help="When it is left out, the file name's extension decides.",
        example="docx",
    ),
    "output_format": FormatSelect(
        "Output format",
        shown_when=("operation", ("convert", "capture-website", "archive", "merge")),
        options=Dynamic("output_formats", depends_on=("operation", "input_format")),
        help="What comes out.",
        example="pdf",
    ),
    "profile": Select(
        "Optimization for", shown_when=("operation", ("optimize",)), options=PROFILES, help="What the PDF is for."
    ),
    "engine": Select(
        "Engine",
        shown_when=("operation", ("convert", "capture-website", "optimize", "archive", "merge", "command")),
        advanced=True,
        options=Dynamic("engines", depends_on=("operation", "input_format", "output_format")),
        help="The program that does the work.",
    ),
    "command": Text(
        "Command",
        max_length=100,
        shown_when=("operation", ("command",)),
        help="The program's command, e.g. ffmpeg or convert.",
    ),
    "arguments": Text(
        "Arguments",
        multiline=True,
        shown_when=("operation", ("command",)),
        help="Input files lie at /input/NAME/FILE, results go to /output/.",
    ),
    "filename": Text(
        "File name",
        max_length=255,
        shown_when=("operation", ("convert", "capture-website", "optimize", "archive", "merge")),
        help="The name of the resulting file, with its extension.",
        example="report.pdf",
    ),
    "options": Pairs(
        "Conversion and engine specific options",
        add_label="Add an option",
        shown_when=("operation", ("convert", "capture-website", "optimize", "archive", "merge", "export/url")),
        options=Dynamic("options", depends_on=("operation", "input_format", "output_format", "engine")),
        help="Names and values as the formats and the engine know them.",
    ),
}

_EXPORT = {"operation": "export/url", "name": "export-1", "input": ["convert-1"]}
_CONVERT = {"operation": "convert", "name": "convert-1", "input": ["import-1"], "output_format": "jpg"}
_FILES = [{"file": "https://example.com/photo.png", "name": "import-1"}]


class CreateJob(Action):
    """Creates a job of any number of tasks that work on each other's results."""

    label = "Create a Job (advanced)"
    group = "Jobs"
    scopes = ("task.read", "task.write")

    class Input(JobForm):
        section = "Job"
        position = 50

        input_files = Array(
            "Input files",
            {
                "file": File(
                    "Input file",
                    required=True,
                    help="Upload it, map it from an earlier module, or import it from a URL.",
                ),
                "name": Text(
                    "Name", required=True, max_length=100, help="What tasks call it as their input.", example="import-1"
                ),
            },
            add_label="Add a file",
            help="The files that the tasks work on. Leave it empty when the first task needs none, as capturing a website.",
        )
        tasks = Array(
            "Tasks",
            TASK,
            required=True,
            add_label="Add a task",
            help="What is done, and in which order: a task starts when its inputs are there.",
        )

        @ma.validates_schema
        def _hold_together(self, form: Any, **_: Any) -> None:
            found = problems(form.get("input_files") or [], form["tasks"])
            if found:
                raise ma.ValidationError(found)

    Output = JobResult
    recipe = CustomJob()
    examples = [
        {"input_files": _FILES, "tasks": [_CONVERT, _EXPORT]},
        {
            "tasks": [
                {
                    "operation": "capture-website",
                    "name": "page",
                    "url": "https://example.com/page.html",
                    "output_format": "png",
                },
                {"operation": "export/url", "name": "export-1", "input": ["page"]},
            ],
            "tag": "pages",
        },
    ]
    bad_examples = [
        BadExample({"input_files": _FILES}, "tasks", "is required"),
        BadExample({"tasks": []}, "tasks", "needs at least one task"),
        BadExample(
            {"tasks": [_CONVERT, _EXPORT]}, "tasks.1.input", "'import-1' is neither a file nor a task of this job"
        ),
        BadExample({"input_files": _FILES, "tasks": [_CONVERT]}, "tasks", "needs a task export/url"),
        BadExample(
            {"input_files": _FILES, "tasks": [{**_CONVERT, "name": "a b"}, _EXPORT]},
            "tasks.1.name",
            "may only have letters, digits, - and _",
        ),
        BadExample({"input_files": _FILES, "tasks": [_CONVERT, _CONVERT, _EXPORT]}, "tasks.2.name", "is already taken"),
        BadExample(
            {
                "input_files": _FILES,
                "tasks": [
                    {**_CONVERT, "input": ["convert-2"]},
                    {**_CONVERT, "name": "convert-2", "input": ["convert-1"]},
                    _EXPORT,
                ],
            },
            "tasks.1.input",
            "go round in a circle",
        ),
        BadExample(
            {"input_files": _FILES, "tasks": [{**_CONVERT, "operation": "print"}]},
            "tasks.1.operation",
            "must be one of convert",
        ),
    ]
