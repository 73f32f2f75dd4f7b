"""Real servers on loopback that keep files: one that speaks S3, one that speaks SFTP."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

S3_KEYS = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "wJalrXUtnFEMI"}
REGION = "eu-central-1"
_S3 = """
import json, sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(json.dumps(server.get_host_and_port()), flush=True)
sys.stdin.read()
"""


class S3Server:
    """moto's server, in a process of its own, with one bucket."""

    bucket = "files"

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _S3], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._process.stdout
        host, port = json.loads(self._process.stdout.readline())
        self.url = f"http://{host}:{port}"
        self.client = self._client()
        self.client.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})

    @property
    def payload(self) -> dict[str, Any]:
        """What a task has to know of it."""
        return {"endpoint": self.url, "bucket": self.bucket, "region": REGION, **S3_KEYS}

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=key, Body=content)

    def get(self, key: str) -> Any:
        """The object: its "Body", "ContentType", "Metadata" and so on."""
        return self.client.get_object(Bucket=self.bucket, Key=key)

    def stop(self) -> None:
        self.client.close()
        self._process.communicate(timeout=20)

    def _client(self) -> Any:
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=S3_KEYS["access_key_id"],
            aws_secret_access_key=S3_KEYS["secret_access_key"],
        )


class SftpServer:
    """AsyncSSH's server over a folder; lets one person in, by password or by key."""

    username, password = "anna", "let me in"

    def __init__(self, root: Path) -> None:
        import asyncssh

        self.root = root
        self.key = asyncssh.generate_private_key("ssh-ed25519")
        self._connections: list[Any] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(20)
        self.port: int = self._server.get_port()

    @property
    def private_key(self) -> str:
        """The key that it lets in, as people paste it."""
        return str(self.key.export_private_key().decode())

    @property
    def payload(self) -> dict[str, Any]:
        """What a task has to know of it."""
        return {"host": "127.0.0.1", "port": self.port, "username": self.username, "password": self.password}

    def stop(self) -> None:
        async def end() -> None:
            self._server.close()
            for connection in self._connections:
                connection.abort()
                await connection.wait_closed()
            await self._server.wait_closed()

        asyncio.run_coroutine_threadsafe(end(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    async def _listen(self) -> Any:
        import asyncssh

        key, username, password = self.key, self.username, self.password
        connections = self._connections

        class Door(asyncssh.SSHServer):
            def connection_made(self, made: asyncssh.SSHServerConnection) -> None:
                connections.append(made)

            def begin_auth(self, _: str) -> bool:
                return True

            def password_auth_supported(self) -> bool:
                return True

            def validate_password(self, name: str, given: str) -> bool:
                return (name, given) == (username, password)

            def public_key_auth_supported(self) -> bool:
                return True

            def validate_public_key(self, name: str, given: asyncssh.SSHKey) -> bool:
                return name == username and given == key.convert_to_public()

        return await asyncssh.create_server(
            Door,
            "127.0.0.1",
            0,
            server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(self.root).encode()),
        )
