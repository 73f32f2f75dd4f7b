"""Addresses that people fill in: what is none is refused at its field, and the connector itself fetches none of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connector.api.endpoints import Api
from connector.errors import InputError
from connector.fields import Field
from connector.module import Module
from connector.recipe import Webhook
from connector.runtime import Items, execute
from tests.fuzz.forms import Place, each_place, put
from tests.fuzz.hostile import NO_ADDRESSES, ODD_ADDRESSES, PRIVATE
from tests.fuzz.stub import Stub, texts_in
from tests.support.scripted_server import Reply, ScriptedServer

each_address = pytest.mark.parametrize(("module", "place", "field"), each_place("url", "file", "files"))


@pytest.fixture(scope="module")
def private() -> Iterator[ScriptedServer]:
    """A server on this machine that nobody was asked to call."""
    with ScriptedServer() as server:
        server.route("GET /", Reply(200, b"private"))
        yield server


def filled(module: type[Module], place: Place, field: Field, address: str) -> dict[str, Any]:
    value = [address] * max(1, getattr(field, "minimum", 1)) if field.kind == "files" else address
    return put(module.examples[0], place, value)


@pytest.mark.row("B6")
@each_address
def test_what_is_no_web_address_is_refused_at_its_field(module: type[Module], place: Place, field: Field) -> None:
    for address in NO_ADDRESSES:
        with pytest.raises(InputError) as caught:
            module.fill(filled(module, place, field, address.format(host="example.com")))
        assert any(name.startswith(".".join(place[:1])) for name in caught.value.fields), address
        assert len(str(caught.value)) <= 200


@pytest.mark.row("B6")
@each_address
def test_the_connector_fetches_no_address_of_a_form_itself(
    service: Stub, service_api: Api, private: ScriptedServer, module: type[Module], place: Place, field: Field
) -> None:
    if isinstance(module.recipe, Webhook):
        return
    port = private.host.rpartition(":")[2]
    for address in [
        *(f"http://{host}:{port}/" for host in PRIVATE),
        *(one.format(host=private.host) for one in ODD_ADDRESSES),
    ]:
        service.requests.clear()
        given = execute(service_api, module.recipe, module.fill(filled(module, place, field, address)))
        list(given if isinstance(given, Items) else [])
        made = next(request for request in service.requests if request.path != "/v2/operations")
        assert address in [*texts_in(made.json() if made.body else None), *made.query.values()]
    assert private.requests == []
