"""Jobs: create, show, wait, list, delete."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.sandbox import validate
from connector.sandbox.answers import export_url, job_answer
from connector.sandbox.bodies import query_of, read_object
from connector.sandbox.creation import start_job
from connector.sandbox.problems import not_found
from connector.sandbox.records import Job
from connector.sandbox.routes.admission import creating, holder_id, scoped
from connector.sandbox.routes.shared import answer, page_of, still_running, until
from connector.sandbox.service import Service, service_of


@scoped("task.write")
@creating
async def create(request: Request) -> Response:
    """`POST /v2/jobs`; on the sync root the answer comes when the job has ended."""
    service = service_of(request)
    body = await read_object(request)
    addresses = service.addresses(request)
    job = start_job(service, body, addresses.root, holder_id(request))
    if service.blocks(request):
        return await _ended(request, service, job.id, redirect=validate.is_true(body.get("redirect")), status=201)
    return answer(job_answer(job, addresses), 201)


@scoped("task.read")
async def show(request: Request) -> Response:
    """`GET /v2/jobs/{id}`; on the sync root the answer comes when the job has ended."""
    service = service_of(request)
    job = _found(service, request.path_params["job_id"])
    if service.blocks(request):
        return await _ended(request, service, job.id, redirect=validate.is_true(query_of(request).get("redirect")))
    return answer(job_answer(job, service.addresses(request)))


@scoped("task.read")
async def wait(request: Request) -> Response:
    """`GET /v2/jobs/{id}/wait`, the older way to wait, on both roots."""
    service = service_of(request)
    job = _found(service, request.path_params["job_id"])
    return await _ended(request, service, job.id, redirect=validate.is_true(query_of(request).get("redirect")))


@scoped("task.read")
async def index(request: Request) -> Response:
    """`GET /v2/jobs`, newest first."""
    service, page = service_of(request), page_of(request)
    with_tasks = "tasks" in page.include
    jobs = service.store.list_jobs(
        limit=page.size + 1,
        offset=page.offset,
        status=page.filters.get("status"),
        tag=page.filters.get("tag"),
        access_token=page.filters.get("access_token"),
        with_tasks=with_tasks,
    )
    addresses = service.addresses(request)
    return page.answer([job_answer(job, addresses, with_tasks=with_tasks) for job in jobs], f"{addresses.root}/v2/jobs")


@scoped("task.write")
async def delete(request: Request) -> Response:
    """`DELETE /v2/jobs/{id}`: the job, its tasks and its files."""
    service = service_of(request)
    service.conductor.delete_job(_found(service, request.path_params["job_id"]))
    return Response(status_code=204)


async def _ended(request: Request, service: Service, job_id: str, *, redirect: bool, status: int = 200) -> Response:
    await until(request, service.conductor.job_ended(job_id))
    job = _found(service, job_id)
    if not job.ended:
        raise still_running()
    addresses = service.addresses(request)
    if redirect and job.status == "finished" and (url := export_url(job, addresses)):
        return RedirectResponse(url, 302)
    return answer(job_answer(job, addresses), status)


def _found(service: Service, job_id: str) -> Job:
    job = service.store.job(job_id)
    if job is None:
        raise not_found("This job")
    return job


routes = [
    Route("/v2/jobs", create, methods=["POST"]),
    Route("/v2/jobs", index, methods=["GET"]),
    Route("/v2/jobs/{job_id}", show, methods=["GET"]),
    Route("/v2/jobs/{job_id}", delete, methods=["DELETE"]),
    Route("/v2/jobs/{job_id}/wait", wait, methods=["GET"]),
]
