"""The catalogue: asks the service what it can do, keeps the answers, and knows a little without it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from connector.api.clock import Clock
from connector.api.endpoints import Api
from connector.api.policy import SAFE, Policy
from connector.catalogue.cache import DiskCache, Entry, default_folder
from connector.catalogue.formats import spellings
from connector.catalogue.model import EngineVersion, Known, Operation, Option, Origin, operations_of
from connector.errors import InputError, NotFound, ProtocolError, TemporaryError

LIFETIME = 24 * 3600.0
"""Seconds for which an answer is used without asking again."""

CERTAIN_FOR = 300.0
"""Seconds for which an answer is good enough to refuse something on its ground."""

_PAUSE = 60.0  # seconds without asking, after the service could not be reached
_PATIENCE = 20.0  # seconds: a list is a help, and must not hold up the work itself
_FEW = Policy(2, SAFE.retry)


@dataclass(frozen=True)
class Question:
    """A question to `GET /v2/operations`; None leaves a filter out.

    `alternatives` asks for the other engines of each pair too, `detailed` for options and engine versions.
    """

    operation: str | None = None
    input_format: str | None = None
    output_format: str | None = None
    alternatives: bool = False
    detailed: bool = False

    def parameters(self) -> dict[str, str]:
        """The request's query."""
        filters = {"operation": self.operation, "input_format": self.input_format, "output_format": self.output_format}
        query = {f"filter[{name}]": value for name, value in filters.items() if value}
        query |= {"alternatives": "true"} if self.alternatives else {}
        return query | ({"include": "options,engine_versions"} if self.detailed else {})

    def key(self) -> str:
        """The question as text, under which its answer is kept."""
        return urlencode(self.parameters())


@dataclass(frozen=True)
class _Kept:
    rows: tuple[Operation, ...]
    at: float
    origin: Origin


@dataclass
class _Memory:
    """What this process knows of one API, shared by its threads."""

    answers: dict[Question, _Kept] = field(default_factory=dict)
    silent_until: float = 0.0
    lock: threading.RLock = field(default_factory=threading.RLock)


_memories: WeakKeyDictionary[Api, _Memory] = WeakKeyDictionary()
_memories_lock = threading.Lock()


