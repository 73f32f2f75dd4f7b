"""What the published schemas do not see: expressions, references, names, and that both package forms are one app."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from connector.modules import all_modules
from tests.platforms.fusion.render import expressions, parsed

ID = re.compile(r"[a-zA-Z][0-9a-zA-Z]{2,47}")
ARCHIVE = "cloudconvert-connector.zip"


@pytest.fixture(scope="module")
def manifest(live_files: Mapping[str, bytes]) -> Any:
    return json.loads(live_files["makecomapp.json"])


def components(manifest: Any) -> Iterator[tuple[str, str, Any]]:
    for kind, found in manifest["components"].items():
        for name, about in found.items():
            yield kind, name, about


def parameters_in(spec: Any) -> Iterator[dict[str, Any]]:
    """Every parameter, also the nested ones."""
    for one in spec if isinstance(spec, list) else [spec]:
        yield one
        yield from parameters_in(one.get("spec", []))
        for option in one["options"] if isinstance(one.get("options"), list) else []:
            yield from parameters_in(option.get("nested", []))


def names_beside(spec: list[dict[str, Any]], chosen: int) -> list[str]:
    """The keys of one collection, if option number `chosen` of each select is chosen."""
    found: list[str] = []
    for one in spec:
        found.append(one["name"])
        options = one["options"] if isinstance(one.get("options"), list) else []
        nested = options[min(chosen, len(options) - 1)].get("nested", []) if options else []
        found += names_beside(nested, chosen)
    return found


def specs_in(spec: Any) -> Iterator[list[dict[str, Any]]]:
    """The list itself, and every list of parameters inside it."""
    if isinstance(spec, list):
        yield spec
        for one in spec:
            yield from specs_in(one.get("spec"))


def files_named(manifest: Any) -> set[str]:
    general = [path for path in manifest["generalCodeFiles"].values() if path]
    return {*general, *(path for *_, about in components(manifest) for path in about["codeFiles"].values() if path)}


def test_every_expression_can_be_read(live_files: Mapping[str, bytes]) -> None:
    found = [
        one
        for path, content in live_files.items()
        if path.endswith(".iml.json")
        for one in expressions(json.loads(content))
    ]
    assert len(found) > 1000
    for one in found:
        parsed(one)


def test_every_file_that_is_named_exists_and_none_is_left_over(live_files: Mapping[str, bytes], manifest: Any) -> None:
    beside = {"makecomapp.json", "README.md", "icon.png", ARCHIVE}
    assert files_named(manifest) == set(live_files) - beside


def test_every_component_that_is_named_exists(live_files: Mapping[str, bytes], manifest: Any) -> None:
    known = manifest["components"]
    for _, _, about in components(manifest):
        for key, kind in (("connection", "connection"), ("altConnection", "connection"), ("webhook", "webhook")):
            assert about.get(key) is None or about[key] in known[kind]
    called = set(re.findall(r"rpc://(\w+)", b"".join(live_files[path] for path in files_named(manifest)).decode()))
    assert called == set(known["rpc"])


def test_names_are_such_as_the_platform_takes(manifest: Any) -> None:
    for kind, name, _ in components(manifest):
        assert (
            re.fullmatch(r"[a-z][a-z-]{1,33}[a-z]", name) if kind in ("connection", "webhook") else ID.fullmatch(name)
        )


def test_every_module_is_there_and_in_one_group(live_files: Mapping[str, bytes], manifest: Any) -> None:
    grouped = [name for group in json.loads(live_files["modules/groups.json"]) for name in group["modules"]]
    assert sorted(grouped) == sorted(manifest["components"]["module"]) == sorted(all_modules())


def test_no_parameter_stands_twice_beside_itself(live_files: Mapping[str, bytes], manifest: Any) -> None:
    for kind, name, about in components(manifest):
        for code in ("mappableParams", "params", "interface"):
            content = json.loads(live_files[about["codeFiles"][code]]) if about["codeFiles"].get(code) else []
            for spec in specs_in(content):
                for chosen in range(8):
                    names = names_beside(spec, chosen)
                    assert len(names) == len(set(names)), (kind, name, names)


def test_every_declared_field_is_asked(live_files: Mapping[str, bytes], manifest: Any) -> None:
    for name, module in all_modules().items():
        code = manifest["components"]["module"][name]["codeFiles"].get("mappableParams")
        if code:
            labels = {one.get("label", "") for one in parameters_in(json.loads(live_files[code]))}
            assert {field.label for field in module.Input.all().values()} <= {
                one.split(" (")[0] for one in labels
            } | labels


def test_outputs_are_in_the_interface(live_files: Mapping[str, bytes], manifest: Any) -> None:
    for name, about in manifest["components"]["module"].items():
        steps = json.loads(live_files[about["codeFiles"]["communication"]])
        last = steps[-1] if isinstance(steps, list) else steps
        interface = {one["name"] for one in json.loads(live_files[about["codeFiles"]["interface"]])}
        sample = set(json.loads(live_files[about["codeFiles"]["samples"]]))
        assert set(last.get("response", {}).get("output", {})) | sample <= interface, name


def test_the_token_goes_to_the_api_only(live_files: Mapping[str, bytes], manifest: Any) -> None:
    base = json.loads(live_files["general/base.iml.json"])
    assert "headers" not in base
    for kind, name, about in components(manifest):
        for path in filter(None, about["codeFiles"].values()):
            for step in requests_in(json.loads(live_files[path])):
                foreign = not step["url"].startswith(
                    ("/", "https://api.cloudconvert.com/", "https://cloudconvert.com/")
                )
                assert not (foreign and "connection." in json.dumps(step)), (kind, name, step["url"])


def requests_in(code: Any) -> Iterator[dict[str, Any]]:
    if isinstance(code, dict):
        if "url" in code and isinstance(code["url"], str):
            yield code
        for value in code.values():
            yield from requests_in(value)
    for item in code if isinstance(code, list) else []:
        yield from requests_in(item)


def test_the_archive_holds_the_same_codes(live_files: Mapping[str, bytes], manifest: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(live_files[ARCHIVE])) as archive:
        assert archive.testzip() is None
        packed = {entry: archive.read(entry) for entry in archive.namelist()}
    top = {entry.split("/")[0] for entry in packed}
    assert top == {json.loads(packed["cloudconvert-connector/metadata.json"])["name"]}
    for name, about in manifest["components"]["module"].items():
        folder = f"cloudconvert-connector/modules/{name}"
        api = json.loads(packed[f"{folder}/api.imljson"])
        assert api == json.loads(live_files[about["codeFiles"]["communication"]])
        assert json.loads(packed[f"{folder}/metadata.json"])["type"] == about["moduleType"]


NEEDED = {
    "action": "api parameters expect interface samples scope",
    "search": "api parameters expect interface samples scope",
    "universal": "api parameters expect interface samples scope",
    "instant_trigger": "api parameters interface samples",
}


def test_no_code_is_missing_in_the_archive(live_files: Mapping[str, bytes], manifest: Any) -> None:
    with zipfile.ZipFile(io.BytesIO(live_files[ARCHIVE])) as archive:
        names = set(archive.namelist())
    top = "cloudconvert-connector"
    for name, about in manifest["components"]["module"].items():
        assert {f"{top}/modules/{name}/{code}.imljson" for code in NEEDED[about["moduleType"]].split()} <= names
    for name in manifest["components"]["connection"]:
        assert {
            f"{top}/connections/{name}/{code}.imljson" for code in ("api", "scope", "scopes", "parameters")
        } <= names
    for name in manifest["components"]["webhook"]:
        codes = ("api", "parameters", "attach", "detach", "scope", "update")
        assert {f"{top}/webhooks/{name}/{code}.imljson" for code in codes} <= names


def test_the_icon_is_a_png_of_the_right_size(live_files: Mapping[str, bytes]) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(live_files["icon.png"])) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", (512, 512))
    assert struct.unpack(">I", live_files["icon.png"][-4:])[0] == zlib.crc32(b"IEND")
