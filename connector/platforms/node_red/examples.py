"""Flows for Node-RED's menu Import > Examples."""

from __future__ import annotations

from typing import Any

from connector.platforms.node_red.nodes import CONNECTION

Flow = list[dict[str, Any]]

_CONNECTION = "cc-example-connection"
_DOWNLOAD = {"download": "true", "download_type": "bool", "wait_limit": "180", "wait_limit_type": "num"}
_PAGE = """<!doctype html><title>Convert</title><h1>Convert a file to PDF</h1>
<form method="post" action="convert" enctype="multipart/form-data"><input type="file" name="file" required> <button>Convert</button></form>"""
_TAKE = """const [file] = msg.req.files;
msg.payload = file.buffer;
msg.filename = file.originalname;
return msg;"""


def examples() -> dict[str, Flow]:
    """Each flow by its name in the menu."""
    return {"Capture a website": _website(), "A page that converts files to PDF": _upload_page()}


def _website() -> Flow:
    form = {"url": "https://example.com/", "url_type": "str", "output_format": "pdf", "output_format_type": "choice"}
    return [
        _connection(),
        _node("inject", "start", 120, 80, ["capture"], name="start"),
        _node(
            "cloudconvert-capture-website", "capture", 320, 80, ["show"], connection=_CONNECTION, **form, **_DOWNLOAD
        ),
        _node("debug", "show", 540, 80, [], name="the PDF's name", active=True, complete="filename"),
    ]


def _upload_page() -> Flow:
    form = {"input_file": "payload", "input_file_type": "msg", "output_format": "pdf", "output_format_type": "str"}
    return [
        _connection(),
        _node("http in", "page", 120, 80, ["form"], url="/convert", method="get", upload=False),
        _node("template", "form", 320, 80, ["answer"], name="a form", field="payload", fieldType="msg", syntax="plain", template=_PAGE),
        _node("http in", "upload", 120, 160, ["take"], url="/convert", method="post", upload=True),
        _node("function", "take", 320, 160, ["convert"], name="take the file", func=_TAKE, outputs=1),
        _node("cloudconvert-convert-file", "convert", 520, 160, ["answer"], connection=_CONNECTION, **form, **_DOWNLOAD),
        _node("http response", "answer", 740, 120, [], statusCode="", headers={}),
    ]  # fmt: skip


def _connection() -> dict[str, Any]:
    place = {"environment": "live", "region": "automatic"}
    return {"id": _CONNECTION, "type": CONNECTION, "name": "CloudConvert", **place}


def _node(kind: str, name: str, x: int, y: int, wires: list[str], /, **more: Any) -> dict[str, Any]:
    wired = [[f"cc-example-{to}" for to in wires]] if wires else []
    return {"id": f"cc-example-{name}", "type": kind, "x": x, "y": y, "wires": wired, **more}
