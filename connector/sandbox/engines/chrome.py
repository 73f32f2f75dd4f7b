"""Chromium: web pages and HTML documents to PDF and pictures, as a browser shows them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from connector.sandbox.engines import programs
from connector.sandbox.engines.base import (
    ALLOW_PRIVATE,
    Conversion,
    Engine,
    EngineError,
    Option,
    OutputFile,
    Result,
    Work,
)
from connector.sandbox.engines.common.pages import PAGES
from connector.sandbox.engines.egress import DOCUMENT_HOST, Egress, to_checked_addresses, to_nowhere
from connector.sandbox.engines.office import documents, paper
from connector.sandbox.engines.web import browser
from connector.sandbox.engines.web.page import READY, Page

_WAITING = (
    Option("wait_until", "enum", "load", tuple(READY)),
    Option("wait_for_element", "string"),
    Option("wait_time", "integer", 0, minimum=0, maximum=300_000),
)
_PRINT = (
    PAGES,
    Option("zoom", "float", 1.0, minimum=0.1, maximum=2),
    *paper.OPTIONS,
    Option("print_background", "boolean", default=True),
    Option("display_header_footer", "boolean", default=False),
    Option("header_template", "string"),
    Option("footer_template", "string"),
    Option("css_media_type", "enum", "print", ("print", "screen")),
    *_WAITING,
)
_PICTURE = (
    Option("screen_width", "integer", 1440, minimum=16, maximum=8000),
    Option("screen_height", "integer", minimum=16, maximum=8000),
    Option("css_media_type", "enum", "screen", ("print", "screen")),
    *_WAITING,
)
_SITE = (Option("url", "string"), Option("headers", "dictionary"))
_PICTURES = {"png": "png", "jpg": "jpeg"}
_MARGIN = 10.0
_SCREEN_HEIGHT = 900


class Chrome(Engine):
    """A page of its own for each task, without anything of the tasks before it, without files, with checked addresses only."""

    name = "chrome"
    stands_for = ("wkhtml",)
    label = "Chromium"
    install = browser.INSTALL
    conversions = (
        Conversion((), ("pdf",), "capture-website", (*_SITE, *_PRINT), rank=30, network=True),
        Conversion((), tuple(_PICTURES), "capture-website", (*_SITE, *_PICTURE), rank=30, network=True),
        Conversion(("html", "htm"), ("pdf",), options=_PRINT, rank=30),
        Conversion(("html", "htm"), tuple(_PICTURES), options=_PICTURE, rank=30),
    )

    def version(self) -> str | None:
        """What the browser says about itself, e.g. "156.0.8078.79"."""
        return programs.version(browser.find(), "--version", r"(?:Chromium|Chrome)\D* ([\d.]+)")

    def run(self, work: Work) -> Result:
        """Capture a website (option `url`) or show a document."""
        paper.page(work.options, _MARGIN)
        url, egress = _site(work) if work.operation == "capture-website" else _document(work)
        browser.with_page(lambda page: _capture(page, url, work), egress, time.monotonic() + work.timeout)
        return Result([OutputFile(work.output())])


def _capture(page: Page, url: str, work: Work) -> None:
    _show(page, url, work)
    work.output().write_bytes(_printed(page, work) if work.output_format == "pdf" else _photographed(page, work))
    _tell(page, work)


def _site(work: Work) -> tuple[str, Callable[[], Egress]]:
    url = str(work.options.get("url") or "").strip()
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        known = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise EngineError(
            "INVALID_OPTION", f"{url[:200]!r} is not the address of a website: write it like https://example.com."
        )
    allow_private = os.environ.get(ALLOW_PRIVATE) == "1"
    return parts.geturl(), lambda: Egress(to_checked_addresses(allow_private=allow_private))


def _document(work: Work) -> tuple[str, Callable[[], Egress]]:
    documents.check(work.source)
    return f"http://{DOCUMENT_HOST}/", lambda: Egress(to_nowhere, document=work.source.path)


def _show(page: Page, url: str, work: Work) -> None:
    options = work.options
    headers = options.get("headers")
    media = str(options.get("css_media_type") or "screen")
    width, height = (
        int(str(options.get(name) or default))
        for name, default in (("screen_width", 1440), ("screen_height", _SCREEN_HEIGHT))
    )
    page.prepare(width=width, height=height, media=media, headers=headers if isinstance(headers, dict) else {})
    wait_until = str(options.get("wait_until") or "load")
    if not page.visit(url, wait_until):
        work.warn(f"The page did not reach {wait_until} within a minute; the file shows it as it was then.")
    if options.get("wait_for_element"):
        page.wait_for(str(options["wait_for_element"]))
    page.protocol.pause(int(str(options.get("wait_time") or 0)) / 1000)


def _printed(page: Page, work: Work) -> bytes:
    options = work.options
    sized = any(options.get(name) for name in ("page_format", "page_width", "page_height"))
    settings: dict[str, object] = {
        "scale": options.get("zoom") or 1,
        "printBackground": options.get("print_background") is not False,
        "displayHeaderFooter": bool(options.get("display_header_footer")),
        "preferCSSPageSize": not sized,
    }
    for name, key in (
        ("pages", "pageRanges"),
        ("header_template", "headerTemplate"),
        ("footer_template", "footerTemplate"),
    ):
        if options.get(name):
            settings[key] = options[name]
    return page.pdf(paper.page(options, _MARGIN), settings)


def _photographed(page: Page, work: Work) -> bytes:
    """The whole page, or exactly the screen where its height was given."""
    picture, complete = page.picture(
        _PICTURES[work.output_format or "png"], whole=not work.options.get("screen_height")
    )
    if not complete:
        work.warn("The page is longer than a picture may be; its end is missing. Choose pdf to have all of it.")
    return picture


def _tell(page: Page, work: Work) -> None:
    if page.status and page.status >= 400:
        work.warn(f"The website answered with status {page.status}; the file shows its error page.")
    if page.missing:
        hosts = ", ".join(sorted(page.missing)[:5])
        work.warn(f"Parts of the page were not loaded ({hosts}): {page.egress.refusals[min(page.missing)]}")
