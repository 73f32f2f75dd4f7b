from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from connector.sandbox.engines.ffmpeg import FFmpeg
from connector.sandbox.engines.media import formats, tool
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("ffmpeg")

ENGINE = FFmpeg()
SRT = "1\n00:00:00,000 --> 00:00:01,000\nEarly\n\n2\n00:00:01,200 --> 00:00:02,000\nLate and long enough\n"


def ffmpeg(*arguments: str | Path) -> str:
    words = [str(tool.find()), "-hide_banner", "-y", *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True).stderr


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of grey, 320x180 at 10 frames, with a tone."""
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    picture, sound = ("color=gray:duration=2:size=320x180:rate=10", "sine=duration=2")
    ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-pix_fmt", "yuv420p", path)
    return path


@pytest.fixture(scope="module")
def texts(video: Path) -> Path:
    """Subtitles in a file."""
    path = video.with_name("texts.srt")
    path.write_text(SRT)
    return path


def frame(path: Path, second: float = 0.5) -> Image.Image:
    picture = path.with_suffix(f".{second}.png")
    ffmpeg("-ss", second, "-i", path, "-frames:v", "1", "-update", "1", picture)
    with Image.open(picture) as image:
        return image.convert("RGB")


def changed(path: Path, other: Path, second: float = 0.5) -> tuple[int, int, int, int] | None:
    """Where two videos differ clearly at a second: left, top, right, bottom."""
    difference = ImageChops.difference(frame(path, second), frame(other, second)).convert("L")
    return difference.point(lambda value: 255 * (value > 40)).getbbox()


def test_a_text_is_stamped_onto_every_frame(video: Path) -> None:
    options = {
        "text": "Draft",
        "font_size": 30,
        "font_color": "#FF0000",
        "position_vertical": "top",
        "position_horizontal": "left",
    }
    path = run(ENGINE, "watermark", video, **options).path
    for second in (0.1, 1.8):
        box = changed(path, video, second)
        assert box
        assert box[2] < 200
        assert box[3] < 90
    assert "Audio: aac" in ffmpeg("-i", path)


def test_a_picture_is_stamped_where_and_as_large_as_wished(video: Path) -> None:
    image = video.with_name("logo.png")
    Image.new("RGB", (50, 50), (0, 0, 255)).save(image)
    place = {
        "position_vertical": "bottom",
        "position_horizontal": "right",
        "margin_vertical": 10,
        "margin_horizontal": 10,
    }
    path = run(ENGINE, "watermark", [video, image], image_width=80, **place).path
    box = changed(path, video)
    assert box == pytest.approx((230, 90, 310, 170), abs=3)
    assert refused(ENGINE, "watermark", video).code == "INVALID_OPTION"


@pytest.mark.parametrize("wanted", ["mkv", "mov", "webm", "avi", "wmv", "mpg"])
def test_other_containers_are_stamped_too(wanted: str, video: Path) -> None:
    assert wanted in formats.WATERMARK.inputs
    source = run(ENGINE, "convert", video, wanted).path.rename(video.with_name(f"other.{wanted}"))
    assert changed(run(ENGINE, "watermark", source, text="Draft", font_size=60).path, source)


def test_subtitles_of_a_file_become_a_track_or_part_of_the_picture(video: Path, texts: Path) -> None:
    soft = run(ENGINE, "convert", [video, texts], "mkv", subtitles_mode="soft").path
    assert "Subtitle: subrip" in ffmpeg("-i", soft)
    assert "Subtitle: mov_text" in ffmpeg(
        "-i", run(ENGINE, "convert", [video, texts], "mp4", subtitles_mode="soft").path
    )
    hard = run(ENGINE, "convert", [video, texts], "avi", subtitles_mode="hard").path
    assert "Subtitle" not in ffmpeg("-i", hard)
    early, late = changed(hard, video, 0.5), changed(hard, video, 1.5)
    assert early
    assert late
    assert late[2] - late[0] > early[2] - early[0]


def test_subtitles_inside_a_video_are_drawn_at_their_time_also_after_trimming(video: Path, texts: Path) -> None:
    inside = run(ENGINE, "convert", [video, texts], "mkv", subtitles_mode="soft").path.rename(video.with_name("in.mkv"))
    hard = run(ENGINE, "convert", inside, "mp4", subtitles_mode="hard", trim_start="1.1").path
    assert changed(hard, video, 0.5)
    plain = run(ENGINE, "convert", inside, "mp4").path
    assert "Subtitle" not in ffmpeg("-i", plain)
    assert changed(plain, video) is None


def test_what_cannot_be_drawn_is_refused(video: Path, texts: Path) -> None:
    assert refused(ENGINE, "convert", [video, video], "mkv", subtitles_mode="soft").code == "INVALID_OPTION"
    assert "holds no subtitles" in refused(ENGINE, "convert", video, "mkv", subtitles_mode="hard").message
    copied = refused(ENGINE, "convert", [video, texts], "mp4", subtitles_mode="hard", video_codec="copy")
    assert copied.code == "INVALID_OPTION"
