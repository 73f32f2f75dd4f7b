"""The command `cloudconvert-connector`."""

from connector.cli.main import main

__all__ = ["main"]
