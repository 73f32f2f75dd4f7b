"""The upload form of import/upload: the file goes straight to its place, whatever its size."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connector.sandbox import naming
from connector.sandbox.addresses import UPLOAD_PATH
from connector.sandbox.disk import disk_failure
from connector.sandbox.flow import MAX_SIZE
from connector.sandbox.forms import Form, receive
from connector.sandbox.problems import ApiError, forbidden, not_found
from connector.sandbox.records import File, Task
from connector.sandbox.service import Service, service_of

BUCKET = "tasks"


async def upload(request: Request) -> Response:
    """`POST /storage/tasks`: the form's parameters, then the file. Answers 201 with the XML of an S3 store."""
    service = service_of(request)
    boundary = naming.parameters(f";{request.headers.get('content-type', '').partition(';')[2]}").get("boundary", "")
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data") or not boundary:
        raise ApiError(400, "INVALID_REQUEST", "The upload must be multipart/form-data with a boundary.")
    form = Form(boundary, lambda fields: service.files.draft(_checked(service, fields).id), MAX_SIZE)
    try:
        await receive(request.stream(), form)
        return _accepted(request, service, form.draft, form, _checked(service, form.fields))
    except OSError as error:
        form.discard()
        raise _not_kept(service, form, error) from error
    finally:
        form.discard()


def _accepted(request: Request, service: Service, draft: Path, form: Form, task: Task) -> Response:
    """Take the finished upload. Another one may have been faster, so the task was looked up again."""
    file = File(1, naming.clean(form.file_name), service.files.keep(draft, task.id, 1), form.md5)
    service.conductor.uploaded(task, file)
    if target := task.payload.get("redirect"):
        return RedirectResponse(str(target), 303)
    location = f"{service.addresses(request).root}{UPLOAD_PATH}/{task.id}/1"
    headers = {"Location": location, "ETag": f'"{file.md5}"'}
    return Response(_xml(f"{task.id}/{file.name}", headers["ETag"], location), 201, headers, "application/xml")


def _not_kept(service: Service, form: Form, error: OSError) -> ApiError:
    """The disk refused the file: the task ends with the reason, and the client hears it too."""
    code, message = disk_failure(error)
    service.conductor.fail(_checked(service, form.fields), code, message)
    return ApiError(507, code, message)


def _checked(service: Service, fields: dict[str, str]) -> Task:
    """The task that the form's parameters belong to, if they are signed, in time and not used yet."""
    task_id, expires = fields.get("key", "").partition("/")[0], fields.get("expires", "")
    if not service.signer.fits(fields.get("signature", ""), "upload", task_id, expires):
        raise forbidden("The form's parameters are missing or changed; send them all as they are, before the file.")
    if int(expires) < service.clock():
        raise forbidden("The upload form has expired; make a new task.")
    task = service.store.task(task_id)
    if task is None:
        raise not_found("The task of this form")
    if task.status != "waiting":
        raise forbidden("The file of this form was uploaded already, or its task was cancelled; make a new task.")
    return task


def _xml(key: str, etag: str, location: str) -> str:
    values = {"Bucket": BUCKET, "Key": key, "ETag": etag, "Location": location}
    inner = "".join(f"<{tag}>{escape(value, {chr(34): '&#34;'})}</{tag}>" for tag, value in values.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>{inner}</PostResponse>'


routes = [Route(UPLOAD_PATH, upload, methods=["POST"])]
