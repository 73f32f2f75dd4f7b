"""What an expression refers to, e.g. `steps.convert.files[0].url`, and why something of it is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from jinja2 import nodes

from connector.forms import nearest

Reference = tuple[str | int | None, ...]
"""A name and the way on from it: keys, positions (from 0), None where the position is computed."""


def is_reference(node: nodes.Node) -> bool:
    """Whether the expression is nothing but the name of a value."""
    return _path(node) is not None


def references_in(node: nodes.Node, known: Collection[str]) -> Iterator[Reference]:
    """Every reference in an expression; names in `known` belong to the language."""
    path = _path(node)
    if path is not None and path[0] not in known:
        yield path
    for child in _computed(node) if path is not None else node.iter_child_nodes():
        yield from references_in(child, known)


def _path(node: nodes.Node) -> Reference | None:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if not isinstance(node, nodes.Getattr | nodes.Getitem):
        return None
    before = _path(node.node)
    if before is None:
        return None
    if isinstance(node, nodes.Getattr):
        return (*before, node.attr)
    if isinstance(node.arg, nodes.Slice):
        return None
    constant = node.arg.value if isinstance(node.arg, nodes.Const) else None
    return (*before, constant if isinstance(constant, str | int) else None)


def _computed(node: nodes.Node) -> Iterator[nodes.Node]:
    """The subscripts on the way that are expressions of their own."""
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
            yield node.arg
        node = node.node


def written(reference: Reference) -> str:
    """The reference as people write it."""
    text = str(reference[0])
    for part in reference[1:]:
        text += f".{part}" if isinstance(part, str) else f"[{'…' if part is None else part}]"
    return text


def unresolved(reference: Reference, scope: Mapping[str, Any]) -> str | None:
    """Why the reference leads nowhere, as a sentence without its end; None where it leads somewhere, or cannot be told."""
    value: Any = scope
    for position, part in enumerate(reference):
        if part is None:
            return None
        way = reference[:position]
        if not _holds(value, part):
            return _why(way, part, value)
        value = value[part]
    return None


def _holds(value: Any, part: str | int) -> bool:
    if isinstance(part, str):
        return isinstance(value, Mapping) and part in value
    return isinstance(value, list | tuple) and -len(value) <= part < len(value)


def _why(way: Reference, part: str | int, value: Any) -> str:
    if not way:
        return no_entry("there", str(part), list(value), known_as="names")
    if isinstance(value, Mapping):
        return _state(way, value) or no_entry(written(way), str(part), list(value))
    if isinstance(value, list | tuple):
        if isinstance(part, str):
            return f"{written(way)} is a list: write {written((*way, 0))}.{part} for its first entry"
        entries = "is empty" if not value else f"has {len(value)} entr{'y' if len(value) == 1 else 'ies'}"
        return f"{written(way)} {entries}, so there is no {written((*way, part))}"
    return f"{written(way)} is {'empty' if value is None else 'no mapping'}, so there is no {written((*way, part))}"


def _state(way: Reference, outputs: Mapping[str, Any]) -> str | None:
    """A step that was skipped or has failed has no outputs."""
    if way[0] != "steps" or len(way) != 2:
        return None
    if outputs.get("skipped") is True:
        return f"the step {way[1]!r} was skipped and has no outputs"
    return f"the step {way[1]!r} failed and has no outputs" if outputs.get("error") else None


def no_entry(where: str, name: str, known: Collection[str], *, known_as: str = "") -> str:
    """The sentence for a name that is not there, with the nearest one."""
    shown = name if len(name) <= 40 else name[:40] + "…"
    have = ", ".join(known) or "nothing"
    if known_as:
        return f"there is no {shown!r} here.{nearest(shown, list(known))} There is: {have}"
    return f"{where} has no {shown!r}.{nearest(shown, list(known))} It has: {have}"
