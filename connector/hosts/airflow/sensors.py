"""Sensors: a task that goes on when a job has ended, or when something has happened to any job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator, PokeReturnValue

from connector.api.endpoints import Api
from connector.hosts.airflow.form import DEFAULT_ID
from connector.hosts.airflow.hook import CloudConvertHook, told
from connector.hosts.airflow.news import look
from connector.hosts.airflow.outputs import plain
from connector.hosts.airflow.triggers import EndTrigger, NewJobEventTrigger
from connector.modules.get_job import GetJob
from connector.modules.new_job_event import NewJobEvent
from connector.runtime.failure import failure_of
from connector.runtime.outputs import outputs_of
from connector.runtime.wait import has_ended


class JobSensor(BaseSensorOperator):
    """Waits until a job has finished, and gives its outputs; fails with the reason if the job has failed.

    :param job_id: The job, e.g. `convert.output["job_id"]`.
    :param cloudconvert_conn_id: The Airflow connection.
    :param deferrable: Wait in the triggerer, where it holds no worker slot.
    :param poll_interval: Seconds between two looks.
    """

    template_fields = ("job_id",)

    def __init__(
        self,
        *,
        job_id: str,
        cloudconvert_conn_id: str = DEFAULT_ID,
        deferrable: bool = True,
        poll_interval: float = 5.0,
        **rest: Any,
    ) -> None:
        super().__init__(poke_interval=poll_interval, **rest)
        self.job_id, self.cloudconvert_conn_id, self.deferrable = job_id, cloudconvert_conn_id, deferrable

    def execute(self, context: Any) -> Any:
        """Look, and wait in the triggerer if it has not ended."""
        if not self.deferrable:
            return super().execute(context)
        seen = self.poke(context)
        if isinstance(seen, PokeReturnValue):
            return seen.xcom_value
        trigger = EndTrigger(f"/jobs/{self.job_id}", self.timeout, self.cloudconvert_conn_id, self.poke_interval)
        self.defer(trigger=trigger, method_name="resume", timeout=timedelta(seconds=self.timeout))
        raise AssertionError("unreachable")

    def resume(self, context: Any, event: Mapping[str, Any]) -> Any:  # noqa: ARG002 - Airflow's signature
        """Go on when the trigger has fired."""
        return self.execute(context)

    def poke(self, context: Any) -> bool | PokeReturnValue:  # noqa: ARG002
        """Whether the job has finished, with its outputs."""
        with told(), CloudConvertHook(self.cloudconvert_conn_id).get_conn() as connection:
            return _looked_at(connection.api, str(self.job_id))


def _looked_at(api: Api, job_id: str) -> bool | PokeReturnValue:
    job = api.job(job_id)
    if job.get("status") == "error":
        raise failure_of(api, job)
    return has_ended(job) and PokeReturnValue(True, plain(outputs_of(GetJob.Output, job, {})))


class NewJobEventSensor(BaseSensorOperator):
    """Waits for the next event of a job, or of a task in it, and gives what NewJobEvent gives. It holds no worker slot.

    To start a DAG for every event, use `NewJobEventTrigger` in an AssetWatcher.

    :param events: Which of created, finished and failed.
    :param tag: Only jobs with this tag.
    :param cloudconvert_conn_id: The Airflow connection.
    :param poll_interval: Seconds between two looks at the list of jobs.
    """

    template_fields = ("events", "tag")

    def __init__(
        self,
        *,
        events: Sequence[str],
        tag: str | None = None,
        cloudconvert_conn_id: str = DEFAULT_ID,
        poll_interval: float = 30.0,
        **rest: Any,
    ) -> None:
        super().__init__(poke_interval=poll_interval, **rest)
        self.events, self.tag, self.cloudconvert_conn_id = events, tag, cloudconvert_conn_id

    def execute(self, context: Any) -> None:  # noqa: ARG002
        """Remember what has happened so far, and wait for more in the triggerer."""
        with told(), CloudConvertHook(self.cloudconvert_conn_id).get_conn() as connection:
            kinds = NewJobEvent.fill({"events": self.events})["events"]
            seen, _ = look(connection.api, None, kinds, self.tag)
        trigger = NewJobEventTrigger(kinds, self.cloudconvert_conn_id, self.tag, self.poke_interval, seen.to_dict())
        self.defer(trigger=trigger, method_name="resume", timeout=timedelta(seconds=self.timeout))

    def resume(self, context: Any, event: Mapping[str, Any]) -> Any:  # noqa: ARG002
        """Hand the event on."""
        return dict(event)
