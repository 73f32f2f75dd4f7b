"""What is new in the list of jobs, for a trigger that keeps its memory in its own arguments.

`connector.events.polling` does the same with a journal on the disk, and misses nothing; a trigger has no disk of its own:
Airflow moves it from one process to another, and hands on only what it was made with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from connector.api.endpoints import Api, Object
from connector.events.event import Event, ended_as, events_of
from connector.events.opening import seconds
from connector.service import LIFETIME

_PAGE = 100


@dataclass(frozen=True)
class Seen:
    """What is known already: all that happened before `moment`, and the events in `keys` in that very second.

    `moment` is by the server's clock, in seconds since 1970: that of the worker may go wrong.
    """

    moment: float = 0.0
    keys: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As a trigger's argument."""
        return {**asdict(self), "keys": list(self.keys)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Seen:
        """What `to_dict` gave."""
        return cls(float(data["moment"]), tuple(data["keys"]))

    def knows(self, event: Event) -> bool:
        """Whether the event is no news."""
        moment = seconds(event.occurred_at)
        return moment < self.moment or (moment == self.moment and event.id in self.keys)

    def after(self, events: Collection[Event]) -> Seen:
        """What is known once these are."""
        latest = max([self.moment, *(seconds(event.occurred_at) for event in events)])
        kept = self.keys if latest == self.moment else ()
        return Seen(latest, (*kept, *(event.id for event in events if seconds(event.occurred_at) == latest)))


def look(api: Api, seen: Seen | None, kinds: Collection[str], tag: str | None) -> tuple[Seen, list[Event]]:
    """What is known now, and what happened to jobs and their tasks since `seen`, oldest first.

    The first look, with None, tells nothing: it begins there. Raises ConnectorError.
    """
    happened = [event for job in _jobs(api, seen, tag) for event in _events(job)]
    if seen is None:
        return Seen().after(happened), []
    news = [event for event in happened if not seen.knows(event)]
    wanted = sorted((event for event in news if event.kind in kinds), key=lambda event: seconds(event.occurred_at))
    return seen.after(news), wanted


def _jobs(api: Api, seen: Seen | None, tag: str | None) -> Iterator[Object]:
    """The jobs to which something may have happened, newest first: older ones are gone."""
    query = {"include": "tasks", "per_page": _PAGE} | ({"filter[tag]": tag} if tag else {})
    for job in api.pages("/jobs", query):
        if seen is not None and seconds(job.get("created_at")) < seen.moment - LIFETIME:
            return
        yield job


def _events(job: Object) -> Iterator[Event]:
    yield from events_of({"event": "job.created", "job": job})
    how = ended_as(job.get("status"))
    if how is not None:
        yield from events_of({"event": f"job.{how}", "job": job})
