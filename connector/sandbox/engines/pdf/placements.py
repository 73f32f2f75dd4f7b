"""How large the pictures of a PDF are shown, which tells how many pixels they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Dictionary, Matrix, Name, Object, Page, Pdf, PdfError, Stream, parse_content_stream

_DEEPEST = 8
_MOST_STEPS = 2_000_000

Key = tuple[int, int]


@dataclass(frozen=True)
class Placement:
    """The largest showing of a picture: `width` and `height` in points, `coverage` its share of the page (0-1)."""

    width: float = 0.0
    height: float = 0.0
    coverage: float = 0.0

    def joined(self, other: Placement) -> Placement:
        """The larger of both."""
        return Placement(
            max(self.width, other.width), max(self.height, other.height), max(self.coverage, other.coverage)
        )


def placements(pdf: Pdf) -> dict[Key, Placement]:
    """By the object number of each picture that is shown on a page; unreadable pages are left out."""
    found: dict[Key, Placement] = {}
    walk = _Walk(found)
    for page in pdf.pages:
        try:
            walk.page(page)
        except (PdfError, ValueError, TypeError, LookupError, AttributeError):
            continue
    return found


class _Walk:
    """Follows the coordinate system through content streams."""

    def __init__(self, found: dict[Key, Placement]) -> None:
        self._found = found
        self._steps = 0
        self._area = 1.0

    def page(self, page: Page) -> None:
        """All pictures of a page."""
        left, bottom, right, top = (float(value) for value in page.mediabox)
        self._area = max(1.0, abs((right - left) * (top - bottom)))
        self._stream(page, page.resources, Matrix(), 0)

    def _stream(self, content: Page | Object, resources: Object, start: Matrix, depth: int) -> None:
        for name, matrix in self._shown(content, start):
            item = resources.get(Name.XObject, Dictionary()).get(name)
            if not isinstance(item, Stream):
                continue
            if item.get(Name.Subtype) == Name.Image:
                self._keep(item, matrix)
            elif depth < _DEEPEST:
                own = Matrix(*(float(value) for value in item.get(Name.Matrix, (1, 0, 0, 1, 0, 0))))
                self._stream(item, item.get(Name.Resources, resources), own @ matrix, depth + 1)

    def _shown(self, content: Page | Object, matrix: Matrix) -> Iterator[tuple[str, Matrix]]:
        stack: list[Matrix] = []
        for instruction in parse_content_stream(content, "q Q cm Do"):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return
            operator, operands = str(instruction.operator), instruction.operands
            if operator == "q":
                stack.append(matrix)
            elif operator == "Q" and stack:
                matrix = stack.pop()
            elif operator == "cm":
                matrix = Matrix(*(float(value) for value in operands)) @ matrix
            elif operator == "Do":
                yield str(operands[0]), matrix

    def _keep(self, picture: Object, matrix: Matrix) -> None:
        width = (matrix.a**2 + matrix.b**2) ** 0.5
        height = (matrix.c**2 + matrix.d**2) ** 0.5
        new = Placement(width, height, min(1.0, width * height / self._area))
        self._found[picture.objgen] = self._found.get(picture.objgen, Placement()).joined(new)
