"""What the platforms that run JavaScript share: the declarations as one document, and the run time that interprets them."""

from connector.platforms.javascript.declarations import declarations
from connector.platforms.javascript.names import words
from connector.platforms.javascript.source import as_json, run_time, script

__all__ = ["as_json", "declarations", "run_time", "script", "words"]
