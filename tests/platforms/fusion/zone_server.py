"""A stand-in for a zone: the REST paths by which apps are installed, with the platform's own manners."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.support.scripted_server import Reply, Request, ScriptedServer

TOKEN = "token-of-the-tests-0123456789"
_APPS = "/api/v2/sdk/apps"
_NAMED_BY_US = re.compile(r"/([^/]+)/1/(rpcs|modules)(?:/([^/]+)(?:/(\w+))?)?")
_NAMED_THERE = re.compile(r"/([^/]+)/(connections|webhooks)(?:/(\w+))?")
_CODES = {
    "connections": {"api", "parameters", "scopes", "scope", "install", "installSpec"},
    "webhooks": {"api", "parameters", "attach", "detach", "update", "scope"},
    "rpcs": {"api", "parameters"},
    "modules": {"api", "epoch", "parameters", "expect", "interface", "samples", "scope"},
}
_ONE = {"connections": "appConnection", "webhooks": "appWebhook", "rpcs": "appRpc", "modules": "appModule"}
_NEEDED = {
    "connections": {"type", "label"},
    "webhooks": {"type", "label", "connection"},
    "rpcs": {"name", "label", "connection"},
    "modules": {"name", "typeId", "label", "description", "moduleInitMode", "connection"},
}


class ZoneServer(ScriptedServer):
    """`apps` holds what is installed. It names connections and webhooks itself, and can give an app another name."""

    def __init__(self, gives_name: str | None = None) -> None:
        super().__init__()
        self.gives_name = gives_name
        self.apps: dict[str, dict[str, Any]] = {}
        self.things: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in _CODES}
        self.codes: dict[str, Any] = {}
        self.busy = 0

    @property
    def writes(self) -> list[str]:
        """What was changed."""
        return [f"{request.method} {request.path}" for request in self.requests if request.method != "GET"]

    def reply_to(self, request: Request) -> Reply:
        self.requests.append(request)
        if request.headers["Authorization"] != f"Token {TOKEN}":
            return Reply(401, {"message": "Access denied."})
        if self.busy:
            self.busy -= 1
            return Reply(429, {"message": "Slow down."}, [("Retry-After", "1")])
        path = request.path.removeprefix(_APPS)
        return self._app(request, path) or self._thing(request, path) or Reply(404, {"message": f"No {path}."})

    def _app(self, request: Request, path: str) -> Reply | None:
        name, _, code = path.strip("/").partition("/1/")
        if (request.method, path) == ("POST", ""):
            about = request.json()
            about["name"] = self.gives_name or about["name"]
            self.apps[about["name"]] = about
            return Reply(201, {"app": {**about, "version": 1}})
        if name.removesuffix("/1") in self.apps and not code and request.method == "GET" and path.endswith("/1"):
            return Reply(200, {"app": self.apps[name.removesuffix("/1")]})
        if name in self.apps and code in ("base", "groups", "readme", "icon"):
            return self._code(request, path)
        return None

    def _code(self, request: Request, path: str) -> Reply:
        if request.method == "GET":
            return Reply(200, self.codes[path]) if path in self.codes else Reply(404)
        kind = request.headers["Content-Type"]
        expected = {"readme": "text/markdown", "icon": "image/png"}.get(path.rpartition("/")[2], "application/jsonc")
        if request.method != "PUT" or kind != expected:
            return Reply(400, {"message": f"{request.method} with {kind} is not taken."})
        if kind == "application/jsonc":
            json.loads(request.body)
        self.codes[path] = request.body
        return Reply(200, {"changed": True})

    def _thing(self, request: Request, path: str) -> Reply | None:
        if ours := _NAMED_BY_US.fullmatch(path):
            app, kind, name, code = ours.groups()
            return self._of(request, path, kind, name, code) if app in self.apps else None
        if theirs := _NAMED_THERE.fullmatch(path):
            app, kind, code = theirs.groups()
            return self._of(request, path, kind, None, None) if app in self.apps and not code else None
        if inside := re.fullmatch(r"/(connections|webhooks)/([^/]+)(?:/(\w+))?", path):
            return self._of(request, path, *inside.groups())
        return None

    def _of(self, request: Request, path: str, kind: str, name: str | None, code: str | None) -> Reply | None:
        known = self.things[kind]
        if name is None:
            if request.method == "GET":
                return Reply(200, {f"{_ONE[kind]}s": list(known.values())})
            return self._create(request, kind)
        if name not in known:
            return None
        if code:
            return self._code(request, path) if code in _CODES[kind] else None
        known[name] |= request.json()
        return Reply(200, {_ONE[kind]: known[name]})

    def _create(self, request: Request, kind: str) -> Reply:
        about = request.json()
        if _NEEDED[kind] - set(about):
            return Reply(400, {"message": f"Missing: {sorted(_NEEDED[kind] - set(about))}."})
        if about.get("connection") is not None and about["connection"] not in self.things["connections"]:
            return Reply(400, {"message": f"No connection {about['connection']}."})
        own = {"connections": "the-app", "webhooks": "the-hook"}
        name = about.get("name") or f"{own[kind]}{len(self.things[kind]) + 1}"
        self.things[kind][name] = {**about, "name": name}
        return Reply(201, {_ONE[kind]: self.things[kind][name]})
