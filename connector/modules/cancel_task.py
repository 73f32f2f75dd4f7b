"""Cancel a Task."""

from connector.forms import Fields
from connector.module import Action, BadExample
from connector.modules.shared.ids import task_id
from connector.modules.shared.results import TaskResult
from connector.recipe import Call


class CancelTask(Action):
    """Cancels a task that is waiting or processing."""

    label = "Cancel a Task"
    group = "Tasks"
    scopes = ("task.write",)

    class Input(Fields):
        task_id = task_id("The ID of a task that is waiting or processing.")

    Output = TaskResult
    recipe = Call("POST", "/tasks/{task_id}/cancel")
    examples = [{"task_id": "69534510-3eef-46c2-b7a6-71b3f1aed916"}]
    bad_examples = [
        BadExample({}, "task_id", "is required"),
        BadExample({"task_id": "x" * 65}, "task_id", "must have at most 64 characters"),
    ]
