"""Make an API call."""

from connector.fields import AnyValue, Choice, Integer, Pairs, Select, Text
from connector.forms import Fields
from connector.module import Action, BadExample
from connector.recipe import ApiCall


class MakeAPICall(Action):
    """Makes any request to CloudConvert's API with the connection's key."""

    label = "Make an API Call"
    group = "Other"
    scopes = ()

    class Input(Fields):
        url = Text(
            "URL",
            required=True,
            max_length=4000,
            help="The path at the API, beginning with /v2, e.g. /v2/users/me.",
            example="/v2/users/me",
        )
        method = Select(
            "Method",
            default="GET",
            options=[Choice(method, method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")],
            help="The HTTP method.",
        )
        headers = Pairs(
            "Headers",
            name_label="Key",
            add_label="Add a header",
            text_values=True,
            default={"Content-Type": "application/json"},
            help="Request headers. Authorization and Host belong to the connection and cannot be given here.",
        )
        query = Pairs(
            "Query String",
            name_label="Key",
            add_label="Add a parameter",
            help="Parameters of the query string.",
            example={"per_page": "10"},
        )
        body = Text("Body", multiline=True, help="The body of the request, usually JSON.")

    class Output(Fields):
        body = AnyValue("Body", help="The answer, parsed where it is JSON.", example={"data": {"id": 1}})
        headers = AnyValue("Headers", help="The headers of the answer.", example={"Content-Type": "application/json"})
        status_code = Integer("Status code", example=200)

    recipe = ApiCall()
    examples = [
        {"url": "/v2/users/me"},
        {"url": "/v2/jobs", "method": "GET", "query": [{"key": "per_page", "value": "5"}]},
    ]
    bad_examples = [
        BadExample({"method": "GET"}, "url", "is required"),
        BadExample(
            {"url": "/v2/users/me", "method": "TRACE"}, "method", "must be one of GET, POST, PUT, PATCH, DELETE"
        ),
        BadExample(
            {"url": "/v2/users/me", "headers": {"X-A": "1\r\nHost: evil.example"}}, "headers", "without line breaks"
        ),
    ]
