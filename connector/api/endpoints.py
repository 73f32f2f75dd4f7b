"""The endpoints of API v2 that the connector uses. Shapes and codes: CloudConvert's API documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connector.api.answers import Answer
from connector.api.policy import CREATE, ONCE, SAFE
from connector.api.session import NoAnswer, Session
from connector.errors import ConnectorError, RateLimited, TemporaryError

Object = dict[str, Any]

_LOOKS = 2
_BETWEEN_LOOKS = 2.0
_SENDS = 3


class Api:
    """CloudConvert's API at `base_url` (the root; `/v2` follows) with the blocking host at `sync_url`, if there is one."""

    def __init__(self, session: Session, base_url: str, sync_url: str | None = None) -> None:
        self.session = session
        self.base_url = base_url
        self.sync_url = sync_url

    def request(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None) -> Answer:
        """Any request below `/v2`. Reads and deletes are repeated when they fail; what creates something is not."""
        policy = SAFE if method in ("GET", "DELETE") or path.endswith("/cancel") else CREATE
        return self.session.call(method, f"{self.base_url}/v2{path}", params=query, json=body, policy=policy)

    def create_job(self, body: Mapping[str, Any]) -> Object:
        """Create a job, exactly once. `body["tag"]` must be unique: there is no idempotency key.

        When the answer is lost, the job is looked up by its tag and adopted; only if it is surely absent is the
        request sent again.
        """
        for last in (False,) * (_SENDS - 1) + (True,):
            try:
                return _object(self.session.call("POST", f"{self.base_url}/v2/jobs", json=body, policy=CREATE))
            except (NoAnswer, TemporaryError) as error:
                if isinstance(error, RateLimited) or not _may_exist(error):
                    raise
                adopted = self._adopt(str(body["tag"]))
                if adopted is not None:
                    return adopted
                if last:
                    raise
        raise AssertionError("unreachable")

    def _adopt(self, tag: str) -> Object | None:
        """The job with that tag. Looks twice, since a new job may take a moment to be listed."""
        for look in range(_LOOKS):
            if look:
                self.session.clock.sleep(_BETWEEN_LOOKS)
            listed = self.request("GET", "/jobs", query={"filter[tag]": tag}).data()
            for job in listed if isinstance(listed, list) else []:
                if job.get("tag") == tag:
                    return self.job(job["id"])
        return None

    def job(self, job_id: str) -> Object:
        """A job with its tasks, as it stands."""
        return _object(self.request("GET", f"/jobs/{job_id}"))

    def job_when_ended(self, job_id: str, patience: float) -> Object:
        """The job once it has ended, by one blocking request to the sync host; raises NoAnswer after `patience` seconds."""
        url = f"{self.sync_url}/v2/jobs/{job_id}"
        return _object(self.session.call("GET", url, policy=ONCE, read_timeout=patience, total=patience + 1))

    def task(self, task_id: str) -> Object:
        """A task, as it stands."""
        return _object(self.request("GET", f"/tasks/{task_id}"))

    def me(self) -> Object:
        """The user whose key it is."""
        return _object(self.request("GET", "/users/me"))

    def output_formats(self, operation: str, input_format: str) -> list[str]:
        """What an input format can become, in alphabetical order."""
        query = {"filter[operation]": operation, "filter[input_format]": input_format}
        rows = self.request("GET", "/operations", query=query).data()
        return sorted({row["output_format"] for row in rows if row.get("output_format")})

    def pages(self, path: str, query: Mapping[str, Any]) -> Iterator[Object]:
        """The items of a list, page after page, by `links.next`."""
        page = 1
        while True:
            document = self.request("GET", path, query={**query, "page": page}).json()
            yield from document.get("data") or []
            if not (document.get("links") or {}).get("next"):
                return
            page += 1


def _may_exist(error: ConnectorError) -> bool:
    """Whether a failed create may still have made the job: no answer, or a failure after it was received."""
    return isinstance(error, NoAnswer) or type(error) is TemporaryError


def _object(answer: Answer) -> Object:
    data = answer.data()
    if not isinstance(data, dict) or "id" not in data:
        raise answer.broken("holds no object")
    return data
