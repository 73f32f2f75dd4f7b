"""Whether a person's options, engine and formats are possible. Pure functions: what is known is handed in.

What is surely wrong raises InputError; what is only wrong by an old or built-in list becomes a warning, a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connector.catalogue.formats import spellings
from connector.catalogue.model import Operation, Option, Origin
from connector.catalogue.values import allowed, coerce, in_range, listed
from connector.errors import InputError
from connector.forms import nearest

PLAIN = ("engine", "engine_version", "filename", "ignore_error", "input_format", "output_format", "timeout")
"""What a task may have besides options; people put them among the options."""


@dataclass(frozen=True)
class Checked:
    """Option values in their declared types, without those that nobody filled in, and sentences about doubts."""

    values: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    origin: Origin | None = None
    """By whose list the options were checked; None where nothing was asked."""


@dataclass(frozen=True)
class _Fault:
    """What a value breaks. `assumed`: only a range that the service itself does not list."""

    option: Option
    assumed: bool


def check_options(
    options: Mapping[str, Any],
    known: Sequence[Option],
    *,
    field: str = "engine_options",
    what: str = "this conversion",
    certain: bool = True,
) -> Checked:
    """The options with their values coerced by the declared types.

    Args:
        options: names and values as a person gave them; None, and an empty text where text makes no sense, count as
            not filled in.
        known: the options there are; one name may occur several times (for several formats), then any may fit.
        field: the form's field that they come from, for InputError's `fields`.
        what: the conversion in words.
        certain: whether a wrong value is refused, or is only worth a warning.

    Raises InputError with every wrong option in `fields`, as `field.name`.

    """
    variants: dict[str, list[Option]] = {}
    for option in known:
        variants.setdefault(option.name, []).append(option)
    checked = Checked(warnings=tuple(_unknown(options, variants, what, certain=certain)))
    wrong: dict[str, Option] = {}
    doubts = []
    for name, value in options.items():
        if _is_filled_in(value, variants.get(name, ())):
            checked.values[name], fault = _settle(value, variants.get(name, ()))
            if fault and certain and not fault.assumed:
                wrong[name] = fault.option
            elif fault:
                doubts.append(_doubtful(name, fault.option))
    if wrong:
        raise _wrong_options(wrong, field, what, [*variants])
    return Checked(checked.values, (*checked.warnings, *doubts))


def check_engine(
    engine: str, rows: Sequence[Operation], *, field: str = "engine", what: str = "this", certain: bool = True
) -> list[str]:
    """Nothing if one of the rows has the engine, else a warning. Raises InputError where that is certain."""
    names = list(dict.fromkeys(row.engine for row in rows if row.engine))
    if not names or engine in names:
        return []
    must = f"must be one of {listed(names)}"
    if certain:
        raise InputError(f"The engine {engine!r} cannot do {what}; it {must}.", fields={field: must})
    return [f"The engine {engine!r} is not known to do {what}; known are {listed(names)}."]


def check_pair(
    operation: str,
    input_format: str | None,
    output_format: str | None,
    rows: Sequence[Operation],
    *,
    prefix: str = "",
    certain: bool = True,
) -> list[str]:
    """Nothing if the operation makes the one format of the other, else a warning. Raises InputError where that is certain.

    None is a format that is not known: then any fits. `rows` are those of the whole list; an operation that is not in it
    (imports, exports) is not judged. `prefix` stands before the names of the fields `input_format` and `output_format`.
    """
    own = [row for row in rows if row.operation == operation]
    taking = [row for row in own if _is(input_format, row.input_format)]
    outputs = sorted({row.output_format for row in taking if row.output_format})
    if not own or (taking and (not outputs or _is(output_format, *outputs))):
        return []
    if not taking:
        name, sentence = "input_format", _wrong_input(operation, str(input_format), own)
    else:
        name, sentence = "output_format", _wrong_output(operation, input_format, str(output_format), outputs)
    if certain:
        must = f"must be one of {listed(outputs)}" if taking else sentence
        raise InputError(sentence, fields={prefix + name: must})
    return [f"{sentence.rstrip('.?')}, as far as is known."]


def _is(asked: str | None, *there: str | None) -> bool:
    """Whether the format is among these under any of its names; None on either side stands for any."""
    return asked is None or any(name is None or name in spellings(asked.lower()) for name in there)


def _wrong_input(operation: str, given: str, rows: Sequence[Operation]) -> str:
    inputs = sorted({row.input_format for row in rows if row.input_format})
    few = f"; it takes {listed(inputs)}" if len(inputs) <= 20 else ""
    return f"{operation} cannot take {given} files{few}.{nearest(given, inputs)}"


def _wrong_output(operation: str, source: str | None, target: str, outputs: Sequence[str]) -> str:
    by = "" if operation == "convert" else f" by {operation}"
    if source is None:
        return f"Nothing can become {target}{by}.{nearest(target, outputs)}"
    return f"A {source} file cannot become {target}{by}; it can become: {listed(outputs)}."


def _is_filled_in(value: Any, variants: Sequence[Option]) -> bool:
    takes_empty_text = not variants or any(option.type in ("string", "") for option in variants)
    return value is not None and (value != "" or takes_empty_text)


def _settle(value: Any, variants: Sequence[Option]) -> tuple[Any, _Fault | None]:
    """The value as the first variant that takes it; else with the least grave fault."""
    faults: list[tuple[Any, _Fault]] = []
    for option in variants:
        try:
            found = coerce(option, value)
        except ValueError:
            faults.append((value, _Fault(option, assumed=False)))
            continue
        if in_range(option, found):
            return found, None
        faults.append((found, _Fault(option, option.assumed_range)))
    return min(faults, key=lambda fault: not fault[1].assumed, default=(value, None))


def _unknown(
    options: Mapping[str, Any], variants: Mapping[str, Sequence[Option]], what: str, *, certain: bool
) -> list[str]:
    if not variants and not certain:
        return []
    return [
        f"The option {name!r} is not known for {what}; it is sent as it is.{nearest(name, list(variants))}"
        for name in options
        if name not in variants and name not in PLAIN
    ]


def _doubtful(name: str, option: Option) -> str:
    return f"The option {name!r} should be {allowed(option)}, as far as is known; it is sent as it is."


def _wrong_options(wrong: Mapping[str, Option], field: str, what: str, known: Sequence[str]) -> InputError:
    fields = {f"{field}.{name}": f"must be {allowed(option)}" for name, option in wrong.items()}
    name, option = next(iter(wrong.items()))
    more = len(wrong) - 1
    also = f" {more} more option{'s are' if more > 1 else ' is'} wrong." if more else ""
    return InputError(
        f"The option {name!r} of {what} must be {allowed(option)}.{also}",
        fields=fields,
        hint=f"Known options: {listed(known)}.",
    )
