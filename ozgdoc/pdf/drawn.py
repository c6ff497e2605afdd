"""What is drawn on a page: ink in and around boxes, words in their places. For copies whose fields are gone.

Pages are rendered by PDFium, whichever program drew them. Whether a page still is the one that was printed is seen from
the outlines of its boxes: where an outline is not found, nothing is said about the box.
"""

from __future__ import annotations

import cmath
import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage, raw

_Key = TypeVar("_Key")

BoxName = tuple[str, str | None]  #: a checkpoint's id; a state's id where it has several boxes

Rect = tuple[float, float, float, float]  #: left, bottom, right, top, in points from the printed page's bottom left

OUTLINE = 0.8  #: as much of a box's outline has to be seen, or the page is not the one that was printed
_SCALE = 2.0  #: pixels per point
_MAX_PIXELS = 12_000_000
_WRITTEN = 0.002  #: as much ink in a field means that something was written there
_MAX_PLACES = 16
_MAX_CHARACTERS = 200_000
_TEXT_STARTS = 8.0  #: points from the left edge of a field within which its text begins
_DARK, _INK = 120, 165  #: grey values, 0 is black: of an outline or a mark beside a box, of ink inside it

#: The code beside the QR code, as people read it: see `ozgdoc.identity.PageCode.readable`.
_CODE = re.compile(r"\b(Z[0-9A-HJKMNP-TV-Z]{5})\s*([0-9A-HJKMNP-TV-Z]{7})\s*([0-9A-HJKMNP-TV-Z]{2})\b")


@dataclass(frozen=True, slots=True)
class Transform:
    """How a page lies on another one: turned, scaled and moved. Points are complex numbers, x + y·i."""

    turn: complex = 1
    move: complex = 0

    def __call__(self, rect: Rect) -> Rect:
        """Return where a rectangle comes to lie; turns are quarter turns."""
        one, other = (self.turn * complex(x, y) + self.move for x, y in (rect[:2], rect[2:]))
        return (*_sorted(one.real, other.real, one.imag, other.imag),)

    @classmethod
    def between(cls, before: Sequence[complex], after: Sequence[complex]) -> Transform | None:
        """Return the transform that takes two points to two others; None if no printer would do that."""
        if abs(before[1] - before[0]) < 1 or abs(after[1] - after[0]) < 1:
            return None
        turn = (after[1] - after[0]) / (before[1] - before[0])
        quarter = cmath.phase(turn) / (math.pi / 2)
        if not 0.3 < abs(turn) < 3 or abs(quarter - round(quarter)) > 0.01:
            return None
        turn = abs(turn) * 1j ** (round(quarter) % 4)
        return cls(turn, after[0] - turn * before[0])


def _sorted(x: float, other_x: float, y: float, other_y: float) -> Rect:
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


@dataclass(frozen=True, slots=True)
class Ink:
    """How much of a box is dark, as fractions.

    Attributes:
        outline: of its four sides, the least complete one.
        inside: of its inner area.
        around: of a strip around it in which the form has nothing.
    """

    outline: float
    inside: float
    around: float

    @property
    def ticked(self) -> bool | None:
        """Whether somebody marked the box; None if that is not certain."""
        if self.outline < OUTLINE:
            return None
        if self.around >= 0.01:  # what goes beyond the box may cross out its row, or say "no"
            return None
        if 0.04 <= self.inside <= 0.7:
            return True
        return False if self.inside < 0.008 else None


@contextmanager
def opened(data: bytes) -> Iterator[PdfDocument | None]:
    """Open a file for drawing; None if PDFium can't."""
    try:
        document = PdfDocument(data)
    except PdfiumError:
        yield None
        return
    try:
        yield document
    finally:
        document.close()


def page_of(document: PdfDocument, number: int) -> PdfPage | None:
    """Return a page by its number, from 0; None if PDFium can't find or read it, which need not be so for others."""
    try:
        return document[number]
    except (PdfiumError, IndexError):
        return None


