from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import pytest
from PIL import Image

from connector.sandbox.engines.base import EngineError
from connector.sandbox.engines.ffmpeg import FFmpeg
from connector.sandbox.engines.media import formats, tool
from connector.sandbox.engines.media.probe import Media, parse
from tests.unit.sandbox.engines.workbench import refused, run

pytestmark = pytest.mark.engine("ffmpeg")

ENGINE = FFmpeg()


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds, 160x90 at 25 frames, H.264 and a tone in AAC."""
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    picture, sound = ("testsrc=duration=2:size=160x90:rate=25", "sine=frequency=440:duration=2")
    codecs = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-metadata", "title=A test")
    ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *codecs, path)
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One second of a loud tone, stereo."""
    path = tmp_path_factory.mktemp("sound") / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 44100, 0, "NONE", ""))
        file.writeframes(
            b"".join(
                (20000 if step // 50 % 2 else -20000).to_bytes(2, "little", signed=True) * 2 for step in range(44100)
            )
        )
    return path


def ffmpeg(*arguments: str | Path) -> str:
    """Run the real program, for samples and for looking at results."""
    return subprocess.run(
        [str(tool.find()), "-hide_banner", "-y", *map(str, arguments)], capture_output=True, text=True
    ).stderr


def facts(path: Path) -> Media:
    return parse(ffmpeg("-i", path))


@pytest.mark.parametrize("wanted", formats.AUDIO_OUTPUTS)
def test_sound_becomes_every_audio_format(wanted: str, sound: Path) -> None:
    found = facts(run(ENGINE, "convert", sound, wanted).path)
    assert found.audio_codec is not None
    assert found.duration == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize("wanted", formats.VIDEO_OUTPUTS)
def test_video_becomes_every_video_format(wanted: str, video: Path) -> None:
    found = facts(run(ENGINE, "convert", video, wanted).path)
    assert (found.width, found.height) == (160, 90)
    assert found.audio_codec is not None
    assert found.duration == pytest.approx(2, abs=0.2)


@pytest.mark.slow
@pytest.mark.parametrize("given", [*formats.AUDIO_OUTPUTS, *formats.VIDEO_OUTPUTS])
def test_every_format_that_is_made_can_be_read_again(given: str, video: Path) -> None:
    path = run(ENGINE, "convert", video, given).path
    assert facts(run(ENGINE, "convert", path, "mp3").path).duration == pytest.approx(2, abs=0.25)
    if given in formats.VIDEO_OUTPUTS:
        assert facts(run(ENGINE, "convert", path, "mkv", preset="ultrafast").path).width == 160


def test_video_becomes_a_moving_gif(video: Path) -> None:
    with Image.open(run(ENGINE, "convert", video, "gif", width=80, fps=5.0).path) as picture:
        assert picture.size == (80, 45)
        assert picture.n_frames == 10


def test_a_gif_becomes_a_video_with_even_sides(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (51, 31), colour) for colour in ("red", "blue", "green")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=500)
    found = facts(run(ENGINE, "convert", tmp_path / "a.gif", "mp4").path)
    assert (found.width, found.height, found.audio_codec) == (50, 30, None)


@pytest.mark.parametrize(
    ("wanted", "choice", "codec"),
    [
        ("mp4", "x265", "hevc"),
        ("mp4", "av1", "av1"),
        ("webm", "vp8", "vp8"),
        ("mkv", "vp9", "vp9"),
        ("mov", "copy", "h264"),
        ("avi", "mpeg4", "mpeg4"),
    ],
)
def test_the_video_codec_is_the_chosen_one(wanted: str, choice: str, codec: str, video: Path) -> None:
    assert facts(run(ENGINE, "convert", video, wanted, video_codec=choice).path).video_codec == codec


