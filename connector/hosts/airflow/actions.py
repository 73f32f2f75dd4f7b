"""What the operators do; `operators` gives each module's its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowFailException

from connector.api.endpoints import Api
from connector.hosts.airflow.arguments import Argument
from connector.hosts.airflow.hook import CloudConvertHook, told
from connector.hosts.airflow.identity import tag_of
from connector.hosts.airflow.links import KEY, JobLink, address_of
from connector.hosts.airflow.log import Logged
from connector.hosts.airflow.outputs import plain
from connector.hosts.airflow.triggers import EndTrigger
from connector.module import Module
from connector.recipe import Call, CustomJob, Job
from connector.runtime import Items, Options, execute
from connector.runtime.call_request import call_request
from connector.runtime.job_request import job_request
from connector.runtime.wait import exceeded, has_ended, wait_until_ended
from connector.service import LIFETIME


class ModuleOperator(BaseOperator):
    """Runs the module that a subclass declares, and gives its outputs, each also as an XCom of its own."""

    declared: ClassVar[type[Module]]
    arguments: ClassVar[tuple[Argument, ...]]

    cloudconvert_conn_id: str
    deferrable: bool
    poll_interval: float

    def form(self) -> dict[str, Any]:
        """The validated form. Raises InputError."""
        given = {one.field: getattr(self, one.name) for one in self.arguments if one.field}
        return self.declared.fill({name: value for name, value in given.items() if value is not None})

    def execute(self, context: Any) -> Any:  # noqa: ARG002 - Airflow's signature
        """Run the module once."""
        with told(), self._hook().get_conn() as connection:
            return self._result(connection.api, self.form())

    def _hook(self) -> CloudConvertHook:
        return CloudConvertHook(self.cloudconvert_conn_id)

    @cached_property
    def _progress(self) -> Logged:
        return Logged(self.log)

    def _options(self, **more: Any) -> Options:
        folder = getattr(self, "output_dir", None)
        return Options(Path(folder) if folder else None, progress=self._progress, **more)

    def _result(self, api: Api, form: Mapping[str, Any], **options: Any) -> Any:
        outputs = execute(api, self.declared.recipe, form, self._options(**options), self.declared.Output)
        return plain(list(outputs) if isinstance(outputs, Items) else outputs)

    def _until_ended(self, api: Api, path: str, form: Mapping[str, Any]) -> None:
        """Return when it has ended; where the operator may be deferred, leave the worker until then."""
        if has_ended(api.read(path)):
            return
        if self.deferrable:
            trigger = EndTrigger(path, self._limit(form), self.cloudconvert_conn_id, self.poll_interval)
            self.defer(trigger=trigger, method_name="resume")
        wait_until_ended(api, path, self._limit(form), self._progress)

    def _limit(self, form: Mapping[str, Any]) -> float:
        """Seconds to wait at most; without a word about it, until the end."""
        return float(form["wait_limit"]) if getattr(self, "wait_limit", None) is not None else LIFETIME

    def _waited(self, event: Mapping[str, Any], form: Mapping[str, Any]) -> None:
        """Raise WaitExceeded if the trigger gave up; the next try takes the job up again."""
        if event["status"] is None:
            raise exceeded(event["path"], self._limit(form))


class EndOperator(ModuleOperator):
    """Waits for a job or task that there is already."""

    recipe: ClassVar[Call]

    def execute(self, context: Any) -> Any:  # noqa: ARG002
        """Wait for the end."""
        with told(), self._hook().get_conn() as connection:
            form = self.form()
            self._until_ended(connection.api, call_request(self.recipe, form)[0], form)
            return self._result(connection.api, form)

    def resume(self, context: Any, event: Mapping[str, Any]) -> Any:  # noqa: ARG002
        """Go on when the trigger has fired."""
        with told(), self._hook().get_conn() as connection:
            form = self.form()
            self._waited(event, form)
            return self._result(connection.api, form)


class JobOperator(ModuleOperator):
    """Makes a job, or takes up the one that an earlier try has made, and gives its files when it has ended."""

    recipe: ClassVar[Job | CustomJob]
    operator_extra_links = (JobLink(),)

    def execute(self, context: Any) -> Any:
        """Make the job, send its files, and wait for the end."""
        with told(), self._hook().get_conn() as connection:
            form = self.form()
            job_id = self._made(connection.api, form, context["ti"])
            context["ti"].xcom_push("job_id", job_id)
            context["ti"].xcom_push(KEY, address_of(connection.base_url, job_id))
            self._until_ended(connection.api, f"/jobs/{job_id}", form)
            return self._ended(connection.api, form, job_id)

    def resume(self, context: Any, event: Mapping[str, Any]) -> Any:  # noqa: ARG002
        """Go on when the trigger has fired."""
        with told(), self._hook().get_conn() as connection:
            form = self.form()
            self._waited(event, form)
            return self._ended(connection.api, form, event["path"].rpartition("/")[2])

    def _made(self, api: Api, form: Mapping[str, Any], task_instance: Any) -> str:
        known = {"tag": tag_of(task_instance, form)}
        if task_instance.try_number > 1:
            known = self._known(api, form, task_instance)
        return str(self._result(api, _only_made(form), **known)["job_id"])

    def _known(self, api: Api, form: Mapping[str, Any], task_instance: Any) -> dict[str, str]:
        """The job of an earlier try, else the tag for a new one: jobs that failed are left alone, trying those is in vain."""
        number = 0
        while True:
            number += 1
            tag = tag_of(task_instance, form, number)
            request = job_request(self.recipe, form, tag)
            if request.recognize is None:
                raise AirflowFailException(
                    "Whether the try before has made a job cannot be known, since the job has a tag of your own. Leave "
                    "the tag empty, then a retried task finds its job again."
                )
            job = api.job_with_tag(request.tag, request.recognize, looks=2)
            if job is None:
                return {"tag": tag}
            if job.get("status") != "error":
                return {"job_id": str(job["id"])}

    def _ended(self, api: Api, form: Mapping[str, Any], job_id: str) -> Any:
        wanted = getattr(self, "output_dir", None) is not None
        return self._result(api, {**form, **_download(form, wanted)}, job_id=job_id)


def _only_made(form: Mapping[str, Any]) -> dict[str, Any]:
    return {**form, **_download(form, False)}


def _download(form: Mapping[str, Any], wanted: bool) -> dict[str, bool]:
    return {"download": wanted} if "download" in form else {}
