"""List webhooks."""

from connector.fields import AnyValue, Boolean, Text, Timestamp, Url
from connector.forms import Fields
from connector.module import BadExample, Search
from connector.modules.shared.ids import Limit
from connector.recipe import Listing


class ListWebhooks(Search):
    """Lists the webhooks that CloudConvert calls when something happens."""

    label = "List Webhooks"
    group = "Other"
    scopes = ("webhook.read",)

    class Input(Limit):
        section = "Filter"
        position = 50

        url = Url(
            "URL",
            help="Only webhooks that call exactly this address.",
            example="https://example.com/hooks/cloudconvert",
        )

    class Output(Fields):
        webhook_id = Text("Webhook ID", source="id", example="14322")
        url = Url("URL", example="https://example.com/hooks/cloudconvert")
        events = AnyValue("Events", help="What it is called for.", example=["job.finished", "job.failed"])
        disabled = Boolean("Disabled", example=False)
        failing = Boolean("Failing", help="Whether the last calls did not go well.", example=False)
        created_at = Timestamp("Created at", example="2026-11-22T08:14:11+00:00")

    recipe = Listing("/users/me/webhooks", {"filter[url]": "url"})
    examples = [{"limit": 10}, {"url": "https://example.com/hooks/cloudconvert"}]
    bad_examples = [BadExample({"url": "example.com"}, "url", "http:// or https://")]