@pytest.mark.parametrize(
    ("wanted", "choice", "codec"),
    [
        ("mp4", "opus", "opus"),
        ("mkv", "vorbis", "vorbis"),
        ("mp4", "none", None),
        ("mkv", "copy", "aac"),
        ("mp4", "aac_he_1", "aac"),
    ],
)
def test_the_audio_codec_is_the_chosen_one(wanted: str, choice: str, codec: str | None, video: Path) -> None:
    done = run(ENGINE, "convert", video, wanted, audio_codec=choice, preset="ultrafast")
    assert facts(done.path).audio_codec == codec
    assert bool(done.warnings) == choice.startswith("aac_he")


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({"width": 80}, (80, 46)),
        ({"height": 45}, (78, 44)),
        ({"width": 100, "height": 100}, (100, 100)),
        ({"width": 100, "height": 100, "fit": "max"}, (100, 56)),
        ({"width": 1000, "height": 1000, "fit": "max"}, (160, 90)),
        ({"width": 1000, "fit": "max"}, (160, 90)),
        ({"width": 61, "height": 61, "fit": "crop"}, (60, 60)),
    ],
)
def test_the_picture_has_the_wished_size(options: dict[str, object], size: tuple[int, int], video: Path) -> None:
    found = facts(run(ENGINE, "convert", video, "mp4", **options).path)
    assert found.width is not None
    assert found.height is not None
    assert abs(found.width - size[0]) <= 2
    assert abs(found.height - size[1]) <= 2


def test_frame_rate_and_aspect_ratio_take_effect(video: Path) -> None:
    path = run(ENGINE, "convert", video, "mp4", fps=10.0, aspect_ratio="4:3").path
    assert facts(path).frame_rate == 10
    assert "DAR 4:3" in ffmpeg("-i", path)


def test_quality_and_speed_take_effect(video: Path) -> None:
    sizes = [
        run(ENGINE, "convert", video, "mp4", crf=crf, preset="veryslow", audio_codec="none").path.stat().st_size
        for crf in (10, 45)
    ]
    assert sizes[0] > 2 * sizes[1]
    assert "Constrained Baseline" in ffmpeg(
        "-i", run(ENGINE, "convert", video, "mp4", profile="baseline", level="3.0", tune="animation").path
    )


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        ({"trim_start": "00:00:01"}, 1.0),
        ({"trim_end": "0.5"}, 0.5),
        ({"trim_start": "0:00.5", "trim_end": "00:00:01.5"}, 1.0),
    ],
)
def test_trimming_takes_effect(options: dict[str, object], seconds: float, video: Path) -> None:
    assert facts(run(ENGINE, "convert", video, "mp4", **options).path).duration == pytest.approx(seconds, abs=0.1)


def test_sound_options_take_effect(sound: Path) -> None:
    found = facts(run(ENGINE, "convert", sound, "mp3", audio_bitrate=64, audio_channels=1, sample_rate="22050").path)
    assert (found.sample_rate, found.channels) == (22050, 1)
    assert found.bitrate == pytest.approx(64, abs=6)


def test_volume_takes_effect(sound: Path) -> None:
    quiet = run(ENGINE, "convert", sound, "wav", volume=0.1).path
    with wave.open(str(quiet)) as file:
        loudest = max(abs(int.from_bytes(file.readframes(1)[:2], "little", signed=True)) for _ in range(1000))
    assert loudest == pytest.approx(2000, abs=50)


