"""Tricks for FFmpeg, ImageMagick, GraphicsMagick, Ghostscript and ExifTool: in files, and in the arguments of `command`."""

from __future__ import annotations

from typing import Any

from tests.support.hostile.case import Case, always, convert, filled
from tests.support.samples import sample

_ANY = ("OPEN_FAILED", "CONVERSION_FAILED", "LIMIT_EXCEEDED", "TIMEOUT", "INVALID_OPTION", "INVALID_CONVERSION_TYPE")

_PLAYLISTS = {
    "hls-file": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://BAIT_TEXT\n#EXT-X-ENDLIST\n",
    "hls-concat": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nconcat:BAIT_URL/a|file://BAIT_TEXT\n#EXT-X-ENDLIST\n",
    "hls-network": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nBAIT_URL/segment.ts\n#EXT-X-ENDLIST\n",
    "hls-key": '#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="BAIT_URL/key"\n#EXTINF:1,\nBAIT_TEXT\n#EXT-X-ENDLIST\n',
    "concat": "ffconcat version 1.0\nfile 'BAIT_TEXT'\nfile 'BAIT_URL/a.mp4'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n",
    "dash": '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet><Representation id="1"><BaseURL>'
    "BAIT_URL/dash.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "redirect": "[reference]\nRef1=BAIT_URL/reference.mp4\n",
}
_SCRIPTS = {
    "mvg": "push graphic-context\nviewbox 0 0 90 90\nimage over 0,0 90,90 'BAIT_PICTURE'\nimage over 0,0 9,9 'BAIT_URL/mvg'\npop graphic-context\n",
    "msl": '<?xml version="1.0"?><image><read filename="BAIT_PICTURE"/><write filename="BAIT_TARGET.png"/></image>',
    "shell": "push graphic-context\nfill 'url(https://127.0.0.1/x\"|touch \"BAIT_TARGET)'\npop graphic-context\n",
    "svg": '<svg xmlns:xlink="http://www.w3.org/1999/xlink"><image xlink:href="text:BAIT_TEXT" width="9" height="9"/></svg>',
    "xc": '/* XPM */ static char *a[] = {"1 1 1 1", "a c @BAIT_TEXT", "a"};',
}
_POSTSCRIPT = {
    "reads": "(BAIT_TEXT) (r) file 200 string readstring pop /Courier findfont 20 scalefont setfont 20 400 moveto show showpage",
    "writes": "(BAIT_TARGET) (w) file dup (owned) writestring closefile showpage",
    "pipes": "(%pipe%touch BAIT_TARGET) (w) file closefile showpage",
    "deletes": "(BAIT_TEXT) deletefile showpage",
    "renames": "(BAIT_TEXT) (BAIT_TARGET) renamefile showpage",
    "lists": "(BAIT_TEXT*) {(BAIT_TARGET) (w) file exch writestring} 256 string filenameforall showpage",
    "unsafe": "<< /PermitFileReading [(*)] /PermitFileWriting [(*)] >> setuserparams (BAIT_TARGET) (w) file closefile showpage",
    "device": "<< /OutputFile (BAIT_TARGET) >> setpagedevice showpage",
    "device-pipe": "<< /OutputFile (%pipe%touch BAIT_TARGET) >> setpagedevice showpage",
    "runs": "(BAIT_TEXT) run showpage",
}
_ENDLESS = {
    "loops": "{ } loop",
    "grows": "/a 10 string def { a length 2 mul string /a exch def } loop",
    "pages": "{ showpage } loop",
}
_FFMPEG = (
    "-i file:BAIT_TEXT -f data /output/a", "-i BAIT_TEXT -f data /output/a", "-i BAIT_URL/a /output/a.mp4", "-i concat:BAIT_TEXT /output/a.mp4",
    "-i /input/i/a.wav BAIT_TARGET.wav", "-i /input/i/a.wav file:BAIT_TARGET.wav", "-i /input/i/a.wav -f tee BAIT_TARGET.wav",
    "-i /input/i/a.wav -f tee [f=wav]BAIT_TARGET.wav|/output/a.wav", "-i /input/i/a.wav -af amovie=BAIT_TEXT /output/a.wav",
    "-f lavfi -i movie=BAIT_PICTURE -frames:v 1 /output/a.png", "-f lavfi -i movie=BAIT_URL/a /output/a.mp4",
    "-f lavfi -i color -vf drawtext=textfile=BAIT_TEXT -frames:v 1 /output/a.png", "-f lavfi -i color -vf subtitles=BAIT_TEXT -frames:v 1 /output/a.png",
    "-f lavfi -i color -/filter_complex BAIT_TEXT /output/a.png", "-f lavfi -i color -filter_script:v BAIT_TEXT /output/a.png",
    "-f concat -safe 0 -i /input/i/a.wav /output/a.mp4", "-i /input/i/../../../secret.txt -f data /output/a",
    "-i /input/i/a.wav /output/../../owned.wav", "-i /input/i/a.wav -f hls -hls_key_info_file BAIT_TEXT /output/a.m3u8",
    "-i /input/i/a.wav BAIT_URL/a.wav", "-i /input/i/a.wav -f rtp rtp://127.0.0.1:9", "-i @BAIT_TEXT /output/a.wav",
    "-i /input/i/a.wav -attach BAIT_TEXT /output/a.mkv", "-i /input/i/a.wav -report -vstats_file BAIT_TARGET /output/a.wav",
    "-i /input/i/a.wav -progress BAIT_URL/p /output/a.wav", "-i /input/i/a.wav -progress BAIT_TARGET /output/a.wav",
    "-i /input/i/a.wav -passlogfile BAIT_TARGET -pass 1 /output/a.mp4", "-i /input/i/a.wav -af ladspa=file=BAIT_TARGET /output/a.wav",
    "-i subfile,,start,0,end,9,,:BAIT_TEXT /output/a.wav", "-f lavfi -i sine -t 1 -c:a libmp3lame -f segment -segment_list BAIT_TARGET /output/a%d.mp3",
    "-i data:text/plain,hello /output/a.wav", "-i async:file:BAIT_TEXT /output/a.wav", "-f x11grab -i :0 /output/a.mp4",
)  # fmt: skip
_MAGICK = (
    "BAIT_PICTURE /output/a.png", "@BAIT_TEXT /output/a.png", "text:BAIT_TEXT /output/a.png", "label:@BAIT_TEXT /output/a.png",
    "caption:@BAIT_TEXT /output/a.png", "png:BAIT_PICTURE /output/a.png", "BAIT_URL/a.png /output/a.png", "url:BAIT_URL/a.png /output/a.png",
    "/input/i/a.png BAIT_TARGET.png", "/input/i/a.png png:BAIT_TARGET.png", "/input/i/a.png -write BAIT_TARGET.png /output/a.png",
    "/input/i/a.png -draw 'image over 0,0 0,0 \"BAIT_PICTURE\"' /output/a.png", "/input/i/a.png -annotate 0 @BAIT_TEXT /output/a.png",
    "/input/i/a.png -draw @BAIT_TEXT /output/a.png", "/input/i/a.png -set comment @BAIT_TEXT /output/a.png", "msl:/input/i/a.png /output/a.png",
    "mvg:/input/i/a.png /output/a.png", "ephemeral:BAIT_TEXT /output/a.png", "/input/i/a.png 'show:'", "/input/i/a.png -profile BAIT_TEXT /output/a.png",
    "/input/i/a.png '|touch BAIT_TARGET'", "'|touch BAIT_TARGET;' /output/a.png", "/input/i/../../../secret.png /output/a.png",
    "/input/i/a.png /output/../../owned.png", "-script BAIT_TEXT /output/a.png", "/input/i/a.png -font BAIT_TEXT -annotate 0 x /output/a.png",
    "vid:BAIT_PICTURE /output/a.png", "inline:BAIT_TEXT /output/a.png", "fd:3 /output/a.png", "/input/i/a.png -tile BAIT_PICTURE /output/a.png",
    "/input/i/a.png -mask BAIT_PICTURE /output/a.png", "/input/i/a.png -clut BAIT_PICTURE /output/a.png", "pango:@BAIT_TEXT /output/a.png",
    "/input/i/a.png -map BAIT_PICTURE /output/a.png", "ps:/input/i/a.png /output/a.png", "tmp:BAIT_TEXT /output/a.png", "/input/i/a.png -process BAIT_TEXT /output/a.png",
)  # fmt: skip
_ENDLESS_COMMANDS = {
    "ffmpeg": "-f lavfi -i testsrc=size=64x48 /output/a.mp4",
    "ffmpeg-loop": "-stream_loop -1 -i /input/i/a.wav /output/a.wav",
}


