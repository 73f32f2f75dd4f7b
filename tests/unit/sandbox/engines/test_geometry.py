from __future__ import annotations

import pytest

from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.common.geometry import Sizing, check_area
from connector.sandbox.engines.common.stamp import Stamp, colour


@pytest.mark.parametrize(
    ("sizing", "size", "result"),
    [
        (Sizing(), (400, 200), (400, 200)),
        (Sizing(100, 100, "max"), (400, 200), (100, 50)),
        (Sizing(800, 800, "max"), (400, 200), (400, 200)),
        (Sizing(100, None, "max"), (400, 200), (100, 50)),
        (Sizing(None, 100, "max"), (400, 200), (200, 100)),
        (Sizing(100, 100, "crop"), (400, 200), (100, 100)),
        (Sizing(300, 300, "crop"), (101, 77), (300, 300)),
        (Sizing(100, 300, "scale"), (400, 200), (100, 300)),
        (Sizing(800, None, "scale"), (400, 200), (800, 400)),
        (Sizing(1, 1, "max"), (4000, 2), (1, 1)),
    ],
)
def test_the_result_has_the_wished_size(sizing: Sizing, size: tuple[int, int], result: tuple[int, int]) -> None:
    assert sizing.apply(size).result == result


def test_crop_cuts_the_same_on_both_sides() -> None:
    assert Sizing(100, 100, "crop").apply((400, 200)).crop == (50, 0, 150, 100)


@pytest.mark.parametrize("size", [(10_000, 10_000), (70_000, 1)])
def test_an_enormous_picture_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(EngineError) as caught:
        check_area(size)
    assert caught.value.code == "LIMIT_EXCEEDED"


def test_colours_are_read_with_and_without_the_hash() -> None:
    assert colour("#FF8000") == colour("ff8000") == (255, 128, 0)


@pytest.mark.parametrize("text", ["red", "#FFF", "#GG0000", ""])
def test_other_colours_are_refused(text: str) -> None:
    with pytest.raises(EngineError) as caught:
        colour(text)
    assert caught.value.code == "INVALID_OPTION"


@pytest.mark.parametrize(
    ("position", "margin", "x", "y"),
    [
        (("left", "top"), (10, 20), 60, 45),
        (("right", "bottom"), (10, 20), 940, 455),
        (("center", "center"), (10, 20), 500, 250),
    ],
)
def test_a_stamp_keeps_its_margins(position: tuple[str, str], margin: tuple[int, int], x: float, y: float) -> None:
    options = {"position_horizontal": position[0], "position_vertical": position[1]}
    stamp = Stamp.of(
        {"text": "x", "margin_horizontal": margin[0], "margin_vertical": margin[1], **options}, with_image=False
    )
    assert stamp.centre((100, 50), (1000, 500)) == (x, y)


def test_a_stamp_on_its_side_keeps_its_margins_too() -> None:
    options = {
        "text": "x",
        "rotation": 90,
        "position_horizontal": "left",
        "position_vertical": "top",
        "margin_horizontal": 0,
        "margin_vertical": 0,
    }
    assert Stamp.of(options, with_image=False).centre((100, 50), (1000, 500)) == pytest.approx((25, 50))


def test_a_stamp_of_nothing_is_refused() -> None:
    with pytest.raises(EngineError) as caught:
        Stamp.of({"text": "  "}, with_image=False)
    assert caught.value.code == "INVALID_OPTION"
