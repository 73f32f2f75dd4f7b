"""What differs between the Python run time and a platform because the platform forces it. Anything else is a fault."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.platforms.parity.recorder import Exchange
from tests.platforms.zapier.platform import CALLBACK

Exchanges = list[Exchange]


@dataclass(frozen=True)
class Difference:
    """A difference, why it is forced, and how both sides are made comparable. `platforms` are those that it is about."""

    what: str
    why: str
    platforms: tuple[str, ...]
    level: Callable[[Exchanges], Exchanges]


def _without_catalogue(exchanges: Exchanges) -> Exchanges:
    return [one for one in exchanges if one.path != "/v2/operations"]


def _one_wait(exchanges: Exchanges) -> Exchanges:
    """Reads of one job or task in a row count once, at whichever host they were made."""
    made: Exchanges = []
    for one in exchanges:
        is_read = one.method == "GET" and re.fullmatch(r"/v2/(jobs|tasks)/[^/]+", one.path)
        level = replace(one, role="api") if is_read else one
        if not (is_read and made and (made[-1].method, made[-1].path) == (one.method, one.path)):
            made.append(level)
    return made


def _without_unique_tag(exchanges: Exchanges) -> Exchanges:
    return [replace(one, body=_own_tag(one.body)) if one.path == "/v2/jobs" else one for one in exchanges]


def _own_tag(body: Any) -> Any:
    if not isinstance(body, dict) or not str(body.get("tag", "")).startswith("connector-"):
        return body
    return {key: value for key, value in body.items() if key != "tag"}


_MARK = re.compile(r"-[0-9a-f]{12}$")


def _without_mark(exchanges: Exchanges) -> Exchanges:
    return [replace(one, body=_unmarked(one.body)) if one.path == "/v2/jobs" else one for one in exchanges]


def _unmarked(body: Any) -> Any:
    if not isinstance(body, dict) or "tasks" not in body:
        return body
    return {**body, "tasks": {_MARK.sub("", name): task for name, task in body["tasks"].items()}}


def _no_body_for_an_empty_one(exchanges: Exchanges) -> Exchanges:
    return [replace(one, body=None) if one.body == {} else one for one in exchanges]


def _without_lookups(exchanges: Exchanges) -> Exchanges:
    """Without the search for webhooks of one address, which only attaching makes."""
    made = [one for one in exchanges if one.method == "POST" and one.path == "/v2/webhooks"]
    return [one for one in exchanges if not (made and (one.method, one.path) == ("GET", "/v2/users/me/webhooks"))]


def _without_route(exchanges: Exchanges) -> Exchanges:
    return [
        replace(one, body={**one.body, "url": one.body["url"].removesuffix("/cloudconvert/event")})
        if (one.method, one.path) == ("POST", "/v2/webhooks")
        else one
        for one in exchanges
    ]


def _without_callback(exchanges: Exchanges) -> Exchanges:
    return [
        replace(one, body={key: value for key, value in one.body.items() if value != CALLBACK})
        if (one.method, one.path) == ("POST", "/v2/jobs") and isinstance(one.body, dict)
        else one
        for one in exchanges
    ]


JAVASCRIPT = ("javascript", "node-red", "n8n", "zapier")
"""The platforms that run the run time in JavaScript."""

FORCED = (
    Difference(
        "A job whose end is awaited on Zapier has a webhook_url, where the person gave none.",
        "The platform ends a step after 30 seconds; its means of waiting longer is to be called back.",
        ("zapier",),
        _without_callback,
    ),
    Difference(
        "The address of a Node-RED webhook ends in the route of its node.",
        "A person fills in where Node-RED is reached; the package adds the route that it listens on.",
        ("node-red",),
        _without_route,
    ),
    Difference(
        "Python asks what the service can do before it makes a job.",
        "The JavaScript run time has no place to keep the lists in, and would ask again for every item; the service refuses instead.",
        JAVASCRIPT,
        _without_catalogue,
    ),
    Difference(
        "The search for webhooks of the same address is left out of the comparison.",
        "Python looks again where an answer was lost; the JavaScript run time makes the same search once.",
        JAVASCRIPT,
        _without_lookups,
    ),
    Difference(
        "Python asks what the service can do before it makes a job.",
        "Fusion has no step in which options could be checked against a list; the service refuses them instead.",
        ("fusion",),
        _without_catalogue,
    ),
    Difference(
        "Fusion looks at the job again and again, Python makes one blocking call to the sync host.",
        "The platform ends a request after its own time limit; its means of waiting for something is `repeat`.",
        ("fusion",),
        _one_wait,
    ),
    Difference(
        "Python gives a job a unique tag where the person gave none.",
        "Fusion cannot look a lost job up by its tag and adopt it, and has no function that makes unique texts.",
        ("fusion",),
        _without_unique_tag,
    ),
    Difference(
        "Python marks the name of the last task where the person gave a tag of their own.",
        "The same: the mark is what a lost job is known by.",
        ("fusion",),
        _without_mark,
    ),
    Difference(
        "Fusion sends an empty object where Python sends no body.",
        "The platform's schema demands a body in every POST.",
        ("fusion",),
        _no_body_for_an_empty_one,
    ),
    Difference(
        "Before it makes a webhook, Python looks for those that an earlier run left behind.",
        "Fusion keeps the webhook's ID itself and gives each webhook an address of its own: there is nothing to find.",
        ("fusion",),
        _without_lookups,
    ),
)


def levelled(exchanges: Exchanges, platform: str) -> Exchanges:
    """The exchanges without what the platform forces to be different."""
    for difference in FORCED:
        if platform in difference.platforms:
            exchanges = difference.level(exchanges)
    return exchanges
