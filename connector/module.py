"""What a module is: a form, outputs, a recipe and examples, declared once as class attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from connector.fields import Dynamic, Field
from connector.forms import Fields, Form, fill
from connector.recipe import Recipe
from connector.service import Scope

Group = Literal["Common tasks", "PDF tasks", "Jobs", "Tasks", "Other"]


@dataclass(frozen=True)
class BadExample:
    """A form that must be refused, the field that is at fault, and words of the sentence that a person then reads."""

    form: Form
    field: str
    message: str


class Module:
    """Base of all modules. A module is never instantiated: it is read."""

    label: ClassVar[str]
    group: ClassVar[Group]
    scopes: ClassVar[tuple[Scope, ...]]
    Input: ClassVar[type[Fields]] = Fields
    Output: ClassVar[type[Fields]]
    recipe: ClassVar[Recipe]
    examples: ClassVar[Sequence[Form]]
    bad_examples: ClassVar[Sequence[BadExample]]

    def __init_subclass__(cls, *, abstract: bool = False, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if not abstract:
            form = cls.Input.all()
            named = {*cls.recipe.fields(), *(name for field in form.values() for name in narrowed_by(field))}
            if named - set(form):
                raise TypeError(f"{cls.__name__} names fields that its form does not have: {sorted(named - set(form))}")

    @classmethod
    def name(cls) -> str:
        """The name by which it is called, e.g. ConvertFile."""
        return cls.__name__

    @classmethod
    def summary(cls) -> str:
        """What it does, in one sentence."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    @classmethod
    def fill(cls, values: Form) -> dict[str, Any]:
        """The validated form (see `connector.forms.fill`). Raises InputError."""
        return fill(cls.Input, values, cls.name())


class Action(Module, abstract=True):
    """A module that does one thing and has one set of outputs."""


class Search(Module, abstract=True):
    """A module that gives a list; its outputs describe one item."""


class Trigger(Module, abstract=True):
    """A module that starts a scenario when something happens; its outputs describe one event."""


def narrowed_by(field: Field) -> tuple[str, ...]:
    """The names of the fields whose values decide what can be chosen in this one."""
    return field.options.depends_on if isinstance(field.options, Dynamic) else ()
