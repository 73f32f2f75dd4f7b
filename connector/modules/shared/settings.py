"""Settings of jobs and engines that few people need."""

from connector.fields import Dynamic, Integer, Pairs, Select, Text, Url
from connector.forms import Fields
from connector.modules.shared.export import Export


class JobSettings(Fields):
    """What belongs to the job as a whole."""

    section = "Job settings"
    position = 95

    tag = Text(
        "Tag",
        max_length=255,
        advanced=True,
        help="Free text by which the job can be found again. It has no effect on the result.",
        example="invoices-2026-11",
    )
    webhook_url = Url(
        "Webhook URL",
        advanced=True,
        help="CloudConvert calls this address when this job has finished or failed.",
        example="https://example.com/hooks/cloudconvert",
    )


class JobForm(Export, JobSettings):
    """What every module asks that runs a job: export options and job settings."""


ENGINE = {"engine": "engine", "engine_version": "engine_version", "timeout": "timeout"}
"""The task parameters that EngineSettings fills in, for a module's recipe."""


def engine_settings(operation: str, *depends_on: str) -> type[Fields]:
    """The fields that choose an operation's engine and limit its time; the form's formats narrow the choice."""

    class EngineSettings(Fields):
        """Which engine does the work, and for how long."""

        section = "Engine"
        position = 60

        engine = Select(
            "Engine",
            advanced=True,
            options=Dynamic("engines", operation=operation, depends_on=depends_on),
            help="The program that does the work. Without it CloudConvert takes the best one.",
        )
        engine_version = Text(
            "Engine version", advanced=True, help="A version of the engine; the default may change over time."
        )
        timeout = Integer(
            "Time limit of the task",
            advanced=True,
            minimum=1,
            maximum=18000,
            unit="seconds",
            help="The task fails when it takes longer. At most five hours.",
        )

    return EngineSettings


def engine_options(operation: str, *depends_on: str) -> Pairs:
    """The free list of names and values that an operation understands; the form's formats and engine narrow it."""
    return Pairs(
        "Conversion and engine specific options",
        add_label="Add an option",
        options=Dynamic("options", operation=operation, depends_on=(*depends_on, "engine")),
        help="Names and values as the formats and the engine know them, e.g. width 320 or quality 80.",
    )


def output_name(example: str) -> Text:
    """The name of what comes out."""
    return Text(
        "File name",
        max_length=255,
        help="The name of the resulting file, with its extension. Several files: put %d where the number goes.",
        example=example,
    )
