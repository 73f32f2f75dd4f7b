"""From a YAML document to a scenario. Goes on past a problem, so that all of them can be told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from connector.errors import InputError
from connector.fields import Field
from connector.forms import nearest
from connector.scenario import inputs as declared_inputs
from connector.scenario.document import Document, Place, read
from connector.scenario.problems import Problems, error_for
from connector.scenario.scenario import RETRIES, OnError, Scenario, Step

_MOST_RETRIES = 100
_MOST_STEPS = 500
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def load(path: Path) -> Scenario:
    """The scenario in a file. Raises InputError if its shape is wrong; see `connector.scenario.check` for the rest."""
    scenario, problems = survey(read(path))
    if problems:
        raise error_for(str(path), list(problems))
    return scenario


def survey(document: Document) -> tuple[Scenario, Problems]:
    """What can be made of the document, and what is wrong with its shape."""
    problems = Problems(document)
    data = document.data
    if not isinstance(data, Mapping):
        problems.add((), "must be a mapping with the keys name, inputs and steps")
        return Scenario(document.path.stem, document), problems
    _only(data, ("name", "description", "inputs", "steps"), (), problems)
    name = _optional(data, "name", _text, (), problems) or document.path.stem
    _optional(data, "description", _text, (), problems)
    return Scenario(name, document, _inputs(data, problems), _steps(data, problems)), problems


def _inputs(data: Mapping[str, Any], problems: Problems) -> dict[str, Field]:
    declared = _optional(data, "inputs", _mapping, (), problems) or {}
    found = {}
    for name, about in declared.items():
        place = ("inputs", str(name))
        if not _is_name(name):
            problems.add(place, "must be a name of letters, digits and _, not beginning with a digit")
            continue
        try:
            found[name] = declared_inputs.declare(name, about)
        except InputError as error:
            for key, problem in error.fields.items():
                problems.add((*place, key) if key else place, problem)
    return found


def _steps(data: Mapping[str, Any], problems: Problems) -> tuple[Step, ...]:
    declared = _optional(data, "steps", _list, (), problems)
    if not declared or len(declared) > _MOST_STEPS:
        problems.add(("steps",), f"needs a list of 1 to {_MOST_STEPS} steps")
        return ()
    steps: list[Step] = []
    for number, about in enumerate(declared):
        if not isinstance(about, Mapping):
            problems.add(("steps", number), "must be a mapping with the keys id, module and parameters")
            continue
        step = _step(about, number, problems)
        if step.id and step.id in [earlier.id for earlier in steps]:
            problems.add(("steps", number, "id"), f"{step.id!r} is the id of an earlier step")
        steps.append(step)
    return tuple(steps)


_KEYS = (
    "id", "module", "connection", "parameters", "for_each", "when", "on_error", "retries", "output_dir", "overwrite",
)  # fmt: skip


def _step(about: Mapping[str, Any], number: int, problems: Problems) -> Step:
    place: Place = ("steps", number)
    _only(about, _KEYS, place, problems)
    for key in ("id", "module"):
        if about.get(key) is None:
            problems.add((*place, key), "is required")
    if "retries" in about and about.get("on_error") != "retry":
        problems.add((*place, "retries"), "counts only with on_error: retry")

    def take(key: str, kind: Callable[[Any], tuple[Any, str]]) -> Any:
        return _optional(about, key, kind, place, problems)

    return Step(
        id=take("id", _step_id) or "",
        module=take("module", _text) or "",
        number=number,
        parameters=take("parameters", _mapping) or {},
        connection=take("connection", _text),
        for_each=take("for_each", _list_or_expression),
        when=take("when", _condition),
        on_error=take("on_error", _on_error) or "stop",
        retries=RETRIES if (retries := take("retries", _retries)) is None else retries,
        output_dir=take("output_dir", _text),
        overwrite=bool(take("overwrite", _yes_or_no)),
    )


def _only(about: Mapping[Any, Any], known: Sequence[str], place: Place, problems: Problems) -> None:
    for key in about:
        if key not in known:
            shown = str(key)[:40]
            problems.add(
                (*place, str(key)),
                f"there is no key {shown!r} here.{nearest(shown, known)} There is: {', '.join(known)}",
            )


def _optional(
    about: Mapping[str, Any], key: str, kind: Callable[[Any], tuple[Any, str]], place: Place, problems: Problems
) -> Any:
    """The value of a key if it is of that kind; None where it is not, or was left out."""
    if about.get(key) is None:
        return None
    value, problem = kind(about[key])
    if problem:
        problems.add((*place, key), problem)
        return None
    return value


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.fullmatch(value))


def _step_id(value: Any) -> tuple[Any, str]:
    problem = "must be a name of letters, digits and _, not beginning with a digit"
    return value if isinstance(value, str) else "", "" if _is_name(value) else problem


def _text(value: Any) -> tuple[Any, str]:
    return value, "" if isinstance(value, str) else "must be text"


def _mapping(value: Any) -> tuple[Any, str]:
    return value, "" if isinstance(value, Mapping) else "must be a mapping"


def _list(value: Any) -> tuple[Any, str]:
    return value, "" if isinstance(value, list) else "must be a list"


def _yes_or_no(value: Any) -> tuple[Any, str]:
    return value, "" if isinstance(value, bool) else "must be true or false"


def _list_or_expression(value: Any) -> tuple[Any, str]:
    return value, "" if isinstance(value, list | str) else "must be a list, or an expression that gives one"


def _condition(value: Any) -> tuple[Any, str]:
    return value, "" if isinstance(value, bool | str) else "must be a condition such as steps.convert.size > 1000"


def _on_error(value: Any) -> tuple[Any, str]:
    allowed = get_args(OnError)
    return value, "" if value in allowed else f"must be one of {', '.join(allowed)}.{nearest(str(value), allowed)}"


def _retries(value: Any) -> tuple[Any, str]:
    number = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_RETRIES
    return value, "" if number else f"must be a whole number from 1 to {_MOST_RETRIES}"
