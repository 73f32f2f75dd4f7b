"""Brings an app of Fusion or Make to the state of the declarations: creates what is missing, changes what differs."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector.cli.zone import JSONC, MARKDOWN, PNG, Zone
from connector.platforms.fusion.app import DESCRIPTION, LABEL, THEME, TYPE_IDS, App, Component, Kind, written
from connector.platforms.fusion.archive import CODES

VERSION = 1

_ORDER: tuple[Kind, ...] = ("connection", "rpc", "webhook", "module")
_LISTS: Mapping[Kind, str] = {
    "connection": "appConnections",
    "rpc": "appRpcs",
    "webhook": "appWebhooks",
    "module": "appModules",
}


@dataclass(frozen=True)
class Change:
    """Something that is different there. `lines` show it; `make` does it and may give the new thing's name."""

    title: str
    lines: list[str]
    make: Callable[[], Any]


class Deployment:
    """One app in one zone. `dry_run` reads only.

    Connections and webhooks are given names by the platform, and are known again by their labels; RPCs and modules have
    the names that they have here. What is there and not here is left alone.
    """

    def __init__(self, zone: Zone, app: App, name: str, *, dry_run: bool) -> None:
        self.name = name
        self._zone = zone
        self._app = app
        self._dry_run = dry_run
        self._remote: dict[str, str] = {}

    def run(self) -> Iterator[Change]:
        """Each change, after it was made (before, in a dry run). Raises ConnectorError."""
        fresh = self._zone.read(self._at()) is None
        if fresh:
            yield self._made(Change(f"create the app {self.name}", [], self._create_app))
        yield from self._code(f"{self._at()}/base", "base", self._app.base, exists=not fresh)
        for kind in _ORDER:
            yield from self._components(kind, exists=not fresh)
        yield from self._code(f"{self._at()}/groups", "groups", self._app.groups, exists=not fresh)
        yield from self._code(f"{self._at()}/readme", "readme", self._app.readme, exists=not fresh)
        if fresh:
            # The platform gives an icon back in another form, so that it cannot be compared: it is set once.
            icon = f"{self._at()}/icon"
            yield self._made(Change("set the icon", [], lambda: self._zone.write("PUT", icon, self._app.icon, PNG)))

    def _at(self) -> str:
        return f"/{self.name}/{VERSION}"

    def _made(self, change: Change) -> Change:
        if not self._dry_run:
            change.make()
        return change

    def _create_app(self) -> None:
        about = {"name": self.name, "label": LABEL, "description": DESCRIPTION, "theme": THEME, "language": "en"}
        created = self._zone.write("POST", "", {**about, "private": True, "audience": "global", "countries": []})
        self.name = str(created["app"]["name"])

    def _components(self, kind: Kind, *, exists: bool) -> Iterator[Change]:
        there = (self._zone.read(self._list(kind)) or {}).get(_LISTS[kind], []) if exists else []
        for component in self._app.all(kind).values():
            found = next((one for one in there if _is_same(kind, one, component)), None)
            if found is None:
                yield self._made(Change(f"create the {kind} {component.label}", [], self._creator(kind, component)))
            self._remote.setdefault(component.name, str((found or {}).get("name", component.name)))
            for code, name in CODES[kind].items():
                if code in component.codes:
                    title = f"{kind} {component.label}: {name}"
                    yield from self._code(
                        f"{self._one(kind, component)}/{name}", title, component.codes[code], exists=found is not None
                    )
            yield from self._metadata(kind, component, found)

    def _list(self, kind: Kind) -> str:
        return f"/{self.name}/{kind}s" if kind in ("connection", "webhook") else f"{self._at()}/{kind}s"

    def _one(self, kind: Kind, component: Component) -> str:
        root = f"/{kind}s" if kind in ("connection", "webhook") else f"{self._at()}/{kind}s"
        return f"{root}/{self._remote[component.name]}"

    def _creator(self, kind: Kind, component: Component) -> Callable[[], None]:
        def create() -> None:
            body = self._about(kind, component)
            made = self._zone.write("POST", self._list(kind), {**body, **_only_at_first(kind, component)})
            inside = made.get(_LISTS[kind].removesuffix("s"), {}) if isinstance(made, dict) else {}
            self._remote[component.name] = str(inside.get("name", component.name))

        return create

    def _about(self, kind: Kind, component: Component) -> dict[str, Any]:
        """What can be changed later too."""
        about: dict[str, Any] = {"label": component.label}
        if kind != "connection":
            about |= {
                "connection": self._remote.get(component.connection or ""),
                "altConnection": self._remote.get(component.alternative or ""),
            }
        if kind == "module":
            about |= {"description": component.description, "crud": component.crud}
        return about | ({"webhook": self._remote.get(component.webhook)} if component.webhook else {})

    def _metadata(self, kind: Kind, component: Component, found: Mapping[str, Any] | None) -> Iterator[Change]:
        wanted = self._about(kind, component)
        old = {key: (found or {}).get(key) for key in wanted}
        if found is not None and old != wanted:
            path = self._one(kind, component)
            lines = _diff(written(old), written(wanted))
            title = f"{kind} {component.label}: settings"
            yield self._made(Change(title, lines, lambda: self._zone.write("PATCH", path, wanted)))

    def _code(self, path: str, title: str, content: Any, *, exists: bool) -> Iterator[Change]:
        old = self._zone.read(path) if exists else None
        if old != content:
            text = content if isinstance(content, str) else written(content)
            before = "" if old is None else old if isinstance(old, str) else written(old)
            kind = MARKDOWN if isinstance(content, str) else JSONC
            yield self._made(Change(title, _diff(before, text), lambda: self._zone.write("PUT", path, text, kind)))


def _is_same(kind: Kind, remote: Mapping[str, Any], component: Component) -> bool:
    key = "label" if kind in ("connection", "webhook") else "name"
    return bool(remote.get(key) == getattr(component, key))


def _only_at_first(kind: Kind, component: Component) -> dict[str, Any]:
    if kind in ("connection", "webhook"):
        return {"type": component.type}
    if kind == "rpc":
        return {"name": component.name}
    universal = {"subtype": "Universal"} if component.type == "universal" else {}
    return {"name": component.name, "typeId": TYPE_IDS[component.type], "moduleInitMode": "blank", **universal}


def _diff(old: str, new: str) -> list[str]:
    return list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))[2:]