def codes(page: PdfPage) -> dict[str, list[tuple[complex, complex]]]:
    """Return the page codes that a page shows as text, and where each begins and ends."""
    text = page.get_textpage()
    try:
        found: dict[str, list[tuple[complex, complex]]] = {}
        for match in _CODE.finditer(text.get_text_range()):
            found.setdefault("".join(match.groups()), [])
        for code, places in found.items():
            search = text.search(code[:6], match_case=True)
            while (place := search.get_next()) is not None and len(places) < _MAX_PLACES:
                first = last = place[0]
                letters = iter(code)
                awaited = next(letters, "")
                for number in range(first, min(first + 2 * len(code), text.count_chars())):
                    if chr(raw.FPDFText_GetUnicode(text, number)) == awaited:
                        last, awaited = number, next(letters, "")
                left, bottom, _, _ = text.get_charbox(first)
                _, low, right, _ = text.get_charbox(last)
                if not awaited:
                    places.append((complex(left, bottom), complex(right, low)))
        return found
    finally:
        text.close()


@dataclass(slots=True)
class Seen:
    """What is seen on the pages of one copy whose fields are gone.

    Attributes:
        inks: what is in and around each box.
        texts: what each field says.
        written: fields in which something is drawn, be it readable as text or not.
    """

    inks: dict[BoxName, Ink] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def look(
        self, page: PdfPage, boxes: Mapping[BoxName, Rect], fields: Mapping[str, Rect], transform: Transform
    ) -> None:
        """Add what one page shows.

        A text that was too long for its field is cut off for the eye, but goes on beside it, behind the next field. So
        a text belongs to the place where it begins, as long as letter follows letter.
        """
        picture = _picture(page)
        if picture is None:
            return
        self.inks |= {name: picture.ink(_on_picture(page, transform(rect), picture)) for name, rect in boxes.items()}
        text = page.get_textpage()
        try:
            runs = list(_runs(text))
        finally:
            text.close()
        for name, place in fields.items():
            rect = transform(place)
            inside = _begun_in(rect, runs)
            shown = [run for run in inside if picture.has_ink(_on_picture(page, run.within(rect), picture))]
            self.texts[name] = _chained(rect, shown)
            written = picture.ink(_on_picture(page, rect, picture)).inside > _WRITTEN
            if written or (inside and not shown):  # letters that are there and draw nothing have no glyphs
                self.written.add(name)


def _begun_in(rect: Rect, runs: Sequence[_Run]) -> list[_Run]:
    left, bottom, right, top = rect
    inside = [run for run in runs if left - 1 <= run.left <= right and bottom <= run.middle <= top and run.text.strip()]
    return sorted(inside, key=lambda run: run.left)


def _chained(rect: Rect, runs: Sequence[_Run]) -> str:
    """Return the text that begins at the left edge of a place and goes on without a gap, nothing twice."""
    found, start, reached = "", rect[0] - 1, rect[0] + _TEXT_STARTS
    for run in runs:
        if run.left > reached:
            break
        marks = all(unicodedata.combining(letter) for letter in run.text.strip())
        if run.left < start - run.size / 2 and not marks:
            continue  # it lies under what was read already
        found += run.text
        start, reached = max(start, run.right), max(run.right + run.size, reached if marks else 0)
    return found.strip()


@dataclass(slots=True)
class _Run:
    """Letters that follow each other: their text, where the first begins, where the last ends, and their height."""

    text: str
    left: float
    right: float
    middle: float
    size: float

    def within(self, rect: Rect) -> Rect:
        """Return where the letters are, as far as they lie in a place."""
        half = self.size / 2
        return self.left, max(rect[1], self.middle - half), min(self.right, rect[2]), min(rect[3], self.middle + half)


def _runs(text: PdfTextPage) -> Iterator[_Run]:
    """Yield what a page shows as text, in runs of letters side by side."""
    run: _Run | None = None
    for number in range(min(text.count_chars(), _MAX_CHARACTERS)):
        letter = chr(raw.FPDFText_GetUnicode(text, number))
        left, bottom, right, top = text.get_charbox(number, loose=True)
        middle, size = (bottom + top) / 2, max(top - bottom, 1.0)
        follows = run is not None and abs(middle - run.middle) < size / 4 and -size / 2 < left - run.right < size / 2
        if letter in "\r\n" or not follows or run is None:
            if run is not None:
                yield run
            run = None if letter in "\r\n" else _Run(letter, left, right, middle, size)
        else:
            run.text += letter
            run.right = max(run.right, right)
    if run is not None:
        yield run


