"""The whole app, from the declarations."""

from __future__ import annotations

from typing import Any

from connector.modules import all_modules
from connector.platforms.fusion.app import App, Component
from connector.platforms.fusion.connections import connections
from connector.platforms.fusion.icon import icon
from connector.platforms.fusion.modules import events, module
from connector.platforms.fusion.readme import app_readme
from connector.platforms.fusion.request import ERRORS
from connector.platforms.fusion.rpcs import rpcs
from connector.platforms.platform import Service
from connector.recipe import Webhook


def build(service: Service) -> App:
    """The app for a service."""
    declared = all_modules().values()
    webhooks = [events(one, one.recipe) for one in declared if isinstance(one.recipe, Webhook)]
    return App(
        base=_base(service),
        readme=app_readme(),
        icon=icon(),
        groups=_groups(),
        components={
            "connection": connections(service),
            "rpc": rpcs(),
            "webhook": _by_name(webhooks),
            "module": _by_name([module(one, service) for one in declared]),
        },
    )


def _by_name(components: list[Component]) -> dict[str, Component]:
    return {component.name: component for component in components}


def _base(service: Service) -> dict[str, Any]:
    """What requests to the API share. No headers: they would also go to storage hosts."""
    return {
        "baseUrl": f"{service.base_url}/v2",
        "response": {"error": ERRORS},
        "log": {"sanitize": ["request.headers.authorization"]},
    }


def _groups() -> list[dict[str, Any]]:
    groups: dict[str, list[str]] = {}
    for one in all_modules().values():
        groups.setdefault(one.group, []).append(one.name())
    return [{"label": label, "modules": names} for label, names in groups.items()]
