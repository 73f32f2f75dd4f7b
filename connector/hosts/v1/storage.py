"""Storages as v1 names them, and what they are called in v2. No I/O here.

Sources: the v1 guide's pages about S3 and OpenStack; for Azure and Google Cloud the payloads of public programs. What
has no counterpart is named in `GONE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connector.forms import nearest
from connector.hosts.v1.problems import wrong

_NO_MORE = "is gone with API v1; v2 has s3, openstack, azureblob and googlecloud"
GONE = {
    "ftp": f"{_NO_MORE}, and SFTP by a job of your own",
    "dropbox": _NO_MORE,
    "googledrive": _NO_MORE,
}
"""Inputs and outputs that CloudConvert does not have any more, and why: to follow the name."""


@dataclass(frozen=True)
class Storage:
    """A storage with its fields under their v2 names. `operation` is what follows import/ or export/."""

    name: str
    operation: str
    parameters: Mapping[str, Any] = field(repr=False)
    lost: tuple[str, ...] = ()
    """The v1 names of fields that v2 does not have."""

    place: str = ""
    """The v2 parameter that names the file."""


@dataclass(frozen=True)
class Kind:
    """How one kind of storage is written. `renamed` maps v1 names to v2 names."""

    name: str
    operation: str
    required: tuple[str, ...]
    renamed: Mapping[str, str]
    place: str
    defaults: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    def read(self, given: Mapping[str, Any], parameter: str) -> Storage:
        """The storage in these fields. Raises InputError for a required one that is missing, or one that is unknown."""
        fields = self._opened(given)
        for name in self.required:
            if fields.get(name) in (None, "") and name not in self.defaults:
                raise wrong(f"{parameter}.{self.name}.{name}", "is missing")
        for name in fields:
            if name not in (*self.renamed, *self.ignored, "path"):
                raise wrong(
                    f"{parameter}.{self.name}.{name}", f"is not known.{nearest(name, list(self.renamed))}".rstrip(".")
                )
        parameters = {**{self.renamed[k]: v for k, v in self.defaults.items()}}
        parameters |= {self.renamed[k]: v for k, v in fields.items() if k in self.renamed and v not in (None, "")}
        path = str(fields.get("path") or "")
        if path:
            parameters[f"{self.place}_prefix" if path.endswith("/") else self.place] = path
        lost = tuple(name for name in self.ignored if fields.get(name))
        return Storage(self.name, self.operation, parameters, lost, self.place)

    def _opened(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Google's account comes as the whole file that Google gives out; its parts are what is wanted."""
        fields = dict(given)
        account = fields.pop("credentials", None)
        if isinstance(account, Mapping):
            for name, v1 in (
                ("project_id", "projectid"),
                ("client_email", "clientemail"),
                ("private_key", "privatekey"),
            ):
                fields.setdefault(v1, account.get(name))
        return fields


def _kinds(*, output: bool) -> dict[str, Kind]:
    s3 = {
        "accesskeyid": "access_key_id",
        "secretaccesskey": "secret_access_key",
        "bucket": "bucket",
        "sessiontoken": "session_token",
        "region": "region",
        "endpoint": "endpoint",
    }
    s3_output = {
        "acl": "acl",
        "cachecontrol": "cache_control",
        "metadata": "metadata",
        "encryption": "server_side_encryption",
    }
    openstack = {
        "authurl": "auth_url",
        "username": "username",
        "password": "password",
        "container": "container",
        "region": "region",
    }
    azure = {
        "storageaccount": "storage_account",
        "storageaccesskey": "storage_access_key",
        "sastoken": "sas_token",
        "container": "container",
    }
    google = {
        "projectid": "project_id",
        "bucket": "bucket",
        "clientemail": "client_email",
        "privatekey": "private_key",
    }
    return {
        "s3": Kind(
            "s3",
            "s3",
            ("accesskeyid", "secretaccesskey", "bucket"),
            s3 | (s3_output if output else {}),
            "key",
            {"region": "us-east-1"},
        ),
        # v2 must be told the region, which v1 could find out.
        "openstack": Kind("openstack", "openstack", tuple(openstack), openstack, "file", ignored=("headers",)),
        **{
            name: Kind(name, "azure/blob", ("storageaccount", "container"), azure, "blob")
            for name in ("azureblob", "azure")
        },
        "googlecloud": Kind("googlecloud", "google-cloud-storage", tuple(google), google, "file"),
    }


INPUTS = _kinds(output=False)
OUTPUTS = _kinds(output=True)
