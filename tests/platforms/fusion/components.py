"""The parts of an app beside its modules: the webhook and the connections, run as the platform runs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.platforms.fusion.iml import ImlError, truth
from tests.platforms.fusion.machine import Machine, Run
from tests.platforms.fusion.sending import _address

Json = dict[str, Any]


def attach(machine: Machine, webhook: str, url: str, parameters: Json) -> Json:
    """Register the webhook; what is kept of the answer."""
    run = Run(machine, _variables(machine, parameters=parameters, webhook={"url": url}))
    run.step(machine.code("webhook", webhook, "attach"))
    return run.data


def detach(machine: Machine, webhook: str, url: str, kept: Json) -> None:
    """Remove it again."""
    run = Run(machine, _variables(machine, parameters={}, webhook={"url": url, **kept}))
    run.step(machine.code("webhook", webhook, "detach"))


def receive(machine: Machine, webhook: str, body: Json, parameters: Json) -> list[Any]:
    """The bundles that one call of the webhook brings."""
    code = machine.code("webhook", webhook, "communication")
    if set(code) - {"respond", "iterate", "output"}:
        raise ImlError(f"Not understood in a webhook: {sorted(code)}.")
    run = Run(machine, _variables(machine, parameters=parameters))
    items = run.iterated(code["iterate"], {"body": body})
    return [run.render(code["output"], body=body, item=item) for item in items or []]


def test_key(machine: Machine, connection: str, parameters: Json) -> Run:
    """Make a basic connection: one request proves the key."""
    run = Run(machine, _variables(machine, parameters=parameters))
    run.step(machine.code("connection", connection, "communication"))
    return run


test_key.__test__ = False  # type: ignore[attr-defined]


def authorize(machine: Machine, connection: str, parameters: Json, scopes: list[str], redirect: str) -> str:
    """The address that the browser is sent to."""
    request = machine.code("connection", connection, "communication")["authorize"]
    oauth = {"scope": scopes, "localRedirectUri": redirect}
    run = Run(machine, _variables(machine, parameters=parameters, oauth=oauth))
    return _address(run.render(request["url"]), request, run.render)[0]


def sign_in(machine: Machine, connection: str, parameters: Json, back: str, redirect: str) -> Json:
    """Exchange the code that came back with the browser, and ask who it is; the data that the connection keeps."""
    code = machine.code("connection", connection, "communication")
    query = dict(parse_qsl(urlsplit(back).query))
    oauth = {"scope": [], "localRedirectUri": redirect}
    run = Run(machine, _variables(machine, parameters=parameters, oauth=oauth, query=query, data={}))
    run.variables["temp"] |= run.render(code["authorize"]["response"]["temp"])
    run.step(code["token"])
    run.variables["connection"] = {**parameters, **run.data}
    run.step(code["info"])
    return run.data


def refreshed(machine: Machine, connection: str, parameters: Json, data: Mapping[str, Any]) -> Json:
    """The data after a refresh; the same where it is not due."""
    request = machine.code("connection", connection, "communication")["refresh"]
    variables = _variables(machine, parameters=parameters, data=dict(data))
    run = Run(machine, variables | {"connection": {**parameters, **data}})
    if not truth(run.render(request["condition"])):
        return dict(data)
    run.step({key: value for key, value in request.items() if key != "condition"})
    return run.data


def _variables(machine: Machine, **more: Any) -> Json:
    return {"temp": {}, "connection": machine.connection, "now": machine.clock.now, **more}
