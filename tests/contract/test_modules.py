"""Every module keeps the contract of a declaration. A new module needs no new test: it is found in the registry."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest

from connector.errors import InputError
from connector.fields import Dynamic, Field
from connector.forms import Fields
from connector.module import Action, BadExample, Group, Module, Search, Trigger
from connector.modules import all_modules
from connector.recipe import ApiCall, Call, CustomJob, Job, Listing
from connector.runtime.call_request import call_request, list_query, preview
from connector.runtime.job_request import job_request
from connector.service import SCOPES
from tests.support.api_keys import ENDPOINTS, QUERY_KEYS, TASK_KEYS, foreign_keys

MODULES = list(all_modules().values())

each_module = pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name())


def fields_of(form: type[Fields]) -> Iterator[tuple[str, Field]]:
    """Every field by its dotted name, nested ones too."""

    def walk(fields: Mapping[str, Field], prefix: str) -> Iterator[tuple[str, Field]]:
        for name, field in fields.items():
            yield prefix + name, field
            yield from walk(field.nested(), f"{prefix}{name}.")

    return walk(form.all(), "")


def examples(*kinds: type) -> Iterator[Any]:
    for module in MODULES:
        if kinds and not isinstance(module.recipe, kinds):
            continue
        for number, form in enumerate(module.examples, 1):
            yield pytest.param(module, form, id=f"{module.name()}-{number}")


def bad_examples() -> Iterator[Any]:
    for module in MODULES:
        for number, bad in enumerate(module.bad_examples, 1):
            yield pytest.param(module, bad, id=f"{module.name()}-{number}")


each_example = pytest.mark.parametrize(("module", "form"), list(examples()))
each_job = pytest.mark.parametrize(("module", "form"), list(examples(Job, CustomJob)))
each_request = pytest.mark.parametrize(("module", "form"), list(examples(Call, Listing, ApiCall)))


def test_there_are_modules_each_with_a_label_of_its_own() -> None:
    labels = [module.label for module in MODULES]
    assert len(labels) > 1
    assert len(set(labels)) == len(labels)


@each_module
def test_it_says_what_it_is(module: type[Module]) -> None:
    assert module.label.strip() == module.label != ""
    assert module.group in get_args(Group)
    assert issubclass(module, Action | Search | Trigger)
    assert module.summary().endswith(".")
    assert module.summary()[0].isupper()


@each_module
def test_its_scopes_are_the_services_and_it_needs_one_of_its_own(module: type[Module]) -> None:
    assert set(module.scopes) <= set(SCOPES)
    assert len(set(module.scopes)) == len(module.scopes)
    assert isinstance(module.recipe, Job | CustomJob) <= ({"task.read", "task.write"} <= set(module.scopes))


@each_module
def test_every_field_of_its_form_is_explained(module: type[Module]) -> None:
    for name, field in fields_of(module.Input):
        assert field.label.strip(), name
        assert field.help.endswith((".", "?")), name
        assert not (field.required and field.default is not None), name


@each_module
def test_no_two_fields_beside_each_other_have_one_label(module: type[Module]) -> None:
    labels = [field.label for field in module.Input.all().values()]
    assert len(set(labels)) == len(labels)


@each_module
def test_a_field_is_shown_for_choices_that_there_are(module: type[Module]) -> None:
    fields = dict(fields_of(module.Input))
    for name, field in fields.items():
        if field.shown_when:
            options = fields[f"{name.rpartition('.')[0]}.{field.shown_when[0]}".lstrip(".")].options
            assert options is not None
            assert isinstance(options, Dynamic) or set(field.shown_when[1]) <= {choice.value for choice in options}, (
                name
            )


@each_module
def test_every_default_and_example_is_one_that_the_field_takes(module: type[Module]) -> None:
    for name, field in fields_of(module.Input):
        for value in (field.default, field.example):
            if value is not None:
                assert field.deserialize(value) is not None, name


@each_module
def test_its_recipe_names_fields_of_its_form(module: type[Module]) -> None:
    assert set(module.recipe.fields()) <= set(module.Input.all())


@each_module
def test_every_output_is_explained(module: type[Module]) -> None:
    assert module.Output.all()
    for name, field in fields_of(module.Output):
        assert field.label.strip(), name
        assert field.example is not None or field.help.endswith(".") or field.nested(), name


@each_module
def test_it_has_examples_of_both_kinds(module: type[Module]) -> None:
    assert module.examples
    assert module.bad_examples


@each_example
def test_an_example_can_be_filled_in_and_stays_as_it_was(module: type[Module], form: Mapping[str, Any]) -> None:
    before = repr(form)
    filled = module.fill(form)
    assert set(form) <= set(filled)
    assert repr(form) == before


@each_example
def test_an_example_means_one_request_that_json_can_hold(module: type[Module], form: Mapping[str, Any]) -> None:
    shown = preview(module.recipe, module.fill(form))
    assert json.loads(json.dumps(shown, allow_nan=False)) == shown


@pytest.mark.parametrize(("module", "bad"), list(bad_examples()))
def test_a_bad_example_is_refused_at_its_field_in_its_words(module: type[Module], bad: BadExample) -> None:
    with pytest.raises(InputError) as caught:
        module.fill(bad.form)
    assert bad.field in caught.value.fields
    assert bad.message in str(caught.value)
    assert str(caught.value).startswith(module.name())


@pytest.mark.parametrize("form", [{"x" * 300: 1}, {"download": []}], ids=["unknown", "wrong"])
@each_module
def test_a_wrong_form_gets_one_short_sentence(module: type[Module], form: Any) -> None:
    with pytest.raises(InputError) as caught:
        module.fill(form)
    assert 0 < len(str(caught.value)) <= 260
    assert "\n" not in str(caught.value)


@each_job
def test_a_job_holds_only_what_the_api_takes(module: type[Module], form: Mapping[str, Any]) -> None:
    assert isinstance(module.recipe, Job | CustomJob)
    filled = module.fill(form)
    assert foreign_keys(module.recipe, filled, job_request(module.recipe, filled).body) == set()


@each_job
def test_a_jobs_tasks_hang_together(module: type[Module], form: Mapping[str, Any]) -> None:
    assert isinstance(module.recipe, Job | CustomJob)
    tasks = job_request(module.recipe, module.fill(form)).body["tasks"]
    inputs = {name for task in tasks.values() for name in task.get("input", [])}
    assert inputs <= set(tasks)
    assert all("input" in task for task in tasks.values() if not task["operation"].startswith(("import/", "capture-")))
    imports = {name for name, task in tasks.items() if task["operation"].startswith("import/")}
    assert imports <= inputs | {value for task in tasks.values() for value in task.values() if isinstance(value, str)}


@each_module
def test_every_parameter_of_its_task_is_one_of_the_api(module: type[Module]) -> None:
    if isinstance(module.recipe, Job):
        assert set(module.recipe.task.parameters) <= TASK_KEYS[module.recipe.task.operation]


@each_request
def test_a_call_or_list_asks_only_what_the_api_answers(module: type[Module], form: Mapping[str, Any]) -> None:
    filled = module.fill(form)
    match module.recipe:
        case Call(method=method, path=path) as call:
            asked = "/".join("{}" if "{" in part else part for part in path.split("/"))
            assert f"{method} {asked}" in ENDPOINTS
            assert "{" not in call_request(call, filled)[0]
        case Listing(path=path) as listing:
            assert set(list_query(listing, filled)) <= QUERY_KEYS[path]
        case ApiCall():
            assert filled["url"].startswith("/")
