"""One task of a job checked before it is sent: its formats, its engine and its options, against what the service says now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from connector.catalogue.check import Checked, check_engine, check_options, check_pair
from connector.catalogue.formats import spellings
from connector.catalogue.model import Known, Operation
from connector.catalogue.source import Catalogue, Question
from connector.errors import InputError

T = TypeVar("T")
_TRANSFERS = ("import/", "export/")  # not in the service's list
Look = Callable[[bool], Known[Operation]]


@dataclass(frozen=True)
class _Asked:
    """What a person wants of a task. `guessed`: nobody said the input format. `prefix` stands before the fields' names."""

    operation: str
    input_format: str | None
    output_format: str | None
    engine: str | None
    guessed: bool
    prefix: str

    @property
    def pair(self) -> tuple[str, str | None, str | None]:
        """What is to be done with which formats."""
        return self.operation, self.input_format, self.output_format

    @property
    def has_formats(self) -> bool:
        """Whether there is a format that may be impossible."""
        return bool(self.input_format or self.output_format)

    @property
    def words(self) -> str:
        """The task in words, e.g. "convert docx to pdf"."""
        target = f"to {self.output_format}" if self.output_format else None
        return " ".join(filter(None, (self.operation, self.input_format, target)))


def check_task(
    catalogue: Catalogue,
    operation: str,
    parameters: Mapping[str, Any],
    options: Mapping[str, Any],
    *,
    input_format: str | None = None,
    pair: bool = False,
    prefix: str = "",
    options_field: str = "engine_options",
) -> Checked:
    """The options in the types that the service declares, with warnings. Asks nothing where there is nothing to check.

    Args:
        catalogue: what the service can do.
        operation: the task's, e.g. "convert".
        parameters: by the API's names; `input_format`, `output_format` and `engine` are looked at.
        options: names and values as a person gave them.
        input_format: what the input files' names promise, where `parameters` has none; see `formats_in`. A guess: a
            format that the operation does not know counts as none.
        pair: check the formats although there are no options.
        prefix: stands before the names of the form's fields, e.g. "tasks.2.".
        options_field: the form's field that holds the options.

    Raises InputError for what the service surely refuses; its `fields` name the fields.

    """
    asked = _asked(operation, {**options, **parameters}, input_format, prefix)
    pair = pair and asked.has_formats
    if operation.startswith(_TRANSFERS) or not (options or asked.engine or pair):
        return Checked(dict(options))
    look = _look(catalogue, asked)
    warnings: list[str] = []
    if pair or (asked.output_format and not look(False).items):
        asked = _without_wrong_guess(catalogue, asked)
        look = _look(catalogue, asked)
        warnings = _check_pair(catalogue, asked)
    if not options and not asked.engine:
        return Checked(warnings=tuple(warnings))
    field = f"{prefix}{options_field}"
    checked = _decide(look, lambda known, certain: _judge(asked, options, field, known, certain))
    return Checked(checked.values, (*warnings, *checked.warnings), checked.origin)


def _asked(operation: str, parameters: Mapping[str, Any], guess: str | None, prefix: str) -> _Asked:
    def word(name: str) -> str | None:
        return str(parameters[name]) if parameters.get(name) else None

    given = word("input_format")
    source, target = given or guess, word("output_format")
    formats = (source.lower() if source else None, target.lower() if target else None)
    return _Asked(operation, *formats, word("engine"), given is None, prefix)


def _look(catalogue: Catalogue, asked: _Asked) -> Look:
    alternatives = asked.engine is not None
    return lambda fresh: catalogue.offers(*asked.pair, alternatives=alternatives, fresh=fresh)


def _without_wrong_guess(catalogue: Catalogue, asked: _Asked) -> _Asked:
    """An address such as download.php promises nothing."""
    if not asked.guessed or asked.input_format is None:
        return asked
    known = catalogue.input_formats(asked.operation).items
    return asked if set(known).intersection(spellings(asked.input_format)) else replace(asked, input_format=None)


def _decide(look: Look, judge: Callable[[Known[Operation], bool], T]) -> T:
    """Judge by what is at hand; before something is refused on the ground of a kept answer, ask again."""
    known = look(False)
    if not known.certain and known.origin != "snapshot":
        try:
            return judge(known, True)
        except InputError:
            known = look(True)
    return judge(known, known.certain)


def _judge(asked: _Asked, options: Mapping[str, Any], field: str, known: Known[Operation], certain: bool) -> Checked:
    what = asked.words
    warnings = _check_engine(asked, known, certain) if asked.engine else []
    rows = [row for row in known.items if asked.engine in (None, row.engine)]
    if not rows:
        return Checked(dict(options), tuple(warnings), known.origin)
    listed = [option for row in rows for option in row.options]
    by = f"{what} with {rows[0].engine}" if len({row.engine for row in rows}) == 1 and rows[0].engine else what
    checked = check_options(options, listed, field=field, what=by, certain=certain)
    return Checked(checked.values, (*warnings, *checked.warnings), known.origin)


def _check_engine(asked: _Asked, known: Known[Operation], certain: bool) -> list[str]:
    check = partial(check_engine, str(asked.engine), known.items, field=f"{asked.prefix}engine", what=asked.words)
    doubts = check(certain=False)
    return check(certain=True) if doubts and certain and not _is_in_snapshot(asked) else doubts


def _check_pair(catalogue: Catalogue, asked: _Asked) -> list[str]:
    def judge(known: Known[Operation], certain: bool) -> list[str]:
        check = partial(check_pair, *asked.pair, known.items, prefix=asked.prefix)
        doubts = check(certain=False)
        return check(certain=True) if doubts and certain and not _is_in_snapshot(asked) else doubts

    return _decide(lambda fresh: catalogue.rows(Question(), fresh=fresh), judge)


def _is_in_snapshot(asked: _Asked) -> bool:
    """Whether CloudConvert itself is known to do it: then a server that lists it not may lack a converter, and says more."""
    from connector.catalogue import snapshot

    rows = [row for row in snapshot.rows() if asked.engine in (None, row.engine)]
    own = any(row.operation == asked.operation for row in rows)
    return own and not check_pair(*asked.pair, rows, certain=False)
