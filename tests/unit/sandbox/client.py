"""A plain client for the tests: requests, with short words."""

from __future__ import annotations

from typing import Any

import requests

from connector.sandbox import Address

RAW = {"operation": "import/raw", "file": "hello", "filename": "a.txt"}
EXPORTED = {"i": RAW, "e": {"operation": "export/url", "input": "i"}}


class Client:
    """Talks to one sandbox."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {address.api_key}"

    def close(self) -> None:
        self._session.close()

    def ask(self, method: str, path: str, *, sync: bool = False, **more: Any) -> requests.Response:
        """One request to a path of the API, or to a full address, without following redirects."""
        root = self.address.sync_url if sync else self.address.base_url
        url = path if path.startswith("http") else f"{root}/v2/{path}"
        return self._session.request(method, url, timeout=30, allow_redirects=False, **more)

    def get(self, path: str, **more: Any) -> Any:
        """The `data` of a successful GET."""
        return self._data(self.ask("GET", path, **more))

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """The `data` of a successful POST of JSON."""
        return self._data(self.ask("POST", path, json=body, **more))

    def job(self, sync: bool = False, **tasks: Any) -> Any:
        """A new job of these tasks."""
        return self.post("jobs", {"tasks": tasks}, sync=sync)

    def exported(self) -> str:
        """The address of a small exported file."""
        tasks = self.job(sync=True, **EXPORTED)["tasks"]
        return str(tasks[1]["result"]["files"][0]["url"])

    def upload(self, form: dict[str, Any], name: str, content: bytes) -> requests.Response:
        """Upload by a form, as any client does."""
        return requests.post(form["url"], data=form["parameters"], files={"file": (name, content)}, timeout=30)

    @staticmethod
    def _data(response: requests.Response) -> Any:
        assert response.status_code < 300, response.text
        return response.json()["data"]
