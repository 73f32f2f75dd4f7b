"""Create an archive."""

from connector.fields import Choice, Select
from connector.module import Action, BadExample
from connector.modules.shared.input_files import ManyFiles
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import ENGINE, JobForm, engine_options, engine_settings, output_name
from connector.recipe import Job, Task


class CreateArchive(Action):
    """Packs files into one archive."""

    label = "Create an Archive"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(ManyFiles, engine_settings("archive", "output_format"), JobForm):  # type: ignore[misc]
        section = "Archive options"
        position = 50

        output_format = Select(
            "Output format",
            required=True,
            options=[Choice(name, name.upper()) for name in ("zip", "rar", "7z", "tar", "tar.gz", "tar.bz2")],
            help="The kind of archive.",
            example="zip",
        )
        file_name = output_name("documents.zip")
        engine_options = engine_options("archive", "output_format")

    Output = JobResult
    recipe = Job(
        Task("archive", output_format="output_format", filename="file_name", options="engine_options", **ENGINE),
        inputs="input_files",
    )
    examples = [
        {"input_files": ["https://example.com/photo.png", "https://example.com/notes.txt"], "output_format": "zip"},
        {
            "input_files": ["https://example.com/photo.png"],
            "output_format": "tar.gz",
            "file_name": "photo.tar.gz",
            "download": True,
        },
    ]
    bad_examples = [
        BadExample({"input_files": [], "output_format": "zip"}, "input_files", "must hold at least 1 file"),
        BadExample(
            {"input_files": ["https://example.com/a"], "output_format": "arj"}, "output_format", "must be one of zip"
        ),
        BadExample(
            {"input_files": ["https://example.com/a", 3], "output_format": "zip"},
            "input_files.2",
            "must be a path, a URL",
        ),
    ]
