from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest
from PIL import Image

from connector.sandbox.engines.base import Engine, EngineError, Result, Source, Work
from connector.sandbox.engines.graphicsmagick import GraphicsMagick
from connector.sandbox.engines.imagemagick import ImageMagick
from connector.sandbox.engines.magick.formats import LOSSLESS_BESIDES
from tests.unit.sandbox.engines.workbench import refused, run

IM, GM = ImageMagick(), GraphicsMagick()
im, gm = pytest.mark.engine("imagemagick"), pytest.mark.engine("graphicsmagick")
BOTH = [pytest.param(IM, marks=im, id="imagemagick"), pytest.param(GM, marks=gm, id="graphicsmagick")]


def picture(path: Path, size: tuple[int, int] = (60, 40)) -> Path:
    image = Image.new("RGBA", size, (0, 0, 0, 0)) if path.suffix == ".png" else Image.new("RGB", size, "white")
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1] // 2))
    image.save(path)
    return path


def looks(path: Path) -> tuple[str | None, tuple[int, int]]:
    with Image.open(path) as image:
        return image.format, image.size


@pytest.mark.parametrize("engine", BOTH)
def test_pictures_become_other_pictures_of_the_wished_size(engine: Engine, tmp_path: Path) -> None:
    source = picture(tmp_path / "a.png")
    for options, size in (
        ({}, (60, 40)),
        ({"width": 30}, (30, 20)),
        ({"width": 300, "height": 300}, (60, 40)),
        ({"width": 20, "height": 20, "fit": "crop"}, (20, 20)),
        ({"width": 50, "height": 10, "fit": "scale"}, (50, 10)),
    ):
        path = run(engine, "convert", source, "jpg", **options).path
        assert looks(path) == ("JPEG", size)
    with Image.open(run(engine, "convert", source, "jpg").path) as made:
        assert min(made.getpixel((55, 35))) > 250
        assert made.getpixel((5, 5))[0] > 250 > made.getpixel((5, 5))[1]


@im
@pytest.mark.parametrize("wanted", [*LOSSLESS_BESIDES, "heic"])
def test_what_pillow_cannot_write_is_written_and_read_again(wanted: str, tmp_path: Path) -> None:
    made = run(IM, "convert", picture(tmp_path / "a.png"), wanted).path
    assert looks(run(IM, "convert", made.rename(tmp_path / f"b.{wanted}"), "png").path) == ("PNG", (60, 40))


@im
@pytest.mark.parametrize(
    "wanted",
    ["avif", "bmp", "dds", "gif", "ico", "jp2", "pbm", "pcx", "pgm", "ppm", "sgi", "tga", "tiff", "webp", "xbm"],
)
def test_what_pillow_writes_is_written_too(wanted: str, tmp_path: Path) -> None:
    assert looks(run(IM, "convert", picture(tmp_path / "a.png"), wanted).path)[1] == (60, 40)


@gm
@pytest.mark.parametrize("wanted", ["bmp", "gif", "pcx", "png", "ppm", "sgi", "tga", "tiff", "webp", "xbm"])
def test_its_relative_writes_them_as_well(wanted: str, tmp_path: Path) -> None:
    assert looks(run(GM, "convert", picture(tmp_path / "a.png"), wanted).path)[1] == (60, 40)


def xcf(path: Path) -> Path:
    """GIMP's own format: one opaque red layer of 8 x 8."""

    def numbers(*values: int) -> bytes:
        return struct.pack(f">{len(values)}I", *values)

    head = b"gimp xcf file\0" + numbers(8, 8, 0) + numbers(17, 1) + b"\1" + numbers(0, 0)
    layer_at = len(head) + 12
    name = numbers(4) + b"One\0"
    layer = numbers(8, 8, 0) + name + numbers(6, 4, 255) + numbers(8, 4, 1) + numbers(0, 0)
    hierarchy_at = layer_at + len(layer) + 8
    level_at, tile_at = hierarchy_at + 20, hierarchy_at + 36
    pointers = numbers(hierarchy_at, 0) + numbers(8, 8, 3, level_at, 0) + numbers(8, 8, tile_at, 0)
    path.write_bytes(head + numbers(layer_at, 0, 0) + layer + pointers + bytes((63, 255, 63, 0, 63, 0)))
    return path


@im
def test_a_layered_picture_is_seen_as_a_whole(tmp_path: Path) -> None:
    with Image.open(run(IM, "convert", xcf(tmp_path / "a.xcf"), "png").path) as made:
        assert (made.size, made.convert("RGB").getpixel((4, 4))) == ((8, 8), (255, 0, 0))


@pytest.mark.parametrize("engine", BOTH)
def test_quality_strip_and_density_take_effect(engine: Engine, tmp_path: Path) -> None:
    Image.effect_noise((200, 200), 60).convert("RGB").save(tmp_path / "a.jpg", exif=_described())
    low, high = (run(engine, "convert", tmp_path / "a.jpg", "jpg", quality=quality).path for quality in (20, 90))
    assert low.stat().st_size * 2 < high.stat().st_size
    for strip in (True, False):
        with Image.open(run(engine, "convert", tmp_path / "a.jpg", "jpg", strip=strip, pixel_density=200).path) as made:
            assert bool(made.getexif()) is not strip
            assert made.info["dpi"] == (200, 200)


def _described() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = "described"
    return exif


