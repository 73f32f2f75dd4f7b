"""A page in the browser: go there, wait until it is ready, print or photograph it."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.egress import Egress
from connector.sandbox.engines.office.paper import Page as Paper
from connector.sandbox.engines.web.protocol import Expired, Message, Protocol, ProtocolError

READY = {
    "load": "load",
    "domcontentloaded": "DOMContentLoaded",
    "networkidle0": "networkIdle",
    "networkidle2": "networkAlmostIdle",
}
_LOADING_SECONDS = 60.0
_ELEMENT_SECONDS = 30.0
_LONGEST_SIDE = 16_000
_MM = 25.4


@dataclass
class Page:
    """The only tab. `status` is the HTTP status of the document, `missing` the hosts of which it got less than it asked for."""

    protocol: Protocol
    egress: Egress
    status: int | None = None
    missing: set[str] = field(default_factory=set)
    _requests: dict[str, str] = field(default_factory=dict)
    _ready: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def attach(cls, protocol: Protocol, egress: Egress, context: str) -> Page:
        """Open a tab in the browser context and listen to it."""
        page = cls(protocol, egress)
        protocol.on_event = page._note
        protocol.call("Browser.setDownloadBehavior", behavior="deny", browserContextId=context)
        target = protocol.call("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        protocol.session = protocol.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for method in ("Page.enable", "Network.enable", "Inspector.enable"):
            protocol.call(method)
        protocol.call("Page.setLifecycleEventsEnabled", enabled=True)
        return page

    def prepare(self, *, width: int, height: int, media: str, headers: Mapping[str, object]) -> None:
        """The screen in CSS pixels, the CSS medium and further request headers."""
        self.protocol.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
        )
        self.protocol.call("Emulation.setEmulatedMedia", media=media)
        if headers:
            self.protocol.call(
                "Network.setExtraHTTPHeaders", headers={name: str(value) for name, value in headers.items()}
            )

    def visit(self, url: str, wait_until: str) -> bool:
        """Go to the address and wait until the page is as ready as asked for; False where it took too long for that."""
        end = time.monotonic() + _LOADING_SECONDS
        answer = self._arrive(url, end)
        loader = str(answer.get("loaderId", ""))
        if answer.get("errorText"):
            raise self._unreachable(self._requests.get(loader, url), str(answer["errorText"]))
        wanted = (loader, READY[wait_until])
        try:
            if wanted not in self._ready:
                self.protocol.wait(lambda _: wanted in self._ready, end)
        except Expired:
            if time.monotonic() >= self.protocol.deadline:
                raise
            return False
        return True

    def _arrive(self, url: str, end: float) -> Message:
        number = self.protocol.send("Page.navigate", url=url)
        try:
            answer = self.protocol.wait(lambda message: message.get("id") == number, end)
        except Expired:
            raise EngineError(
                "TIMEOUT",
                f"{url} did not answer within {_LOADING_SECONDS:g} seconds: check the URL or try again later.",
            ) from None
        result: Message = answer.get("result", {"errorText": "the address is not valid"})
        return result

    def wait_for(self, selector: str) -> None:
        """Wait until an element fits the CSS selector."""
        end = time.monotonic() + _ELEMENT_SECONDS
        while not self._evaluate(f"document.querySelector({json.dumps(selector)}) !== null"):
            if time.monotonic() > end:
                raise EngineError(
                    "TIMEOUT",
                    f"No element {selector!r} appeared within {_ELEMENT_SECONDS:g} seconds: check wait_for_element.",
                )
            self.protocol.pause(0.1)

    def pdf(self, paper: Paper, settings: Mapping[str, object]) -> bytes:
        """The page printed. `settings` are further parameters of Page.printToPDF."""
        margins = {f"margin{side.capitalize()}": size / _MM for side, size in paper.margins.items()}
        try:
            answer = self.protocol.call(
                "Page.printToPDF", paperWidth=paper.width / _MM, paperHeight=paper.height / _MM, **margins, **settings
            )
        except ProtocolError as error:
            raise EngineError(
                "INVALID_OPTION",
                f"The page cannot be printed like this ({error}): check pages, page size, margins and zoom.",
            ) from error
        return base64.b64decode(answer["data"])

    def picture(self, kind: str, *, whole: bool) -> tuple[bytes, bool]:
        """A picture (png or jpeg) of the screen, or of the `whole` page; and whether all of that fitted into one."""
        size = self.protocol.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {
            "x": 0,
            "y": 0,
            "width": min(size["width"], _LONGEST_SIDE),
            "height": min(size["height"], _LONGEST_SIDE),
            "scale": 1,
        }
        area = {"clip": clip, "captureBeyondViewport": True} if whole else {}
        quality = {"quality": 90} if kind == "jpeg" else {}
        answer = self.protocol.call("Page.captureScreenshot", format=kind, **area, **quality)
        return base64.b64decode(answer["data"]), not whole or max(size["width"], size["height"]) <= _LONGEST_SIDE

    def _evaluate(self, expression: str) -> object:
        answer = self.protocol.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise EngineError(
                "INVALID_OPTION", "wait_for_element is not a CSS selector: write it like #content or .article h1."
            )
        return answer["result"].get("value")

    def _note(self, event: Message) -> None:
        if event.get("sessionId") != self.protocol.session:
            return
        parameters = event.get("params", {})
        match event["method"]:
            case "Page.lifecycleEvent":
                self._ready.add((parameters["loaderId"], parameters["name"]))
            case "Page.javascriptDialogOpening":
                self.protocol.send("Page.handleJavaScriptDialog", accept=True)
            case "Network.requestWillBeSent":
                # A redirect keeps its request's id and replaces the address.
                self._requests[parameters["requestId"]] = parameters["request"]["url"]
            case "Network.loadingFailed":
                self._miss(self._requests.get(parameters["requestId"], ""))
            case "Network.responseReceived" if (
                parameters.get("requestId") == parameters.get("loaderId") and self.status is None
            ):
                self.status = parameters["response"]["status"]
            case "Inspector.targetCrashed":
                raise EngineError(
                    "CONVERSION_FAILED", "The page broke Chromium, probably for lack of memory: try a smaller page."
                )

    def _miss(self, url: str) -> None:
        host = urlsplit(url).hostname
        if host in self.egress.refusals:
            self.missing.add(host)

    def _unreachable(self, url: str, reason: str) -> EngineError:
        """Why the document did not come: for the host of its last redirect the proxy knows it."""
        known = self.egress.refusals.get(urlsplit(url).hostname or "")
        return EngineError("CONVERSION_FAILED", f"The page could not be loaded: {known or _in_words(reason)}")


def _in_words(reason: str) -> str:
    words = {
        "ERR_CERT": "its certificate is not valid.",
        "ERR_TOO_MANY_REDIRECTS": "it redirects in a circle.",
        "ERR_ABORTED": "it is a download, not a page.",
    }
    return next(
        (text for mark, text in words.items() if mark in reason), f"{reason.removeprefix('net::')}; check the URL."
    )
