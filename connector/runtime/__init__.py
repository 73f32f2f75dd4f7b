"""The Python run time: executes a module's recipe with a connection."""

from connector.runtime.execute import execute
from connector.runtime.progress import Progress, Silent
from connector.runtime.record import Record

__all__ = ["Progress", "Record", "Silent", "execute"]
