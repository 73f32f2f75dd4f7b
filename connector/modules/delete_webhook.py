"""Delete a webhook."""

from connector.fields import Boolean, Text
from connector.forms import Fields
from connector.module import Action, BadExample
from connector.recipe import Call


class DeleteWebhook(Action):
    """Deletes a webhook; CloudConvert calls its address no more."""

    label = "Delete a Webhook"
    group = "Other"
    scopes = ("webhook.write",)

    class Input(Fields):
        webhook_id = Text(
            "Webhook ID",
            required=True,
            max_length=64,
            help="The ID of the webhook, as ListWebhooks gives it.",
            example="14322",
        )

    class Output(Fields):
        webhook_id = Text("Webhook ID", source="form.webhook_id", example="14322")
        deleted = Boolean("Deleted", source="done", example=True)

    recipe = Call("DELETE", "/webhooks/{webhook_id}")
    examples = [{"webhook_id": "14322"}]
    bad_examples = [
        BadExample({}, "webhook_id", "is required"),
        BadExample({"webhook_id": 14322}, "webhook_id", "must be text"),
    ]
