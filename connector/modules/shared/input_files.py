"""Where a module's files come from."""

from connector.fields import Dynamic, File, Files, FormatSelect
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


class ManyFiles(Fields):
    """Several files, uploads and URLs mixed."""

    section = "Import options"
    position = 10

    input_files = Files(
        "Input files",
        required=True,
        help="The files to work on, in this order: each uploaded, mapped from an earlier module, or imported from a URL.",
        example=["https://example.com/cover.docx", "https://example.com/report.pdf"],
    )


def input_format(operation: str, example: str = "docx") -> FormatSelect:
    """The format of the input file, where the file's name may not tell it."""
    return FormatSelect(
        "Input format",
        options=Dynamic("input_formats", operation=operation),
        absent="I don't know the input format",
        given="I want to select the input format",
        help="The format of the input file. When it is left out, the file name's extension decides.",
        example=example,
    )
