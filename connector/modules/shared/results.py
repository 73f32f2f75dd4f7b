"""What modules hand on about jobs, tasks and files, in fields that are easy to map."""

from connector.fields import AnyValue, Array, Boolean, Integer, Text, Timestamp, Url
from connector.forms import Fields

_JOB = "b2e4eb2b-a744-4da2-97cd-776d393532a8"
_TASK = "69534510-3eef-46c2-b7a6-71b3f1aed916"
_FILE_URL = "https://storage.cloudconvert.com/tasks/1b7ccc22/report.pdf"


class FileFields(Fields):
    """The first file in flat fields, and all of them."""

    section = "Files"
    position = 60

    file_name = Text("File name", source="files.0.name", help="Of the first file.", example="report.pdf")
    url = Url(
        "URL", source="files.0.url", help="Of the first file; needs no key and works for 24 hours.", example=_FILE_URL
    )
    size = Integer("Size", source="files.0.size", unit="bytes", help="Of the first file.", example=58210)
    files = Array(
        "Files",
        {
            "name": Text("File name", source="filename", example="report.pdf"),
            "size": Integer("Size", unit="bytes", example=58210),
            "url": Url("URL", help="Needs no key and works for 24 hours.", example=_FILE_URL),
            "expires_at": Timestamp("URL expires at", example="2026-11-23T08:14:12+00:00"),
            "data": AnyValue("Data", help="The content, when the file was downloaded without a folder to put it in."),
            "path": Text("Path", help="Where the file was saved, when it was downloaded into a folder."),
        },
        help="All files.",
    )


class JobResult(FileFields):
    """A job and its files."""

    section = "Job"
    position = 50

    job_id = Text("Job ID", source="id", example=_JOB)
    status = Text("Status", help="waiting, processing, finished or error.", example="finished")
    tag = Text("Tag", help="The free text by which the job can be found again.", example="invoices-2026-11")
    created_at = Timestamp("Created at", example="2026-11-22T08:14:11+00:00")
    ended_at = Timestamp("Ended at", example="2026-11-22T08:14:12+00:00")
    job = AnyValue("Job", source=".", help="The job as the API describes it, with all tasks.")


class TaskResult(FileFields):
    """A task and its files."""

    section = "Task"
    position = 50

    task_id = Text("Task ID", source="id", example=_TASK)
    job_id = Text("Job ID", help="Of the job that the task belongs to.", example=_JOB)
    name = Text("Name", help="What the task is called in its job.", example="convert")
    operation = Text("Operation", example="convert")
    status = Text("Status", help="waiting, processing, finished or error.", example="finished")
    code = Text("Error code", help="Why the task failed, for programs.")
    message = Text("Message", help="Why the task failed, or what it waits for.")
    percent = Integer("Percent", example=100)
    credits = Integer("Credits", help="What the task cost.", example=1)
    engine = Text("Engine", example="office")
    created_at = Timestamp("Created at", example="2026-11-22T08:14:11+00:00")
    ended_at = Timestamp("Ended at", example="2026-11-22T08:14:12+00:00")
    task = AnyValue("Task", source=".", help="The task as the API describes it.")


class DeletedJob(Fields):
    """That a job is gone."""

    job_id = Text("Job ID", source="form.job_id", example=_JOB)
    deleted = Boolean("Deleted", source="done", example=True)


class DeletedTask(Fields):
    """That a task is gone."""

    task_id = Text("Task ID", source="form.task_id", example=_TASK)
    deleted = Boolean("Deleted", source="done", example=True)
