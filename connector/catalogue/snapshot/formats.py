"""Which format becomes which, by which engine, as rules. The first rule that holds a pair names the service's choice.

An engine is empty where no source names it.
"""

from __future__ import annotations

from dataclasses import dataclass


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


ARCHIVE = words(
    "7z ace alz arc arj bz bz2 cab cpio deb dmg gz img iso jar lha lz lzma lzo rar rpm rz tar tar.7z tar.bz tar.bz2"
    " tar.gz tar.lzo tar.xz tar.z tbz tbz2 tgz tz tzo xz z zip"
)
AUDIO = words("aac ac3 aif aifc aiff amr au caf dss flac m4a m4b mp3 oga opus voc wav weba wma")
SOUND_FONT = words("sf2 sfark")
CAD = words("dwf dwg dxf")
WRITER = words("abw doc docm docx dot dotx hwp hwpx lwp odt rtf sdw txt wpd wps zabw")
OTHER_DOCUMENT = words("djvu eml html md pages pdf pub rst tex")
EBOOK = words("azw azw3 azw4 cbc cbr cbz chm epub fb2 htmlz lit lrf mobi oeb pdb pml prc rb snb tcr txtz")
FONT = words("eot otf ttf woff woff2")
RAW = words("3fr arw cr2 cr3 crw dcr dng erf mos mrw nef orf pef raf raw rw2 x3f")
PICTURE = words("avif bmp gif heic heif ico jfif jpeg jpg odd png ppm psb psd tga tif tiff webp xcf")
PAGE = words("eps ps xps")
SLIDES = words("dps odp pot potx pps ppsx ppt pptm pptx sda")
SHEET = words("csv et ods sdc xls xlsm xlsx")
VECTOR = words("ai cdr cgm emf odg sk sk1 svg svgz vsd wmf")
VIDEO = words(
    "3g2 3gp 3gpp avi cavs dv dvr flv m2ts m4v mkv mod mov mp4 mpeg mpg mts mxf ogg ogv rm rmvb swf ts vob webm wmv wtv"
)

GROUP_OF = {
    name: group
    for group, names in {
        "archive": ARCHIVE,
        "audio": AUDIO + SOUND_FONT,
        "cad": CAD,
        "document": WRITER + OTHER_DOCUMENT,
        "ebook": (*EBOOK, "htm"),
        "font": FONT,
        "image": (*RAW, *PICTURE, *PAGE, "icns"),
        "presentation": (*SLIDES, "key"),
        "spreadsheet": (*SHEET, "numbers"),
        "vector": VECTOR,
        "video": (*VIDEO, "vtt"),
    }.items()
    for name in names
}
"""The group under which the service shows a format."""

_TO_ARCHIVE = words("7z rar tar tar.bz2 tar.gz zip")
_TO_AUDIO = words("aac aiff flac m4a mp3 wav wma")
_TO_VIDEO = words("gif avi flv mkv mov mp4 webm wmv")
_TO_PICTURE = words("bmp eps gif ico jpg odd png ps psd tiff webp")
_TO_EBOOK = words("azw3 epub lrf mobi oeb pdb")
_TO_VECTOR = words("dxf emf eps pdf png ps svg wmf")
_TO_TEXT = words("doc docx html odt rtf txt")
_OFFICE = {
    "writer": words("doc docx"),
    "slides": words("ppt pptx"),
    "sheet": words("xls xlsx"),
}


@dataclass(frozen=True)
class Pairs:
    """Every one of `inputs` becomes every one of `outputs`; itself only with `to_itself`. Empty: none, or any."""

    engine: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    operation: str = "convert"
    to_itself: bool = True


