from __future__ import annotations

import pytest

from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.common.pages import page_numbers


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        (None, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("", [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ("1-3,5,8-", [1, 2, 3, 5, 8, 9]),
        (" 2 - 3 , 1 ", [2, 3, 1]),
        ("-2", [1, 2]),
        (7, [7]),
        ("9-9", [9]),
    ],
)
def test_ranges_are_read_as_people_write_them(text: object, pages: list[int]) -> None:
    assert page_numbers(text, 9) == pages


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a-b", "Write them like 1-3,5,8-"),
        ("1,,2", "cannot be read"),
        ("-", "cannot be read"),
        ("0", "no page 0"),
        ("3-1", "runs backwards"),
        ("2-10", "There is no page 10: the document has 9 pages."),
        ("10-", "There is no page 10"),
        ("99999999999999999999", "There is no page"),
    ],
)
def test_other_ranges_are_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(EngineError) as caught:
        page_numbers(text, 9)
    assert caught.value.code == "INVALID_OPTION"
    assert says in caught.value.message
