"""Download a File."""

from connector.forms import Fields
from connector.module import Action, BadExample
from connector.modules.shared.ids import task_id
from connector.modules.shared.results import TaskResult
from connector.recipe import Download


class DownloadFile(Action):
    """Downloads all files of a finished task."""

    label = "Download a File"
    group = "Tasks"
    scopes = ("task.read",)

    class Input(Fields):
        task_id = task_id("The ID of an export/url task that has finished.")

    Output = TaskResult
    recipe = Download()
    examples = [{"task_id": "69534510-3eef-46c2-b7a6-71b3f1aed916"}]
    bad_examples = [
        BadExample({}, "task_id", "is required"),
        BadExample({"task_id": "x" * 65}, "task_id", "must have at most 64 characters"),
    ]
