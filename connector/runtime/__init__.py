"""The Python run time: executes a module's recipe with a connection."""

from connector.runtime.call_request import preview
from connector.runtime.execute import execute
from connector.runtime.listing import Items
from connector.runtime.options import Options
from connector.runtime.progress import Progress, Silent
from connector.runtime.record import Record

__all__ = ["Items", "Options", "Progress", "Record", "Silent", "execute", "preview"]
