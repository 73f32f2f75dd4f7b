"""Runs inside Airflow's environment: asks its API what the dialog of a connection asks, saves one, and tests it.

Prints one JSON object with the answers.
"""

from __future__ import annotations

import json
import sys

from airflow.api_fastapi.app import create_app
from fastapi.testclient import TestClient

connection, wrong = json.loads(sys.argv[1]), "wrong-key-0123456789"
with TestClient(create_app(), base_url="http://127.0.0.1") as client:
    client.headers["Authorization"] = f"Bearer {client.get('/auth/token').json()['access_token']}"

    def asked(path: str, **changes: object) -> object:
        body = {"connection_id": "trial", **connection, **changes}
        return client.post(path, json={**body, "extra": json.dumps(body["extra"])}).json()

    [dialog] = [
        one for one in client.get("/ui/connections/hook_meta").json() if one["connection_type"] == "cloudconvert"
    ]
    found = {
        "dialog": dialog,
        "tested": asked("/api/v2/connections/test"),
        "refused": asked("/api/v2/connections/test", password=wrong),
        "misfilled": asked("/api/v2/connections/test", extra={"environment": "custom"}),
        "saved": asked("/api/v2/connections", extra={**connection["extra"], "proxy": "http://me:word@127.0.0.1:1"}),
    }
sys.stdout.write("RESULT" + json.dumps(found))
