"""What a platform shows is what was declared: read back from its files, every field takes the same values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from connector import fields as vocabulary
from connector.fields import Choice, Dynamic, Field, FormatSelect
from connector.files import LocalFile, RemoteFile
from connector.forms import Fields, fill
from connector.module import Module
from connector.platforms.javascript.declarations import field_data
from connector.recipe import CustomJob, Job
from tests.fuzz.emitted import (
    DOCUMENTS,
    READERS,
    declared,
    form_of,
    fusion_fields,
    fusion_form,
    levelled_for_fusion,
    package_form,
)
from tests.fuzz.forms import MODULES, valid_forms
from tests.platforms.fusion.filling import bundle

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name())


def both() -> Iterator[Any]:
    for platform in READERS:
        for module in MODULES:
            if platform not in DOCUMENTS or isinstance(module.recipe, Job):
                yield pytest.param(platform, module, id=f"{platform}-{module.name()}")


@pytest.mark.row("B3")
@pytest.mark.parametrize(("platform", "module"), list(both()))
def test_a_platform_has_the_rules_that_were_declared(platform: str, module: type[Module]) -> None:
    theirs, ours = READERS[platform](module), declared(module.Input.all())
    if platform == "fusion":
        ours = levelled_for_fusion(module)
    if platform in DOCUMENTS:
        ours = {name: rule for name, rule in ours.items() if name in theirs}
        theirs = {name: rule for name, rule in theirs.items() if name in ours}
        assert ours
    assert theirs == ours


def read_back(data: Mapping[str, Any]) -> Field:
    """A field of the vocabulary, from its data in a package."""
    rest = {
        key: value
        for key, value in data.items()
        if key not in ("name", "kind", "section", "format", "fields", "list", "options", "shown_when")
    }
    if "options" in data:
        rest["options"] = [Choice(**choice) for choice in data["options"]]
    if "list" in data:
        rest["options"] = Dynamic(data["list"]["source"], data["list"]["operation"], tuple(data["list"]["depends_on"]))
    if "shown_when" in data:
        rest["shown_when"] = (data["shown_when"]["field"], tuple(data["shown_when"]["values"]))
    if "fields" in data:
        rest["fields"] = {inner["name"]: read_back(inner) for inner in data["fields"]}
    if data["kind"] in ("files", "file"):
        rest.pop("add_label", None)
    kinds = [getattr(vocabulary, name) for name in vocabulary.__all__]
    kind = next(it for it in kinds if getattr(it, "kind", None) == data["kind"] and it is not FormatSelect)
    made: Field = (FormatSelect if data.get("format") else kind)(**rest)
    return made


def values_of(form: dict[str, Any]) -> Any:
    """A filled-in form, comparable: what a file is, not which object."""

    def plain(value: Any) -> Any:
        if isinstance(value, LocalFile):
            return ("local", value.name, value.data)
        if isinstance(value, RemoteFile):
            return ("remote", value.url, dict(value.headers), value.name)
        if isinstance(value, list):
            return [plain(item) for item in value]
        return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value

    return plain(form)


@pytest.mark.row("B3")
@pytest.mark.parametrize("package", ["n8n", "node-red"])
@each_module
def test_a_form_read_back_from_a_package_is_the_form_and_takes_the_same(module: type[Module], package: str) -> None:
    emitted = [{key: value for key, value in one.items() if key != "section"} for one in package_form(package, module)]
    form = {one["name"]: read_back(one) for one in emitted}
    assert json.loads(json.dumps([field_data(name, field) for name, field in form.items()])) == emitted
    rebuilt: Any = Fields.from_dict(form)  # type: ignore[arg-type]

    @settings(max_examples=settings.default.max_examples // 20, suppress_health_check=list(HealthCheck))
    @given(valid_forms(module))
    def check(values: dict[str, Any]) -> None:
        assert values_of(fill(rebuilt, values, "Read back")) == values_of(module.fill(values))

    check()


@pytest.mark.row("B3")
@each_module
def test_a_form_filled_in_at_fusion_means_the_same(module: type[Module]) -> None:
    parameters = fusion_form(module)

    @settings(max_examples=settings.default.max_examples // 10, suppress_health_check=list(HealthCheck))
    @given(valid_forms(module))
    def check(values: dict[str, Any]) -> None:
        filled = {name: value for name, value in module.fill(values).items() if name in fusion_fields(module)}
        back = form_of(parameters, bundle(module, parameters, without_names(filled)))
        assert values_of(module.fill(back)) == values_of(without_names(filled))

    if not isinstance(module.recipe, CustomJob):  # whose files in items have no inverse of their own
        check()


def without_names(form: dict[str, Any]) -> dict[str, Any]:
    """Fusion asks no name for a file that is fetched: the address has it."""

    def plain(value: Any) -> Any:
        if isinstance(value, RemoteFile):
            return RemoteFile(value.url, value.headers)
        return [plain(item) for item in value] if isinstance(value, list) else value

    return {key: plain(value) for key, value in form.items()}
