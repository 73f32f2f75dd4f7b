"""A dialog in the terminal: asks the fields of a form, one after the other, and each again until its value is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import marshmallow as ma

from connector.fields import Choice, Field
from connector.forms import Fields


def ask(
    form: type[Fields], given: Mapping[str, Any], suggested: Mapping[str, Any] | None = None, *, advanced: bool = True
) -> dict[str, Any]:
    """The given values, and a person's answers for all other fields. Asked on standard error; nothing is echoed of secrets.

    `suggested` are values to begin with, by field. Advanced fields are asked only if the person wants to see them; with
    `advanced` off not at all.
    """
    answers = dict(given)
    fields = form.all()
    for name, field in fields.items():
        if not field.advanced and _is_asked(name, field, answers):
            _answer(answers, name, field, suggested or {})
    more = {name: field for name, field in fields.items() if field.advanced and _is_asked(name, field, answers)}
    if advanced and more and _wants(more):
        for name, field in more.items():
            _answer(answers, name, field, suggested or {})
    return answers


def _is_asked(name: str, field: Field, answers: Mapping[str, Any]) -> bool:
    if name in answers:
        return False
    return field.shown_when is None or answers.get(field.shown_when[0]) in field.shown_when[1]


def _wants(fields: Mapping[str, Field]) -> bool:
    labels = ", ".join(field.label for field in fields.values())
    return click.confirm(f"\nAdvanced settings ({labels})?", default=False, err=True)


def _answer(answers: dict[str, Any], name: str, field: Field, suggested: Mapping[str, Any]) -> None:
    _explain(field)
    needed = field.required or (field.shown_when is not None and not field.advanced)
    while True:
        text = click.prompt(
            field.label,
            default=_default(field, suggested.get(name), needed),
            hide_input=field.secret,
            show_default=not field.secret and _text(suggested.get(name, field.default)) != "",
            err=True,
        )
        if not text:
            return
        try:
            answers[name] = field.deserialize(field.from_text(text))
        except ma.ValidationError as error:
            click.echo(f"{field.label} {error.messages[0]}.", err=True)
        else:
            return


def _explain(field: Field) -> None:
    click.echo(err=True)
    if field.help:
        click.echo(click.style(field.help, dim=True), err=True)
    for choice in _choices(field):
        told = " - ".join(part for part in (choice.label if choice.label != choice.value else "", choice.help) if part)
        click.echo(f"  {choice.value:<14} {told}".rstrip(), err=True)


def _choices(field: Field) -> list[Choice]:
    return list(field.options) if isinstance(field.options, list | tuple) else []


def _default(field: Field, suggested: Any, needed: bool) -> str | None:
    """What pressing Enter means; None where something must be entered."""
    value = field.default if suggested is None or field.secret else suggested
    return None if needed and value is None else _text(value)


def _text(value: Any) -> str:
    return " ".join(value) if isinstance(value, list | tuple) else "" if value is None else str(value)
