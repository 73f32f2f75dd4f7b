"""Forms of any module, from its declaration alone: valid ones, and ones that are wrong in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from connector.fields import Dynamic, Field, File, Integer, Text
from connector.module import Module
from connector.modules import all_modules
from connector.recipe import CustomJob

MODULES = list(all_modules().values())
Place = tuple[str, ...]

_WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=20)
_VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
_HEADER_NAMES = st.text("!#$%&'*+-.^_`|~09AZaz", min_size=1, max_size=12)
_FORMATS = st.sampled_from(["pdf", "png", ".DOCX", "tar.gz", " jpg ", "mp4"])
_URLS = st.sampled_from(
    [
        "https://example.com/a.png",
        "http://example.com:8080/b?c=d%20e",
        "HTTPS://EXAMPLE.COM",
        "https://b\u00fccher.example/x",
    ]
)
_OPTION_NAMES = st.sampled_from(["width", "quality", "pages", "strip"])
_JSON = st.integers() | st.booleans() | _WORDS | st.lists(_WORDS, max_size=2)


def places(fields: Mapping[str, Field], above: Place = ()) -> Iterator[tuple[Place, Field]]:
    """Every field with the names that lead to it, also those inside of others and of files."""
    for name, field in fields.items():
        yield (*above, name), field
        inside = File.url_fields if field.kind == "file" else field.nested()
        yield from places(inside, (*above, name))


def each_place(*kinds: str) -> list[Any]:
    """Every field of every module, of these kinds, as parameters of a test."""
    import pytest

    return [
        pytest.param(module, place, field, id=f"{module.name()}-{'.'.join(place)}")
        for module in MODULES
        for place, field in places(module.Input.all())
        if not kinds or field.kind in kinds
    ]


def put(form: Mapping[str, Any], place: Place, value: Any) -> dict[str, Any]:
    """The form with another value at that place; an item or a file is made where there is none."""
    name, *rest = place
    if not rest:
        return {**form, name: value}
    inside = form.get(name)
    if isinstance(inside, list) and inside and isinstance(inside[0], Mapping):
        return {**form, name: [put(inside[0], tuple(rest), value), *inside[1:]]}
    kept = inside if isinstance(inside, Mapping) else {"url": "https://example.com/a.png"}
    return {**form, name: put(kept, tuple(rest), value)}


def valid(field: Field) -> st.SearchStrategy[Any]:
    """Values that the field takes."""
    choices = None if isinstance(field.options, Dynamic) else field.options
    if choices:
        one = st.sampled_from([choice.value for choice in choices])
        return st.lists(one, min_size=1, unique=True) if field.kind == "multiselect" else one
    return _BY_KIND[field.kind](field)


def _text(field: Any) -> st.SearchStrategy[Any]:
    if type(field).__name__ == "FormatSelect":
        return _FORMATS
    return _WORDS.map(lambda text: text[: field.max_length or None])


def _integer(field: Any) -> st.SearchStrategy[Any]:
    low, high = field.minimum, field.maximum
    numbers = st.integers(-(10**9) if low is None else low, 10**9 if high is None else high)
    return numbers | numbers.map(str) | numbers.map(float)


def _file(_: Any) -> st.SearchStrategy[Any]:
    remote = st.fixed_dictionaries({"url": _URLS}, optional={"headers": _headers(), "name": _WORDS})
    return (
        _URLS
        | remote
        | st.tuples(_WORDS, st.binary(max_size=5))
        | st.fixed_dictionaries({"name": _WORDS, "data": st.binary()})
    )


def _headers() -> st.SearchStrategy[Any]:
    return st.dictionaries(_HEADER_NAMES, _VISIBLE, max_size=2)


def _pairs(field: Any) -> st.SearchStrategy[Any]:
    if field.text_values:
        return _headers()
    named = st.dictionaries(_OPTION_NAMES | _WORDS, _JSON, max_size=3)
    return named | named.map(lambda pairs: [{"name": name, "value": value} for name, value in pairs.items()])


_BY_KIND: Mapping[str, Callable[[Any], st.SearchStrategy[Any]]] = {
    "text": _text,
    "select": _text,
    "url": lambda _: _URLS,
    "timestamp": lambda _: st.datetimes().map(lambda moment: moment.isoformat()),
    "integer": _integer,
    "boolean": lambda _: st.sampled_from([True, False, "yes", "No", "ON", "off", 1, 0, "true"]),
    "multiselect": lambda _: st.lists(_WORDS, min_size=1, max_size=3),
    "pairs": _pairs,
    "any": lambda _: _JSON,
    "file": _file,
    "files": lambda field: st.lists(_file(field), min_size=field.minimum, max_size=field.minimum + 2),
    "collection": lambda field: _filled(field.nested()),
    "array": lambda field: st.lists(_filled(field.nested()), min_size=1, max_size=2),
}


def _filled(fields: Mapping[str, Field]) -> st.SearchStrategy[dict[str, Any]]:
    """What is required, any choice of the rest, and what is asked for the choices that were made."""
    always = {name: valid(field) for name, field in fields.items() if field.required or field.shown_when}
    perhaps = {name: valid(field) for name, field in fields.items() if name not in always}
    return st.fixed_dictionaries(always, optional=perhaps).map(lambda form: _shown(fields, form))


def _shown(fields: Mapping[str, Field], form: dict[str, Any]) -> dict[str, Any]:
    asked = {name: fields[name].shown_when for name in form}
    return {name: value for name, value in form.items() if not (rule := asked[name]) or form.get(rule[0]) in rule[1]}


def valid_forms(module: type[Module]) -> st.SearchStrategy[dict[str, Any]]:
    """Forms that must be taken: what is required, and any choice of the rest."""
    forms = _filled(module.Input.all())
    if isinstance(module.recipe, CustomJob):
        return forms.map(lambda form: _hanging_together(form, module.recipe))
    return forms


def _hanging_together(form: dict[str, Any], recipe: Any) -> dict[str, Any]:
    """The same with names of its own for each file and task, and inputs that come before; an export comes last."""
    files = [{**item, "name": f"file-{number}"} for number, item in enumerate(form.get(recipe.inputs) or [])]
    tasks = [{**item, "name": f"task-{number}"} for number, item in enumerate(form[recipe.tasks])]
    source = [{"operation": "capture-website", "name": "page", "url": "https://example.com", "output_format": "png"}]
    before = [item["name"] for item in [*files, *source]]
    for task in tasks:
        task["input"] = list(before)
        before.append(task["name"])
    export = {"operation": "export/url", "name": "out", "input": before[-1:]}
    return {**form, recipe.inputs: files, recipe.tasks: [*source, *tasks, export]}


def texts(module: type[Module]) -> list[Place]:
    """The fields whose value is any text: not one of a list, no format, no address, no number."""
    return [
        place
        for place, field in places(module.Input.all())
        if isinstance(field, Text)
        and type(field).__name__ in ("Text", "Select")
        and (field.options is None or isinstance(field.options, Dynamic))
    ]


def integers(module: type[Module]) -> list[tuple[Place, Integer]]:
    """The fields that hold whole numbers."""
    return [(place, field) for place, field in places(module.Input.all()) if isinstance(field, Integer)]
