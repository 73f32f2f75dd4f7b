"""The contract that scripts rely on: exit codes, one JSON document, sentences, no half-written file."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from connector.cli import main
from tests.conftest import RunningSandbox
from tests.support.samples import sample


class Outcome:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def command(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Any:
    """Runs the command in this process, in an empty folder, with the sandbox in the environment."""
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Outcome:
        with pytest.raises(SystemExit) as end:
            main(list(words))
        code = end.value.code
        return Outcome(code if isinstance(code, int) else -1, *capsys.readouterr())

    return call


def put(name: str, content: bytes | None = None) -> str:
    Path(name).write_bytes(sample(name.rpartition(".")[2]) if content is None else content)
    return name


def picture(path: Path | str) -> tuple[str | None, tuple[int, int]]:
    """What an image file is, and its size in pixels."""
    with Image.open(path) as image:
        return image.format, image.size


def convert(command: Any, name: str, output_format: str, *more: str) -> Outcome:
    return command(
        "run",
        "ConvertFile",
        "-p",
        f"input_file={name}",
        "-p",
        f"output_format={output_format}",
        "--output-dir",
        "out",
        *more,
    )


def test_a_png_becomes_a_jpeg_of_the_same_pixel_size(command: Any) -> None:
    done = convert(command, put("photo.png"), "jpg")
    assert done.code == 0, done.err
    assert picture(done.document["files"][0]["path"]) == ("JPEG", (64, 48))


@pytest.mark.parametrize(
    ("output_format", "magic"), [("webp", b"RIFF"), ("pdf", b"%PDF-"), ("gif", b"GIF8"), ("tiff", b"II*\0")]
)
def test_a_png_becomes_other_formats(command: Any, output_format: str, magic: bytes) -> None:
    done = convert(command, put("photo.png"), output_format)
    assert done.code == 0, done.err
    assert Path(done.document["files"][0]["path"]).read_bytes().startswith(magic)


def test_a_pdf_of_two_pages_gives_two_pictures(command: Any) -> None:
    done = convert(command, put("slides.pdf"), "png")
    assert [file["name"] for file in done.document["files"]] == ["slides-1.png", "slides-2.png"]
    assert sorted(path.name for path in Path("out").iterdir()) == ["slides-1.png", "slides-2.png"]


@pytest.mark.engine("pandoc")
@pytest.mark.parametrize(
    ("output_format", "magic"), [("docx", b"PK"), ("html", b"<"), ("epub", b"PK"), ("rst", b"Title")]
)
def test_markdown_becomes_documents(command: Any, output_format: str, magic: bytes) -> None:
    done = convert(command, put("notes.md"), output_format)
    assert done.code == 0, done.err
    assert Path(done.document["files"][0]["path"]).read_bytes().startswith(magic)


@pytest.mark.engine("typst")
def test_markdown_becomes_a_pdf(command: Any) -> None:
    done = convert(command, put("notes.md"), "pdf")
    assert done.code == 0, done.err
    assert Path(done.document["files"][0]["path"]).read_bytes().startswith(b"%PDF-")


@pytest.mark.engine("ffmpeg")
def test_a_wav_becomes_an_mp3(command: Any) -> None:
    done = convert(command, put("sound.wav"), "mp3")
    assert done.code == 0, done.err
    assert Path(done.document["files"][0]["path"]).read_bytes()[:3] in (b"ID3", b"\xff\xfb\x90")


@pytest.mark.engine("libreoffice")
def test_a_docx_becomes_a_pdf(command: Any) -> None:
    done = convert(command, put("report.docx"), "pdf")
    assert done.code == 0, done.err
    assert done.document["job"]["tasks"][1]["engine"] == "libreoffice"


def test_run_with_sandbox_needs_no_account_and_no_environment(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(sample("png"))
    words = [
        "run",
        "ConvertFile",
        "--sandbox",
        "-p",
        "input_file=photo.png",
        "-p",
        "output_format=jpg",
        "--output-dir",
        "out",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "connector.cli", *words], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert picture(tmp_path / "out" / "photo.jpg") == ("JPEG", (64, 48))


def test_a_form_can_come_as_json_and_p_wins_over_it(command: Any) -> None:
    Path("form.json").write_text(json.dumps({"input_file": put("photo.png"), "output_format": "gif"}))
    done = command("run", "convert-file", "--input", "form.json", "-p", "output_format=bmp", "--output-dir", "out")
    assert done.document["file_name"] == "photo.bmp"


def test_engine_options_are_json(command: Any) -> None:
    done = convert(command, put("photo.png"), "png", "-p", 'engine_options={"width": 32}')
    assert picture(done.document["files"][0]["path"]) == ("PNG", (32, 24))


def test_get_my_info_shows_the_account(command: Any) -> None:
    done = command("run", "GetMyInfo")
    assert done.code == 0
    assert {"id", "username", "email", "credits"} <= set(done.document)


def test_names_keep_their_letters(command: Any) -> None:
    done = convert(command, put("Übersicht — 2026 概要.png"), "jpg")
    assert Path("out/Übersicht — 2026 概要.jpg").is_file(), done.err


def test_an_existing_file_is_not_overwritten(command: Any) -> None:
    Path("out").mkdir()
    Path("out/photo.jpg").write_text("mine")
    done = convert(command, put("photo.png"), "jpg")
    assert Path("out/photo.jpg").read_text() == "mine"
    assert Path(done.document["files"][0]["path"]).name == "photo (2).jpg"


def test_an_existing_file_is_overwritten_when_told(command: Any) -> None:
    Path("out").mkdir()
    Path("out/photo.jpg").write_text("mine")
    convert(command, put("photo.png"), "jpg", "--overwrite")
    assert picture("out/photo.jpg")[0] == "JPEG"


def test_without_download_the_job_is_given_at_once(command: Any) -> None:
    done = command("run", "ConvertFile", "-p", f"input_file={put('photo.png')}", "-p", "output_format=jpg")
    assert done.document["job_id"]
    assert not Path("photo.jpg").exists()


BAD = [
    (["run", "ConvertFil"], 2, "Did you mean 'ConvertFile'?"),
    (["run", "ConvertFile", "-p", "output_fromat=jpg"], 2, "Did you mean 'output_format'?"),
    (["run", "ConvertFile", "-p", "output_format=jpg"], 2, "Input file (input_file) is required"),
    (["run", "ConvertFile", "-p", "input_file=nope.png", "-p", "output_format=jpg"], 2, "'nope.png' is no file"),
    (["run", "ConvertFile", "-p", "input_file=.", "-p", "output_format=jpg"], 2, "is a folder"),
    (["run", "ConvertFile", "-p", "output_format"], 2, "write -p NAME=VALUE"),
    (
        ["run", "ConvertFile", "-p", "input_file=photo.png", "-p", "output_format=mp3", "--output-dir", "out"],
        5,
        "can become",
    ),
    (
        ["run", "ConvertFile", "-p", "input_file=broken.png", "-p", "output_format=jpg", "--output-dir", "out"],
        5,
        "'convert'",
    ),
    (
        ["run", "ConvertFile", "-p", "input_file=photo.png", "-p", "output_format=jpg", "--output-dir", "photo.png"],
        2,
        "photo.png",
    ),
]


@pytest.mark.parametrize(("words", "code", "message"), BAD, ids=lambda value: str(value)[:40])
def test_a_mistake_gets_one_clear_sentence_and_its_exit_code(
    command: Any, words: list[str], code: int, message: str
) -> None:
    put("photo.png")
    put("broken.png", sample("png")[:80])
    done = command(*words)
    assert (done.code, done.out) == (code, ""), done.err
    assert message in done.err
    assert len(done.err.strip().splitlines()) <= 3
    assert "Traceback" not in done.err
    assert not Path("out").exists() or not list(Path("out").iterdir())


def test_a_wrong_key_says_connect_again(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDCONVERT_API_KEY", "not-the-right-key")
    done = command("run", "GetMyInfo")
    assert done.code == 3
    assert "does not accept the API key" in done.err
    assert "not-the-right-key" not in done.err


def test_no_connection_names_both_ways(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDCONVERT_API_KEY")
    done = command("run", "GetMyInfo")
    assert done.code == 3
    assert "CLOUDCONVERT_API_KEY" in done.err
    assert "--sandbox" in done.err


def test_an_unreachable_host_says_try_later(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOUDCONVERT_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("connector.api.clock.Clock.sleep", lambda *_: None)
    done = command("run", "GetMyInfo")
    assert done.code == 4
    assert "127.0.0.1:9 cannot be reached" in done.err


@pytest.mark.row("T10")
def test_a_full_disk_leaves_no_half_written_file(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("connector.api.download._Download._take", full)
    done = convert(command, put("photo.png"), "jpg")
    assert done.code == 1
    assert "The disk is full" in done.err
    assert list(Path("out").iterdir()) == []


def test_modules_lists_every_module_for_machines(command: Any) -> None:
    names = [module["name"] for module in command("modules").document]
    assert {"ConvertFile", "GetMyInfo"} <= set(names)
    form = command("modules", "ConvertFile").document["form"]
    assert [section["section"] for section in form][:2] == ["Import options", "Convert options"]


def test_a_table_is_printed_on_a_terminal(command: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # In this order: importing the second while the first is replaced would keep the replacement for good.
    monkeypatch.setattr("connector.cli.run.wants_json", lambda asked: asked)
    monkeypatch.setattr("connector.cli.output.wants_json", lambda asked: asked)
    done = convert(command, put("photo.png"), "jpg")
    assert "photo.jpg" in done.out
    assert not done.out.lstrip().startswith("{")


def test_python_callers_get_bytes_without_a_folder(sandbox: RunningSandbox) -> None:
    from connector import run

    with sandbox.connect() as connection:
        result = run(
            "ConvertFile", connection, input_file=("photo.png", sample("png")), output_format="jpg", download=True
        )
    assert result.status == "finished"
    assert Image.open(io.BytesIO(result.files[0].data)).size == (64, 48)
