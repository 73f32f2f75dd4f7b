"""The sandbox beside what it is made of: a bare server, the engines themselves."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import local

from connector.sandbox.engines import address_of, load
from connector.sandbox.engines.base import Source, Work
from connector.sandbox.engines.pillow import Pillow
from tests.benchmarks.bench import Bench, picture
from tests.benchmarks.clients.floor import Floor
from tests.benchmarks.load import hammer, request
from tests.benchmarks.measure import Row, at_least, measure
from tests.benchmarks.processes import Helper
from tests.benchmarks.timing import side_by_side

_AT_A_TIME = 8


@measure("sandbox-get-job")
def get_job(bench: Bench) -> Iterator[Row]:
    """The same job from the sandbox and from a bare application, over kept connections."""
    floor, sandbox = Floor(bench.sandbox), bench.sandbox
    job, _ = floor.convert(bench.photos(1)[0], bench.folder)
    file = bench.folder / "job.json"
    file.write_text(json.dumps({"data": job}))
    bare = bench.beside(Helper.module("servers.bare", file)).read()["url"]
    path, count = f"/v2/jobs/{job['id']}", bench.rounds(600, 400)
    key = {"Authorization": f"Bearer {sandbox.api_key}"}

    def hammered(root: str) -> Callable[[], float]:
        requests = [request(root + path, headers=key)] * count
        return lambda: hammer(root, requests).seconds / count

    samples = side_by_side(bench.rounds(15, 5), sandbox=hammered(sandbox.base_url), bare=hammered(bare))
    numbers = {f"{name}_per_s": round(1 / samples.median(name)) for name in samples.seconds}
    what = "Sandbox: requests a second on GET job, keep-alive"
    yield at_least(0.7, "x", "a bare Starlette application on the same server").row(
        what, samples.ratio("bare", "sandbox"), numbers
    )


@measure("sandbox-conversions")
def conversions(bench: Bench) -> Iterator[Row]:
    """Photos of 2 megapixels through the whole API, and straight through the engine in a process pool of the same size."""
    count = bench.rounds(200, 48)
    sandbox = bench.new_sandbox("--workers", str(_AT_A_TIME))
    source = bench.folder / "large.png"
    source.write_bytes(_photo())
    mine = local()

    def over_the_api(number: int) -> None:
        if not hasattr(mine, "floor"):
            mine.floor = Floor(sandbox)
        folder = bench.folder / f"api-{number % _AT_A_TIME}"
        folder.mkdir(exist_ok=True)
        mine.floor.convert(source, folder)

    work = bench.folder / "pool"
    work.mkdir()
    # In sessions of their own, as the sandbox's workers are: the scheduler shares a busy machine out by sessions.
    processes = ProcessPoolExecutor(_AT_A_TIME, get_context("spawn"), initializer=os.setsid)
    with ThreadPoolExecutor(_AT_A_TIME) as threads, processes as pool:
        samples = side_by_side(
            2,
            sandbox=lambda: _all(threads, over_the_api, range(count // 2)),
            pool=lambda: _all(pool, _straight, [(source, work / str(number)) for number in range(count // 2)]),
        )
    numbers = {f"{name}_per_s": round(count / 2 / samples.median(name), 1) for name in samples.seconds}
    what = f"Sandbox: {count} PNG to JPG conversions (2 megapixels), {_AT_A_TIME} at a time"
    bar = at_least(0.8, "x", "the throughput of the engine in a process pool")
    yield bar.row(what, samples.ratio("pool", "sandbox"), numbers)


def _all(workers: Executor, work: Callable[..., object], given: object) -> None:
    for _ in workers.map(work, given):  # type: ignore[call-overload]
        pass


def _straight(given: tuple[Path, Path]) -> None:
    source, folder = given
    folder.mkdir(exist_ok=True)
    load(address_of(Pillow())).run(Work("convert", (Source(source, source.name, "png"),), "jpg", {}, folder, 60.0))


def _photo() -> bytes:
    """A picture of 1,600 x 1,200 points with large areas and some noise, as photos have."""
    import io

    from PIL import Image

    noise = Image.open(io.BytesIO(picture(200, 150))).resize((1600, 1200), Image.Resampling.BICUBIC)
    content = io.BytesIO()
    noise.save(content, "png", compress_level=1)
    return content.getvalue()
