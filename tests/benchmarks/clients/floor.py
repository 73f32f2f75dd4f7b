"""The floor: the same requests written by hand with requests, as short as a careful person would write them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests


def tasks(output_format: str = "jpg") -> dict[str, Any]:
    """What ConvertFile sends."""
    return {
        "import-1": {"operation": "import/upload"},
        "convert": {"operation": "convert", "input": ["import-1"], "output_format": output_format},
        "export": {"operation": "export/url", "input": ["convert"]},
    }


class Floor:
    """One session, kept alive, with the key in its headers."""

    def __init__(self, roots: Any) -> None:
        self._base, self._sync = f"{roots.base_url}/v2", f"{roots.sync_url}/v2"
        self._headers = {"Authorization": f"Bearer {roots.api_key}"}
        self._http = requests.Session()

    def me(self) -> Any:
        """The account."""
        return self._data(self._http.get(f"{self._base}/users/me", headers=self._headers, timeout=30))

    def convert(self, source: Path, folder: Path, output_format: str = "jpg") -> tuple[Any, Path]:
        """Create, upload, wait, download."""
        body = {"tasks": tasks(output_format), "tag": "floor"}
        made = self._http.post(f"{self._base}/jobs", json=body, headers=self._headers, timeout=30)
        job = self._data(made)
        form = job["tasks"][0]["result"]["form"]
        with source.open("rb") as file:
            sent = self._http.post(
                form["url"], data=form["parameters"], files={"file": (source.name, file)}, timeout=60
            )
        sent.raise_for_status()
        job = self._data(self._http.get(f"{self._sync}/jobs/{job['id']}", headers=self._headers, timeout=90))
        found = next(task for task in job["tasks"] if task["name"] == "export")["result"]["files"][0]
        answer = self._http.get(found["url"], timeout=60)
        answer.raise_for_status()
        path = folder / found["filename"]
        path.write_bytes(answer.content)
        return job, path

    def items(self, kind: str) -> Iterator[Any]:
        """Every item of a list, page by page."""
        page = 1
        while True:
            query: dict[str, Any] = {"page": page, "per_page": 100}
            answer = self._http.get(f"{self._base}/{kind}", params=query, headers=self._headers, timeout=30)
            answer.raise_for_status()
            document = answer.json()
            yield from document["data"]
            if not document["links"]["next"]:
                return
            page += 1

    @staticmethod
    def _data(answer: requests.Response) -> Any:
        answer.raise_for_status()
        return answer.json()["data"]
