"""What the lists of operations and formats say about each."""

from connector.fields import AnyValue, Boolean, Integer, Text
from connector.forms import Fields


class Operation(Fields):
    """One thing that CloudConvert can do."""

    operation = Text("Operation", example="convert")
    input_format = Text("Input format", example="docx")
    output_format = Text("Output format", example="pdf")
    engine = Text("Engine", example="office")
    credits = Integer("Credits", help="What it costs.", example=1)
    group = Text(
        "Group", source="meta.group", help="The kind of the formats, e.g. document or image.", example="document"
    )
    deprecated = Boolean("Deprecated", help="Whether it will go away.")
    experimental = Boolean("Experimental", help="Whether it is still being tried out.")
    options = AnyValue("Options", help="The options that it takes, where they were asked for.")
