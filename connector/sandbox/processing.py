"""Tasks that work on files: choose the engine, run it in a worker, keep and name what comes out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from connector.sandbox import formats, naming, options, references
from connector.sandbox.engines import address_of
from connector.sandbox.engines.base import EngineError
from connector.sandbox.files import Files, Workspace
from connector.sandbox.operations import Offer, Operations
from connector.sandbox.pool import Pool, Reply
from connector.sandbox.records import File, Task

_PLAIN_FORMAT = re.compile(r"[a-z0-9]{1,12}(\.[a-z0-9]{1,6})?")


@dataclass(frozen=True)
class Input:
    """A file to work on: where it lies, what the person calls it, and its format ("" where nothing says it)."""

    path: Path
    name: str
    format: str


@dataclass(frozen=True)
class Outcome:
    """What a task ends with."""

    files: tuple[File, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
    credits: int = 0
    engine: str | None = None
    engine_version: str | None = None
    message: str | None = None


@dataclass
class _Product:
    """A file that an engine wrote and the server took: kept under `number`, named later."""

    number: int
    size: int
    source: str
    own_name: str | None
    extension: str | None
    siblings: int


@dataclass
class _Progress:
    """What a task's calls have given so far, and until when the rest must be done."""

    deadline: float
    products: list[_Product] = field(default_factory=list)
    extra: dict[str, object] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)

    def left(self) -> float:
        """Seconds until the deadline."""
        return max(0.001, self.deadline - asyncio.get_running_loop().time())


class Processing:
    """Runs convert and every other operation that an engine declares."""

    def __init__(self, operations: Operations, pool: Pool, files: Files) -> None:
        self._operations = operations
        self._pool = pool
        self._files = files

    async def run(self, task: Task, inputs: Sequence[Task]) -> Outcome:
        """Do the task with the files of its input tasks. Raises EngineError for what the person must know."""
        worked_on, named = references.split(task, inputs)
        given = _text(task, "input_format")
        sources = [self._input(one, file, given) for one in worked_on for file in one.files]
        extras = [self._input(one, one.files[0]) for one in named]
        if inputs and not sources:
            raise EngineError("CONVERSION_FAILED", "The input tasks gave no file to work on.")
        progress = _Progress(asyncio.get_running_loop().time() + options.timeout(task.payload.get("timeout")))
        offer, version = await self._run(task, sources, extras, progress)
        files = tuple(map(File, *_columns(task, progress.products)))
        message = " ".join(progress.warnings) or None
        return Outcome(files, progress.extra, offer.conversion.credits, offer.engine.name, version, message)

    async def _run(
        self, task: Task, sources: list[Input], extras: list[Input], progress: _Progress
    ) -> tuple[Offer, str]:
        output_format = _text(task, "output_format")
        joiner = self._operations.joiner(task.operation, output_format)
        takers = [joiner or self._operations.detour(task.operation, one.format, output_format) for one in sources]
        detours = any(taker and not _takes(taker, one) for taker, one in zip(takers, sources, strict=True))
        with self._files.workspace() if detours else nullcontext() as space:
            ready = [
                await self._made_fit(one, taker, progress, space, number) if space and taker else one
                for number, (one, taker) in enumerate(zip(sources, takers, strict=True), 1)
            ]
            if joiner:
                return await self._apply(task, ready, progress)
            for source in ready[:-1]:
                await self._apply(task, [source, *extras], progress)
            return await self._apply(task, [*ready[-1:], *extras], progress)

    async def _apply(self, task: Task, sources: Sequence[Input], progress: _Progress) -> tuple[Offer, str]:
        """One engine call for these sources; its files become the task's next ones."""
        first = sources[0].format if sources else None
        offer, version = await self._operations.choose(
            task.operation, first, _text(task, "output_format"), _text(task, "engine")
        )
        values, unknown = options.settle(references.options_of(task), offer.conversion, offer.engine.label)
        progress.warnings.update(dict.fromkeys([*unknown, *_version_warning(task, version)]))
        with self._files.workspace() as space:
            reply = await self._call(offer, sources, values, progress, space)
            self._keep(task, sources, offer, reply, space, progress)
        return offer, version

    async def _call(
        self,
        offer: Offer,
        sources: Sequence[Input],
        values: Mapping[str, object],
        progress: _Progress,
        space: Workspace,
    ) -> Reply:
        request: dict[str, Any] = {
            "engine": address_of(offer.engine),
            "operation": offer.operation,
            "sources": [self._lay_out(source, offer, number, space) for number, source in enumerate(sources, 1)],
            "output_format": offer.output_format,
            "options": dict(values),
            "folder": str(space.outputs),
            "temporary": str(space.inputs),
            "timeout": progress.left(),
        }
        return await self._pool.run(request, progress.left(), offer.engine.label, network=offer.conversion.network)

    def _lay_out(self, source: Input, offer: Offer, number: int, space: Workspace) -> dict[str, str]:
        """Put a source into the work folder under a neutral name with the extension that the engine expects."""
        known = offer.input_format if formats.canonical(source.format) == offer.input_format else source.format
        extension = known if known and _PLAIN_FORMAT.fullmatch(known) else "bin"
        path = space.inputs / f"{number}.{extension}"
        self._files.share(source.path, path)
        return {"path": str(path), "name": source.name, "format": known or ""}

    async def _made_fit(self, source: Input, taker: Offer, progress: _Progress, space: Workspace, number: int) -> Input:
        """The source as it is where the engine takes it, else converted to what it takes first."""
        if _takes(taker, source):
            return source
        wanted = taker.conversion.inputs[0]
        offer, _ = await self._operations.choose("convert", source.format, wanted)
        values, _ = options.settle({}, offer.conversion, offer.engine.label)
        with self._files.workspace() as own:
            reply = await self._call(offer, [source], values, progress, own)
            path = _inside(reply.files[0][0], own).replace(space.inputs / f"{number}.{wanted}")
        return replace(source, path=path, format=wanted)

    def _keep(
        self, task: Task, sources: Sequence[Input], offer: Offer, reply: Reply, space: Workspace, progress: _Progress
    ) -> None:
        """Move what the engine wrote among the task's files."""
        wanted = _text(task, "output_format") or offer.output_format
        source = sources[0] if sources else Input(Path(), naming.of_url(_text(task, "url") or task.operation), "")
        for path, own_name in reply.files:
            number = len(progress.products) + 1
            extension = _extension(path, wanted) or source.format
            size = self._files.keep(_inside(path, space), task.id, number)
            progress.products.append(_Product(number, size, source.name, own_name, extension, len(reply.files)))
        found = {"metadata": reply.metadata, "output": reply.output}
        progress.extra.update({name: value for name, value in found.items() if value is not None})
        progress.warnings.update(dict.fromkeys(reply.warnings))

    def _input(self, owner: Task, file: File, given: str | None = None) -> Input:
        found = (given or formats.format_of(file.name)).lower().lstrip(".")
        return Input(self._files.path(owner.id, file.number), file.name, found)


