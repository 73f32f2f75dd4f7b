"""Execute a command."""

from connector.fields import Boolean, Choice, Select, Text
from connector.module import Action, BadExample
from connector.modules.shared.input_files import ManyFiles
from connector.modules.shared.results import JobResult
from connector.modules.shared.settings import JobForm
from connector.recipe import Job, Task


class ExecuteCommand(Action):
    """Runs FFmpeg, ImageMagick or GraphicsMagick with arguments of one's own."""

    label = "Execute a Command"
    group = "Common tasks"
    scopes = ("task.read", "task.write")

    class Input(ManyFiles, JobForm):
        section = "Command options"
        position = 50

        engine = Select(
            "Engine",
            required=True,
            options=[
                Choice("ffmpeg", "FFmpeg"),
                Choice("imagemagick", "ImageMagick"),
                Choice("graphicsmagick", "GraphicsMagick"),
            ],
            help="The program.",
            example="ffmpeg",
        )
        command = Select(
            "Command",
            required=True,
            options=[Choice(name, name) for name in ("ffmpeg", "ffprobe", "convert", "identify", "gm")],
            help="ffmpeg and ffprobe belong to FFmpeg, convert and identify to ImageMagick, gm to GraphicsMagick.",
            example="ffmpeg",
        )
        arguments = Text(
            "Arguments",
            required=True,
            multiline=True,
            max_length=10000,
            help="Input files lie at /input/import-1/NAME, /input/import-2/NAME and so on; what is written to /output/ is the result.",
            example="-i /input/import-1/sound.wav -ar 16000 /output/sound.flac",
        )
        capture_output = Boolean("Capture the console output", default=False, help="Hand on what the command prints.")

    Output = JobResult
    recipe = Job(
        Task("command", engine="engine", command="command", arguments="arguments", capture_output="capture_output"),
        inputs="input_files",
    )
    examples = [
        {
            "input_files": ["https://example.com/sound.wav"],
            "engine": "ffmpeg",
            "command": "ffmpeg",
            "arguments": "-i /input/import-1/sound.wav -ar 16000 /output/sound.flac",
        }
    ]
    bad_examples = [
        BadExample(
            {"input_files": ["https://example.com/a.wav"], "engine": "bash", "command": "ffmpeg", "arguments": "-h"},
            "engine",
            "must be one of ffmpeg, imagemagick, graphicsmagick",
        ),
        BadExample(
            {"input_files": ["https://example.com/a.wav"], "engine": "ffmpeg", "command": "ffmpeg"},
            "arguments",
            "is required",
        ),
    ]