def ink(page: PdfPage, places: Mapping[_Key, Rect], transform: Transform) -> dict[_Key, Ink] | None:
    """Return how much ink there is in each box.

    Args:
        places: where the boxes are on the printed page.
        transform: from the printed page to this one.

    Returns:
        None if the page is too large to be drawn.
    """
    picture = _picture(page)
    if picture is None:
        return None
    return {name: picture.ink(_on_picture(page, transform(rect), picture)) for name, rect in places.items()}


def _picture(page: PdfPage) -> _Picture | None:
    """Draw a page; None if it is too large for that."""
    width, height = page.get_size()
    if width * height * _SCALE**2 > _MAX_PIXELS:
        return None
    bitmap = page.render(scale=_SCALE, grayscale=True, may_draw_forms=False)
    picture = _Picture(bytes(bitmap.buffer), bitmap.stride, bitmap.width, bitmap.height)
    bitmap.close()
    return picture


def _on_picture(page: PdfPage, rect: Rect, picture: _Picture) -> Rect:
    """Return a rectangle of the page in pixels; the page's own rotation and crop box are accounted for."""
    corners = []
    for x, y in (rect[:2], rect[2:]):
        # Device units are integers; a hundredth of a pixel is near enough.
        across, down = ctypes.c_int(), ctypes.c_int()
        size = picture.width * 100, picture.height * 100
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
        corners.append((across.value / 100, down.value / 100))
    return _sorted(corners[0][0], corners[1][0], corners[0][1], corners[1][1])


@dataclass(frozen=True, slots=True)
class _Picture:
    """A grey picture, a byte a pixel, rows from the top."""

    pixels: bytes
    stride: int
    width: int
    height: int

    def ink(self, box: Rect) -> Ink:
        """Measure a box, given in pixels."""
        left, top, right, bottom = box
        size = min(right - left, bottom - top)
        line = 0.1 * size
        sides = (
            [self._band(x, x + 1, top - line, top + line) for x in _steps(left, right)],
            [self._band(x, x + 1, bottom - line, bottom + line) for x in _steps(left, right)],
            [self._band(left - line, left + line, y, y + 1) for y in _steps(top, bottom)],
            [self._band(right - line, right + line, y, y + 1) for y in _steps(top, bottom)],
        )
        outline = min(sum(min(band, default=255) < _DARK for band in side) / max(1, len(side)) for side in sides)
        inset, gap, strip = 0.17 * size, 0.12 * size, 0.3 * size
        inner = self._band(left + inset, right - inset, top + inset, bottom - inset)
        whole = self._band(left - strip, right + strip, top - strip, bottom + strip)
        near = self._band(left - gap, right + gap, top - gap, bottom + gap)
        around = sum(v < _DARK for v in whole) - sum(v < _DARK for v in near)
        return Ink(
            outline,
            sum(v < _INK for v in inner) / max(1, len(inner)),
            max(0, around) / max(1, len(whole) - len(near)),
        )

    def has_ink(self, place: Rect) -> bool:
        """Tell whether anything is drawn in a place, given in pixels."""
        left, top, right, bottom = place
        pixels = self._band(left, right, top, bottom)
        return sum(value < _INK for value in pixels) > _WRITTEN * max(1, len(pixels))

    def _band(self, left: float, right: float, top: float, bottom: float) -> bytes:
        """Return the pixels of a rectangle, as far as it lies on the picture."""
        first, last = max(0, round(left)), min(self.width, round(right))
        rows = range(max(0, round(top)), min(self.height, round(bottom)))
        return b"".join(self.pixels[row * self.stride + first : row * self.stride + last] for row in rows)


def _steps(start: float, end: float) -> range:
    """Return the pixels of a side without its corners."""
    return range(round(start + 0.1 * (end - start)), round(end - 0.1 * (end - start)))
