"""Storage of other people: import/s3, import/sftp and what sends files there. Each library is an extra, loaded when needed."""

from __future__ import annotations

from connector.sandbox.remote.transfers import EXPORTS, IMPORTS, bring_in, send_out

__all__ = ["EXPORTS", "IMPORTS", "bring_in", "send_out"]
