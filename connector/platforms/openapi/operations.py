"""What can be asked of the API, independent of the document that describes it: one operation for each method and path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from connector.module import Module
from connector.modules import all_modules
from connector.platforms.openapi.answer import answer, answers_nothing, enveloped, sampled
from connector.platforms.openapi.asked import asked
from connector.recipe import Call, Listing

Json = dict[str, Any]

_PAGE = 100


@dataclass(frozen=True)
class Parameter:
    """A value in the path or in the query. `schema` is as in `asked`; a `constant` one belongs to the request."""

    name: str
    place: Literal["path", "query"]
    schema: Json
    required: bool = False
    constant: bool = False


@dataclass(frozen=True)
class Operation:
    """A request and its answer. `path` is below `/v2`; `body` and `answer` are schemas, None where there is none.

    `thing` names what the answer holds: operations with the same one answer alike. `examples` are bodies by the name of what they show, with its label. `statuses` are all that mean success.
    """

    name: str
    label: str
    help: str
    group: str
    scopes: Sequence[str]
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: Json | None = None
    examples: Mapping[str, tuple[str, Json]] = field(default_factory=dict)
    statuses: tuple[int, ...] = (200,)
    thing: str = ""
    answer: Json | None = None
    sample: Json | None = None


def simple_operations() -> list[Operation]:
    """The operations of the modules that make one call or give a list; those with the same method and path are one."""
    found: dict[tuple[str, str], Operation] = {}
    for module in all_modules().values():
        made = operation_of(module)
        if made:
            key = made.method, made.path
            found[key] = _merged(found[key], made) if key in found else made
    return list(found.values())


def operation_of(module: type[Module]) -> Operation | None:
    """The operation of a module that makes one call or gives a list; None for any other."""
    match module.recipe:
        case Call() as call:
            # The blocking host is another server: on this one, the older path waits as well.
            path = call.path + "/wait" * call.until_ended
            return _operation(module, call.method, path, tuple(_call_parameters(module, call)))
        case Listing() as listing:
            return _operation(module, "GET", listing.path, tuple(_list_parameters(module, listing)))
    return None


def _operation(module: type[Module], method: str, path: str, parameters: tuple[Parameter, ...]) -> Operation:
    nothing = answers_nothing(module.recipe)
    tree = answer(module)
    shown = enveloped(tree)
    if isinstance(module.recipe, Listing) and module.recipe.paged:
        shown["properties"] |= {"links": LINKS, "meta": META}
    made = Operation(
        module.name(), module.label, module.summary(), module.group, module.scopes, method, path, parameters
    )
    # Whether a retry is answered with 200 or 201 is documented nowhere.
    statuses = (204,) if nothing else (201, 200) if path.endswith("/retry") else (200,)
    return replace(
        made,
        statuses=statuses,
        thing=thing_of(module),
        answer=None if nothing else shown,
        sample=None if nothing else sampled(tree),
    )


def thing_of(module: type[Module]) -> str:
    """What a module's answer holds."""
    name = module.Output.__name__.removesuffix("Result").removesuffix("Output") or module.name()
    return f"{name}List" if isinstance(module.recipe, Listing) else name


def _merged(one: Operation, other: Operation) -> Operation:
    """Both in one: what only one of them asks for is optional."""
    both: dict[str, Parameter] = {}
    for parameter in (*one.parameters, *other.parameters):
        everywhere = all(parameter.name in {it.name for it in side.parameters} for side in (one, other))
        both[parameter.name] = replace(parameter, required=parameter.required and everywhere)
    return replace(one, parameters=tuple(both.values()), help=f"{one.help} {other.help}")


def _call_parameters(module: type[Module], call: Call) -> Iterator[Parameter]:
    fields = module.Input.all()
    for name in call.fields():
        if f"{{{name}}}" in call.path:
            yield Parameter(name, "path", asked(fields[name]), required=True)
    for parameter, name in call.query.items():
        yield Parameter(parameter, "query", asked(fields[name]), required=fields[name].required)


def _list_parameters(module: type[Module], listing: Listing) -> Iterator[Parameter]:
    fields = module.Input.all()
    for parameter, name in listing.query.items():
        yield Parameter(parameter, "query", asked(fields[name]), required=fields[name].required)
    if listing.expand:
        yield Parameter("include", "query", _included(listing.expand), constant=True)
    if listing.paged:
        about = {"title": "Per page", "description": "How many items the answer holds at most.", "example": 10}
        yield Parameter(
            "per_page", "query", {"type": "integer", "minimum": 1, "maximum": _PAGE, "default": _PAGE} | about
        )
        about = {"title": "Page", "description": "Which page of the list, counted from 1.", "example": 1}
        yield Parameter("page", "query", {"type": "integer", "minimum": 1, "maximum": 100000, "default": 1} | about)


def _included(what: str) -> Json:
    about = "What each item of the list brings with it."
    return {"type": "string", "enum": [what], "default": what, "title": "Include", "description": about}


LINKS: Json = {
    "type": "object",
    "description": "The addresses of the pages; `next` is null on the last one.",
    "properties": {name: {"type": "string", "nullable": True} for name in ("first", "last", "prev", "next")},
}
META: Json = {
    "type": "object",
    "description": "Which part of the list this is.",
    "properties": {name: {"type": "integer", "nullable": True} for name in ("current_page", "from", "per_page", "to")},
}
