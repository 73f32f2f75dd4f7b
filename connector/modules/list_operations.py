"""List Possible Operations."""

from connector.fields import Dynamic, FormatSelect, Select
from connector.module import BadExample, Search
from connector.modules.shared.ids import Limit
from connector.modules.shared.operation import Operation
from connector.recipe import Listing


class ListOperations(Search):
    """Lists what CloudConvert can do: operations, formats, engines and their options."""

    label = "List Possible Operations"
    group = "Other"
    scopes = ()

    class Input(Limit):
        section = "Filter"
        position = 50

        operation = Select("Operation", options=Dynamic("operations"), help="Only this operation.", example="convert")
        input_format = FormatSelect(
            "Input format", options=Dynamic("input_formats"), help="Only what takes this format.", example="docx"
        )
        output_format = FormatSelect(
            "Output format",
            options=Dynamic("output_formats", depends_on=("input_format",)),
            help="Only what gives this format.",
            example="pdf",
        )
        engine = Select("Engine", options=Dynamic("engines"), help="Only what this engine does.", example="libreoffice")

    Output = Operation
    recipe = Listing(
        "/operations",
        {
            "filter[operation]": "operation",
            "filter[input_format]": "input_format",
            "filter[output_format]": "output_format",
            "filter[engine]": "engine",
        },
        paged=False,
    )
    examples = [{"operation": "convert", "input_format": "png"}, {"limit": 5}]
    bad_examples = [
        BadExample({"limit": -1}, "limit", "must be at least 0"),
    ]
