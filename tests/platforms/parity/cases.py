"""The forms that are filled in on both sides: every module's examples, uploads, several files, no download, errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from connector.files import LocalFile
from connector.module import Module
from connector.modules import all_modules
from connector.recipe import Job, Webhook
from tests.support.file_server import at
from tests.support.samples import sample
from tests.support.world import World, uploaded

Make = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """A form of a module, made anew for each side: one of them may delete what it names."""

    name: str
    module: type[Module]
    make: Make


def cases() -> list[Case]:
    """All of them."""
    modules = [module for module in all_modules().values() if not isinstance(module.recipe, Webhook)]
    return [case for module in modules for case in (*_examples(module), *_variants(module))] + list(_special())


def _examples(module: type[Module]) -> Iterator[Case]:
    for number, example in enumerate(module.examples, 1):
        yield Case(f"{module.name()}-{number}", module, lambda world, it=example: world.real(module, it))  # type: ignore[misc]


def _variants(module: type[Module]) -> Iterator[Case]:
    first = module.examples[0]
    if "download" in module.Input.all():
        yield Case(f"{module.name()}-download", module, lambda world: {**world.real(module, first), "download": True})
    if "input_file" in module.Input.all():
        yield Case(f"{module.name()}-upload", module, lambda world: uploaded(module, first, world.origin) or {})
    if isinstance(module.recipe, Job) and "tag" in module.Input.all():
        more = {"tag": "mine", "webhook_url": "https://example.com/hook"}
        yield Case(f"{module.name()}-settings", module, lambda world: {**world.real(module, first), **more})


def _special() -> Iterator[Case]:
    modules = all_modules()
    png = LocalFile("photo.png", data=sample("png"))
    text = LocalFile("notes.txt", data=sample("txt"))
    remote = "https://example.com/photo.png"

    def case(name: str, module: str, form: dict[str, Any]) -> Case:
        return Case(f"{module}-{name}", modules[module], lambda world: at(world.origin, form))

    many = {"output_format": "zip", "download": True}
    yield case("uploads and URLs mixed", "CreateArchive", {"input_files": [png, remote, text], **many})
    yield case("one upload", "CreateArchive", {"input_files": [text], **many})
    yield case("two uploads", "MergeFiles", {"input_files": [png, png], "download": True})
    mark = {"input_file": LocalFile("photo.png", data=sample("png")), "image": png}
    yield case("two different uploads", "AddWatermark", mark)
    options = [{"name": "width", "value": 20}, {"name": "strip", "value": True}]
    yield case("options", "ConvertFile", {"input_file": png, "output_format": "JPG", "engine_options": options})
    empty = {"file_name": "", "input_format": None, "tag": "", "engine": "", "timeout": None, "engine_options": []}
    yield case("empty values", "OptimizeFile", {"input_file": png, "profile": "", **empty})
    for limit in (100, 101, 0):
        name = f"ListTasks-of two pages, {limit}"
        yield Case(name, modules["ListTasks"], lambda world, it=limit: {"job_id": _long_job(world), "limit": it})  # type: ignore[misc]
    yield case("all of a list", "ListJobs", {"limit": 0, "tag": "world"})
    yield case("a query in the URL", "MakeAPICall", {"url": "/v2/jobs?per_page=1&filter%5Btag%5D=x"})
    body = {"url": "/v2/jobs", "method": "POST", "body": '{"tasks": {}}'}
    yield case("a body that is refused", "MakeAPICall", body)
    for module in ("GetJob", "WaitForJob", "DeleteJob"):
        yield case("unknown", module, {"job_id": "../users/me"})
    yield case("unknown", "DownloadFile", {"task_id": "1b7ccc22-0000-4000-8000-000000000000"})
    tasks = [
        {"operation": "convert", "name": "small", "input": ["a", "b"], "output_format": "jpg", "options": options},
        {"operation": "archive", "name": "packed", "input": ["small", "b"], "output_format": "zip"},
        {"operation": "export/url", "name": "out", "input": ["packed"]},
    ]
    files = [{"file": png, "name": "a"}, {"file": remote, "name": "b"}]
    yield case("uploads and several tasks", "CreateJob", {"input_files": files, "tasks": tasks, "download": True})
    failing = {"input_file": {"url": "https://example.com/photo.png", "headers": {"X-A": "b"}}, "output_format": "jpg"}
    broken = {**failing, "input_file": LocalFile("photo.png", data=b"no picture"), "download": True}
    yield case("headers", "ConvertFile", failing)
    yield case("a file that is broken", "ConvertFile", broken)


def _long_job(world: World) -> str:
    """A job with more tasks than a page of a list holds."""
    raw = {"operation": "import/raw", "file": "x", "filename": "x.txt"}
    return str(world.api.create_job({"tasks": {f"import-{number}": raw for number in range(103)}}, None)["id"])
