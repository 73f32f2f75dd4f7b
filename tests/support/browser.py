"""A headless Chromium with a profile of its own, which reaches nothing but this machine."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
SIZE = (1280, 800)


def missing() -> str:
    """Why there can be no browser; empty where there can be one."""
    if shutil.which("chromium") is None:
        return "Chromium is missing; apt-get install chromium"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "Playwright is missing; pip install playwright"
    return ""


@contextlib.contextmanager
def chromium() -> Iterator[BrowserContext]:
    """The browser, where pages can be opened; skips the test where there is none."""
    if reason := missing():
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="connector-chromium-") as profile:
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=shutil.which("chromium"),
            args=list(_QUIET),
            viewport={"width": SIZE[0], "height": SIZE[1]},
        )
        context.set_default_timeout(30_000)
        try:
            yield context
        finally:
            context.close()
