"""Five pictures become PDF side by side, the PDFs one, and that one small: each task takes what the one before gives."""

from __future__ import annotations

import os
from pathlib import Path

from airflow.sdk import DAG, task

from connector.hosts.airflow.operators import (
    ConvertFileOperator,
    GetMyInfoOperator,
    ListJobsOperator,
    MergeFilesOperator,
    OptimizeFileOperator,
)
from connector.hosts.airflow.sensors import JobSensor

with DAG("cloudconvert_trial", schedule=None, default_args={"poll_interval": 1.0}):

    @task
    def pictures() -> list[str]:
        return sorted(map(str, Path(os.environ["TRIAL_PICTURES"]).iterdir()))

    @task
    def urls(converted: list[dict]) -> list[str]:
        return [one["url"] for one in converted]

    who = GetMyInfoOperator(task_id="who")
    convert = ConvertFileOperator.partial(task_id="convert", output_format="pdf").expand(input_file=pictures())
    merge = MergeFilesOperator(task_id="merge", input_files=urls(convert.output), file_name="all.pdf")
    optimize = OptimizeFileOperator(
        task_id="optimize",
        input_file=merge.output["url"],
        profile="print",
        file_name="{{ dag.dag_id }}.pdf",
        output_dir=os.environ["TRIAL_RESULTS"],
    )
    ended = JobSensor(task_id="ended", job_id="{{ ti.xcom_pull('optimize')['job_id'] }}")
    jobs = ListJobsOperator(task_id="jobs", limit="3")

    who >> optimize >> ended >> jobs
