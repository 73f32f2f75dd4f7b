"""The actions and the trigger: which path each has in the definition, and which the service has."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from connector.module import Module
from connector.modules import all_modules
from connector.platforms.openapi.answer import answer, enveloped, sampled
from connector.platforms.openapi.operations import Operation, Parameter, operation_of
from connector.platforms.openapi.tasks import created_job
from connector.platforms.power_platform.job import custom_job_schema, job_schema
from connector.platforms.power_platform.lists import CHOICES
from connector.platforms.power_platform.schema import Json
from connector.platforms.power_platform.words import kebab
from connector.recipe import CustomJob, Job

ROOT = "/v2"
_OPERATIONS = "/operations"


@dataclass(frozen=True)
class Action:
    """An operation of the definition.

    `path` is the one in the definition: it has one operation for each method and path, and so those that the service has
    on the same path get paths of their own, which a policy leads back to `real`. `listed` is the name of a list in the
    body that a policy turns into an object by its items' names.
    """

    operation: Operation
    path: str
    real: str
    body: Json | None = None
    listed: str | None = None
    visibility: str = ""

    @property
    def is_led(self) -> bool:
        """Whether a policy leads it to another path."""
        return self.path != self.real


@functools.cache
def actions() -> tuple[Action, ...]:
    """All of them but the trigger."""
    found = [action for module in all_modules().values() for action in _of(module)]
    return (*_apart(found), _choices())


def _of(module: type[Module]) -> Iterator[Action]:
    simple = operation_of(module)
    job = created_job()
    match module.recipe:
        case Job() as recipe:
            yield _making(module, recipe, job)
        case CustomJob() as recipe:
            place = f"{ROOT}{job.path}"
            yield Action(job, place, place, custom_job_schema(module, recipe), listed=recipe.tasks)
        case _ if simple:
            place = f"{ROOT}{simple.path}"
            # What the trigger leaves behind can be taken away by hand, but is no everyday action.
            visibility = "advanced" if simple.method == "DELETE" else ""
            yield Action(simple, place, place, visibility=visibility)


def _making(module: type[Module], recipe: Job, job: Operation) -> Action:
    tree = answer(module)
    own = replace(
        job,
        name=module.name(),
        label=module.label,
        help=module.summary(),
        group=module.group,
        thing=job.thing if recipe.export else module.name(),
        answer=enveloped(tree),
        sample=sampled(tree),
    )
    return Action(own, _own_path(own), f"{ROOT}{job.path}", job_schema(module, recipe), visibility="important")


def _apart(found: list[Action]) -> Iterator[Action]:
    """Every action on a path of its own: the second with the same method and path is led there."""
    taken: set[tuple[str, str]] = set()
    for action in found:
        place = action.operation.method, action.path
        yield replace(action, path=_own_path(action.operation)) if place in taken else action
        taken.add(place)


def _own_path(operation: Operation) -> str:
    return f"/modules/{kebab(operation.name)}"


def _choices() -> Action:
    """The hidden operation that the lists of formats and engines are read from: like ListOperations, and engines by name."""
    listing = next(
        made for module in all_modules().values() if (made := operation_of(module)) and made.path == _OPERATIONS
    )
    about = {"title": "Alternatives", "description": "Whether engines are listed that are not the first choice."}
    more = Parameter("alternatives", "query", {"type": "string", "enum": ["true", "false"]} | about)
    parameters = tuple(replace(one, schema=_without_list(one.schema)) for one in listing.parameters)
    own = replace(listing, name=CHOICES, label="List choices", parameters=(*parameters, more))
    return Action(own, "/lists/operations", f"{ROOT}{_OPERATIONS}", visibility="internal")


def _without_list(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key != "x-list"}
