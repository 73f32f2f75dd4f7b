"""An action as DronaHQ stores it. There is no documented way to import such a record."""

from __future__ import annotations

import json
from typing import Any

from connector.platforms.dronahq.actions import Action, number_of
from connector.platforms.dronahq.answer import sample
from connector.platforms.dronahq.choices import formula
from connector.platforms.dronahq.request import Place, Request, Variable, request_of
from connector.platforms.platform import Service
from connector.recipe import Listing

Json = dict[str, Any]


def action_record(action: Action, service: Service) -> Json:
    """The record. Its number is the one by which the drop-down lists of the other records call it."""
    request = request_of(action)
    inputs = [_input(one, action) for one in request.variables]
    return {
        "name": action.name,
        "proxy": False,
        "bindable": isinstance(action.module.recipe, Listing),
        "sub_category_id": number_of(action.name),
        "request": _request(action, request, service),
        "response": _response(action, request),
        "preselectfields": json.dumps(inputs),
        "preselectvariables": "[]",
        "dynamic_variables": None,
    }


def _request(action: Action, request: Request, service: Service) -> Json:
    made: Json = {
        "method": request.method,
        "header": [],
        "url": {
            "raw": f"{service.base_url}/v2{request.path}",
            "protocol": service.base_url.partition(":")[0],
            "query": _listed(request, "query") + [_constant(*pair) for pair in request.constants.items()],
            "param": _listed(request, "param"),
        },
        "account_id": None,
        "description": action.module.summary(),
    }
    if request.body is None:
        return made
    raw = json.dumps(request.body, indent=2)
    return made | {"body": {"mode": "application/json", "raw": raw, "variables": _listed(request, "body")}}


def _listed(request: Request, place: Place) -> list[Json]:
    return [_entry(one) for one in request.variables if one.place == place]


def _entry(variable: Variable) -> Json:
    return {
        "keyName": variable.name,
        "keyType": "String",
        "keyValue": variable.test_value,
        "keyDValue": "",
        "keyIsDynamic": True,
        "keyIsMandatory": variable.mandatory,
        "keyIsTooltip": variable.help,
        "keyPreselectValues": "",
    }


def _constant(name: str, value: str) -> Json:
    return {
        "keyName": name,
        "keyType": "String",
        "keyValue": value,
        "keyDValue": value,
        "keyIsDynamic": False,
        "keyIsMandatory": False,
        "keyIsTooltip": "",
        "keyPreselectValues": "",
    }


def _input(variable: Variable, action: Action) -> Json:
    """What the builder of an app sees."""
    return {
        "field_key": variable.key,
        "field_name": variable.label,
        "field_default_value": "",
        "field_mandatory": variable.mandatory,
        "helptext": variable.help,
        "preselect_formula": formula(variable, action),
    }


def _response(action: Action, request: Request) -> Json:
    status, words = (201, "Created") if request.method == "POST" else (200, "OK")
    return {
        "success": "true",
        "content": json.dumps(sample(action.module)),
        "ContentType": "application/json",
        "StatusCode": status,
        "StatusDescription": words,
        "Headers": "{}",
    }
