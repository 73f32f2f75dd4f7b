"""Requests that cannot be answered: every refusal in the service's shape `{message, code[, errors]}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ApiError(Exception):
    """A refusal: its status, code and message, and for wrong data what is wrong with which field."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.headers = dict(headers or {})

    def body(self) -> dict[str, object]:
        """The JSON body."""
        wrong = {} if self.errors is None else {"errors": {name: list(texts) for name, texts in self.errors.items()}}
        return {"message": self.message, "code": self.code, **wrong}


def invalid(errors: Mapping[str, Sequence[str]], status: int = 422) -> ApiError:
    """The data sent is wrong: `errors` maps field names (with dots for nested ones) to sentences."""
    return ApiError(status, "INVALID_DATA", "The given data was invalid.", errors=errors)


def unauthenticated() -> ApiError:
    """The token is missing or wrong."""
    return ApiError(401, "UNAUTHENTICATED", "Unauthenticated.", headers={"WWW-Authenticate": "Bearer"})


def not_found(what: str, why: str = "; jobs, tasks and files are deleted 24 hours after they ended") -> ApiError:
    """There is no such thing, or it is gone."""
    return ApiError(404, "NOT_FOUND", f"{what} does not exist{why}.")


def forbidden(why: str) -> ApiError:
    """A signature does not fit, or its time is over."""
    return ApiError(403, "FORBIDDEN", why)
