"""Any web server that takes files by PUT."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from connector.sandbox import formats, guard
from connector.sandbox.engines.base import EngineError
from connector.sandbox.flow import CONNECT_TIMEOUT, READ_TIMEOUT
from connector.sandbox.guard import is_web_address
from connector.sandbox.remote.base import Remote

_AS_IT_IS = "%/:?#[]@!$&'()*+,;=~"


class Web(Remote):
    """One file to one address; redirects are not followed."""

    def open(self) -> None:
        """Check the address; it is connected to for each file."""
        if not is_web_address(self.text("url")):
            raise EngineError("INVALID_OPTION", "The url must be a full http or https address.")

    def targets(self, names: Sequence[str]) -> list[str]:
        """The address, for the only file."""
        if len(names) > 1:
            raise EngineError(
                "INVALID_OPTION", "export/upload takes one file and got several; put an archive task before it."
            )
        return [self.text("url")]

    def send(self, source: Path, place: str) -> None:
        """Put one file there."""
        parts = urlsplit(place)
        target = quote(urlunsplit(("", "", parts.path or "/", parts.query, "")), safe=_AS_IT_IS)
        connection = guard.connection_to(parts, timeout=CONNECT_TIMEOUT, allow_private=self.allow_private)
        try:
            with closing(connection), source.open("rb") as file:
                connection.connect()
                connection.sock.settimeout(READ_TIMEOUT)
                connection.request("PUT", target, file, self._headers(source, place))
                with closing(connection.getresponse()) as response:
                    status = response.status
        except EngineError as error:
            raise self.failed(error.message) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self.failed(f"{parts.netloc} could not be reached or did not answer; check the url.") from error
        if not 200 <= status < 300:
            raise self.failed(f"{parts.netloc} answered {status} to the file; check the url and its headers.")

    def _headers(self, source: Path, place: str) -> dict[str, str]:
        given = self.payload.get("headers")
        own = {str(name): str(value) for name, value in given.items()} if isinstance(given, dict) else {}
        kind = formats.mime_type(urlsplit(place).path)
        return {"Content-Type": kind, "Content-Length": str(source.stat().st_size), **own}
