"""The vocabulary of forms: marshmallow fields that also know what a dialog shows.

A field says its label, help, default and rules once. From that come the platforms' dialogs, the command's help, the
validation in Python and the sentence a person sees when a value is wrong. `kind` is the word by which emitters tell
fields apart; it is part of the vocabulary, so a new kind means work in every emitter.
"""

from connector.fields.base import Choice, Dynamic, Field, Kind
from connector.fields.compound import Array, Collection, Pairs
from connector.fields.files import File, Files, input_file
from connector.fields.plain import AnyValue, Boolean, FormatSelect, Integer, MultiSelect, Select, Text, Timestamp, Url

__all__ = [
    "AnyValue",
    "Array",
    "Boolean",
    "Choice",
    "Collection",
    "Dynamic",
    "Field",
    "File",
    "Files",
    "FormatSelect",
    "Integer",
    "Kind",
    "MultiSelect",
    "Pairs",
    "Select",
    "Text",
    "Timestamp",
    "Url",
    "input_file",
]
