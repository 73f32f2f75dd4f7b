"""The page on which a person allows or denies a sign-in, driven as a browser does."""

from __future__ import annotations

import html
import re

import requests


def press(button: str, address: str) -> requests.Response:
    """What a browser does: show the page, press a button, follow where it is sent."""
    with requests.Session() as browser:
        page = browser.get(address, timeout=10)
        hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text)
        fields = {html.unescape(name): html.unescape(value) for name, value in hidden}
        return browser.post(page.url.partition("?")[0], data={**fields, "decision": button}, timeout=10)
