"""Reads all jobs of an account: `python -m tests.load.listing BASE_URL KEY`."""

from __future__ import annotations

import json
import sys
import time

from connector import Connection, run
from tests.load.measuring import peak


def main(base_url: str, key: str) -> None:
    """Prints how many came, how many are different, the seconds and the most memory."""
    began = time.perf_counter()
    with Connection.api_key(key, base_url=base_url) as connection:
        count, seen = 0, set()
        for job in run("ListJobs", connection, limit=0):
            count += 1
            seen.add(job.job_id)
    sys.stdout.write(
        json.dumps({"count": count, "different": len(seen), "seconds": time.perf_counter() - began, "peak": peak()})
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
