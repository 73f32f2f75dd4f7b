"""Section 11 of the v1 guide: what each thing of v1 becomes in v2, and what is lost."""

from __future__ import annotations

from typing import Any

import pytest

from connector.catalogue import snapshot
from connector.errors import InputError
from connector.hosts.v1 import Order, translate
from connector.hosts.v1.options import RENAMED, WITHOUT, options_of
from connector.hosts.v1.storage import GONE
from connector.hosts.v1.translate import typed, without_gateway

DOCX = {"inputformat": "docx", "outputformat": "pdf", "input": "upload"}
S3 = {"accesskeyid": "id", "secretaccesskey": "secret", "bucket": "b"}
S3_V2 = {"access_key_id": "id", "secret_access_key": "secret", "bucket": "b"}
OPENSTACK = {"authurl": "https://a", "username": "u", "password": "p", "container": "c", "region": "r"}
OPENSTACK_V2 = {"auth_url": "https://a", "username": "u", "password": "p", "container": "c", "region": "r"}
AZURE = {"storageaccount": "a", "storageaccesskey": "k", "container": "c"}
AZURE_V2 = {"storage_account": "a", "storage_access_key": "k", "container": "c"}
GOOGLE = {"projectid": "p", "bucket": "b", "credentials": {"client_email": "e", "private_key": "k", "type": "x"}}
GOOGLE_V2 = {"project_id": "p", "bucket": "b", "client_email": "e", "private_key": "k"}


def tasks_of(**given: Any) -> dict[str, dict[str, Any]]:
    """The tasks of the job that these parameters become."""
    return {name: dict(task) for name, task in translate(Order.read({**DOCX, **given})).tasks.items()}


@pytest.mark.parametrize(
    ("given", "task"),
    [
        ({"input": "upload"}, {"operation": "import/upload"}),
        ({"input": "download", "file": "https://a/b"}, {"operation": "import/url", "url": "https://a/b"}),
        (
            {"input": "download", "file": "https://a/b", "filename": "c.docx"},
            {"operation": "import/url", "url": "https://a/b", "filename": "c.docx"},
        ),
        ({"file": "https://a/b", "input": None}, {"operation": "import/url", "url": "https://a/b"}),
        (
            {"input": "raw", "file": "text", "filename": "a.md"},
            {"operation": "import/raw", "file": "text", "filename": "a.md"},
        ),
        (
            {"input": "base64", "file": "eA==", "filename": "a.md"},
            {"operation": "import/base64", "file": "eA==", "filename": "a.md"},
        ),
        (
            {"input": {"s3": S3}, "file": "in/a.docx"},
            {"operation": "import/s3", "region": "us-east-1", "key": "in/a.docx", **S3_V2},
        ),
        (
            {"input": {"s3": {**S3, "region": "eu-west-1", "sessiontoken": "t"}}, "file": "a"},
            {"operation": "import/s3", "region": "eu-west-1", "session_token": "t", "key": "a", **S3_V2},
        ),
        (
            {"input": {"openstack": OPENSTACK}, "file": "a"},
            {"operation": "import/openstack", "file": "a", **OPENSTACK_V2},
        ),
        ({"input": {"azureblob": AZURE}, "file": "a"}, {"operation": "import/azure/blob", "blob": "a", **AZURE_V2}),
        ({"input": {"azure": AZURE}, "file": "a"}, {"operation": "import/azure/blob", "blob": "a", **AZURE_V2}),
        (
            {"input": {"googlecloud": GOOGLE}, "file": "a"},
            {"operation": "import/google-cloud-storage", "file": "a", **GOOGLE_V2},
        ),
    ],
)
def test_inputs(given: dict[str, Any], task: dict[str, Any]) -> None:
    assert tasks_of(**given)["import-1"] == task


@pytest.mark.parametrize(
    ("output", "task"),
    [
        (
            {"s3": {**S3, "path": "out/"}},
            {"operation": "export/s3", "region": "us-east-1", "key_prefix": "out/", **S3_V2},
        ),
        (
            {
                "s3": {
                    **S3,
                    "path": "a.pdf",
                    "acl": "private",
                    "cachecontrol": "no",
                    "metadata": {"a": "b"},
                    "encryption": "AES256",
                }
            },
            {
                "operation": "export/s3",
                "region": "us-east-1",
                "key": "a.pdf",
                "acl": "private",
                "cache_control": "no",
                "metadata": {"a": "b"},
                "server_side_encryption": "AES256",
                **S3_V2,
            },
        ),
        ({"openstack": {**OPENSTACK, "path": "a"}}, {"operation": "export/openstack", "file": "a", **OPENSTACK_V2}),
        ({"azureblob": {**AZURE, "path": "o/"}}, {"operation": "export/azure/blob", "blob_prefix": "o/", **AZURE_V2}),
        (
            {"googlecloud": {**GOOGLE, "path": "o/"}},
            {"operation": "export/google-cloud-storage", "file_prefix": "o/", **GOOGLE_V2},
        ),
    ],
)
def test_outputs(output: dict[str, Any], task: dict[str, Any]) -> None:
    tasks = tasks_of(output=output)
    assert tasks["export"] == {"input": ["convert"], **task}
    assert "export-zip" not in tasks


