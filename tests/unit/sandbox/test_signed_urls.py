from __future__ import annotations

import base64
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox import Settings
from connector.sandbox.database import Database
from connector.sandbox.problems import ApiError
from connector.sandbox.signed_urls import CACHE_SECONDS, SignedResults, read, signature_of

from .client import EXPORTED, RAW, Client
from .conftest import running
from .lab import Clock

BASE = "https://s.cloudconvert.com/00000000-0000-0000-0000-000000000000"
VECTOR = (
    '{"tasks":{"import-file":{"operation":"import/url","url":"https://example.com/in.pdf"},'
    '"export-file":{"operation":"export/url","input":"import-file"}}}'
)
JOB = {"tasks": EXPORTED}
# Its base64 text holds "+", "/" and padding, whatever the alphabet.
ODD = {"tasks": EXPORTED, "tag": "ûïþ~~~????????>>>>"}


def plain(body: Any) -> str:
    return base64.b64encode(json.dumps(body, ensure_ascii=False).encode()).decode()


def python(body: Any) -> str:
    return plain(body).translate({ord("+"): "-", ord("/"): "_"})


def node(body: Any) -> str:
    """Only the first + and / are replaced."""
    return plain(body).replace("+", "-", 1).replace("/", "_", 1).rstrip("=")


def url_of(address: Any, job: str, cache_key: str = "") -> str:
    url = f"{address.signed_url_base}?job={job}" + (f"&cache_key={cache_key}" if cache_key else "")
    return f"{url}&s={signature_of(url, address.signed_url_secret)}"


def get(url: str) -> requests.Response:
    return requests.get(url, timeout=20, allow_redirects=False)


def test_the_documents_own_example_is_accepted() -> None:
    job = base64.urlsafe_b64encode(VECTOR.encode()).decode()
    query = f"job={job}&cache_key=mykey&s=3b94efacc60e07c795474e83b6e3b3c18ece22e5f3b84a5230eb38e8bf9ea46a"
    found = read(query, {BASE}, "secret")
    assert (found.body, found.cache_key) == (json.loads(VECTOR), "mykey")


def test_the_odd_job_is_odd() -> None:
    assert plain(ODD).count("+") > 1
    assert plain(ODD).count("/") > 1
    assert plain(ODD).endswith("=")


@pytest.mark.parametrize("spelled", [plain, python, node, lambda body: python(body).rstrip("=")])
@pytest.mark.parametrize("body", [JOB, ODD])
def test_every_clients_spelling_leads_to_the_file(client: Client, spelled: Any, body: Any) -> None:
    response = get(url_of(client.address, spelled(body)))
    assert response.status_code == 302
    assert requests.get(response.headers["Location"], timeout=20).content == b"hello"


def test_under_another_name_of_the_server_it_works_too(client: Client) -> None:
    base = client.address.signed_url_base.replace("127.0.0.1", "localhost")
    url = f"{base}?job={python(JOB)}"
    response = get(f"{url}&s={signature_of(url, client.address.signed_url_secret)}")
    assert (response.status_code, response.headers["Location"].startswith("http://localhost:")) == (302, True)


@pytest.mark.parametrize("change", [("&s=", "&s=0"), ("&s=", "&x=1&s="), ("?job=", "?job=e30"), ("&s=", "&t=")])
def test_a_changed_url_is_refused(client: Client, change: tuple[str, str]) -> None:
    response = get(url_of(client.address, python(JOB)).replace(*change))
    assert (response.status_code, response.json()["code"]) == (403, "FORBIDDEN")


def test_another_identifier_is_not_known(client: Client) -> None:
    known = client.address.signed_url_base.rpartition("/")[2]
    assert get(url_of(client.address, python(JOB)).replace(known, str(uuid.uuid4()))).status_code == 404


@pytest.mark.parametrize(
    "job", ["", "!!!", python([]), python({}), python({"tasks": {"i": RAW}}), python({"tasks": [1]})]
)
def test_a_signed_url_without_a_usable_job_is_refused(client: Client, job: str) -> None:
    response = get(url_of(client.address, job))
    assert (response.status_code, list(response.json()["errors"])) == (422, ["job"])


def test_what_is_wrong_with_the_job_is_told_as_ever(client: Client) -> None:
    body = {"tasks": {**EXPORTED, "c": {"operation": "convert", "input": "i"}}}
    assert "tasks.c.output_format" in get(url_of(client.address, python(body))).json()["errors"]


def test_a_failed_job_tells_its_root_cause(client: Client) -> None:
    tasks = {"i": {**RAW, "filename": "a.png"}, "c": {"operation": "convert", "input": "i", "output_format": "jpg"}}
    body = {"tasks": {**tasks, "e": {"operation": "export/url", "input": "c"}}}
    response = get(url_of(client.address, python(body)))
    assert (response.status_code, response.json()["code"]) == (422, "OPEN_FAILED")


def test_a_cache_key_makes_one_job(client: Client) -> None:
    tag = f"cached-{uuid.uuid4()}"
    urls = [url_of(client.address, python({**JOB, "tag": tag}), key) for key in (tag, tag, "", "")]
    places = [get(url).headers["Location"] for url in urls]
    assert len(client.get(f"jobs?filter[tag]={tag}")) == 3
    assert (places[0] == places[1], len(set(places))) == (True, 3)


def test_a_deleted_result_is_made_again(client: Client) -> None:
    tag = f"deleted-{uuid.uuid4()}"
    url = url_of(client.address, python({**JOB, "tag": tag}), tag)
    first = get(url).headers["Location"]
    client.ask("DELETE", f"jobs/{client.get(f'jobs?filter[tag]={tag}')[0]['id']}")
    assert get(url).headers["Location"] != first


def test_a_strange_cache_key_is_refused(client: Client) -> None:
    assert list(get(url_of(client.address, python(JOB), "a.b")).json()["errors"]) == ["cache_key"]


def test_results_are_kept_for_24_hours(folder: Path) -> None:
    clock, database = Clock(), Database(folder / "x.sqlite")
    results = SignedResults(database, clock)
    results.keep("key", "job")
    clock.now += CACHE_SECONDS - 1
    results.sweep()
    assert results.job_id("key") == "job"
    clock.now += 1
    assert results.job_id("key") is None
    results.sweep()
    database.close()


def test_base_and_secret_can_be_chosen(folder: Path) -> None:
    with running(Settings(data_dir=folder, signed_url_base=BASE, signed_url_secret="secret")) as client:
        assert (client.address.signed_url_base, client.address.signed_url_secret) == (BASE, "secret")
        url = f"{BASE}?job={python(JOB)}"
        mirrored = f"{url}&s={signature_of(url, 'secret')}".replace(
            "https://s.cloudconvert.com", f"{client.address.base_url}/s"
        )
        assert get(mirrored).status_code == 302


def test_a_missing_signature_does_not_match_nothing() -> None:
    with pytest.raises(ApiError, match="signature"):
        read("", {""}, "")
