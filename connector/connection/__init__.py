"""Connections: who signs in, and where."""

from connector.connection.connection import Connection

__all__ = ["Connection"]
