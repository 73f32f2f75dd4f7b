"""A module's form in the platform's vocabulary, and where its values are found when it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connector.fields import Field
from connector.forms import Section
from connector.module import Module
from connector.platforms.fusion.parameter import Parameter, parameters
from connector.recipe import ApiCall, Job, Recipe

_OWN = 50  # the position of the section with a module's own fields
_VALIDATED: Mapping[type, Mapping[str, Any]] = {ApiCall: {"url": {"pattern": "^/[A-Za-z0-9]"}}}


class Form:
    """The form of one module. Modules whose job has one task show their sections as collections, as Make's own app does."""

    def __init__(self, module: type[Module]) -> None:
        self.module = module
        self.fields = module.Input.all()
        self._collections = {
            name: _collection(section)
            for section in module.Input.sections()
            for name in section.fields
            if has_collections(module.recipe)
        }

    def at(self, name: str) -> str:
        """The expression that gives a field's value."""
        return ".".join(["parameters", *filter(None, [self._collections.get(name)]), name])

    def parameters(self) -> list[Parameter]:
        """The form as the platform describes it."""
        made: list[Parameter] = []
        for section in self.module.Input.sections():
            inside = parameters(section.fields)
            made += [_section(section, inside)] if has_collections(self.module.recipe) else inside
        for parameter in made:
            rules = _VALIDATED.get(type(self.module.recipe), {}).get(str(parameter.get("name")))
            if rules:
                parameter["validate"] = {**parameter.get("validate", {}), **rules}
        return made


def has_collections(recipe: Recipe) -> bool:
    """Whether the form's sections are collections of their own."""
    return isinstance(recipe, Job)


def _collection(section: Section) -> str:
    """`import`, `options`, `export` as in Make's own app, and names in their manner for what that does not have."""
    label = "options" if section.position == _OWN else section.label.lower().removesuffix(" options")
    return re.sub(r"[^a-z0-9]+", "_", label)


def _section(section: Section, inside: list[Parameter]) -> Parameter:
    made: Parameter = {"name": _collection(section), "type": "collection", "label": section.label, "spec": inside}
    return made | ({"advanced": True} if all(map(_is_advanced, section.fields.values())) else {"required": True})


def _is_advanced(field: Field) -> bool:
    return field.advanced
