"""What happens when the job is done."""

from connector.fields import Boolean, Integer
from connector.forms import Fields


class Export(Fields):
    """Whether to wait for the result and download it."""

    section = "Export options"
    position = 90

    download = Boolean(
        "Download a file",
        default=False,
        help="Wait until the job has ended and hand the files on. Without it the module returns at once with the job's ID.",
    )
    wait_limit = Integer(
        "Wait at most",
        default=180,
        minimum=1,
        maximum=18000,
        unit="seconds",
        advanced=True,
        help="How long to wait for the job to end. When the time has passed, the job goes on; its ID is in the error.",
    )
