"""File names from strangers: nothing is written outside of the folder, and every file can be opened on any system."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.api.endpoints import Api
from connector.modules import find
from connector.recipe import Download, Job
from connector.runtime import Options, execute
from connector.runtime.wait import wait_until_ended
from connector.safety import clean_name
from tests.conftest import RunningSandbox
from tests.fuzz.forms import MODULES
from tests.fuzz.hostile import NAMES
from tests.fuzz.stub import Stub
from tests.support.scripted_server import Reply, data

DOWNLOAD = next(module for module in MODULES if isinstance(module.recipe, Download))
UPLOADING = [
    module
    for module in MODULES
    if isinstance(module.recipe, Job) and {"input_file", "download"} <= set(module.Input.all())
]
KNOWN = {"input_format": "pdf"}
WINDOWS_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789\u00b9\u00b2\u00b3"
}


def is_openable_on_windows(name: str) -> bool:
    """By the rules of Microsoft's page "Naming Files, Paths, and Namespaces"."""
    device = name.partition(".")[0].rstrip(" ").lower()
    bad = any(letter in '<>:"/\\|?*' or ord(letter) < 32 for letter in name)
    return bool(name) and not bad and name[-1] not in " ." and device not in WINDOWS_DEVICES and len(name) <= 255


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for results, in one with other people's files."""
    for name in ("passwd", "win.ini", "x", "x.txt", "neighbour/x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("precious")
    (tmp_path / "a" / "out").mkdir(parents=True)
    return tmp_path / "a" / "out"


@pytest.mark.row("B7")
@given(
    st.text()
    | st.sampled_from(NAMES)
    | st.builds("{}{}".format, st.sampled_from(sorted(WINDOWS_DEVICES)), st.text(" .\u00a0ax:$", max_size=4))
)
def test_any_name_becomes_one_that_can_be_opened_on_windows(name: str) -> None:
    cleaned = clean_name(name)
    assert is_openable_on_windows(cleaned)
    assert clean_name(cleaned) == cleaned


@pytest.mark.row("B7")
@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_a_result_of_any_name_lands_in_the_folder(service: Stub, service_api: Api, folder: Path, name: str) -> None:
    root = folder.parent.parent
    before = tree(root)
    disposition = (
        "Content-Disposition",
        f"attachment; filename=\"{ascii(name)[1:-1]}\"; filename*=UTF-8''..%2F..%2Fx.txt",
    )
    service.route("GET /file", Reply(200, b"result", [disposition]))
    files = [{"filename": name, "size": 6, "url": f"{service.url}/file"}] * 2
    task = {"id": "t", "status": "finished", "operation": "export/url", "result": {"files": files}}
    service.route("GET /v2/tasks/t", data(task))
    given = execute(service_api, DOWNLOAD.recipe, DOWNLOAD.fill({"task_id": "t"}), Options(folder), DOWNLOAD.Output)
    assert isinstance(given, dict)
    paths = [Path(file["path"]) for file in given["files"]]
    assert [path.parent for path in paths] == [folder, folder]
    assert [path.read_bytes() for path in paths] == [b"result"] * 2
    assert all(is_openable_on_windows(path.name) for path in paths)
    assert len(set(paths)) == 2
    after = tree(root)
    assert {path: after.pop(path) for path in before} == before
    assert set(after) == {str(path.relative_to(root)) for path in paths}


@pytest.mark.row("B7")
@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_an_upload_of_any_name_is_called_something_harmless(service: Stub, service_api: Api, name: str) -> None:
    for module in UPLOADING:
        service.requests.clear()
        form = {**module.examples[0], "input_file": (name, b"content"), "download": False}
        execute(
            service_api, module.recipe, module.fill({**form, **KNOWN} if "input_format" in module.Input.all() else form)
        )
        (stored,) = service.asked("POST /store")
        file_name, content = stored.form()["file"]
        assert is_openable_on_windows(str(file_name))
        assert content == b"content"


class Named:
    """What a sandbox with a folder of its own made of every hostile name."""

    def __init__(self, sandbox: RunningSandbox, folder: Path) -> None:
        self.folder = folder
        # JSON cannot carry half a character as it is, and a name is needed.
        self.names = [name for name in NAMES if name and "\ud800" not in name]
        imports = {
            f"in-{number}": {"operation": "import/raw", "file": f"{number}", "filename": name}
            for number, name in enumerate(self.names)
        }
        tasks: dict[str, Any] = {**imports, "export": {"operation": "export/url", "input": list(imports)}}
        tasks["pack"] = {
            "operation": "archive",
            "output_format": "zip",
            "input": list(imports),
            "filename": "../../../evil.zip",
        }
        tasks["packed"] = {"operation": "export/url", "input": ["pack"]}
        with sandbox.connect() as connection:
            api = connection.api
            job = wait_until_ended(
                api, f"/jobs/{api.create_job({'tasks': tasks, 'tag': 'names'}, None)['id']}", 60, Options().progress
            )
            assert job["status"] == "finished", [task.get("message") for task in job["tasks"]]
            self.ids = {task["name"]: task["id"] for task in job["tasks"]}
            self.downloaded = [self._download(api, name) for name in ("export", "packed")]

    def _download(self, api: Api, name: str) -> list[Path]:
        module = find("DownloadFile")
        given = execute(
            api, module.recipe, module.fill({"task_id": self.ids[name]}), Options(self.folder / name), module.Output
        )
        assert isinstance(given, dict)
        return [Path(file["path"]) for file in given["files"]]


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Named]:
    root = tmp_path_factory.mktemp("names")
    sandbox = RunningSandbox(data_dir=root / "data")
    try:
        yield Named(sandbox, root)
    finally:
        sandbox.stop()


@pytest.mark.row("B7")
def test_the_sandbox_keeps_files_of_any_name_in_its_folder_and_gives_them_all_back(named: Named) -> None:
    files, packed = named.downloaded
    assert sorted(int(path.read_text()) for path in files) == list(range(len(named.names)))
    assert all(is_openable_on_windows(path.name) for path in (*files, *packed))
    assert {path.name for path in named.folder.iterdir()} == {"data", "export", "packed"}
    assert not list(named.folder.parent.glob("evil*"))


@pytest.mark.row("B7")
def test_members_of_an_archive_are_files_in_one_place(named: Named) -> None:
    (packed,) = named.downloaded[1]
    with zipfile.ZipFile(io.BytesIO(packed.read_bytes())) as archive:
        members = archive.namelist()
        assert sorted(int(archive.read(member)) for member in members) == list(range(len(named.names)))
    assert len(set(members)) == len(members)
    assert not [
        member for member in members if member.startswith(("/", "\\")) or ".." in member.replace("\\", "/").split("/")
    ]
    assert not [member for member in members if "/" in member or "\\" in member]