def test_subtitles_are_kept_when_asked_for(video: Path, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    ffmpeg("-i", video, "-i", tmp_path / "a.srt", "-c", "copy", "-c:s", "srt", tmp_path / "a.mkv")
    for mode, kept in (("copy", True), ("none", False)):
        path = run(ENGINE, "convert", tmp_path / "a.mkv", "mp4", subtitles_mode=mode).path
        assert ("Subtitle: mov_text" in ffmpeg("-i", path)) is kept


@pytest.mark.parametrize(
    ("wanted", "options", "says"),
    [
        ("mp4", {"video_codec": "copy", "width": 100}, "width cannot change what is copied"),
        ("mp4", {"audio_codec": "copy", "volume": 2.0}, "volume cannot change"),
        ("mp4", {"trim_start": "soon"}, "write a time as HH:MM:SS"),
        ("mp4", {"trim_start": "2", "trim_end": "1"}, "later than trim_start"),
        ("mp4", {"trim_start": "10"}, "behind its end"),
        ("mp4", {"aspect_ratio": "wide"}, "16:9"),
        ("mp4", {"crf": 60}, "0 (best) to 51"),
        ("mp4", {"video_codec": "x265", "profile": "high"}, "does not exist for x265"),
        ("webm", {"video_codec": "copy"}, "does not fit these codec options"),
        ("mp4", {"audio_codec": "opus", "sample_rate": "44100"}, "44100"),
        ("mp3", {"audio_channels": 7}, "does not fit these codec options"),
    ],
)
def test_what_does_not_go_together_is_refused(wanted: str, options: dict[str, object], says: str, video: Path) -> None:
    error = refused(ENGINE, "convert", video, wanted, **options)
    assert error.code == "INVALID_OPTION"
    assert says in error.message


def test_an_option_without_meaning_is_told(video: Path) -> None:
    done = run(ENGINE, "convert", video, "mkv", video_codec="mpeg4", crf=20, tune="film")
    assert done.warnings == ["crf, tune has no meaning for the codec mpeg4 and was not used."]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.mp4", bytes(range(256)) * 20),
        ("a.mp3", b"#EXTM3U\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n"),
        ("b.mp4", b"ffconcat version 1.0\nfile '{secret}'\n"),
        ("c.mp4", b"ffconcat version 1.0\nfile clip.mp4\n"),
        ("a.avi", b""),
    ],
)
def test_rubbish_and_playlists_are_refused(name: str, content: bytes, tmp_path: Path, video: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(video.read_bytes())
    (tmp_path / name).write_bytes(content.replace(b"{secret}", str(video).encode()))
    assert refused(ENGINE, "convert", tmp_path / name, "mp4" if name != "a.mp3" else "wav").code == "OPEN_FAILED"


def test_a_video_without_sound_has_none_to_give(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "testsrc=duration=1:size=64x64", tmp_path / "mute.mp4")
    assert "no sound or picture" in refused(ENGINE, "convert", tmp_path / "mute.mp4", "mp3").message


@pytest.mark.parametrize(("wanted", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_thumbnails_are_spread_over_the_video(wanted: str, kind: str, video: Path) -> None:
    done = run(ENGINE, "thumbnail", video, wanted, width=80, height=80, count=3)
    assert len({path.read_bytes() for path in done.paths}) == 3
    for path in done.paths:
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == (kind, (80, 45))


def test_a_thumbnail_is_taken_at_its_timestamp(tmp_path: Path) -> None:
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "color=red:s=64x64:d=1",
        "-f",
        "lavfi",
        "-i",
        "color=blue:s=64x64:d=1",
        "-filter_complex",
        "concat",
        tmp_path / "a.mp4",
    )
    for moment, channel in (("00:00:00.2", 0), ("00:00:01.5", 2)):
        with Image.open(run(ENGINE, "thumbnail", tmp_path / "a.mp4", "png", timestamp=moment).path) as picture:
            assert picture.convert("RGB").getpixel((30, 30))[channel] > 200
    assert "earlier timestamp" in refused(ENGINE, "thumbnail", tmp_path / "a.mp4", "png", timestamp="00:01:00").message


def test_the_facts_have_exiftools_names(video: Path) -> None:
    found = run(ENGINE, "metadata", video).metadata
    expected = {
        "ImageWidth": 160,
        "ImageHeight": 90,
        "VideoFrameRate": 25.0,
        "AudioSampleRate": 44100,
        "AudioChannels": 1,
    }
    named = {
        "Duration": "2.00 s",
        "MIMEType": "video/mp4",
        "FileType": "MP4",
        "Title": "A test",
        "VideoCodec": "h264",
        "AudioCodec": "aac",
    }
    assert expected.items() | named.items() <= found.items()


def command(video: Path, arguments: str, **options: object) -> tuple[list[str], list[Path], str]:
    done = run(ENGINE, "command", video, None, arguments=arguments, **options)
    return [file.name or "" for file in done.result.files], done.paths, done.result.output or ""


def test_a_command_writes_every_file_of_its_output_folder(video: Path) -> None:
    names, paths, printed = command(
        video, "-i /input/import-1/clip.mp4 -vf scale=iw/2:ih/3 -an /output/small.mkv -vn '/output/the sound.mp3'"
    )
    assert names == ["small.mkv", "the sound.mp3"]
    assert (facts(paths[0]).width, facts(paths[0]).audio_codec, facts(paths[1]).audio_codec) == (80, None, "mp3")
    assert printed == ""


def test_a_command_can_make_pictures_and_tell_what_it_prints(video: Path) -> None:
    names, _, printed = command(
        video, "ffmpeg -i /input/import-1/clip.mp4 -frames:v 2 /output/frame-%02d.png", capture_output=True
    )
    assert names == ["frame-01.png", "frame-02.png"]
    assert "Input #0" in printed
    assert str(video.parent) not in printed


def test_a_command_may_only_look(video: Path) -> None:
    assert "h264" in command(video, "-i /input/any/clip.mp4", capture_output=True)[2]


def test_a_command_sees_the_files_of_each_task_apart(video: Path, sound: Path) -> None:
    done = run(
        ENGINE,
        "command",
        [video, sound],
        None,
        ("one/x.mp4", "two/x.wav"),
        arguments="-i /input/one/x.mp4 -i /input/two/x.wav -map 0:v -map 1:a /output/a.mp4",
    )
    assert facts(done.path).channels == 2


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "-i '/input/import-1/clip.mp4",
        "-i /etc/hostname /output/a.mp4",
        "-i /input/../../etc/hostname /output/a.mp4",
        "-i http://example.com/a.mp4 /output/a.mp4",
        "-i concat:/etc/hostname /output/a.mp4",
        "-i file:clip.mp4 /output/a.mp4",
        "-i /input/import-1/other.mp4 /output/a.mp4",
        "-i /input/import-1/clip.mp4 /tmp/a.mp4",
        "-i /input/import-1/clip.mp4 /output/../../a.mp4",
        "-i /input/import-1/clip.mp4 -y /input/import-1/clip.mp4",
        "-i /input/import-1/clip.mp4 -f mp4 tcp://example.com:80",
        "-i /input/import-1/clip.mp4 -f tee '[f=mp4]/etc/a|/output/b'",
        "-i /input/import-1/clip.mp4 -vf movie=/etc/hostname /output/a.mp4",
        "-i /input/import-1/clip.mp4 -vf 'movie=\\/etc\\/hostname' /output/a.mp4",
        "-i /input/import-1/clip.mp4 -vf subtitles=filename=/etc/hostname /output/a.mp4",
        "-i /input/import-1/clip.mp4 -vf drawtext=textfile='/etc/hostname' /output/a.mp4",
        "-i /input/import-1/clip.mp4 -vf movie=../../a.mp4 /output/a.mp4",
        "-f concat -safe 0 -i /input/import-1/clip.mp4 /output/a.mp4",
        "-f lavfi -i movie=/etc/hostname /output/a.mp4",
        "-f x11grab -i :0 /output/a.mp4",
        "-protocol_whitelist all -i /input/import-1/clip.mp4 /output/a.mp4",
        "-i /input/import-1/clip.mp4 -/filter:v list /output/a.mp4",
        "-i /input/import-1/clip.mp4 -attach /etc/hostname /output/a.mkv",
        "-i /input/import-1/clip.mp4 -passlogfile /etc/a /output/a.mkv",
    ],
)
def test_a_command_that_reaches_out_is_refused(arguments: str, video: Path) -> None:
    before = video.read_bytes()
    error = refused(ENGINE, "command", video, None, arguments=arguments)
    assert error.code == "INVALID_OPTION"
    assert error.message.startswith("The arguments were refused: ")
    assert video.read_bytes() == before


def test_a_command_without_an_output_is_told(video: Path) -> None:
    error = refused(ENGINE, "command", video, None, arguments="-i /input/import-1/clip.mp4 a.mp4")
    assert "/output/result.mp4" in error.message


def test_a_command_cannot_follow_a_playlist(tmp_path: Path, video: Path) -> None:
    playlist = tmp_path / "list.mp4"
    playlist.write_text(f"ffconcat version 1.0\nfile '{video}'\n")
    assert (
        refused(ENGINE, "command", playlist, None, arguments="-i /input/a/list.mp4 -c copy /output/a.mp4").code
        == "OPEN_FAILED"
    )


def test_a_missing_ffprobe_says_how_to_get_it(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(video.parent))
    with pytest.raises(EngineError, match="apt-get install ffmpeg"):
        run(ENGINE, "command", video, None, command="ffprobe", arguments="/input/a/clip.mp4")
