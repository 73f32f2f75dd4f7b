"""A bare Starlette application on the server that the sandbox uses, which shows one job: `... servers.bare JOB.json`."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def main(job: Any) -> None:
    """Print the address, then serve until standard input closes."""

    async def show(_: Request) -> JSONResponse:
        return JSONResponse(job)

    app = Starlette(routes=[Route("/v2/jobs/{job_id}", show)])
    # With the protocol's number: without it asyncio leaves Nagle's delay on, which would be no fair comparison.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    listening.setblocking(False)
    config = uvicorn.Config(
        app, http="httptools", ws="none", loop="none", lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}) + "\n")
    sys.stdout.flush()
    asyncio.run(server.serve([listening]))


def _end_with_input(server: uvicorn.Server) -> None:
    sys.stdin.read()
    server.should_exit = True


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text()))