def cases() -> list[Case]:
    """All of them."""
    return [*_media(), *_pictures(), *_postscript(), *_commands(), *_metadata()]


def _media() -> list[Case]:
    return [
        Case(f"{name}-as-{kind}", f"a.{kind}", filled(text), convert(target), codes=_ANY, slow=kind != "mp4")
        for name, text in _PLAYLISTS.items()
        for kind, target in (("mp4", "webm"), ("ts", "mp3"), ("avi", "gif"))
    ] + [Case("lavfi-as-mp4", "a.mp4", filled("movie=BAIT_PICTURE"), convert("gif"), codes=_ANY)]


def _pictures() -> list[Case]:
    return [
        Case(
            f"{name}-as-{kind}-{engine}",
            f"a.{kind}",
            filled(text),
            convert("jpg", engine),
            codes=_ANY,
            slow=kind == "miff" or engine == "pillow",
        )
        for name, text in _SCRIPTS.items()
        for kind, engine in (
            ("png", "imagemagick"),
            ("xpm", "imagemagick"),
            ("miff", "imagemagick"),
            ("png", "graphicsmagick"),
            ("xpm", "pillow"),
        )
    ]


def _postscript() -> list[Case]:
    head = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 200 200\n"
    return [
        *(
            Case(f"postscript-{name}-{kind}-{target}", f"a.{kind}", filled(head + text), convert(target), "either", _ANY, slow=kind == "eps" or target == "txt")
            for name, text in _POSTSCRIPT.items()
            for kind, target in (("ps", "pdf"), ("eps", "png"), ("ps", "txt"))
        ),
        *(
            Case(f"postscript-{name}", "a.ps", filled(head + text), convert("pdf", timeout=2), codes=("TIMEOUT", "LIMIT_EXCEEDED", "CONVERSION_FAILED"), slow=name == "pages")
            for name, text in _ENDLESS.items()
        ),
    ]  # fmt: skip


