"""Fields that name a job or a task, and the limits of lists and waits."""

from connector.fields import Dynamic, Integer, Select
from connector.forms import Fields


def job_id(*, required: bool = True) -> Select:
    """The job that is meant."""
    return Select(
        "Job ID",
        required=required,
        max_length=64,
        options=Dynamic("jobs"),
        help="The ID of the job, mapped from the module that made it.",
        example="b2e4eb2b-a744-4da2-97cd-776d393532a8",
    )


def task_id(about: str = "The ID of the task, mapped from an earlier module.") -> Select:
    """The task that is meant."""
    return Select(
        "Task ID",
        required=True,
        max_length=64,
        options=Dynamic("tasks"),
        help=about,
        example="69534510-3eef-46c2-b7a6-71b3f1aed916",
    )


class Limit(Fields):
    """How many items a list gives."""

    section = "List"
    position = 90

    limit = Integer("Limit", default=100, minimum=0, maximum=1_000_000, help="How many to give at most; 0 gives all.")


def wait_limit() -> Integer:
    """How long to wait."""
    return Integer(
        "Wait at most",
        default=180,
        minimum=1,
        maximum=18000,
        unit="seconds",
        advanced=True,
        help="How long to wait for the end. When the time has passed, the work goes on; its ID is in the error.",
    )
