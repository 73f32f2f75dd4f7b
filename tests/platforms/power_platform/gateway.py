"""The platform's part: fills in a definition's forms, applies the policies as Microsoft documents them, and sends.

It knows of the service only what the two files say. Source: Microsoft's pages on policy templates and OpenAPI extensions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import requests

Json = dict[str, Any]
_PARAMETER = "x-ms-apimTemplateParameter."


@dataclass
class Sent:
    """A request on its way."""

    method: str
    url: str
    query: dict[str, Any]
    headers: dict[str, str]
    body: Any = None


@dataclass(frozen=True)
class Answer:
    """The status, and the body as JSON; None where there is none."""

    status: int
    body: Any


class Gateway:
    """Performs the operations of a definition for a connection with these parameters."""

    def __init__(self, definition: Json, properties: Json, connection: Mapping[str, str]) -> None:
        self.definition = definition
        self.properties = properties["properties"]
        self.connection = connection
        items = definition["paths"].items()
        found = [(p, m, it) for p, item in items for m, it in item.items() if m in ("get", "post", "delete")]
        self.operations: dict[str, tuple[str, str, Json]] = {it["operationId"]: (p, m, it) for p, m, it in found}

    def __call__(self, name: str, body: Any = None, **values: Any) -> Answer:
        """Perform an operation; what is internal is filled in from its default."""
        sent = self.prepared(name, body, **values)
        given = requests.request(
            sent.method, sent.url, params=sent.query, json=sent.body, headers=sent.headers, timeout=120
        )
        answer = Answer(given.status_code, given.json() if given.content else None)
        assert self.problems(name, answer) == []
        return answer

    def prepared(self, name: str, body: Any = None, **values: Any) -> Sent:
        """The request as it leaves the gateway."""
        path, method, operation = self.operations[name]
        query = {}
        for one in [it for it in operation["parameters"] if it["in"] != "body"]:
            value = values.get(one["name"], one.get("default") if one["required"] else None)
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", quote(str(value), safe=""))
            elif value is not None:
                query[one["name"]] = value
        schema = next((one["schema"] for one in operation["parameters"] if one["in"] == "body"), None)
        base = f"{self.definition['schemes'][0]}://{self.definition['host']}{self.definition['basePath'].rstrip('/')}"
        sent = Sent(method.upper(), base + path, query, {}, completed(schema, body) if schema else None)
        for policy in self._policies(name):
            self._apply(policy, sent)
        return sent

    def _policies(self, name: str) -> Iterator[Json]:
        for policy in self.properties["policyTemplateInstances"]:
            if name in policy["parameters"].get("x-ms-apimTemplate-operationName", [name]):
                yield policy

    def _apply(self, policy: Json, sent: Sent) -> None:
        given = {key.removeprefix(_PARAMETER): self._filled(it) for key, it in policy["parameters"].items()}
        match policy["templateId"]:
            case "setheader":
                sent.headers[given["name"]] = given["value"]
            case "dynamichosturl":
                sent.url = given["urlTemplate"] + urlsplit(sent.url).path
            case "routerequesttoendpoint":
                parts = urlsplit(sent.url)
                sent.url = f"{parts.scheme}://{parts.netloc}{given['newPath']}"
            case "convertarraytoobject":
                self._name(given, sent)
            case other:
                raise AssertionError(f"{other} is not applied here")

    def _name(self, given: Mapping[str, str], sent: Sent) -> None:
        assert given["propertyParentPath"] == "@body()"
        key, rows = given["keyWithinCollectionPath"], sent.body[given["propertySubPath"]]
        named = {row[key]: {name: it for name, it in row.items() if name != key} for row in rows}
        sent.body[given["newPropertyPath"]] = named

    def _filled(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return re.sub(r"@connectionParameters\('(\w+)'\)", lambda found: self.connection[found[1]], value)

    def problems(self, name: str, answer: Answer) -> list[str]:
        """What is wrong with an answer by the definition; a refusal has no schema there."""
        responses = self.operations[name][2]["responses"]
        schema = responses.get(str(answer.status), responses["default"]).get("schema")
        return problems(self.definition, schema, answer.body) if schema else []


def problems(definition: Json, schema: Json, instance: Any) -> list[str]:
    """What is wrong with an instance; `x-nullable` is what 2.0 has for null."""
    from jsonschema import Draft4Validator

    whole = nullable(schema | {"definitions": definition["definitions"]})
    found = Draft4Validator(whole, format_checker=Draft4Validator.FORMAT_CHECKER).iter_errors(instance)
    return [f"{list(error.absolute_path)}: {error.message}" for error in found]


def nullable(node: Any) -> Any:
    """The schema in JSON Schema's words."""
    if isinstance(node, list):
        return [nullable(one) for one in node]
    if not isinstance(node, Mapping):
        return node
    made = {key: nullable(inner) for key, inner in node.items()}
    return made | {"type": [made["type"], "null"]} if made.pop("x-nullable", False) else made


def completed(schema: Json, given: Any) -> Any:
    """What a person filled in, with the internal properties of every object that is sent."""
    if schema.get("type") == "array":
        return [completed(schema["items"], one) for one in given or []]
    if schema.get("type") != "object" or "properties" not in schema:
        return given
    made = dict(given or {})
    for name, inner in schema["properties"].items():
        needed = name in schema.get("required", [])
        if needed and inner.get("x-ms-visibility") == "internal" and "default" in inner:
            made[name] = inner["default"]
        elif name in made or (needed and inner.get("type") == "object"):
            made[name] = completed(inner, made.get(name))
    return made