def _takes(taker: Offer, source: Input) -> bool:
    formats_taken = taker.conversion.inputs
    return not formats_taken or formats.canonical(source.format) in map(formats.canonical, formats_taken)


def _columns(task: Task, products: Sequence[_Product]) -> tuple[list[int], list[str], list[int]]:
    """Numbers, names and sizes of the task's files."""
    return (
        [one.number for one in products],
        naming.distinct(_names(_text(task, "filename"), products)),
        [one.size for one in products],
    )


def _names(pattern: str | None, products: Sequence[_Product]) -> list[str]:
    if pattern:
        extension = products[0].extension if products else None
        return naming.outputs(pattern, "", extension, len(products))
    names: list[str] = []
    first = 0
    for product in products:
        # The files of one source are numbered among themselves.
        first = product.number if not names or product.source != products[product.number - 2].source else first
        numbered = naming.outputs(None, product.source, product.extension, product.siblings)
        position = (product.number - first) % product.siblings
        names.append(naming.clean(product.own_name) if product.own_name else numbered[position])
    return names


def _inside(path: Path, space: Workspace) -> Path:
    """The path, if it lies in the engine's own folder. Raises EngineError otherwise: then the engine was tricked."""
    if not path.is_file() or not path.resolve().is_relative_to(space.outputs.resolve()):
        raise EngineError("CONVERSION_FAILED", "The engine gave no usable output file; the input may be damaged.")
    return path


def _extension(path: Path, wanted: str | None) -> str | None:
    """The extension of what came out, spelled as the person asked for it."""
    found = formats.format_of(path.name)
    same = not found or found == "none" or (wanted and formats.canonical(found) == formats.canonical(wanted))
    return wanted if same else found


def _version_warning(task: Task, version: str) -> list[str]:
    asked = _text(task, "engine_version")
    return [f"Engine version {asked} is not installed; {version} was used."] if asked and asked != version else []


def _text(task: Task, name: str) -> str | None:
    value = task.payload.get(name)
    return str(value) if value not in (None, "") else None