class Catalogue:
    """What the service behind an API can do. Cheap to make: all catalogues of one API share a memory.

    Args:
        api: where to ask.
        folder: where answers are kept between processes; by default `connector.catalogue.cache.default_folder`.
        clock: for tests; the API's own by default.
        lifetime: seconds for which an answer is used without asking again.

    """

    def __init__(
        self, api: Api, folder: Path | None = None, clock: Clock | None = None, lifetime: float = LIFETIME
    ) -> None:
        self._api = api
        self._disk = DiskCache(folder or default_folder(api.base_url), api.base_url)
        self._clock = clock or api.session.clock
        self._lifetime = lifetime
        with _memories_lock:
            self._memory = _memories.setdefault(api, _Memory())

    def rows(self, question: Question = Question(), *, fresh: bool = False) -> Known[Operation]:
        """The answer to a question, from memory, disk, service or snapshot. `fresh` accepts only one of minutes ago.

        Raises ConnectionInvalid if the key is refused; a service that cannot be reached is no error.
        """
        with self._memory.lock:
            kept = self._memory.answers.get(question) or self._from_disk(question)
            if kept and 0 <= self._age(kept) < (CERTAIN_FOR if fresh else self._lifetime):
                return self._known(kept)
            kept = self._ask(question) or kept
            return self._known(kept) if kept else _from_snapshot(question)

    def offers(
        self,
        operation: str,
        input_format: str | None = None,
        output_format: str | None = None,
        *,
        alternatives: bool = False,
        fresh: bool = False,
    ) -> Known[Operation]:
        """The detailed rows for a task. Without an input format: those of every input that gives the output."""
        question = Question(operation, input_format, output_format, alternatives, detailed=True)
        known = self.rows(question, fresh=fresh)
        if input_format and not known.items:
            # An operation may take any file, or list the format under another of its names.
            names = (None, *spellings(input_format))
            everything = self.rows(replace(question, input_format=None), fresh=fresh)
            known = everything.of(row for row in everything.items if row.input_format in names)
        return known if known.origin == "snapshot" else known.of(map(_with_ranges, known.items))

    def operations(self) -> Known[str]:
        """The names of all operations, in alphabetical order."""
        return self._names(Question(), lambda row: row.operation)

    def input_formats(self, operation: str) -> Known[str]:
        """What an operation takes, in alphabetical order."""
        return self._names(Question(), lambda row: row.input_format if row.operation == operation else None)

    def output_formats(self, operation: str, input_format: str | None = None) -> Known[str]:
        """What an operation makes of a format, or of any, in alphabetical order."""
        inputs = (None, *spellings(input_format.lower())) if input_format else None

        def output(row: Operation) -> str | None:
            fits = row.operation == operation and (inputs is None or row.input_format in inputs)
            return row.output_format if fits else None

        return self._names(Question(), output)

    def engines(self, operation: str, input_format: str | None = None, output_format: str | None = None) -> Known[str]:
        """The engines that can do it, the service's first choice first."""
        known = self.offers(operation, input_format, output_format, alternatives=True)
        return known.of(dict.fromkeys(row.engine for row in known.items if row.engine))

    def engine_versions(
        self, operation: str, input_format: str | None, output_format: str | None, engine: str
    ) -> Known[EngineVersion]:
        """The versions of an engine for that pair."""
        known = self.offers(operation, input_format, output_format, alternatives=True)
        return known.of(
            dict.fromkeys(version for row in known.items if row.engine == engine for version in row.engine_versions)
        )

    def options(
        self,
        operation: str,
        input_format: str | None = None,
        output_format: str | None = None,
        engine: str | None = None,
    ) -> Known[Option]:
        """The options of an operation with that engine, or with the service's own choice; each name once."""
        known = self.offers(operation, input_format, output_format, alternatives=engine is not None)
        rows = [row for row in known.items if engine in (None, row.engine)]
        by_name = {option.name: option for row in reversed(rows) for option in reversed(row.options)}
        return known.of(reversed(by_name.values()))

    def _names(self, question: Question, name: Callable[[Operation], str | None]) -> Known[str]:
        known = self.rows(question)
        return known.of(sorted({found for row in known.items if (found := name(row))}))

    def _from_disk(self, question: Question) -> _Kept | None:
        entry = self._disk.read(question.key())
        return self._keep(question, entry, "cache") if entry else None

    def _ask(self, question: Question) -> _Kept | None:
        if self._clock.time() < self._memory.silent_until:
            return None
        try:
            entry = Entry(self._fetch(question), self._clock.time())
        except (TemporaryError, ProtocolError, NotFound, InputError):  # the last two: a server without this endpoint
            self._memory.silent_until = self._clock.time() + _PAUSE
            return None
        self._disk.write(question.key(), entry)
        return self._keep(question, entry, "service")

    def _keep(self, question: Question, entry: Entry, origin: Origin) -> _Kept:
        kept = self._memory.answers[question] = _Kept(operations_of(entry.rows), entry.at, origin)
        return kept

    def _fetch(self, question: Question) -> list[object]:
        url = f"{self._api.base_url}/v2/operations"
        answer = self._api.session.call("GET", url, params=question.parameters(), policy=_FEW, total=_PATIENCE)
        rows = answer.data()
        if not isinstance(rows, list) or (not operations_of(rows) and (rows or question == Question())):
            raise answer.broken("holds no operations")
        return rows

    def _known(self, kept: _Kept) -> Known[Operation]:
        day = datetime.fromtimestamp(kept.at, UTC).date().isoformat()
        age = self._age(kept)
        alive = 0 <= age < self._lifetime
        return Known(kept.rows, kept.origin if alive else "cache", day, alive and age < CERTAIN_FOR)

    def _age(self, kept: _Kept) -> float:
        return self._clock.time() - kept.at


def _from_snapshot(question: Question) -> Known[Operation]:
    from connector.catalogue import snapshot

    return Known(tuple(_chosen(snapshot.rows(), question)), "snapshot", snapshot.DATE)


def _chosen(rows: Iterable[Operation], question: Question) -> Iterable[Operation]:
    """The rows that the service would give, if the snapshot were all it had."""
    seen: set[tuple[str, str | None, str | None]] = set()
    for row in rows:
        pair = (row.operation, row.input_format, row.output_format)
        wanted = (question.operation, question.input_format, question.output_format)
        if all(want in (None, have) for want, have in zip(wanted, pair, strict=True)):
            if question.alternatives or pair not in seen:
                yield row
            seen.add(pair)


def _with_ranges(row: Operation) -> Operation:
    """The service lists no ranges of numbers; the documentation knows some."""
    from connector.catalogue import snapshot

    return replace(row, options=tuple(map(snapshot.with_range, row.options)))
