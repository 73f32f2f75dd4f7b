"""One playground for the tests that look at it, and an editor for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.platforms.playground.editor import Editor
from tests.platforms.playground.running import Playground
from tests.support.browser import chromium, missing

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


@pytest.fixture(scope="session")
def playground() -> Iterator[Playground]:
    if reason := missing():
        pytest.skip(reason)
    with Playground("--fresh") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playground: Playground) -> Iterator[BrowserContext]:
    # Not for the whole run: while Playwright works, no other test in this process can have an event loop.
    with chromium() as context:
        yield context


@pytest.fixture
def page(browser: BrowserContext) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.fixture
def editor(page: Page, playground: Playground) -> Editor:
    return Editor(page, playground.url)