def _commands() -> list[Case]:
    ways = [("ffmpeg", "ffmpeg", "wav", _FFMPEG), ("imagemagick", "convert", "png", _MAGICK)]
    ways += [("graphicsmagick", "gm", "png", tuple(f"convert {one}" for one in _MAGICK))]
    return [
        *(
            Case(f"{engine}-{number}", f"a.{kind}", always(sample(kind)), _command(engine, name, text), "either" if text in _HARMLESS else "error", _ANY)
            for engine, name, kind, texts in ways
            for number, text in enumerate(texts)
        ),
        *(
            Case(f"endless-{name}", "a.wav", always(sample("wav")), _command("ffmpeg", "ffmpeg", text) | {"timeout": 2}, codes=("TIMEOUT", "LIMIT_EXCEEDED"), slow="loop" in name)
            for name, text in _ENDLESS_COMMANDS.items()
        ),
        *(
            Case(f"{engine}-writing-secret-to-output", f"a.{kind}", always(sample(kind)), _command(engine, name, text) , "either", _ANY)
            for engine, name, kind, text in (("graphicsmagick", "gm", "png", "batch BAIT_TEXT"), ("imagemagick", "mogrify", "png", "-path BAIT_TARGET /input/i/a.png"))
        ),
    ]  # fmt: skip


_HARMLESS = ("/input/i/a.png 'show:'", "convert /input/i/a.png 'show:'")


def _command(engine: str, name: str, arguments: str) -> dict[str, Any]:
    return {
        "operation": "command",
        "engine": engine,
        "command": name,
        "arguments": arguments,
        "timeout": 55,
        "capture_output": True,
    }


def _metadata() -> list[Case]:
    tags = {
        "-o": "BAIT_TARGET",
        "TagsFromFile": "BAIT_TEXT",
        "Comment<": "BAIT_TEXT",
        "-execute": "1",
        "-config": "BAIT_TEXT",
        "Comment<=BAIT_TEXT": "",
        "FileName": "BAIT_TARGET",
        "Directory": "BAIT_TARGET",
        "HardLink": "BAIT_TARGET",
        "SymLink": "BAIT_TARGET",
        "csv": "BAIT_TEXT",
        "j": "BAIT_TEXT",
    }
    return [
        Case(f"exiftool-writes-{number}", "a.jpg", always(sample("jpg")), {"operation": "metadata/write", "metadata": {name: value, "Comment": "x"}}, "either", _ANY, slow=number > 1)
        for number, (name, value) in enumerate(tags.items())
    ]  # fmt: skip
