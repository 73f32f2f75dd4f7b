"""List Formats by Input."""

from connector.fields import Dynamic, FormatSelect
from connector.module import BadExample, Search
from connector.modules.shared.ids import Limit
from connector.modules.shared.operation import Operation
from connector.recipe import Listing


class FilterFormats(Search):
    """Lists what a file of one format can become."""

    label = "List Formats by Input"
    group = "Other"
    scopes = ()

    class Input(Limit):
        section = "Filter"
        position = 50

        input_format = FormatSelect(
            "Input format",
            required=True,
            options=Dynamic("input_formats"),
            help="The format of the file that you have.",
            example="docx",
        )
        output_format = FormatSelect(
            "Output format",
            options=Dynamic("output_formats", depends_on=("input_format",)),
            help="Only what gives this format.",
            example="pdf",
        )

    Output = Operation
    recipe = Listing(
        "/convert/formats",
        {"filter[input_format]": "input_format", "filter[output_format]": "output_format"},
        paged=False,
    )
    examples = [{"input_format": "png"}, {"input_format": "png", "output_format": "jpg"}]
    bad_examples = [
        BadExample({}, "input_format", "is required"),
        BadExample({"input_format": "?"}, "input_format", "must be a file format"),
    ]
