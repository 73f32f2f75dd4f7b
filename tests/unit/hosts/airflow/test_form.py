from __future__ import annotations

import pytest

from connector.dialog import KINDS
from connector.errors import ConnectorError, InputError
from connector.hosts.airflow.form import connection_of, form
from connector.hosts.airflow.provider import get_provider_info


def test_every_field_of_the_dialog_is_asked_once() -> None:
    made = form()
    assert {*made["conn-fields"], "api_key"} == set(KINDS["api-key"].all())
    assert made["ui-field-behaviour"]["relabeling"]["password"] == "API key"
    assert "password" not in made["ui-field-behaviour"]["hidden-fields"]


def test_secrets_are_masked() -> None:
    secret = {name for name, field in KINDS["api-key"].all().items() if field.secret} - {"api_key"}
    asked = form()["conn-fields"]
    assert {name for name, one in asked.items() if one["schema"].get("format") == "password"} == secret


def test_a_list_has_its_default_and_no_null() -> None:
    assert form()["conn-fields"]["environment"]["schema"] == {
        "type": "string",
        "enum": ["live", "sandbox", "custom"],
        "default": "live",
    }


def test_a_filled_in_form_is_a_connection() -> None:
    saved = connection_of("mine", "key-0123456789", {"environment": "live", "region": "us-east", "other": 1})
    assert saved.addresses().api == "https://us-east.api.cloudconvert.com"
    assert saved.secrets.api_key == "key-0123456789"


@pytest.mark.parametrize(
    ("password", "extra", "field"),
    [(None, {}, "api_key"), ("key-0123456789", {"environment": "custom"}, "base_url")],
)
def test_what_is_missing_is_named(password: str | None, extra: dict[str, str], field: str) -> None:
    with pytest.raises(InputError) as caught:
        connection_of("mine", password, extra)
    assert field in caught.value.fields
    assert isinstance(caught.value, ConnectorError)


def test_the_provider_is_this_distribution() -> None:
    info = get_provider_info()
    assert info["package-name"] == "cloudconvert-connector"
    assert info["connection-types"][0]["connection-type"] == "cloudconvert"
