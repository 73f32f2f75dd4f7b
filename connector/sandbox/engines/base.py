"""What an engine declares, and what it is given to work on.

An engine is one file in this folder with one `Engine` subclass. It declares what it can turn into what; the list of
operations (`GET /v2/operations`), the lists of formats, the choice of the engine for a task and the message for an
unsupported pair are all derived from these declarations. Engine modules import their heavy libraries inside methods:
the server reads declarations only, the work happens in worker processes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

ALLOW_PRIVATE = "CONNECTOR_SANDBOX_ALLOW_PRIVATE"
"""Environment variable of a worker process: "1" lets its engines reach private addresses."""

OptionType = Literal["string", "boolean", "integer", "float", "enum", "dictionary"]


class EngineError(Exception):
    """The task fails. `code` is the task's error code, the message one sentence for the person.

    Codes in use: CONVERSION_FAILED, OPEN_FAILED (the input is damaged or not what its name says), INVALID_OPTION,
    INVALID_PASSWORD, TIMEOUT, LIMIT_EXCEEDED, ENGINE_NOT_INSTALLED, INVALID_CONVERSION_TYPE, OUT_OF_SPACE.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Option:
    """One option of a conversion, as `GET /v2/operations?include=options` lists it."""

    name: str
    type: OptionType
    default: object = None
    possible_values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Conversion:
    """Every one of `inputs` becomes every one of `outputs` by `operation`.

    `outputs` is empty for operations without an output format (metadata, pdf/encrypt ...), `inputs` is empty for those
    without an input (capture-website) or that take any file (archive). `joins` is true where all inputs become one
    output (merge, archive): the engine then gets all sources at once, otherwise one at a time. Of several engines for
    the same pair the one with the lowest `rank` is the default. `network` is true where the work is to reach out; for
    everything else an engine has no network where the system lets us take it away.
    """

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    operation: str = "convert"
    options: tuple[Option, ...] = ()
    joins: bool = False
    rank: int = 50
    credits: int = 1
    network: bool = False


@dataclass(frozen=True)
class Source:
    """One input file. `path` has a neutral name with the right extension; `name` is what the person called it."""

    path: Path
    name: str
    format: str


@dataclass
class Work:
    """One call of an engine. `folder` is empty, writable, the engine's own, and is deleted afterwards.

    `options` holds the values of declared options that were given, already of the declared type, with the declared
    defaults filled in (absent where the default is None). `timeout` is in seconds: programs started for the work must
    end by then.
    """

    operation: str
    sources: tuple[Source, ...]
    output_format: str | None
    options: Mapping[str, object]
    folder: Path
    timeout: float
    warnings: list[str] = field(default_factory=list)

    @property
    def source(self) -> Source:
        """The only source, for engines that get one at a time."""
        return self.sources[0]

    def warn(self, sentence: str) -> None:
        """Tell the person that something asked for was not done; shown in the task's message."""
        self.warnings.append(sentence)

    def output(self, number: int = 1) -> Path:
        """The path for the output file of that number, with the output format's extension."""
        return self.folder / f"output-{number}.{self.output_format}"


@dataclass(frozen=True)
class OutputFile:
    """A file that the engine wrote. The server names it after the input unless the engine gives a `name` itself."""

    path: Path
    name: str | None = None


@dataclass
class Result:
    """What came of it: files in order; `metadata` for the metadata operation; `output` for captured console text."""

    files: list[OutputFile] = field(default_factory=list)
    metadata: dict[str, object] | None = None
    output: str | None = None


class Engine(ABC):
    """A converter. One instance lives in the server (declarations) and one in each worker process (work)."""

    name: ClassVar[str]
    """The nearest name CloudConvert uses for it, else the library's own in lower case."""
    stands_for: ClassVar[tuple[str, ...]] = ()
    """CloudConvert's names of engines whose work it does here: a task that asks for one of them gets this engine."""
    label: ClassVar[str]
    """What a person calls it, e.g. "LibreOffice"."""
    install: ClassVar[str]
    """The command that installs it, e.g. `pip install "cloudconvert-connector[media]"`."""
    conversions: ClassVar[tuple[Conversion, ...]]

    @abstractmethod
    def version(self) -> str | None:
        """The true version of what converts, None where it is not installed. Must answer without heavy imports."""

    @abstractmethod
    def run(self, work: Work) -> Result:
        """Do the work. Raises EngineError with a sentence for the person; any other exception counts as a crash."""
