"""What a start needs, put together from an order. No I/O here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connector.hosts.v1.order import Order
from connector.hosts.v1.process import Plan
from connector.hosts.v1.translate import Translation, translate
from connector.redact import redact_data
from connector.runtime.job_request import JobRequest


@dataclass(frozen=True)
class Name:
    """How a job can be known again: by its tag, and by a mark in its tasks' names where the tag is a person's own."""

    tag: str
    mark: str

    @classmethod
    def new(cls, order: Order) -> Name:
        """A name that no other job has."""
        unique = str(uuid.uuid4())
        return cls(order.tag, f"-{unique[-12:]}") if order.tag else cls(f"v1-{unique}", "")


def order_of(created: Mapping[str, Any], given: Mapping[str, Any], uploads: int) -> Order:
    """What is asked for; what counts as not given does not hide what the creation said. Raises InputError."""
    filled = {name: value for name, value in given.items() if value not in (None, "")}
    return Order.read({**created, **filled}, uploads=uploads)


def translated(order: Order, name: Name) -> Translation:
    """The order's job, marked."""
    return translate(order, mark=name.mark)


def request_of(tag: str, tasks: Mapping[str, Mapping[str, Any]]) -> JobRequest:
    """The request; its answer is known again by its tag and the names of its tasks."""
    return JobRequest({"tasks": dict(tasks), "tag": tag}, {}, "task")


def plan_of(order: Order, translation: Translation, group: str) -> Plan:
    """What is remembered of the order, without its passwords."""
    announced = dict(zip(translation.uploads, order.input.files, strict=False))
    options: Any = redact_data(order.options)
    return Plan(
        order.mode,
        order.input.method,
        order.output_format,
        options=options,
        filename=order.input.filename,
        inline=order.inline,
        save=order.save,
        callback=order.callback,
        tag=order.tag,
        storage=order.output.name if order.output else None,
        warnings=translation.lost,
        group=group,
        main=translation.main,
        exports=translation.exports,
        uploads={name: announced.get(name, "") for name in translation.uploads},
        names=tuple(translation.tasks),
    )