PAIRS = (
    Pairs("archivetool", ARCHIVE, _TO_ARCHIVE),
    Pairs("archivetool", words("dmg img iso"), ("tar.lzo",)),
    Pairs("ffmpeg", (*AUDIO, *VIDEO, "gif"), _TO_AUDIO),
    Pairs("ffmpeg", VIDEO, _TO_VIDEO),
    Pairs("ffmpeg", ("gif",), _TO_VIDEO, to_itself=False),
    Pairs("imagemagick", RAW + PICTURE + PAGE, ("pdf", *_TO_PICTURE)),
    Pairs("imagemagick", ("png",), ("icns",)),
    Pairs("imagemagick", ("icns",), ("pdf",)),
    Pairs("inkscape", VECTOR, _TO_VECTOR),
    Pairs("inkscape", ("eps", "ps"), words("dxf emf svg wmf")),
    Pairs("inkscape", words("svg svgz emf"), _TO_PICTURE),
    Pairs("inkscape", ("pdf",), words("dxf emf svg wmf")),
    Pairs("mupdf", ("pdf",), ("svg",)),
    Pairs("office", (*_OFFICE["writer"], *_OFFICE["slides"], *_OFFICE["sheet"]), ("pdf", "xps")),
    Pairs("libreoffice", WRITER, ("pdf", *_TO_TEXT, "jpg", "png")),
    Pairs("libreoffice", words("docm dot dotx hwp"), ("xps",)),
    Pairs("libreoffice", SLIDES, words("pdf odp ppt pptx html txt eps jpg png swf")),
    Pairs("libreoffice", words("pot potx ppt pptm pptx"), ("emf", "xps")),
    Pairs("libreoffice", SHEET, words("pdf html jpg png csv ods xls xlsx")),
    Pairs("libreoffice", ("xlsm",), ("xps",)),
    Pairs("", ("pages",), words("doc docx epub jpg pdf png txt")),
    Pairs("", ("numbers",), words("csv jpg pdf png xls xlsx")),
    Pairs("", ("key",), words("jpg pdf png ppt pptx")),
    Pairs("chrome", ("html",), words("pdf jpg png")),
    Pairs("libreoffice", ("html", "htm"), _TO_TEXT),
    Pairs("libreoffice", ("htm",), ("pdf",)),
    Pairs("", words("html txt"), words("md tex")),
    Pairs("", ("md", "rst"), words("docx html md odt pdf rst rtf txt")),
    Pairs("", ("md",), ("tex",)),
    Pairs("", ("tex",), words("md pdf tex txt")),
    Pairs("calibre", words("docx html htm odt pdf rtf txt"), _TO_EBOOK),
    Pairs("calibre", EBOOK, (*_TO_EBOOK, "pdf", "rtf", "txt")),
    Pairs("mutool", ("pdf",), words("png jpg")),
    Pairs("poppler", ("pdf",), words("png jpg")),
    Pairs("graphicsmagick", ("pdf",), _TO_PICTURE),
    Pairs("pdf2htmlex", ("pdf",), ("html",)),
    Pairs("pdftron-pdf2word", ("pdf",), ("docx", "doc", "rtf")),
    Pairs("pdftron-pdf2excel", ("pdf",), ("xlsx",)),
    Pairs("pdftron-pdf2powerpoint", ("pdf",), ("pptx",)),
    Pairs("", ("pdf",), ("txt", "pdf")),
    Pairs("", ("djvu",), ("pdf",)),
    Pairs("", words("dwg dxf"), words("bmp cgm dwg dxf eps gif jpg pdf png svg tiff wmf")),
    Pairs("", (*FONT, "svg"), FONT),
    Pairs("", FONT, ("svg",)),
    Pairs("", ("sfark",), ("sf2",)),
    Pairs("chrome", (), words("pdf png jpg"), "capture-website"),
    Pairs("archivetool", (), _TO_ARCHIVE, "archive"),
    Pairs("qpdf", ("pdf",), ("pdf",), "merge"),
    Pairs("3heights", ("pdf",), ("pdf",), "optimize"),
    Pairs("", ("png",), ("png",), "optimize"),
    Pairs("", ("jpg",), ("jpg",), "optimize"),
    Pairs("", (*PICTURE, *VIDEO, "pdf"), words("png jpg webp"), "thumbnail"),
    Pairs("", (*PICTURE, *VIDEO, "pdf"), (), "watermark"),
    Pairs("exiftool", (), (), "metadata"),
    Pairs("exiftool", (), (), "metadata/write"),
    *(Pairs(engine, (), (), "command") for engine in ("ffmpeg", "imagemagick", "graphicsmagick")),
    *(
        Pairs("", ("pdf",), ("pdf",), f"pdf/{action}")
        for action in words("a ocr encrypt decrypt split-pages extract-pages rotate-pages")
    ),
)
