"""Buckets of S3, and of every other store that speaks its language."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from connector.sandbox import formats
from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.egress import Egress, to_checked_addresses
from connector.sandbox.flow import CHUNK, CONNECT_TIMEOUT, READ_TIMEOUT, Received
from connector.sandbox.guard import is_web_address
from connector.sandbox.remote.base import MOST_FILES, Store

_EXTRAS = {
    "acl": "ACL",
    "cache_control": "CacheControl",
    "content_disposition": "ContentDisposition",
    "content_type": "ContentType",
    "metadata": "Metadata",
    "server_side_encryption": "ServerSideEncryption",
    "tagging": "Tagging",
}
"""Fields of export/s3 with the names that S3 has for them."""


class S3(Store):
    """boto3 talks; its only way out is a proxy of our own that connects to checked addresses."""

    package = "boto3"
    one, folder = "key", "key_prefix"

    def open(self) -> None:
        """Make the client. Nothing of this machine's own AWS configuration is used."""
        import boto3
        import botocore.session
        from botocore.config import Config

        endpoint = self.text("endpoint")
        if endpoint and not is_web_address(endpoint):
            raise EngineError("INVALID_OPTION", "The endpoint must be a full http or https address.")
        way = self._way_out()
        core = botocore.session.Session()
        for name in ("config_file", "credentials_file"):
            core.set_config_variable(name, os.devnull)
        with self._told():
            self._client: Any = boto3.session.Session(botocore_session=core).client(
                "s3",
                region_name=self.text("region"),
                endpoint_url=endpoint or None,
                aws_access_key_id=self.text("access_key_id"),
                aws_secret_access_key=self.text("secret_access_key"),
                aws_session_token=self.text("session_token") or None,
                config=Config(
                    proxies={"http": way, "https": way},
                    ignore_configured_endpoint_urls=True,
                    connect_timeout=CONNECT_TIMEOUT,
                    read_timeout=READ_TIMEOUT,
                    retries={"total_max_attempts": 2},
                    # Other stores know neither buckets in host names nor the newer checksums.
                    s3={"addressing_style": "path" if endpoint else "auto"},
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        self._kept.callback(self._client.close)

    def _way_out(self) -> str:
        """The address of a proxy that connects to checked addresses only."""
        self._egress = Egress(to_checked_addresses(allow_private=self.allow_private))
        door = socket.create_server(("127.0.0.1", 0))
        self._egress.start(door)
        self._kept.callback(self._egress.stop)
        return f"http://127.0.0.1:{door.getsockname()[1]}"

    def listed(self, folder: str) -> list[str]:
        """The keys that begin so, one more than are allowed at most."""
        with self._told():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.text("bucket"), Prefix=folder)
            keys = (str(entry["Key"]) for page in pages for entry in page.get("Contents", ()))
            return list(islice((key for key in keys if not key.endswith("/")), MOST_FILES + 1))

    def fetch(self, place: str, target: Path) -> Received:
        """Download one object."""
        with self._told(place):
            answer = self._client.get_object(Bucket=self.text("bucket"), Key=place)
            self.flow.check_size(answer["ContentLength"])
            with answer["Body"] as body:
                return self.flow.into(target, lambda: bytes(body.read(CHUNK)))

    def send(self, source: Path, place: str) -> None:
        """Upload one object, a large one in parts."""
        from boto3.s3.transfer import TransferConfig

        with self._told(place), source.open("rb") as file:
            self._client.upload_fileobj(
                file,
                self.text("bucket"),
                place,
                ExtraArgs=self._extras(place),
                Callback=lambda _: self.flow.check(),
                Config=TransferConfig(use_threads=False),
            )

    def inside(self, folder: str, name: str) -> str:
        """A prefix is what the key begins with, whether or not that is a folder."""
        return folder + name

    def _extras(self, place: str) -> dict[str, Any]:
        given = {ours: self.payload[field] for field, ours in _EXTRAS.items() if self.payload.get(field)}
        for name in {"Metadata", "Tagging"} & given.keys():
            if not isinstance(given[name], dict):
                raise EngineError("INVALID_OPTION", f"The {name.lower()} must be an object of names and values.")
            given[name] = {str(key): str(value) for key, value in given[name].items()}  # type: ignore[attr-defined]
        if "Tagging" in given:
            given["Tagging"] = urlencode(given["Tagging"])  # type: ignore[arg-type]
        return {"ContentType": formats.mime_type(place), **given}

    @contextmanager
    def _told(self, place: str = "") -> Iterator[None]:
        """Turn what boto3 raises into a sentence."""
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            raise self._refused(error.response.get("Error", {}), place) from error
        except (BotoCoreError, Boto3Error, ValueError) as error:
            refusal = next(iter(self._egress.refusals.values()), None)
            raise self.failed(refusal or f"The storage could not be used: {_plain(str(error))}.") from error

    def _refused(self, answer: dict[str, str], place: str) -> EngineError:
        if answer.get("Code") in ("NoSuchKey", "404") and place:
            return self.nothing(place)
        said = _plain(answer.get("Message") or answer.get("Code") or "no reason was given")
        return self.failed(f"The bucket {self.text('bucket')[:80]} refused this ({said}); check it and the key.")


def _plain(text: str) -> str:
    """A message of boto3 in one line, without its last full stop."""
    return re.sub(r"\s+", " ", text).strip()[:300].rstrip(".")