@pytest.mark.parametrize("name", sorted(GONE))
@pytest.mark.parametrize("parameter", ["input", "output"])
def test_storages_that_are_gone_are_refused_by_name(name: str, parameter: str) -> None:
    with pytest.raises(InputError, match=f"cannot be {name}, which is gone with API v1") as refused:
        Order.read({**DOCX, parameter: {name: {"host": "h"}}})
    assert list(refused.value.fields) == [parameter]


def test_a_misspelt_field_of_a_storage_is_told() -> None:
    with pytest.raises(InputError, match="Did you mean 'bucket'"):
        Order.read({**DOCX, "output": {"s3": {**S3, "buckt": "b"}}})


@pytest.mark.parametrize(
    ("mode", "task"),
    [
        ("convert", {"operation": "convert", "input_format": "docx", "output_format": "pdf"}),
        ("info", {"operation": "metadata", "input_format": "docx"}),
        ("combine", {"operation": "merge", "output_format": "pdf"}),
        ("archive", {"operation": "archive", "output_format": "pdf"}),
        ("extract", {"operation": "convert", "input_format": "docx", "output_format": "pdf"}),
    ],
)
def test_modes(mode: str, task: dict[str, Any]) -> None:
    translation = translate(Order.read({**DOCX, "mode": mode}))
    assert translation.tasks[translation.main] == {"input": ["import-1"], **task}
    assert len(translation.exports) == {"convert": 2, "extract": 2, "info": 0}.get(mode, 1)


def test_a_page_is_captured_without_an_import() -> None:
    tasks = tasks_of(inputformat="website", input="url", file="https://example.com/")
    assert tasks["capture-website"] == {
        "operation": "capture-website",
        "url": "https://example.com/",
        "output_format": "pdf",
    }


def test_several_files_are_all_inputs() -> None:
    tasks = tasks_of(mode="combine", input="download", files=["https://a/1", {"file": "https://a/2"}])
    assert tasks["merge"]["input"] == ["import-1", "import-2"]
    assert tasks["import-2"]["url"] == "https://a/2"


def test_inline_timeout_and_tag() -> None:
    order = Order.read({**DOCX, "download": "inline", "timeout": "60", "tag": {"a": 1}})
    translation = translate(order, mark="-m1")
    assert translation.tasks["export-m1"]["inline"] is True
    assert translation.tasks["convert"]["timeout"] == 60
    assert (order.tag, translation.exports) == ('{"a": 1}', ("export-m1", "export-zip-m1"))


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"quality": 75}, {"quality": 75}),
        ({"page_range": "1-2", "input_password": "p"}, {"pages": "1-2", "password": "p"}),
        ({"resize": "640x480", "resizemode": "maximum"}, {"width": 640, "height": 480, "fit": "max"}),
        ({"resize": "640x", "resizemode": "crop"}, {"width": 640, "fit": "crop"}),
        ({"video_codec": "H264", "audio_codec": "AAC"}, {"video_codec": "x264", "audio_codec": "aac"}),
        ({"trim_from": 90, "trim_to": "00:02:00"}, {"trim_start": "00:01:30", "trim_end": "00:02:00"}),
        ({"page_range": None, "password": ""}, {}),
    ],
)
def test_options_that_have_a_counterpart(given: dict[str, Any], found: dict[str, Any]) -> None:
    assert options_of(given) == (found, {})


@pytest.mark.parametrize(("v1", "v2"), sorted(RENAMED.items()))
def test_every_renamed_option_is_known_in_v2(v1: str, v2: str) -> None:
    assert v2 in {option.name for row in snapshot.rows() for option in row.options}
    assert v1 not in WITHOUT


@pytest.mark.parametrize("name", sorted(WITHOUT))
def test_an_option_without_a_counterpart_is_left_out_with_a_warning(name: str) -> None:
    options, lost = options_of({name: 1, "quality": 2})
    assert options == {"quality": 2}
    assert lost[name].startswith(f"The option {name!r} has no counterpart in API v2 and is left out")


@pytest.mark.parametrize("given", [{"resize": "large"}, {"resizemode": "tile"}, {"audio_codec": "FLAC"}])
def test_a_value_that_v2_does_not_have_is_left_out_with_a_warning(given: dict[str, Any]) -> None:
    options, lost = options_of(given)
    assert (options, list(lost)) == ({}, list(given))


def test_without_a_service_the_built_in_list_gives_types_and_doubts() -> None:
    order = Order.read({**DOCX, "converteroptions": {"optimize_print": "false", "wibble": 1}})
    translation = typed(translate(order), snapshot.rows())
    assert translation.tasks["convert"]["optimize_print"] is False
    assert "The option 'wibble' is not known for docx" in translation.lost[0] or "'wibble'" in translation.lost[0]


def test_what_the_gateway_does_is_told_to_who_has_none() -> None:
    order = Order.read({**DOCX, "callback": "https://example.com/", "wait": "true"})
    assert [note.partition(" ")[0] for note in without_gateway(order)] == ["The", "A", "Without"]
    assert without_gateway(Order.read({**DOCX, "save": True})) == []
