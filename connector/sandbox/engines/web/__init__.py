"""The rooms of the Chromium engine: the browser, its protocol and the page options."""
