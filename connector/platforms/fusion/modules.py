"""The modules, each from its declaration."""

from __future__ import annotations

from typing import Any

from connector.module import Module
from connector.platforms.fusion import webhook
from connector.platforms.fusion.app import API_KEY, OAUTH, WEBHOOK, Component
from connector.platforms.fusion.download import download_steps
from connector.platforms.fusion.form import Form
from connector.platforms.fusion.job import custom_job_steps, job_steps
from connector.platforms.fusion.outputs import interface, samples
from connector.platforms.fusion.simple import api_call, call_steps, listing
from connector.platforms.platform import Service
from connector.recipe import ApiCall, Call, CustomJob, Download, Job, Listing, Webhook

_CRUD = {"GET": "read", "POST": "update", "PUT": "update", "PATCH": "update", "DELETE": "delete"}


def module(declared: type[Module], service: Service) -> Component:
    """One module."""
    form = Form(declared)
    type_ = _type(declared)
    codes: dict[str, Any] = {
        "communication": _communication(form, service),
        "staticParams": [],
        "mappableParams": form.parameters(),
        "interface": interface(form),
        "samples": samples(form),
        "scope": list(declared.scopes),
    }
    if type_ == "instant_trigger":
        codes = {key: code for key, code in codes.items() if key not in ("mappableParams", "scope")}
    attached = type_ == "instant_trigger"
    return Component(
        declared.name(),
        declared.label,
        type_,
        codes,
        declared.summary(),
        connection=None if attached else API_KEY,
        alternative=None if attached else OAUTH,
        webhook=WEBHOOK if attached else None,
        crud=_crud(declared) if type_ == "action" else None,
    )


def _type(declared: type[Module]) -> str:
    kinds = {Listing: "search", ApiCall: "universal", Webhook: "instant_trigger"}
    return kinds.get(type(declared.recipe), "action")


def _crud(declared: type[Module]) -> str:
    match declared.recipe:
        case Call() as recipe:
            return _CRUD[recipe.method]
        case Download():
            return "read"
        case _:
            return "create"


def _communication(form: Form, service: Service) -> Any:
    match form.module.recipe:
        case Job() as recipe:
            return job_steps(form, recipe)
        case CustomJob() as recipe:
            return custom_job_steps(form, recipe)
        case Call() as recipe:
            return call_steps(form, recipe)
        case Listing() as recipe:
            return listing(form, recipe)
        case Download() as recipe:
            return download_steps(form, recipe)
        case ApiCall() as recipe:
            return api_call(form, recipe, service)
        case Webhook():
            return {}


def events(declared: type[Module], recipe: Webhook) -> Component:
    """The webhook of a module that waits for events."""
    form = Form(declared)
    codes = {
        "communication": webhook.communication(form, recipe),
        "params": webhook.parameters(form),
        "attach": webhook.attach(form, recipe),
        "detach": webhook.detach(),
        "update": {},
        "requiredScope": [scope for scope in declared.scopes if scope.startswith("webhook.")],
    }
    return Component(WEBHOOK, declared.label, "web", codes, connection=API_KEY, alternative=OAUTH)
