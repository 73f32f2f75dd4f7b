"""List Supported Formats."""

from connector.module import BadExample, Search
from connector.modules.shared.ids import Limit
from connector.modules.shared.operation import Operation
from connector.recipe import Listing


class ListFormats(Search):
    """Lists every conversion from one format to another that CloudConvert knows."""

    label = "List Supported Formats"
    group = "Other"
    scopes = ()

    Input = Limit

    Output = Operation
    recipe = Listing("/convert/formats", {}, paged=False)
    examples = [{"limit": 20}]
    bad_examples = [
        BadExample({"limit": "x"}, "limit", "must be a whole number"),
        BadExample({"input_format": "png"}, "input_format", "has no field"),
    ]