@im
def test_pages_and_frames(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(tmp_path / "a.tiff", save_all=True, append_images=frames[1:])
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    pages = run(IM, "convert", tmp_path / "a.tiff", "png").paths
    assert [page.name for page in pages] == ["output-1.png", "output-2.png", "output-3.png"]
    assert looks(run(IM, "convert", tmp_path / "a.gif", "png").path) == ("PNG", (30, 20))
    with Image.open(run(IM, "convert", tmp_path / "a.gif", "gif", width=15).path) as made:
        assert (made.n_frames, made.size) == (3, (15, 10))


@pytest.mark.parametrize("engine", BOTH)
def test_rubbish_and_enormous_pictures_are_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(bytes(range(256)))
    (tmp_path / "b.jpg").write_bytes(b"")
    for name in ("a.png", "b.jpg"):
        assert refused(engine, "convert", tmp_path / name, "gif").code in ("OPEN_FAILED", "CONVERSION_FAILED")
    Image.new("1", (20_000, 20_000)).save(tmp_path / "c.png")
    assert refused(engine, "convert", tmp_path / "c.png", "jpg").code == "LIMIT_EXCEEDED"


@pytest.mark.parametrize("engine", BOTH)
def test_a_name_does_not_choose_another_format(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("push graphic-context\nimage over 0,0 0,0 '/etc/passwd'\npop graphic-context")
    assert refused(engine, "convert", tmp_path / "a.png", "jpg").code in ("OPEN_FAILED", "CONVERSION_FAILED")


def command(engine: Engine, folder: Path, arguments: str, program: str = "", **options: object) -> Result:
    program = program or ("convert" if engine is IM else "gm")
    source = Source(picture(folder / "a.png"), "my photo.png", "png")
    work = Work(
        "command", (source,), None, {"command": program, "arguments": arguments, **options}, folder / "work", 30
    )
    shutil.rmtree(folder / "work", ignore_errors=True)
    work.folder.mkdir()
    return engine.run(work)


@pytest.mark.parametrize("engine", BOTH)
def test_own_arguments_are_run(engine: Engine, tmp_path: Path) -> None:
    words = "'/input/import-1/my photo.png' -resize 50% /output/small.jpg"
    [file] = command(engine, tmp_path, words if engine is IM else f"convert {words}").files
    assert (file.name, looks(file.path)) == ("small.jpg", ("JPEG", (30, 20)))


@pytest.mark.parametrize("engine", BOTH)
def test_what_is_printed_can_be_had(engine: Engine, tmp_path: Path) -> None:
    words = "-format '%w x %h' '/input/import-1/my photo.png'"
    done = (
        command(IM, tmp_path, words, "identify", capture_output=True)
        if engine is IM
        else command(GM, tmp_path, f"identify {words}", capture_output=True)
    )
    assert (done.output or "").strip() == "60 x 40"


@im
def test_several_files_frames_and_prefixes(tmp_path: Path) -> None:
    source = "'/input/import-1/my photo.png'"
    made = command(
        IM, tmp_path, f"{source}'[0]' ( +clone -negate ) -write png:/output/one.png /output/sub/%d.gif"
    ).files
    assert [file.name for file in made] == ["one-0.png", "one-1.png", "0.gif", "1.gif"]


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize(
    "words",
    [
        "/etc/passwd /output/a.png",
        "@/etc/passwd /output/a.png",
        "label:@/etc/passwd /output/a.png",
        "'caption: @/etc/passwd' /output/a.png",
        "msl:/input/import-1/a.msl /output/a.png",
        "https://example.com/a.png /output/a.png",
        "url:example.com /output/a.png",
        "ephemeral:/input/import-1/a.png /output/a.png",
        "xc:red -draw \"image over 0,0 0,0 'mvg:/etc/passwd'\" /output/a.png",
        "xc:red -draw \"image over 0,0 0,0 '/etc/passwd'\" /output/a.png",
        "text:/etc/passwd /output/a.png",
        "xc:red /input/import-1/a.png",
        "xc:red -write /etc/x.png /output/a.png",
        "xc:red ../escaped.png",
        "xc:red x.png",
        "xc:red /output/../../x.png",
        "xc:red -limit memory 100GB /output/a.png",
        "'|touch x' /output/a.png",
        "/input/import-1/absent.png /output/a.png",
        "'unclosed",
        "",
    ],
)
def test_arguments_that_reach_elsewhere_are_refused(engine: Engine, words: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="refused") as caught:
        command(engine, tmp_path, words if engine is IM or not words else f"convert {words}")
    assert caught.value.code == "INVALID_OPTION"


@gm
@pytest.mark.parametrize("name", ["conjure", "batch", "display", "mogrify", "import", "animate"])
def test_only_harmless_commands_are_run(name: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="one of these commands"):
        command(GM, tmp_path, f"{name} '/input/import-1/my photo.png'")


@im
@pytest.mark.parametrize("coder", ["svg", "mvg", "msl", "ps", "pdf"])
def test_instructions_inside_a_file_are_not_followed(coder: str, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(picture(tmp_path / "b.png").read_bytes())
    text = f"push graphic-context\nviewbox 0 0 60 40\nimage over 0,0 0,0 '{tmp_path}/secret.png'\npop graphic-context\n"
    (tmp_path / "trick").write_text(text)
    source = Source(tmp_path / "trick", f"trick.{coder}", coder)
    (tmp_path / "work").mkdir()
    options = {"command": "convert", "arguments": f"/input/import-1/trick.{coder} /output/a.png"}
    with pytest.raises(EngineError):
        IM.run(Work("command", (source,), None, options, tmp_path / "work", 30))


@pytest.mark.parametrize("engine", BOTH)
def test_words_that_are_not_understood_are_the_persons_mistake(engine: Engine, tmp_path: Path) -> None:
    words = "'/input/import-1/my photo.png' -nosuchoption 5 /output/a.png"
    with pytest.raises(EngineError) as caught:
        command(engine, tmp_path, words if engine is IM else f"convert {words}")
    assert caught.value.code == "INVALID_OPTION"
    assert str(tmp_path) not in caught.value.message
