"""What the API takes in a job, a task, a query, and which endpoints it has. Source: CloudConvert's API v2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.recipe import CustomJob, Job

# Beside the options of a conversion.
JOB_KEYS = {"tasks", "tag", "webhook_url"}
ANY_TASK = {"operation", "input", "ignore_error"}
ENGINE = {"engine", "engine_version", "timeout"}
PDF = ENGINE | {"filename"}
TASK_KEYS: Mapping[str, set[str]] = {
    "import/url": {"url", "filename", "headers"},
    "import/upload": {"redirect"},
    "export/url": {"inline", "archive_multiple_files"},
    "convert": PDF | {"input_format", "output_format"},
    "optimize": PDF | {"input_format", "profile", "quality", "flatten_signatures", "colorspace"},
    "capture-website": PDF | {"url", "output_format", "headers"},
    "archive": PDF | {"output_format"},
    "merge": PDF | {"output_format"},
    "command": ENGINE | {"command", "arguments", "capture_output"},
    "thumbnail": PDF | {"input_format", "output_format", "width", "height", "fit", "count", "timestamp"},
    "metadata": ENGINE | {"input_format"},
    "metadata/write": PDF | {"input_format", "metadata"},
    "watermark": PDF
    | {"input_format", "pages", "layer", "text", "image", "opacity", "rotation", "image_width", "image_height"}
    | {"font_size", "font_width_percent", "font_color", "font_name", "font_align", "image_width_percent"}
    | {"position_vertical", "position_horizontal", "margin_vertical", "margin_horizontal"},
    "pdf/a": PDF | {"conformance_level"},
    "pdf/ocr": PDF | {"auto_orient", "language"},
    "pdf/encrypt": PDF
    | {"set_password", "set_owner_password", "allow_extract", "allow_accessibility", "allow_modify", "allow_print"},
    "pdf/decrypt": PDF | {"password"},
    "pdf/split-pages": PDF,
    "pdf/extract-pages": PDF | {"pages"},
    "pdf/rotate-pages": PDF | {"pages", "rotation"},
}
QUERY_KEYS: Mapping[str, set[str]] = {
    "/jobs": {"filter[status]", "filter[tag]", "filter[access_token]", "include", "per_page", "page"},
    "/tasks": {"filter[job_id]", "filter[status]", "filter[operation]", "include", "per_page", "page"},
    "/convert/formats": {"filter[input_format]", "filter[output_format]"},
    "/users/me/webhooks": {"filter[url]", "per_page", "page"},
    "/operations": {
        *(f"filter[{name}]" for name in ("operation", "input_format", "output_format", "engine", "engine_version")),
        *("alternatives", "include"),
    },
}
ENDPOINTS = {
    *("GET /jobs/{}", "DELETE /jobs/{}", "GET /tasks/{}", "DELETE /tasks/{}", "POST /tasks/{}/cancel"),
    *("POST /tasks/{}/retry", "GET /users/me", "DELETE /webhooks/{}"),
}


def foreign_keys(recipe: Job | CustomJob, form: Mapping[str, Any], body: Mapping[str, Any]) -> set[str]:
    """Keys of a create-job request, with the task they are in, that neither the API has nor a person put there."""
    foreign = set(body) - JOB_KEYS
    for name, task in body["tasks"].items():
        known = ANY_TASK | TASK_KEYS[task["operation"]] | _own_options(recipe, form)
        foreign |= {f"{name}.{key}" for key in set(task) - known}
    return foreign


def _own_options(recipe: Job | CustomJob, form: Mapping[str, Any]) -> set[str]:
    """Keys that a person put into tasks as options of their own."""
    given = form.get(recipe.task.options or "", {}) if isinstance(recipe, Job) else {}
    listed = [item.get("options", {}) for item in form.get("tasks", [])] if isinstance(recipe, CustomJob) else []
    return {*given, *(key for options in listed for key in options)}
