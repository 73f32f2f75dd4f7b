"""The files against Microsoft's published schemas, where these are at hand, and against OpenAPI 2.0."""

from __future__ import annotations

import json
import struct
from typing import Any

import pytest

from connector.cli.manifests import service_at
from connector.platforms.power_platform import PowerPlatform
from tests.conftest import ROOT
from tests.platforms.power_platform.conftest import SIGN_INS, read

SCHEMAS = ROOT.parent / "shared" / "schemas" / "power-platform"
published = pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the published schemas are not here")


def problems(schema: str, content: Any) -> list[str]:
    from jsonschema.validators import validator_for

    rules = json.loads((SCHEMAS / schema).read_text())
    found = validator_for(rules)(rules).iter_errors(content)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in found]


@published
def test_the_definition_fits_the_published_schema(definition: Any) -> None:
    assert problems("apiDefinition.swagger.schema.json", definition) == []


@published
def test_the_properties_fit_the_published_schema(properties: Any) -> None:
    assert problems("paconn-apiProperties.schema.json", properties) == []


@published
@pytest.mark.parametrize("sign_in", SIGN_INS)
def test_the_settings_fit_the_published_schema(sign_in: str) -> None:
    assert problems("paconn-settings.schema.json", read(sign_in, "settings")) == []


@published
def test_the_schema_would_see_a_wrong_trigger(definition: Any) -> None:
    wrong = json.loads(json.dumps(definition).replace('"x-ms-trigger": "single"', '"x-ms-trigger": "often"'))
    assert wrong != definition
    assert problems("apiDefinition.swagger.schema.json", wrong)


def test_the_definition_is_valid_openapi_2(definition: Any) -> None:
    from openapi_spec_validator import OpenAPIV2SpecValidator

    assert [str(error) for error in OpenAPIV2SpecValidator(definition).iter_errors()] == []


@pytest.mark.parametrize("sign_in", SIGN_INS)
def test_the_icon_has_the_size_and_no_white_ground(sign_in: str) -> None:
    icon = PowerPlatform().files(service_at())[f"{sign_in}/icon.png"]
    assert struct.unpack(">II", icon[16:24]) == (230, 230)
    assert icon[41:44] != b"\xff\xff\xff"  # the first colour of the palette is the ground


def test_the_icon_can_be_opened() -> None:
    import io

    from PIL import Image

    with Image.open(io.BytesIO(PowerPlatform().files(service_at())["api-key/icon.png"])) as picture:
        assert picture.convert("RGB").getpixel((229, 229)) == (184, 50, 26)
