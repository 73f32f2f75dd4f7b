"""Names of modules as other systems want them written."""

from __future__ import annotations

import re


def words(name: str) -> str:
    """A module's name in words: "Convert To PDFA" for ConvertToPDFA."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=OCR)(?=PDF)", " ", name)
