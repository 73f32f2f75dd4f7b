"""A script for a Python that knows LibreOffice's interface: `driver.py SOFFICE ARGUMENT...`.

It starts LibreOffice, connects to it through a pipe inside their common isolation, and then converts: a JSON line in for
each document, a JSON line out. It ends when its input closes or LibreOffice is gone.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found,unused-ignore]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found,unused-ignore]

_START_SECONDS = 60.0
_NEVER_RUN_MACROS = 0
_NEVER_UPDATE_LINKS = 0


def main(arguments: list[str]) -> None:
    """Serve until there is nothing more to read."""
    name = f"connector{os.getpid()}"
    accept = f"--accept=pipe,name={name};urp;StarOffice.ComponentContext"
    office = subprocess.Popen([*arguments, accept], stdin=subprocess.DEVNULL, stdout=sys.stderr)  # noqa: S603 - our own words
    desktop = _connect(name, office)
    _say({"ready": True})
    for line in sys.stdin:
        try:
            _say(_convert(desktop, json.loads(line)))
        except Exception as error:
            if office.poll() is not None or "bridge" in str(error).lower():
                raise
            _say({"error": str(error) or type(error).__name__})


def _connect(name: str, office: subprocess.Popen[bytes]) -> Any:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + _START_SECONDS
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            # LibreOffice ends itself once, to begin anew, when its profile is new.
            if office.poll() not in (None, 81) or time.monotonic() > end:
                raise
            time.sleep(0.05)


def _convert(desktop: Any, request: dict[str, Any]) -> dict[str, object]:
    loading = {
        "Hidden": True,
        "ReadOnly": True,
        "MacroExecutionMode": _NEVER_RUN_MACROS,
        "UpdateDocMode": _NEVER_UPDATE_LINKS,
        **request["opening"],
    }
    document = desktop.loadComponentFromURL(Path(request["source"]).as_uri(), "_blank", 0, _properties(loading))
    if document is None:
        return {"error": "could not be loaded"}
    try:
        saving = _properties({"Overwrite": True, **request["saving"]}, request.get("data"))
        document.storeToURL(Path(request["target"]).as_uri(), saving)
    finally:
        document.close(True)
    return {"done": True}


def _properties(values: dict[str, object], data: dict[str, object] | None = None) -> tuple[object, ...]:
    found = [PropertyValue(name, 0, value, 0) for name, value in values.items()]
    if data:
        own = tuple(PropertyValue(name, 0, value, 0) for name, value in data.items())
        found.append(PropertyValue("FilterData", 0, uno.Any("[]com.sun.star.beans.PropertyValue", own), 0))
    return tuple(found)


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
