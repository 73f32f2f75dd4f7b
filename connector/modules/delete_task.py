"""Delete a Task."""

from connector.forms import Fields
from connector.module import Action, BadExample
from connector.modules.shared.ids import task_id
from connector.modules.shared.results import DeletedTask
from connector.recipe import Call


class DeleteTask(Action):
    """Deletes a task with its files."""

    label = "Delete a Task"
    group = "Tasks"
    scopes = ("task.write",)

    class Input(Fields):
        task_id = task_id()

    Output = DeletedTask
    recipe = Call("DELETE", "/tasks/{task_id}")
    examples = [{"task_id": "69534510-3eef-46c2-b7a6-71b3f1aed916"}]
    bad_examples = [
        BadExample({}, "task_id", "is required"),
        BadExample({"task_id": "x" * 65}, "task_id", "must have at most 64 characters"),
    ]
