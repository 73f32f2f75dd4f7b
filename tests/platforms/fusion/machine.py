"""Runs an emitted app as the platform would: its modules, RPCs, webhook and connections, over real HTTP.

The order in which a response is worked through is that of the platform's documents; where these leave it open whether
`valid` comes before `repeat`, both orders can be run.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests

from tests.platforms.fusion.iml import UNDEFINED, ImlError, Undefined, truth
from tests.platforms.fusion.render import render
from tests.platforms.fusion.sending import send

_REQUEST = frozenset(
    [
        "url",
        "encodeUrl",
        "method",
        "headers",
        "qs",
        "body",
        "type",
        "temp",
        "condition",
        "repeat",
        "followRedirects",
        "followAllRedirects",
        "log",
        "pagination",
        "response",
    ]
)
_RESPONSE = frozenset(
    ["type", "valid", "limit", "error", "iterate", "temp", "output", "data", "metadata", "uid", "wrapper"]
)
_MOST_PAGES = 50


class PlatformError(Exception):
    """What the person sees: the platform's type of error, and our sentence."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message


@dataclass
class Clock:
    """A clock that runs ahead: a pause takes a fraction of its time."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    share: float = 0.1

    def now(self) -> datetime:
        """The time."""
        return self.moment

    def sleep(self, milliseconds: float) -> None:
        """Let it pass."""
        self.moment += timedelta(milliseconds=milliseconds)
        time.sleep(milliseconds / 1000 * self.share)


class Machine:
    """The app of a local project's `files`, with the values that a connection has."""

    def __init__(self, files: Mapping[str, bytes], connection: Mapping[str, Any], *, valid_first: bool = False) -> None:
        self.files = files
        self.manifest = json.loads(files["makecomapp.json"])
        self.base = json.loads(files[self.manifest["generalCodeFiles"]["base"]])
        self.connection = dict(connection)
        self.clock = Clock()
        self.http = requests.Session()
        self.http.trust_env = False
        self.valid_first = valid_first

    def code(self, kind: str, name: str, code: str) -> Any:
        """One code of a component."""
        return json.loads(self.files[self.manifest["components"][kind][name]["codeFiles"][code]])

    def run(self, module: str, parameters: Mapping[str, Any]) -> list[Any]:
        """The module's bundles. Raises PlatformError."""
        kind = self.manifest["components"]["module"][module]["moduleType"]
        steps = self.code("module", module, "communication")
        bundles = self.steps(steps, {"parameters": dict(parameters)})
        if kind in ("action", "universal") and len(bundles) != 1:
            raise ImlError(f"{module} gave {len(bundles)} bundles; an action gives one.")
        return bundles

    def rpc(self, name: str, parameters: Mapping[str, Any]) -> list[Any]:
        """What an RPC gives."""
        return self.steps(self.code("rpc", name, "communication"), {"parameters": dict(parameters)})

    def steps(self, steps: Any, variables: Mapping[str, Any]) -> list[Any]:
        """Requests one after the other; the output of the last that was made is the output."""
        run = Run(self, {"temp": {}, "connection": self.connection, "now": self.clock.now, **variables})
        bundles: list[Any] = []
        for step in steps if isinstance(steps, list) else [steps]:
            made = run.step(step)
            bundles = bundles if made is None else made
        return bundles


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Run:
    """One execution, with its temporary variables."""

    def __init__(self, machine: Machine, variables: dict[str, Any]) -> None:
        self.machine = machine
        self.variables = variables
        self.data: dict[str, Any] = {}
        self.metadata: Any = None

    def render(self, template: Any, **more: Any) -> Any:
        """The template with everything that is known."""
        return render(template, {**self.variables, **more})

    def step(self, request: Mapping[str, Any]) -> list[Any] | None:
        """One request, or one step without a request; None if its condition does not hold."""
        unknown = set(request) - _REQUEST | set(request.get("response", {})) - _RESPONSE
        if unknown:
            raise ImlError(f"Not understood: {sorted(unknown)}.")
        if not truth(self.render(request.get("condition", True))):
            return None
        self.variables["temp"] |= self.render(request.get("temp", {}))
        if "url" not in request:
            return self._outputs(request, {})
        bundles: list[Any] = []
        for page in self._pages(request):
            bundles += page
        return bundles

    def _pages(self, request: Mapping[str, Any]) -> Iterator[list[Any]]:
        limit = self.render(request.get("response", {}).get("limit", UNDEFINED))
        count, asked = 0, request
        for number in range(2, _MOST_PAGES):
            answer = self._repeated(asked)
            seen = {"body": answer.body, "headers": answer.headers, "statusCode": answer.status}
            bundles = self._outputs(request, seen)
            bundles = bundles if isinstance(limit, Undefined) else bundles[: limit - count]
            count += len(bundles)
            yield bundles
            pagination = request.get("pagination")
            full = not isinstance(limit, Undefined) and count >= limit
            if not pagination or full or not bundles or not truth(self.render(pagination["condition"], **seen)):
                return
            self.variables["pagination"] = {"page": number}
            if set(pagination) - {"qs", "condition"}:
                raise ImlError(f"Not understood in pagination: {sorted(pagination)}.")
            asked = {**request, "qs": {**request.get("qs", {}), **pagination["qs"]}}
        raise ImlError("There is no end of pages.")

    def _repeated(self, request: Mapping[str, Any]) -> Answer:
        repeat = request.get("repeat")
        for _ in range(repeat["limit"] + 1 if repeat else 1):
            answer = send(self.machine.http, self.machine.base.get("baseUrl", ""), request, self.render)
            seen = {"body": answer.body, "headers": answer.headers, "statusCode": answer.status}
            self.variables["temp"] |= self.render(request.get("response", {}).get("temp", {}), **seen)
            if self.machine.valid_first or not repeat:
                self._require_valid(request, seen)
            if not repeat or not truth(self.render(repeat["condition"], **seen)):
                if repeat:
                    self._require_valid(request, seen)
                return answer
            self.machine.clock.sleep(repeat["delay"])
        raise PlatformError("RuntimeError", "Maximum number of repeats exceeded.")

    def _require_valid(self, request: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
        response = request.get("response", {})
        fine = (
            200 <= seen["statusCode"] < 400
            if "valid" not in response
            else truth(self.render(response["valid"], **seen))
        )
        if fine:
            return
        error = response.get("error") or self.machine.base.get("response", {}).get("error")
        chosen = error.get(str(seen["statusCode"]), error)
        raise PlatformError(chosen.get("type", "RuntimeError"), str(self.render(chosen["message"], **seen)))

    def _outputs(self, request: Mapping[str, Any], seen: Mapping[str, Any]) -> list[Any]:
        response = request.get("response", {})
        self.data |= self.render(response.get("data", {}), **seen)
        self.metadata = self.render(response["metadata"], **seen) if "metadata" in response else self.metadata
        items = self.iterated(response.get("iterate"), seen)
        if items is None:
            return [self.render(response.get("output", "{{body}}"), **{"body": UNDEFINED, **seen})]
        return [self.render(response.get("output", "{{item}}"), **seen, item=item) for item in items]

    def iterated(self, iterate: Any, seen: Mapping[str, Any]) -> list[Any] | None:
        """The items of a list in the answer, of those that fit."""
        if iterate is None:
            return None
        rule = {"container": iterate} if isinstance(iterate, str) else iterate
        items = self.render(rule["container"], **seen)
        if not isinstance(items, list):
            raise ImlError(f"{rule['container']!r} is no list to iterate over.")
        return [item for item in items if truth(self.render(rule.get("condition", True), **seen, item=item))]


Send = Callable[[Any], Any]


def query_of(url: str) -> list[tuple[str, str]]:
    """The query in a URL."""
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)
