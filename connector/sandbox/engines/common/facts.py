"""What every file says about itself, under exiftool's names."""

from __future__ import annotations

from connector.sandbox.engines.base import Source

_UNITS = ("kB", "MB", "GB")


def file_facts(source: Source, file_type: str, extension: str, mime_type: str) -> dict[str, object]:
    """`FileName`, `FileSize`, `FileType`, `FileTypeExtension` and `MIMEType`."""
    return {
        "FileName": source.name,
        "FileSize": file_size(source.path.stat().st_size),
        "FileType": file_type,
        "FileTypeExtension": extension,
        "MIMEType": mime_type,
    }


def file_size(size: int) -> str:
    """A number of bytes as exiftool writes it: `169 kB`."""
    if size < 2000:
        return f"{size} bytes"
    value = float(size)
    for unit in _UNITS:
        value /= 1000
        if value < 10:
            return f"{value:.1f} {unit}"
        if value < 2000:
            break
    return f"{value:.0f} {unit}"
