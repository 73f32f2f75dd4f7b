"""A YAML file as plain data, with the line on which each value stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from connector.errors import InputError

Place = tuple[str | int, ...]
"""Where a value stands: the keys and positions (from 0) on the way to it."""

_LARGEST = 1 << 20
_MOST_NODES = 20_000
_DEEPEST = 40
_PLAIN = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str", "seq", "map", "merge")}


@dataclass(frozen=True)
class Document:
    """The data of a file, a digest that changes with every letter of it, and its lines (from 1) by place."""

    path: Path
    data: Any
    digest: str
    lines: Mapping[Place, int] = field(default_factory=dict)
    repeated: tuple[Place, ...] = ()

    def line(self, place: Place) -> int | None:
        """The line of that place, or of what is nearest around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


class _Loader(yaml.SafeLoader):
    """Knows JSON's types only: what looks like a date stays the text that was written."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag in _PLAIN]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read(path: Path) -> Document:
    """The document in the file. Raises InputError with the line where it is not YAML, or not plain data."""
    content = _content(path)
    loader: _Loader | None = None
    try:
        loader = _Loader(content)
        node = loader.get_single_node()
        survey = _Survey(path)
        if node is not None:
            survey.visit(node, ())
        data = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        raise _not_yaml(path, error) from None
    except (RecursionError, ValueError) as error:
        raise InputError(f"{path} is no usable YAML: {_first_line(error)}.", fields={"file": "is no YAML"}) from None
    finally:
        if loader is not None:
            loader.dispose()
    return Document(path, data, hashlib.sha256(content).hexdigest(), survey.lines, tuple(survey.repeated))


class _Survey:
    """Notes the lines, and refuses what would grow without bounds or is no plain data."""

    def __init__(self, path: Path) -> None:
        self.lines: dict[Place, int] = {}
        self.repeated: list[Place] = []
        self._path = path
        self._visited = 0

    def visit(self, node: yaml.Node, place: Place) -> None:
        """Note the node and all inside it; an alias counts as often as it is used."""
        self._visited += 1
        if self._visited > _MOST_NODES or len(place) > _DEEPEST:
            raise self._refusal(node, "the file holds too much, or is nested too deeply")
        if node.tag not in _PLAIN:
            raise self._refusal(node, f"the tag {node.tag[-40:]!r} is not supported")
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            self._visit_mapping(node, place)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.visit(item, (*place, index))

    def _visit_mapping(self, node: yaml.MappingNode, place: Place) -> None:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._refusal(key, "a key must be text")
            inner = (*place, str(key.value))
            if inner in self.lines:
                self.repeated.append(inner)
            self.lines[inner] = key.start_mark.line + 1
            self.visit(value, inner)

    def _refusal(self, node: yaml.Node, problem: str) -> InputError:
        return InputError(f"{self._path}, line {node.start_mark.line + 1}: {problem}.", fields={"file": problem})


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise InputError(
            f"The scenario {path} cannot be read: {error.strerror}.", fields={"file": "cannot be read"}
        ) from None
    if len(content) > _LARGEST:
        raise InputError(f"The scenario {path} is larger than 1 MB.", fields={"file": "is too large"})
    return content


def _not_yaml(path: Path, error: yaml.YAMLError) -> InputError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read")
    return InputError(f"{path}{line}: this is no YAML ({problem}).", fields={"file": "is no YAML"})


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["it cannot be read"])[0][:100]
