"""Every error that a caller can meet. The class says what the scenario should do.

ConnectorError
├── InputError             a field of the form is wrong: correct it
├── ConnectionInvalid      the key or sign-in is no longer good: connect again
├── TemporaryError         try again later, after `retry_after` seconds if it is known
│   ├── NetworkError       the host could not be reached
│   │   └── NoAnswer       it was reached, but whether it did what was asked is not known
│   ├── RateLimited        too many jobs at once
│   ├── TransferError      an upload or download broke and could not be resumed
│   └── WaitExceeded       the job is still running; WaitForJob takes it up by its id
├── ConversionFailed       a task failed: `task`, `code` and its message are the root cause
├── NotFound               no such job, task or file, or it has expired
├── LimitReached           a limit must be raised before it can work
│   ├── CreditsExceeded    the account has no credits left
│   └── OutOfSpace         the disk is full
├── ForgedWebhook          a signature does not fit: do nothing
└── ProtocolError          the server broke its contract
"""

from __future__ import annotations

from collections.abc import Mapping


class ConnectorError(Exception):
    """Base of all. `str(error)` is one sentence for the person: what happened, where, what to do next.

    Attributes:
        hint: what to do next, a sentence of its own; shown on a second line. May be empty.
        detail: for the developer (status, body excerpt); never holds a secret. May be empty.
        request_id, job_id, task_id: what it concerns at CloudConvert, where known.

    """

    exit_code = 1

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        detail: str = "",
        request_id: str | None = None,
        job_id: str | None = None,
        task_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail
        self.request_id = request_id
        self.job_id = job_id
        self.task_id = task_id

    def to_dict(self) -> dict[str, object]:
        """The error as data, for machines: `type`, `message` and whatever else is known."""
        known = {key: value for key, value in vars(self).items() if value not in (None, "", {}, [])}
        return {"type": type(self).__name__, **known}


class InputError(ConnectorError):
    """A field of the form is wrong. `fields` maps each field's name to what is wrong with it."""

    exit_code = 2

    def __init__(
        self, message: str, *, fields: Mapping[str, str] | None = None, hint: str = "", detail: str = ""
    ) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.fields = dict(fields or {})


class ConnectionInvalid(ConnectorError):
    """The credentials are missing, refused or lack a scope."""

    exit_code = 3


class TemporaryError(ConnectorError):
    """It may work later. `retry_after` is in seconds, None where the server gave no delay."""

    exit_code = 4

    def __init__(
        self,
        message: str,
        *,
        retry_after: float | None = None,
        hint: str = "",
        detail: str = "",
        request_id: str | None = None,
        job_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, detail=detail, request_id=request_id, job_id=job_id)
        self.retry_after = retry_after


class NetworkError(TemporaryError):
    """The host could not be reached, or did not answer in time."""


class NoAnswer(NetworkError):
    """Sent, but no whole answer came: whether it was carried out is not known."""


class RateLimited(TemporaryError):
    """CloudConvert takes no more jobs at the moment (429)."""


class TransferError(TemporaryError):
    """An upload or a download broke and could not be resumed."""


class WaitExceeded(TemporaryError):
    """The wait limit passed while the job was running. Nothing is lost: `job_id` names it."""


class ConversionFailed(ConnectorError):
    """A task of the job failed. `task`, `operation` and `code` name the root cause, not its followers."""

    exit_code = 5

    def __init__(
        self,
        message: str,
        *,
        task: str = "",
        operation: str = "",
        code: str = "",
        hint: str = "",
        job_id: str | None = None,
        task_id: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint, job_id=job_id, task_id=task_id)
        self.task = task
        self.operation = operation
        self.code = code


class NotFound(ConnectorError):
    """CloudConvert does not know it; jobs, tasks and files are deleted 24 hours after they ended."""

    exit_code = 6


class LimitReached(ConnectorError):
    """A limit must be raised, or room made, before it can work."""


class CreditsExceeded(LimitReached):
    """The account has no credits left (402)."""


class OutOfSpace(LimitReached):
    """The disk is full. No half-written file is left behind."""


class ForgedWebhook(ConnectorError):
    """The signature of a webhook call is missing or does not fit its body."""


class ProtocolError(ConnectorError):
    """The server's answer is not what the API promises."""
