"""The official Python client of API v1 as its README uses it; only its host is set.

Run as `python client.py QUESTION`, where the question is JSON; prints JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import cloudconvert  # type: ignore[import-untyped]


def quickstart(api: Any, parameters: dict[str, Any], source: str, target: str) -> dict[str, Any]:
    """ "Quickstart": convert, wait, download."""
    with Path(source).open("rb") as file:
        process = api.convert({**parameters, "input": "upload", "file": file})
    process.wait(0.1)
    process.download(target)
    return {"output": process["output"], "converter": process["converter"]}


def download_all(api: Any, parameters: dict[str, Any], source: str, target: str) -> dict[str, Any]:
    """ "Download of multiple output files"."""
    with Path(source).open("rb") as file:
        process = api.convert({**parameters, "input": "upload", "file": file})
    process.wait(0.1)
    process.downloadAll(target)
    return {"files": process["output"]["files"]}


def by_url(api: Any, parameters: dict[str, Any], source: str, target: str) -> dict[str, Any]:
    """Create, start, wait, download, delete, with an address for the file."""
    process = api.createProcess({name: parameters[name] for name in ("inputformat", "outputformat")})
    process.start({**parameters, "input": "download", "file": source, "save": True})
    process.wait(0.1)
    process.download(target)
    process.delete()
    try:
        process.refresh()
    except cloudconvert.exceptions.APIError as error:
        return {"after the deletion": str(error)}
    return {"after the deletion": "it is still there"}


def main() -> None:
    """Answer the question."""
    question = json.loads(sys.argv[1])
    api = cloudconvert.Api(question["key"])
    api.endpoint, api.protocol = question["host"], question.get("protocol", "http")
    does = {"quickstart": quickstart, "download_all": download_all, "by_url": by_url}[question["do"]]
    try:
        answer = {"result": does(api, question["parameters"], question["source"], question["target"])}
    except cloudconvert.exceptions.APIError as error:
        answer = {"error": {"type": type(error).__name__, "message": str(error)}}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
