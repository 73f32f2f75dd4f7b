"""Many jobs at a time, and what the client costs beside the request."""

from __future__ import annotations

import io
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from PIL import Image

from connector import Connection, run
from tests.conftest import RunningSandbox
from tests.load.measuring import percentile

JOBS, AT_A_TIME = 200, 20
CALLS = 1000


def photo(number: int) -> bytes:
    """A PNG of about 50 kB, which no other is like."""
    noise = random.Random(number).randbytes(130 * 130 * 3)
    buffer = io.BytesIO()
    Image.frombytes("RGB", (130, 130), noise).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.row("L1")
def test_two_hundred_jobs_twenty_at_a_time_are_all_done_right(connection: Connection, say: Callable[..., None]) -> None:
    statuses: Counter[int] = Counter()
    connection.api.session.http.hooks["response"] = [lambda response, **_: statuses.update([response.status_code])]
    photos = [photo(number) for number in range(JOBS)]

    def convert(number: int) -> tuple[float, Any]:
        began = time.perf_counter()
        made = run(
            "ConvertFile", connection, input_file=(f"{number}.png", photos[number]), output_format="jpg", download=True
        )
        return time.perf_counter() - began, made

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        done = list(pool.map(convert, range(JOBS)))
    for number, (_, made) in enumerate(done):
        assert made.files[0].name == f"{number}.jpg"
        assert made.files[0].data[:3] == b"\xff\xd8\xff"
        image = Image.open(io.BytesIO(made.files[0].data))
        image.load()
        assert is_like(image, photos[number])
    times = [seconds for seconds, _ in done]
    say("L1", jobs=len(done), p50_s=percentile(times, 0.5), p95_s=percentile(times, 0.95), slowest_s=max(times))
    assert not [status for status in statuses if status >= 500]
    assert percentile(times, 0.95) < 5


def is_like(image: Image.Image, png: bytes) -> bool:
    """Whether a JPG shows that picture and no other: their large squares have the same colours, as far as JPG keeps them."""
    sides = [one.convert("L").resize((8, 8)).tobytes() for one in (image, Image.open(io.BytesIO(png)))]
    return max(abs(a - b) for a, b in zip(*sides, strict=True)) <= 12


@pytest.mark.row("L2")
def test_the_client_costs_little_beside_a_bare_request(
    sandbox: RunningSandbox, connection: Connection, say: Callable[..., None]
) -> None:
    bare = requests.Session()
    bare.headers["Authorization"] = f"Bearer {sandbox.api_key}"

    def plain() -> None:
        assert bare.get(f"{sandbox.base_url}/v2/users/me", timeout=30).json()["data"]["username"]

    def ours() -> None:
        assert connection.api.me()["username"]

    def seconds(call: Callable[[], None]) -> float:
        began = time.perf_counter()
        call()
        return time.perf_counter() - began

    for call in (plain, ours) * 20:
        call()
    # In turn, so that what else the machine does meets both alike.
    pairs = [(seconds(plain), seconds(ours)) for _ in range(CALLS)]
    bare_times, our_times = ([pair[side] * 1000 for pair in pairs] for side in (0, 1))
    p50 = percentile(our_times, 0.5) - percentile(bare_times, 0.5)
    p99 = percentile(our_times, 0.99)
    say(
        "L2",
        calls=CALLS,
        bare_p50_ms=percentile(bare_times, 0.5),
        p50_over_bare_ms=p50,
        bare_p99_ms=percentile(bare_times, 0.99),
        p99_ms=p99,
    )
    assert p50 < 3
    assert p99 < 20
