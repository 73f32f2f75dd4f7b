"""Formats: the groups they belong to, their aliases and MIME types, and the format that a file's name promises."""

from __future__ import annotations

import mimetypes


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GROUPS: dict[str, tuple[str, ...]] = {
    "archive": _words(
        "7z ace alz arc arj bz bz2 cab cpio deb dmg gz img iso jar lha lz lzma lzo rar rpm rz tar tar.7z tar.bz tar.bz2 tar.gz tar.lzo"
        " tar.xz tar.z tbz tbz2 tgz txz tz tzo xz z zip"
    ),
    "audio": _words(
        "aac ac3 aif aifc aiff amr au caf dss flac m4a m4b mp2 mp3 oga ogg opus sf2 sfark voc wav weba wma wv"
    ),
    "cad": _words("dwf dwg dxf"),
    "document": _words(
        "abw adoc asciidoc djvu doc docm docx dot dotx eml fodt html hwp hwpx ipynb lwp man md mediawiki odt org pages pdf pub rst rtf sdw tex"
        " textile txt typ wpd wps xhtml zabw"
    ),
    "ebook": _words("azw azw3 azw4 cbc cbr cbz chm epub fb2 htm htmlz lit lrf mobi oeb pdb pml prc rb snb tcr txtz"),
    "font": _words("eot otf ttf woff woff2"),
    "image": _words(
        "3fr apng arw avif bmp cr2 cr3 crw dcr dds dib dng eps erf gif heic heif icns ico j2k jfif jp2 jpeg jpg mos mrw nef odd orf pbm pcx pef pgm"
        " png pnm ppm ps psb psd raf raw rw2 sgi tga tif tiff webp x3f xbm xcf xpm xps"
    ),
    "presentation": _words("dps fodp key odp pot potx pps ppsx ppt pptm pptx sda"),
    "spreadsheet": _words("csv et fods numbers ods sdc tsv xls xlsm xlsx"),
    "vector": _words("ai cdr cgm emf fodg odg sk sk1 svg svgz vsd vsdx wmf"),
    "video": _words(
        "3g2 3gp 3gpp avi cavs dv dvr flv m2ts m4v mkv mod mov mp4 mpeg mpg mts mxf ogv rm rmvb srt swf ts vob vtt webm wmv wtv"
    ),
}

ALIASES: dict[str, str] = {
    "3gpp": "3gp",
    "aif": "aiff",
    "asciidoc": "adoc",
    "htm": "html",
    "jfif": "jpg",
    "jpeg": "jpg",
    "markdown": "md",
    "mpg": "mpeg",
    "tbz": "tar.bz2",
    "tbz2": "tar.bz2",
    "tgz": "tar.gz",
    "tif": "tiff",
    "txz": "tar.xz",
    "yml": "yaml",
}
"""Formats under another name: what can be done with the one can be done with the other."""

_COMPRESSIONS = ("7z", "bz", "bz2", "gz", "lz", "lzma", "lzo", "xz", "z", "zst")
_MIME_TYPES = {
    "7z": "application/x-7z-compressed",
    "adoc": "text/asciidoc",
    "apng": "image/apng",
    "avif": "image/avif",
    "azw3": "application/vnd.amazon.ebook",
    "djvu": "image/vnd.djvu",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "epub": "application/epub+zip",
    "fb2": "application/x-fictionbook+xml",
    "flac": "audio/flac",
    "flv": "video/x-flv",
    "gz": "application/gzip",
    "bz2": "application/x-bzip2",
    "heic": "image/heic",
    "heif": "image/heif",
    "icns": "image/icns",
    "jp2": "image/jp2",
    "m4a": "audio/mp4",
    "md": "text/markdown",
    "mkv": "video/x-matroska",
    "mobi": "application/x-mobipocket-ebook",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/opus",
    "otf": "font/otf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "psd": "image/vnd.adobe.photoshop",
    "rar": "application/vnd.rar",
    "rst": "text/x-rst",
    "rtf": "application/rtf",
    "tex": "application/x-tex",
    "ttf": "font/ttf",
    "typ": "text/plain",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "video/webm",
    "webp": "image/webp",
    "wma": "audio/x-ms-wma",
    "wmv": "video/x-ms-wmv",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xz": "application/x-xz",
}
_GROUP_OF = {name: group for group, names in GROUPS.items() for name in names}
# Without the system's own tables: the answer must not depend on the machine.
_STANDARD = mimetypes.MimeTypes(filenames=())


def format_of(filename: str) -> str:
    """The format that the name's extension promises, in lower case, compound ones (`tar.gz`) first; "" without one."""
    parts = filename.lower().rsplit("/", 1)[-1].split(".")
    if len(parts) > 2 and parts[-2] == "tar" and parts[-1] in _COMPRESSIONS:
        return ".".join(parts[-2:])
    return parts[-1] if len(parts) > 1 and parts[-1].isalnum() else ""


def canonical(name: str) -> str:
    """The usual name of a format: jpg for jpeg, tar.gz for tgz, in lower case."""
    return ALIASES.get(name.lower(), name.lower())


def group_of(name: str | None) -> str:
    """The group that CloudConvert shows the format in; "document" for unknown ones."""
    return _GROUP_OF.get(name or "") or _GROUP_OF.get(canonical(name or ""), "document")


def mime_type(filename: str) -> str:
    """The MIME type for a download of that name."""
    last = canonical(format_of(filename)).rsplit(".", 1)[-1]
    return _MIME_TYPES.get(last) or _STANDARD.types_map[1].get(f".{last}", "application/octet-stream")


def extension_of(mime: str) -> str:
    """The extension for a MIME type, without a dot; "" where it is not known."""
    plain = mime.split(";", 1)[0].strip().lower()
    ours = next((extension for extension, known in _MIME_TYPES.items() if known == plain), "")
    return ours or canonical((_STANDARD.guess_extension(plain) or "").lstrip("."))
