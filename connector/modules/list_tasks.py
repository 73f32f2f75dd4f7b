"""List tasks."""

from connector.fields import Choice, Dynamic, Select
from connector.module import BadExample, Search
from connector.modules.shared.ids import Limit, job_id
from connector.modules.shared.results import TaskResult
from connector.recipe import Listing


class ListTasks(Search):
    """Lists the account's tasks, newest first."""

    label = "List Tasks"
    group = "Tasks"
    scopes = ("task.read",)

    class Input(Limit):
        section = "Filter"
        position = 50

        status = Select(
            "Status",
            options=[
                Choice("waiting", "Waiting"),
                Choice("processing", "Processing"),
                Choice("finished", "Finished"),
                Choice("error", "Failed"),
            ],
            help="Only tasks with this status.",
            example="finished",
        )
        job_id = job_id(required=False)
        operation = Select(
            "Operation", options=Dynamic("operations"), help="Only tasks of this operation.", example="convert"
        )

    Output = TaskResult
    recipe = Listing(
        "/tasks", {"filter[status]": "status", "filter[job_id]": "job_id", "filter[operation]": "operation"}
    )
    examples = [{"limit": 10}, {"status": "finished", "operation": "convert"}]
    bad_examples = [
        BadExample({"status": "done"}, "status", "must be one of waiting, processing, finished, error"),
        BadExample({"limit": "many"}, "limit", "must be a whole number"),
    ]
