"""The link from a task in Airflow to its job at CloudConvert."""

from __future__ import annotations

from typing import Any

from airflow.sdk import BaseOperatorLink

from connector.service import LIVE, SANDBOX

KEY = "job_link"
"""The XCom under which an operator leaves the address."""

_DASHBOARDS = {LIVE: "https://cloudconvert.com", SANDBOX: "https://sandbox.cloudconvert.com"}


class JobLink(BaseOperatorLink):
    """Opens the job."""

    name = "CloudConvert job"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:  # noqa: ARG002 - Airflow's signature
        """The address that the task left, or nothing as long as it has made no job."""
        from airflow.sdk.execution_time.xcom import XCom

        return str(XCom.get_value(ti_key=ti_key, key=KEY) or "")


def address_of(base_url: str, job_id: str) -> str:
    """Where a person sees the job: in CloudConvert's dashboard, or as a server of one's own answers."""
    host = base_url if base_url in _DASHBOARDS else LIVE if base_url.endswith("." + LIVE.partition("://")[2]) else ""
    return f"{_DASHBOARDS[host]}/dashboard/jobs/{job_id}" if host else f"{base_url}/v2/jobs/{job_id}"
