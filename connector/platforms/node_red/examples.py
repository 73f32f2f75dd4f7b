"""Flows for Node-RED's menu Import > Examples."""

from __future__ import annotations

from typing import Any

from connector.platforms.node_red.nodes import CONNECTION

Node = dict[str, Any]
Flow = list[Node]

CAPTURE, SHOW, START = "cc-example-capture", "cc-example-show", "cc-example-start"
HINT = "cc-example-hint"
CONNECTED = "cc-example-connection"
PAGE = "/files"
"""Where the page of the second example is."""

_DOWNLOAD = {"download": "true", "download_type": "bool", "wait_limit": "180", "wait_limit_type": "num"}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:3em auto;padding:0 1em;color:#222}"
    "form{border:1px solid #ddd;border-radius:8px;padding:0 1.2em 1.2em;margin:1.5em 0}h1{color:#b8321a}"
    "button{background:#b8321a;color:#fff;border:0;border-radius:4px;padding:.5em 1.2em;font:inherit;cursor:pointer}"
    "input{font:inherit;margin:.3em .6em .3em 0}"
)
_FORMATS = ("pdf", "png", "jpg", "webp", "txt", "html", "docx", "zip")
_HEAD = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Convert files</title><style>{_STYLE}</style>
<h1>Convert files</h1>"""
_PAGE = f"""{_HEAD}
<form method="post" action="{PAGE}/convert" enctype="multipart/form-data">
<h2>Convert a file</h2>
<input type="file" name="file" required aria-label="File"><br>
<label>to <input name="format" list="formats" value="pdf" size="6" required></label>
<datalist id="formats">{"".join(f"<option>{one}</option>" for one in _FORMATS)}</datalist>
<button>Convert</button>
</form>
<form method="post" action="{PAGE}/merge" enctype="multipart/form-data">
<h2>Merge files into one PDF</h2>
<input type="file" name="files" multiple required aria-label="Files"><br>
<button>Merge</button>
</form>
</html>"""
_SORRY = f"""{_HEAD}
<p>That did not work: {{{{error.message}}}}</p>
<p><a href="{PAGE}">Try again</a></p>
</html>"""
_ATTACHMENT = '{"content-disposition": "attachment; filename*=UTF-8\'\'" & $encodeUrlComponent(filename)}'


def examples() -> dict[str, Flow]:
    """Each flow by its name in the menu."""
    return {"Capture a website": _website(), "Convert and merge files": _upload_page()}


def _website() -> Flow:
    form = {"url": "https://example.com/", "url_type": "str", "output_format": "png", "output_format_type": "choice"}
    return [
        _connection(),
        _comment("hint", "press the button on the left of the first node", 210, 60, "The picture's name appears in the debug side bar."),
        _node("inject", "start", 110, 120, ["capture"], name="now", props=[]),
        _node("cloudconvert-capture-website", "capture", 300, 120, ["show"], connection=CONNECTED, **form, **_DOWNLOAD),
        _node("debug", "show", 510, 120, [], name="the picture's name", active=True, complete="filename", targetType="msg"),
    ]  # fmt: skip


def _upload_page() -> Flow:
    one = {
        "input_file": "req.files[0]",
        "input_file_type": "msg",
        "output_format": "payload.format",
        "output_format_type": "msg",
    }
    several = {"input_files": "req.files", "input_files_type": "msg"}
    attachment = [{"t": "set", "p": "headers", "pt": "msg", "to": _ATTACHMENT, "tot": "jsonata"}]
    return [
        _connection(),
        _comment("page-hint", f"open {PAGE} at this address in the browser", 190, 60, "It is a page with two forms: one file to convert, or several to merge."),
        _node("http in", "page", 100, 120, ["form"], name="the page", url=PAGE, method="get", upload=False),
        _node("template", "form", 290, 120, ["answer"], name="two forms", field="payload", fieldType="msg", syntax="plain", template=_PAGE),
        _node("http in", "one", 120, 200, ["convert"], name="a file to convert", url=f"{PAGE}/convert", method="post", upload=True),
        _node("cloudconvert-convert-file", "convert", 310, 200, ["attach"], connection=CONNECTED, **one, **_DOWNLOAD),
        _node("http in", "several", 110, 260, ["merge"], name="files to merge", url=f"{PAGE}/merge", method="post", upload=True),
        _node("cloudconvert-merge-files", "merge", 310, 260, ["attach"], connection=CONNECTED, **several, **_DOWNLOAD),
        _node("change", "attach", 500, 230, ["answer"], name="as a download", rules=attachment),
        _node("catch", "catch", 120, 340, ["sorry"], name="what goes wrong", scope=None, uncaught=False),
        _node("template", "sorry", 320, 340, ["refuse"], name="a page that says it", field="payload", fieldType="msg", syntax="mustache", template=_SORRY),
        _node("http response", "answer", 690, 160, [], name="answer", statusCode="", headers={}),
        _node("http response", "refuse", 510, 340, [], name="answer 422", statusCode="422", headers={"content-type": "text/html"}),
    ]  # fmt: skip


def _connection() -> Node:
    place = {"environment": "live", "region": "automatic"}
    return {"id": CONNECTED, "type": CONNECTION, "name": "CloudConvert", **place}


def _comment(name: str, text: str, x: int, y: int, info: str) -> Node:
    return _node("comment", name, x, y, [], name=text, info=info)


def _node(kind: str, name: str, x: int, y: int, wires: list[str], /, **more: Any) -> Node:
    wired = [[f"cc-example-{to}" for to in wires]] if wires else []
    return {"id": f"cc-example-{name}", "type": kind, "x": x, "y": y, "wires": wired, **more}
