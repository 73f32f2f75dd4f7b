"""The gateway is killed at any moment, and knows everything after its next start."""

from __future__ import annotations

import signal
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conftest import RunningSandbox
from tests.support.samples import sample
from tests.support.scripted_server import Reply, ScriptedServer
from tests.support.v1 import GatewayProcess, until

PNG = {"input": "upload", "outputformat": "jpg"}


def test_processes_survive_a_kill(sandbox: RunningSandbox, tmp_path: Path, listener: ScriptedServer) -> None:
    folder = tmp_path / "state"
    gateway = GatewayProcess(sandbox, folder)
    port = gateway.client.base_url.rpartition(":")[2]
    v1 = gateway.client
    created = v1.create()
    waiting = v1.create()
    upload = v1.start(waiting, **PNG, callback=f"{listener.url}/done")["upload"]["url"]
    saved = v1.converted(sample("png"), "saved.png", save=True)
    v1.ask("GET", saved["output"]["url"])
    until(lambda: v1.ask("GET", saved["url"]).json()["output"]["downloads"] == 1)
    gone = v1.converted(sample("png"), "gone.png")
    v1.ask("GET", gone["output"]["url"])
    until(lambda: v1.ask("GET", gone["output"]["url"]).status_code == 404)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.glob("processes*"))}
    assert modes == {"state": 0o700} | {f"processes.sqlite{suffix}": 0o600 for suffix in ("", "-shm", "-wal")}
    gateway.stop(signal.SIGKILL)

    gateway = GatewayProcess(sandbox, folder, int(port))
    v1 = gateway.client
    assert v1.start(created, **PNG)["step"] == "input"
    assert v1.ask("GET", gone["output"]["url"]).status_code == 404
    assert v1.ask("GET", saved["output"]["url"]).status_code == 200
    until(lambda: v1.ask("GET", saved["url"]).json()["output"]["downloads"] == 2)
    assert v1.ask("PUT", f"{upload}/a.png", data=sample("png")).status_code == 200
    assert v1.ask("GET", f"{waiting}?wait").json()["step"] == "finished"
    until(lambda: listener.asked("GET /done"))
    assert gateway.stop() == 0


def test_whoever_waits_when_the_gateway_ends_is_told_to_come_again(sandbox: RunningSandbox, tmp_path: Path) -> None:
    gateway = GatewayProcess(sandbox, tmp_path / "state")
    v1, url = gateway.client, gateway.client.create()
    v1.start(url, **PNG)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(v1.ask, "GET", f"{url}?wait")
        until(waiting.running)
        v1.ask("GET", url)  # its request is behind the other one
        assert gateway.stop() == 0
        answer = waiting.result(10)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()["code"]) == (503, "1", 503)


def test_a_callback_is_made_after_a_kill(sandbox: RunningSandbox, tmp_path: Path, listener: ScriptedServer) -> None:
    folder = tmp_path / "state"
    listener.route("GET /done", Reply(500), Reply(200))
    gateway = GatewayProcess(sandbox, folder)
    v1 = gateway.client
    v1.start(v1.create("md", "html"), input="raw", file="# T", filename="a.md", callback=f"{listener.url}/done")
    until(lambda: listener.asked("GET /done"))
    gateway.stop(signal.SIGKILL)  # it would have tried again after five seconds
    gateway = GatewayProcess(sandbox, folder)
    until(lambda: len(listener.asked("GET /done")) == 2)
    gateway.stop()
