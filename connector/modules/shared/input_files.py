"""Where a module's files come from."""

from connector.fields import File
from connector.forms import Fields


class OneFile(Fields):
    """One file, uploaded or imported from a URL."""

    section = "Import options"
    position = 10

    input_file = File(
        "Input file",
        required=True,
        help="The file to work on: upload it, map it from an earlier module, or let CloudConvert import it from a URL.",
        example="https://example.com/report.docx",
    )
