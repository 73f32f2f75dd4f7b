"""Answers kept ready: whoever polls a job gets the same bytes again as long as nothing in the data folder has changed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connector.sandbox.service import Service

_PATHS = ("/v2/jobs", "/v2/tasks")
"""What is shown there depends on the data folder, the address and the token, and on nothing else."""

_MOST = 256
_LARGEST = 64 * 1024  # bytes

Question = tuple[object, ...]


@dataclass
class _Answer:
    """The messages of an answer, and the state of the data folder that it shows."""

    changes: int
    messages: list[Message] = field(default_factory=list)

    @property
    def is_worth_keeping(self) -> bool:
        """Whether it is a whole, small, good one."""
        start, *rest = self.messages or [{}]
        size = sum(len(message.get("body", b"")) for message in rest)
        return start.get("status") == 200 and bool(rest) and not rest[-1].get("more_body") and size <= _LARGEST


class Ready:
    """Around the application: asks it only for what is not ready. A token that is not good any more is its business."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        self._kept: OrderedDict[Question, _Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET" or not scope["path"].startswith(_PATHS):
            await self._app(scope, receive, send)
            return
        token, question = _question(scope)
        known = self._kept.get(question)
        if known and known.changes == self._service.database.changes and self._service.access.holder(token):
            for message in known.messages:
                await send(message)
            return
        await self._ask(question, scope, receive, send)

    async def _ask(self, question: Question, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(self._service.database.changes)

        async def watched(message: Message) -> None:
            answer.messages.append(message)
            await send(message)

        await self._app(scope, receive, watched)
        # What changed meanwhile may be missing in it, as for those who wait for a job's end.
        if answer.is_worth_keeping and answer.changes == self._service.database.changes:
            self._kept[question] = answer
            self._kept.move_to_end(question)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)


def _question(scope: Scope) -> tuple[str, Question]:
    """The token, and all that the answer depends on beside the data folder."""
    headers = Headers(scope=scope)
    authorization = headers.get("authorization", "")
    kind, _, token = authorization.partition(" ")
    here = scope["scheme"], scope["server"], headers.get("host")
    return token.strip() if kind.lower() == "bearer" else "", (
        scope["path"],
        scope["query_string"],
        *here,
        authorization,
    )
