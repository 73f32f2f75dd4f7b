"""Signed URLs: the job in the link is done, and the answer leads to its file."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.sandbox import signed_urls
from connector.sandbox.answers import export_url
from connector.sandbox.creation import start_job
from connector.sandbox.lifecycle import root_cause
from connector.sandbox.problems import not_found
from connector.sandbox.records import Job
from connector.sandbox.routes.admission import creating
from connector.sandbox.routes.shared import still_running, until
from connector.sandbox.service import Service, service_of


async def convert(request: Request) -> Response:
    """`GET /s/{base}?job=..&cache_key=..&s=..`: waits for the job, then 302 to its exported file."""
    service = service_of(request)
    if request.path_params["base"] != service.address.signed_url_base.rpartition("/")[2]:
        raise not_found("This signed URL", "")
    here = f"{request.url.scheme}://{request.headers.get('host', '')}{request.url.path}"
    query = request.scope["query_string"].decode("latin-1")
    wanted = signed_urls.read(query, {service.address.signed_url_base, here}, service.address.signed_url_secret)
    if kept := _kept(service, wanted.cache_key):
        return await _result(request, service, kept.id)
    request.state.wanted = wanted
    return await _create(request)


@creating
async def _create(request: Request) -> Response:
    """A new job, counted like every other; what it is lies in the request's state."""
    service, wanted = service_of(request), request.state.wanted
    job = start_job(service, wanted.body, service.addresses(request).root, None)
    if wanted.cache_key:
        service.signed_results.keep(wanted.cache_key, job.id)
    return await _result(request, service, job.id)


def _kept(service: Service, cache_key: str | None) -> Job | None:
    """The job whose result can be used again: it has not failed, and its file is still there."""
    job_id = service.signed_results.job_id(cache_key) if cache_key else None
    job = service.store.job(job_id) if job_id else None
    return job if job and job.status != "error" else None


async def _result(request: Request, service: Service, job_id: str) -> Response:
    await until(request, service.conductor.job_ended(job_id))
    job = service.store.job(job_id)
    if job is None:
        raise not_found("The job of this signed URL")
    if not job.ended:
        raise still_running()
    url = export_url(job, service.addresses(request))
    if job.status == "error" or url is None:
        raise signed_urls.failed(*root_cause(job.tasks))
    return RedirectResponse(url, 302)


routes = [Route("/s/{base}", convert, methods=["GET"])]
