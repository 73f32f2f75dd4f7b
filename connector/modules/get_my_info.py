"""Get my info."""

from connector.fields import Integer, Text, Timestamp
from connector.forms import Fields
from connector.module import Action, BadExample
from connector.recipe import Call


class GetMyInfo(Action):
    """Shows whose account the connection belongs to, and how many credits it has left."""

    label = "Get My Info"
    group = "Other"
    scopes = ("user.read",)

    class Output(Fields):
        id = Text("User ID", example="1")
        username = Text("User name", example="jane")
        email = Text("E-mail address", example="jane@example.com")
        credits = Integer("Credits left", example=4434)
        created_at = Timestamp("Member since", example="2018-12-01T22:26:29+00:00")

    recipe = Call("GET", "/users/me")
    examples = [{}]
    bad_examples = [BadExample({"user": "me"}, "user", "has no field")]
