"""Get a Job."""

from connector.forms import Fields
from connector.module import Action, BadExample
from connector.modules.shared.ids import job_id
from connector.modules.shared.results import JobResult
from connector.recipe import Call


class GetJob(Action):
    """Shows a job as it stands, with its files."""

    label = "Get a Job"
    group = "Jobs"
    scopes = ("task.read",)

    class Input(Fields):
        job_id = job_id()

    Output = JobResult
    recipe = Call("GET", "/jobs/{job_id}")
    examples = [{"job_id": "b2e4eb2b-a744-4da2-97cd-776d393532a8"}]
    bad_examples = [
        BadExample({}, "job_id", "is required"),
        BadExample({"job_id": "x" * 65}, "job_id", "must have at most 64 characters"),
    ]
