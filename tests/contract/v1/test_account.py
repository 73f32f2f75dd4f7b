"""What belongs to the account, and can be asked without a process."""

from __future__ import annotations

from tests.support.v1 import V1


def test_conversion_types_need_no_key(v1: V1) -> None:
    query = {"inputformat": "pdf", "outputformat": "jpg"}
    [kind] = v1.ask("GET", "/conversiontypes", params=query, headers={"Authorization": ""}).json()
    assert (kind["inputformat"], kind["outputformat"], kind["group"]) == ("pdf", "jpg", "document")
    assert {"page_range", "density", "quality"} <= set(kind["converteroptions"])


def test_conversion_types_can_be_listed_by_one_format_or_by_none(v1: V1) -> None:
    of_png = v1.ask("GET", "/conversiontypes", params={"inputformat": "PNG"}).json()
    assert {kind["inputformat"] for kind in of_png} == {"png"}
    every = v1.ask("GET", "/conversiontypes").json()
    assert len(every) > len(of_png) > 1


def test_the_user_has_minutes(v1: V1) -> None:
    user = v1.ask("GET", "/user").json()
    assert (user["username"], user["minutes"] > 0) == ("sandbox", True)
    assert v1.ask("GET", "/user", headers={"Authorization": ""}).status_code == 401
