"""List jobs."""

from connector.fields import Choice, Select, Text
from connector.module import BadExample, Search
from connector.modules.shared.ids import Limit
from connector.modules.shared.results import JobResult
from connector.recipe import Listing


class ListJobs(Search):
    """Lists the account's jobs, newest first."""

    label = "List Jobs"
    group = "Jobs"
    scopes = ("task.read",)

    class Input(Limit):
        section = "Filter"
        position = 50

        status = Select(
            "Status",
            options=[Choice("processing", "Processing"), Choice("finished", "Finished"), Choice("error", "Failed")],
            help="Only jobs with this status.",
            example="finished",
        )
        tag = Text("Tag", max_length=255, help="Only jobs with exactly this tag.", example="invoices-2026-11")

    Output = JobResult
    recipe = Listing("/jobs", {"filter[status]": "status", "filter[tag]": "tag"}, expand="tasks")
    examples = [{"limit": 10}, {"status": "finished", "tag": "invoices-2026-11"}]
    bad_examples = [
        BadExample({"status": "waiting"}, "status", "must be one of processing, finished, error"),
        BadExample({"limit": -1}, "limit", "must be at least 0"),
    ]
