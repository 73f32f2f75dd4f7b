"""The trigger: a webhook that the platform attaches when a flow is switched on."""

from __future__ import annotations

from typing import Any

from connector.platforms.openapi.answer import described, job
from connector.platforms.openapi.asked import asked, object_of
from connector.platforms.openapi.tasks import created_webhook, events, kinds_of
from connector.platforms.power_platform.schema import Json, converted
from connector.platforms.power_platform.words import description, summary

PATH = created_webhook().path


def trigger() -> Json:
    """The path item: what is sent to attach the webhook, and beside it what the service will send."""
    module, _ = events()
    said = {"description": "What CloudConvert sends when something happens to a job.", "schema": _notification()}
    attach: Json = {
        "operationId": module.name(),
        "summary": summary(module.label),
        "description": description(module.summary()),
        "tags": [module.group],
        "x-ms-trigger": "single",
        "x-ms-trigger-hint": "Run a conversion to see it work now.",
        "x-ms-visibility": "important",
        "parameters": [{"name": "body", "in": "body", "required": True, "schema": _attaching()}],
        "responses": {
            "201": {"description": "The webhook is attached."},
            "default": {"description": "It was refused."},
        },
    }
    return {"x-ms-notification-content": said, "post": attach}


def _attaching() -> Json:
    body = created_webhook().body or {}
    made: Json = converted(object_of({"events": body["properties"]["events"]}, ["events"]), lambda _: {})
    address = {"type": "string", "x-ms-notification-url": True, "x-ms-visibility": "internal"}
    address |= {"x-ms-summary": "Callback URL", "description": "The address that the platform listens at."}
    made["properties"]["url"] = address
    return made | {"required": ["events", "url"]}


def _notification() -> Json:
    module, field = events()
    event: dict[str, Any] = asked(module.Output.all()["event"]) | {"enum": list(kinds_of(field))}
    event["description"] = "What happened to the job."
    made: Json = converted(object_of({"event": event, "job": described(job())}, ["event", "job"]), lambda _: {})
    return made
