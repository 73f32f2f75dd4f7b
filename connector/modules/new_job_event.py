"""New job event."""

from connector.fields import AnyValue, Choice, Integer, MultiSelect, Text, Timestamp
from connector.forms import Fields
from connector.module import BadExample, Trigger
from connector.modules.shared.results import FileFields
from connector.recipe import Webhook

EVENTS = [
    Choice("created", "Created", "A job was made."),
    Choice("finished", "Finished", "A job, or a task in it, has finished."),
    Choice("failed", "Failed", "A job, or a task in it, has failed."),
]


class NewJobEvent(Trigger):
    """Fires when a job, or a task in it, was created, has finished or has failed."""

    label = "New Job Event"
    group = "Jobs"
    scopes = ("task.read", "webhook.read", "webhook.write")

    class Input(Fields):
        webhook_name = Text("Webhook name", max_length=100, help="What you call it.", example="My CloudConvert webhook")
        events = MultiSelect(
            "Events", required=True, options=EVENTS, help="What to be told about.", example=["finished", "failed"]
        )

    class Output(FileFields):
        section = "Event"
        position = 50

        event = Text(
            "Event",
            help="job.created, job.finished, job.failed, task.created, task.finished or task.failed.",
            example="job.finished",
        )
        job_id = Text("Job ID", example="b2e4eb2b-a744-4da2-97cd-776d393532a8")
        status = Text("Status", help="Of the job, or of the task.", example="finished")
        tag = Text("Tag", help="Of the job.", example="invoices-2026-11")
        task_id = Text("Task ID", help="Of the task that the event is about; empty for events of the whole job.")
        task_name = Text("Task name", help="What the task is called in its job.")
        operation = Text("Operation", help="Of the task.")
        code = Text("Error code", help="Why it failed, for programs.")
        message = Text("Message", help="Why it failed.")
        credits = Integer("Credits", help="What the task cost.")
        ended_at = Timestamp("Ended at", example="2026-11-22T08:14:12+00:00")
        job = AnyValue("Job", help="The job as the API describes it, with all tasks.")

    recipe = Webhook()
    examples = [
        {"events": ["finished", "failed"]},
        {"webhook_name": "All", "events": ["created", "finished", "failed"]},
    ]
    bad_examples = [
        BadExample({"webhook_name": "x"}, "events", "is required"),
        BadExample({"events": []}, "events", "needs at least one entry"),
        BadExample({"events": ["deleted"]}, "events", "may only hold created, finished, failed"),
    ]
