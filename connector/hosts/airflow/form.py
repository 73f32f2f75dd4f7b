"""The dialog of a connection as Airflow draws it, and a filled-in one as the connector takes it.

The API key goes into Airflow's own password field, which it masks and encrypts; every other field of the dialog is one of
the "conn-fields", a JSON schema each, whose values Airflow keeps in "extra" under the field's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector.connection.record import Kind, SavedConnection
from connector.dialog import KINDS
from connector.fields import Field
from connector.forms import fill

CONNECTION_TYPE = "cloudconvert"
DEFAULT_ID = "cloudconvert_default"

_KIND: Kind = "api-key"
_PASSWORD = "api_key"  # noqa: S105 - the name of a field
_UNUSED = ["host", "port", "schema", "login", "extra"]


def form() -> dict[str, Any]:
    """The two keys of a connection type that describe its form."""
    fields = KINDS[_KIND].all()
    key = fields.pop(_PASSWORD)
    return {
        "ui-field-behaviour": {
            "hidden-fields": _UNUSED,
            "relabeling": {"password": key.label},
            "placeholders": {"password": key.help},
        },
        "conn-fields": {name: _asked(field) for name, field in fields.items()},
    }


def connection_of(conn_id: str, password: str | None, extra: Mapping[str, Any]) -> SavedConnection:
    """The connection that a filled-in form describes. Raises InputError, ConnectionInvalid for a key that is none."""
    dialog = KINDS[_KIND]
    known = {name: value for name, value in extra.items() if name in dialog.all()}
    answers = fill(dialog, {**known, _PASSWORD: password}, f"The Airflow connection {conn_id}")
    return SavedConnection.from_answers(conn_id, _KIND, answers)


def _asked(field: Field) -> dict[str, Any]:
    """A field as Airflow's JSON schema. A type without "null" is shown as required."""
    schema: dict[str, Any] = {"type": ["string", "null"]}
    if isinstance(field.options, list):
        # An entry for null would be shown as the word "null", so that a list always has a value.
        schema = {"type": "string", "enum": [choice.value for choice in field.options], "default": field.default}
    elif field.secret:
        schema["format"] = "password"
    return {"label": field.label, "description": field.help, "schema": schema}
