"""Wait for a Job."""

from connector.forms import Fields
from connector.module import Action, BadExample
from connector.modules.shared.ids import job_id, wait_limit
from connector.modules.shared.results import JobResult
from connector.recipe import Call


class WaitForJob(Action):
    """Waits until a job has finished or failed, and shows it with its files."""

    label = "Wait for a Job"
    group = "Jobs"
    scopes = ("task.read",)

    class Input(Fields):
        job_id = job_id()
        wait_limit = wait_limit()

    Output = JobResult
    recipe = Call("GET", "/jobs/{job_id}", until_ended=True)
    examples = [{"job_id": "b2e4eb2b-a744-4da2-97cd-776d393532a8"}]
    bad_examples = [
        BadExample({}, "job_id", "is required"),
        BadExample(
            {"job_id": "b2e4eb2b-a744-4da2-97cd-776d393532a8", "wait_limit": 18001},
            "wait_limit",
            "must be at most 18000",
        ),
        BadExample({"job_id": "x" * 65}, "job_id", "must have at most 64 characters"),
    ]
