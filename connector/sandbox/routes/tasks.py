"""Tasks: create alone, show, wait, list, cancel, retry, delete."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connector.sandbox import validate
from connector.sandbox.addresses import Addresses
from connector.sandbox.answers import job_answer, task_answer
from connector.sandbox.bodies import query_of, read_object
from connector.sandbox.creation import copy_of, keep_content, make_task
from connector.sandbox.imports import FILE_IN_REQUEST
from connector.sandbox.problems import invalid, not_found
from connector.sandbox.records import Task
from connector.sandbox.routes.admission import creating, scoped
from connector.sandbox.routes.shared import answer, included, page_of, still_running, until
from connector.sandbox.service import Service, service_of


@scoped("task.write")
@creating
async def create(request: Request) -> Response:
    """`POST /v2/{operation}`: a task without a job, whose inputs are ids of earlier tasks."""
    service = service_of(request)
    operation = request.url.path.removeprefix("/v2/")
    draft = validate.task(
        operation,
        await read_object(request),
        service.operations,
        lambda task_id: service.store.task(task_id) is not None,
    )
    service.account.require_credits()
    task = make_task(draft, str(uuid.uuid4()), service.clock())
    keep_content(service.files, [(task, draft)])
    service.conductor.add([task])
    return answer(task_answer(_found(service, task.id), service.addresses(request)), 201)


@scoped("task.read")
async def show(request: Request) -> Response:
    """`GET /v2/tasks/{id}`; on the sync root the answer comes when the task has ended."""
    service = service_of(request)
    task = _found(service, request.path_params["task_id"])
    return await _ended(request, service, task) if service.blocks(request) else _shown(request, service, task)


@scoped("task.read")
async def wait(request: Request) -> Response:
    """`GET /v2/tasks/{id}/wait`, the older way to wait, on both roots."""
    service = service_of(request)
    return await _ended(request, service, _found(service, request.path_params["task_id"]))


@scoped("task.read")
async def index(request: Request) -> Response:
    """`GET /v2/tasks`, newest first."""
    service, page = service_of(request), page_of(request)
    wanted = {name: page.filters.get(name) for name in ("job_id", "status", "operation")}
    tasks = service.store.list_tasks(limit=page.size + 1, offset=page.offset, **wanted)
    addresses = service.addresses(request)
    return page.answer(
        [_with_includes(service, task, addresses, page.include) for task in tasks], f"{addresses.root}/v2/tasks"
    )


@scoped("task.write")
async def cancel(request: Request) -> Response:
    """`POST /v2/tasks/{id}/cancel`: only while it is waiting or processing."""
    service = service_of(request)
    task = _found(service, request.path_params["task_id"])
    if task.ended:
        raise invalid({"status": ["Cannot change status: task already completed."]}, status=400)
    service.conductor.cancel(task)
    return _shown(request, service, _found(service, task.id))


@scoped("task.write")
@creating
async def retry(request: Request) -> Response:
    """`POST /v2/tasks/{id}/retry`: a new task that does the same."""
    service = service_of(request)
    old = _found(service, request.path_params["task_id"])
    service.account.require_credits()
    task = copy_of(old, str(uuid.uuid4()), service.clock())
    content = service.files.path(old.id, 1)
    if task.operation in FILE_IN_REQUEST and content.exists():
        service.files.share(content, service.files.path(task.id, 1))
    service.conductor.add([task])
    return answer(task_answer(_found(service, task.id), service.addresses(request)), 201)


@scoped("task.write")
async def delete(request: Request) -> Response:
    """`DELETE /v2/tasks/{id}`: the task and its files."""
    service = service_of(request)
    service.conductor.delete_task(_found(service, request.path_params["task_id"]))
    return Response(status_code=204)


async def _ended(request: Request, service: Service, task: Task) -> Response:
    await until(request, service.conductor.task_ended(task.id))
    task = _found(service, task.id)
    if not task.ended:
        raise still_running()
    return _shown(request, service, task)


def _shown(request: Request, service: Service, task: Task) -> Response:
    return answer(_with_includes(service, task, service.addresses(request), included(query_of(request))))


def _with_includes(service: Service, task: Task, addresses: Addresses, include: Collection[str]) -> dict[str, object]:
    shown = _with_payload(task, addresses, include)
    if "retries" in include:
        shown["retries"] = [_with_payload(one, addresses, include) for one in service.store.retries(task.id)]
    if "depends_on_tasks" in include:
        known = service.store.tasks(task.inputs)
        inputs = [known[name] for name in task.inputs if name in known]
        shown["depends_on_tasks"] = [_with_payload(one, addresses, include) for one in inputs]
    if "job" in include:
        job = service.store.job(task.job_id) if task.job_id else None
        shown["job"] = job_answer(job, addresses, with_tasks=False) if job else None
    return shown


def _with_payload(task: Task, addresses: Addresses, include: Collection[str]) -> dict[str, object]:
    payload = {"payload": dict(task.payload)} if "payload" in include else {}
    return task_answer(task, addresses) | payload


def _found(service: Service, task_id: str) -> Task:
    task = service.store.task(task_id)
    if task is None:
        raise not_found("This task")
    return task


def routes(operations: Collection[str]) -> list[Route]:
    """The paths of tasks; each of the operations has one of its own."""
    return [
        Route("/v2/tasks", index, methods=["GET"]),
        Route("/v2/tasks/{task_id}", show, methods=["GET"]),
        Route("/v2/tasks/{task_id}", delete, methods=["DELETE"]),
        Route("/v2/tasks/{task_id}/wait", wait, methods=["GET"]),
        Route("/v2/tasks/{task_id}/cancel", cancel, methods=["POST"]),
        Route("/v2/tasks/{task_id}/retry", retry, methods=["POST"]),
        *(Route(f"/v2/{operation}", create, methods=["POST"]) for operation in sorted(operations)),
    ]
