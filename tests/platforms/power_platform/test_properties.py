"""The two ways to sign in, and the policies."""

from __future__ import annotations

from typing import Any

from connector.cli.manifests import service_at
from connector.platforms.power_platform.properties import properties as made
from connector.service import LIVE, SANDBOX, TOKEN_URL
from tests.platforms.power_platform.conftest import read
from tests.platforms.power_platform.gateway import Gateway


def parameters(sign_in: str, base_url: str = LIVE) -> Any:
    return made(service_at(base_url), sign_in)["properties"]["connectionParameters"]


def test_policies_name_operations_that_there_are(properties: Any) -> None:
    definition = read("api-key", "apiDefinition.swagger")
    names = set(Gateway(definition, properties, {}).operations)
    for policy in properties["properties"]["policyTemplateInstances"]:
        assert set(policy["parameters"].get("x-ms-apimTemplate-operationName", names)) <= names


def test_every_path_of_our_own_is_led_to_one_of_the_service(properties: Any) -> None:
    definition = read("api-key", "apiDefinition.swagger")
    gateway = Gateway(definition, properties, {"api_key": "k", "host": "h"})
    for name, (path, _, operation) in gateway.operations.items():
        if not path.startswith("/v2/"):
            values = {one["name"]: "x" for one in operation["parameters"] if one["in"] != "body"}
            sent = gateway.prepared(name, {}, **values)
            assert sent.url.startswith("https://h/v2/")


def test_the_key_is_asked_in_dots_and_sent_as_a_bearer_token() -> None:
    key = parameters("api-key")["api_key"]
    assert (key["type"], key["uiDefinition"]["constraints"]["clearText"]) == ("securestring", False)
    files = [read("api-key", name) for name in ("apiDefinition.swagger", "apiProperties")]
    sent = Gateway(*files, {"api_key": "secret", "host": "api.cloudconvert.com"}).prepared("GetMyInfo")
    assert sent.headers == {"Authorization": "Bearer secret"}
    assert sent.url == f"{LIVE}/v2/users/me"


def test_the_server_that_was_chosen_is_called() -> None:
    files = [read("api-key", name) for name in ("apiDefinition.swagger", "apiProperties")]
    allowed = parameters("api-key")["host"]["uiDefinition"]["constraints"]["allowedValues"]
    assert SANDBOX.partition("//")[2] in [one["value"] for one in allowed]
    for one in allowed:
        sent = Gateway(*files, {"api_key": "secret", "host": one["value"]}).prepared("GetMyInfo")
        assert sent.url == f"https://{one['value']}/v2/users/me"


def test_oauth_refreshes_and_carries_no_secret() -> None:
    settings = parameters("oauth2")["token"]["oAuthSettings"]
    assert settings["customParameters"]["refreshUrl"] == {"value": TOKEN_URL}
    assert (settings["clientId"], "clientSecret" in settings) == ("", False)
    assert "webhook.write" in settings["scopes"][0].split(" ")


def test_a_server_of_ones_own_is_the_only_one() -> None:
    assert set(parameters("api-key", "http://127.0.0.1:8780")) == {"api_key"}
    assert read("api-key", "apiDefinition.swagger", "http://127.0.0.1:8780")["host"] == "127.0.0.1:8780"


def test_each_folder_signs_in_in_one_way() -> None:
    for sign_in in ("api-key", "oauth2"):
        definition = read(sign_in, "apiDefinition.swagger")
        assert list(definition["securityDefinitions"]) == [sign_in]
        assert [list(one) for one in definition["security"]] == [[sign_in]]
