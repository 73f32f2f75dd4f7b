"""What the service can do: operations, formats, engines and options, and whether what a person asks for is possible."""

from connector.catalogue.check import Checked, check_engine, check_options, check_pair
from connector.catalogue.formats import format_of, formats_in
from connector.catalogue.model import EngineVersion, Known, Operation, Option, Origin
from connector.catalogue.source import Catalogue
from connector.catalogue.task import check_task

__all__ = [
    "Catalogue",
    "Checked",
    "EngineVersion",
    "Known",
    "Operation",
    "Option",
    "Origin",
    "check_engine",
    "check_options",
    "check_pair",
    "check_task",
    "format_of",
    "formats_in",
]
