"""The sandbox beside what it is made of: a bare server, the engines themselves."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from connector import run
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
    """Photos of 12 megapixels through the whole API, and straight through the engine in a process pool of the same size."""
    count = bench.rounds(200, 32)
    sandbox = bench.new_sandbox("--workers", str(_AT_A_TIME))
    source = bench.folder / "large.png"
    source.write_bytes(_photo())
    connection = bench.connect(sandbox)

    def over_the_api(_: object) -> None:
        run("ConvertFile", connection, input_file=source, output_format="jpg", download=True)

    work = bench.folder / "pool"
    work.mkdir()
    # In sessions of their own, as the sandbox's workers are: the scheduler shares a busy machine out by sessions.
    processes = ProcessPoolExecutor(_AT_A_TIME, get_context("spawn"), initializer=os.setsid)
    with ThreadPoolExecutor(_AT_A_TIME) as threads, processes as pool:
        places = [(source, work / str(number)) for number in range(count // 2)]
        for workers, job, given in ((threads, over_the_api, range(_AT_A_TIME)), (pool, _straight, places[:_AT_A_TIME])):
            _all(workers, job, given)  # so that every process is there
        samples = side_by_side(
            2,
            warm=0,
            sandbox=lambda: _all(threads, over_the_api, places),
            pool=lambda: _all(pool, _straight, places),
        )
    numbers = {f"{name}_per_s": round(count / 2 / samples.median(name), 1) for name in samples.seconds}
    what = f"Sandbox: {count} PNG to JPG conversions (12 megapixels), {_AT_A_TIME} at a time"
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
    """A picture of 4,000 x 3,000 points: a sky above and a busy ground, about one byte for each point, as photos have."""
    image = Image.linear_gradient("L").resize((4000, 3000)).convert("RGB")
    ground = Image.open(io.BytesIO(picture(400, 200))).resize((4000, 2000), Image.Resampling.BICUBIC)
    image.paste(ground, (0, 1000))
    content = io.BytesIO()
    image.save(content, "png")
    return content.getvalue()
