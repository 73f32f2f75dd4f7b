"""What environment, region and URLs of the dialog mean."""

from __future__ import annotations

import pytest

from connector.connection.hosts import addresses, require_safe
from connector.errors import InputError


def test_live_without_a_region() -> None:
    at = addresses("live")
    assert (at.api, at.sync) == ("https://api.cloudconvert.com", "https://sync.api.cloudconvert.com")
    assert at.token == "https://cloudconvert.com/oauth/token"


@pytest.mark.parametrize("region", ["eu-central", "us-east"])
def test_a_region_has_hosts_of_its_own(region: str) -> None:
    at = addresses("live", region)
    assert at.api == f"https://{region}.api.cloudconvert.com"
    assert at.sync == f"https://{region}.sync.api.cloudconvert.com"


def test_the_sandbox_has_no_regions() -> None:
    assert addresses("sandbox", "us-east") == addresses("sandbox")
    assert addresses("sandbox").authorize == "https://sandbox.cloudconvert.com/oauth/authorize"


def test_a_server_of_ones_own_has_oauth_below_its_root() -> None:
    at = addresses("custom", base_url="http://127.0.0.1:8780/v2/", sync_url="http://127.0.0.1:8781")
    assert (at.api, at.sync) == ("http://127.0.0.1:8780", "http://127.0.0.1:8781")
    assert at.authorize == "http://127.0.0.1:8780/oauth/authorize"


def test_its_oauth_addresses_can_be_said() -> None:
    at = addresses(
        "custom", base_url="https://one.test", authorize_url="https://two.test/a", token_url="https://two.test/t"
    )
    assert (at.authorize, at.token) == ("https://two.test/a", "https://two.test/t")


def test_urls_count_in_their_environment_only() -> None:
    assert addresses("live", base_url="https://elsewhere.test") == addresses("live")


def test_an_environment_of_ones_own_needs_its_address() -> None:
    with pytest.raises(InputError, match="base url"):
        addresses("custom")


@pytest.mark.parametrize("url", ["https://a.test/t", "http://127.0.0.1:1/t", "http://localhost/t", "http://[::1]/t"])
def test_secrets_go_over_https_or_stay_on_this_machine(url: str) -> None:
    assert require_safe(url, "token_url") == url


@pytest.mark.parametrize("url", ["http://a.test/t", "http://127.0.0.1.evil.test/t", "ftp://127.0.0.1/", "token", ""])
def test_secrets_go_nowhere_else(url: str) -> None:
    with pytest.raises(InputError, match="https") as caught:
        require_safe(url, "token_url")
    assert "token_url" in caught.value.fields
