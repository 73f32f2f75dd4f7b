"""What happens when the job is done."""

from connector.fields import Boolean
from connector.forms import Fields
from connector.modules.shared.ids import wait_limit


class Export(Fields):
    """Whether to wait for the result and download it."""

    section = "Export options"
    position = 90

    download = Boolean(
        "Download a file",
        default=False,
        help="Wait until the job has ended and hand the files on. Without it the module returns at once with the job's ID.",
    )
    wait_limit = wait_limit()
