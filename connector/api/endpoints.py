"""The endpoints of API v2 that the connector uses. Shapes and codes: CloudConvert's API documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from connector.api.answers import Answer
from connector.api.policy import CREATE, ONCE, Policy, is_cancel, policy_of
from connector.api.session import Session
from connector.errors import ConnectorError, NoAnswer, ProtocolError, TemporaryError

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
        url = f"{self.base_url}/v2{path}"
        answer = self.session.call(method, url, params=query, json=body, policy=policy_of(method, path))
        if is_cancel(method, path) and answer.status == 204:  # the answer with the cancelled task was lost
            return self.request("GET", path.removesuffix("/cancel"))
        return answer

    def own_request(
        self, method: str, url: str, *, query: Mapping[str, Any] | None, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """A person's own request to a URL of the API, with headers of their own."""
        policy = policy_of(method, urlsplit(url).path)
        return self.session.call(method, url, params=query, headers=headers, content=body, policy=policy)

    def create_job(
        self, body: Mapping[str, Any], is_ours: Callable[[Object], bool] | None, *, policy: Policy = CREATE
    ) -> Object:
        """Create a job, at most once, although there is no idempotency key.

        When the answer is lost, the job is looked up by its tag and adopted if `is_ours` knows it again; only if it is
        surely absent is the request sent again. Without `is_ours` it cannot be known again, and the error is raised.
        `policy` says after which refusals each of these requests is repeated; it must not repeat one that may have worked.
        """
        for last in (False,) * (_SENDS - 1) + (True,):
            try:
                return _object(self.session.call("POST", f"{self.base_url}/v2/jobs", json=body, policy=policy))
            except (TemporaryError, ProtocolError) as error:
                if not may_exist(error):
                    raise
                if is_ours is None:
                    error.hint = f"The job may have been made: look for the tag {body['tag']!r} with ListJobs before you try again."
                    raise
                adopted = self.job_with_tag(str(body["tag"]), is_ours, looks=_LOOKS)
                if adopted is not None:
                    return adopted
                if last or isinstance(error, ProtocolError) or error.retry_after is not None:
                    raise
        raise AssertionError("unreachable")

    def job_with_tag(self, tag: str, is_ours: Callable[[Object], bool], *, looks: int = 1) -> Object | None:
        """The job with that tag that `is_ours` knows, or None. Several looks, since a new job may take a moment to be listed."""
        for look in range(looks):
            if look:
                self.session.clock.sleep(_BETWEEN_LOOKS)
            for job in self.pages("/jobs", {"filter[tag]": tag, "include": "tasks"}):
                if is_ours(job):
                    return self.job(job["id"])
        return None

    def job(self, job_id: str) -> Object:
        """A job with its tasks, as it stands."""
        return _object(self.request("GET", f"/jobs/{job_id}"))

    def when_ended(self, path: str, patience: float) -> Object:
        """A job or task once it has ended, by one blocking request to the sync host.

        Raises NoAnswer after `patience` seconds.
        """
        url = f"{self.sync_url}/v2{path}"
        return _object(self.session.call("GET", url, policy=ONCE, read_timeout=patience, total=patience + 1))

    def read(self, path: str) -> Object:
        """A job or task, as it stands."""
        return _object(self.request("GET", path))

    def task(self, task_id: str) -> Object:
        """A task, as it stands."""
        return _object(self.request("GET", f"/tasks/{task_id}"))

    def me(self) -> Object:
        """The user whose key it is."""
        return _object(self.request("GET", "/users/me"))

    def pages(self, path: str, query: Mapping[str, Any], *, paged: bool = True) -> Iterator[Object]:
        """The items of a list, page after page, by `links.next`. Pages are asked for as they are needed.

        An item that moves to a later page while somebody else adds new ones is given once.
        """
        page = 1
        seen: set[str] = set()
        more = True
        while more:
            answer = self.request("GET", path, query={**query, "page": page} if paged else query)
            items, more = _page(answer)
            del answer  # while the next page is asked for, nothing of this one is kept
            ids = [str(item.get("id") or "") for item in items]
            if not seen.isdisjoint(ids):
                items = [item for item, at in zip(items, ids, strict=True) if at not in seen]
            # Of every page: where others add more than a page at once, what comes again was further back than the last.
            seen.update(filter(None, ids))
            yield from items
            del items
            page += 1


def _page(answer: Answer) -> tuple[list[Object], bool]:
    """The items of a page, and whether another follows."""
    document = answer.document()
    items = document["data"]
    if not isinstance(items, list) or not _are_sound(items):
        raise answer.broken("holds no list of objects")
    links = document.get("links")
    return items, bool(items and isinstance(links, dict) and links.get("next"))


def may_exist(error: ConnectorError) -> bool:
    """Whether a failed create may still have made the job: no answer, a broken one, or a failure after it was received."""
    return isinstance(error, NoAnswer | ProtocolError) or type(error) is TemporaryError


def _object(answer: Answer) -> Object:
    data = answer.data()
    if not _are_sound([data]) or "id" not in data:
        raise answer.broken("holds no object")
    return dict(data)


def _are_sound(things: list[Any]) -> bool:
    """Whether jobs or tasks have the shape that their readers rely on; null may stand for anything that is missing."""
    for thing in things:
        if not isinstance(thing, dict):
            return False
        tasks, result = thing.get("tasks"), thing.get("result")
        if tasks and not (isinstance(tasks, list) and _are_sound(tasks)):
            return False
        if not result:
            continue
        files = result.get("files") if isinstance(result, dict) else "none"
        if files and not (isinstance(files, list) and set(map(type, files)) == {dict}):
            return False
    return True
