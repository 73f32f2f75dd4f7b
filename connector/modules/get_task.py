"""Get a Task."""

from connector.forms import Fields
from connector.module import Action, BadExample
from connector.modules.shared.ids import task_id
from connector.modules.shared.results import TaskResult
from connector.recipe import Call


class GetTask(Action):
    """Shows a task as it stands, with its files."""

    label = "Get a Task"
    group = "Tasks"
    scopes = ("task.read",)

    class Input(Fields):
        task_id = task_id()

    Output = TaskResult
    recipe = Call("GET", "/tasks/{task_id}")
    examples = [{"task_id": "69534510-3eef-46c2-b7a6-71b3f1aed916"}]
    bad_examples = [
        BadExample({}, "task_id", "is required"),
        BadExample({"task_id": "x" * 65}, "task_id", "must have at most 64 characters"),
    ]
