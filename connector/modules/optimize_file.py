"""Optimize a file."""

from connector.fields import Choice, Select
from connector.module import Action, BadExample
from connector.modules.shared.input_files import OneFile, input_format
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_options, engine_settings, output_name
from connector.recipe import Job, Task

PROFILES = [
    Choice(
        "web",
        "Web",
        "Leaves out what the screen does not need, scales images down, merges and subsets fonts, converts colours to RGB.",
    ),
    Choice("print", "Print", "The same for printing, with colours converted to CMYK."),
    Choice("archive", "Archive", "For keeping: compresses images and subsets fonts, changes nothing that is seen."),
    Choice("mrc", "Scanned images", "For PDFs made of scanned pages: separates text from background."),
    Choice("max", "Maximal size reduction", "The smallest file; quality may suffer."),
]


class OptimizeFile(Action):
    """Makes a PDF, PNG or JPG file smaller."""

    label = "Optimize a File"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(OneFile, engine_settings("optimize", "input_format"), JobForm):  # type: ignore[misc]
        section = "Optimize options"
        position = 50

        input_format = input_format("optimize", "pdf")
        profile = Select(
            "Optimization for",
            default="web",
            options=PROFILES,
            help="What the PDF is for. Images are always made as small as the quality allows.",
        )
        file_name = output_name("small.pdf")
        engine_options = engine_options("optimize", "input_format")

    Output = JobResult
    recipe = Job(
        Task(
            "optimize",
            input_format="input_format",
            profile="profile",
            filename="file_name",
            options="engine_options",
            **ENGINE,
        )
    )
    examples = [
        {"input_file": "https://example.com/report.pdf"},
        {
            "input_file": "https://example.com/photo.jpg",
            "profile": "max",
            "engine_options": [{"name": "quality", "value": 60}],
        },
    ]
    bad_examples = [
        BadExample(
            {"input_file": "https://example.com/a.pdf", "profile": "small"},
            "profile",
            "must be one of web, print, archive, mrc, max",
        ),
        BadExample({"profile": "web"}, "input_file", "is required"),
    ]
