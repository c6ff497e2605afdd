"""The pages of a copy as they are drawn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice

from pikepdf import Array, Dictionary, Pdf, Stream
from pypdfium2 import PdfPage

from ozgdoc.identity import APPLICATION
from ozgdoc.model import Notice
from ozgdoc.pdf import drawn
from ozgdoc.pdf.drawn import BoxName
from ozgdoc.pdf.values import stream_bytes, text_value
from ozgdoc.pdf.widgets import MAX_FIELDS, Field, path, rectangle
from ozgdoc.readers.filled import Box, clean_text
from ozgdoc.readers.pdf.copies import Copy, place_of

IN_PLACE = 1.0  #: points by which programs move boxes without harm
_HIDDEN = 1 | 2 | 32  #: flags of annotations: invisible, hidden, no view
_MOVED = 6.0  #: points by which a page's content may have moved; the next row is farther away
#: How near to a box something drawn over a page may have been meant for it, in points: across and up.
_BESIDE = (30.0, 3.0)


@dataclass(frozen=True)
class Paper:
    """The pages of one copy as they are drawn."""

    pdf: Pdf
    data: bytes
    copy: Copy

    def marks(self, rects: dict[BoxName, tuple[int, drawn.Rect]]) -> dict[BoxName, bool | None]:
        """Return what is drawn in boxes, where a page was changed or something lies over it.

        True is a tick, False nothing, None something else. Where a box's outline is not found, the page can't be
        compared, and nothing is said about the box.
        """
        covered = self.covered(rects)
        doubtful: dict[int, dict[BoxName, drawn.Rect]] = {}
        for name, (number, rect) in rects.items():
            if name in covered or number in self.changed:
                doubtful.setdefault(number, {})[name] = rect
        inks = self._inks(doubtful)
        words = self.covered(rects, ("FreeText",))  # which are not read
        return {
            name: None if name in words else ink.ticked
            for name, ink in inks.items()
            if ink.outline >= drawn.OUTLINE or name in covered
        }

    def covered(self, rects: dict[BoxName, tuple[int, drawn.Rect]], kinds: Sequence[str] = ()) -> set[BoxName]:
        """Return the boxes that something people drew lies over, or beside without belonging to another box.

        Args:
            rects: page and place of each box.
            kinds: of what was drawn; any by default.
        """
        found: set[BoxName] = set()
        for kind, page, mark in self.copy.marked:
            if kinds and kind not in kinds:
                continue
            here = {name: rect for name, (number, rect) in rects.items() if number == page}
            middle = ((mark[0] + mark[2]) / 2, (mark[1] + mark[3]) / 2) * 2
            own = {name for name, rect in here.items() if _meet(rect, middle, 3, 3)}
            found |= {name for name, rect in here.items() if _meet(rect, mark, 0, 0)}
            found |= own or {name for name, rect in here.items() if _meet(rect, mark, *_BESIDE)}
        return found

    def read(self) -> tuple[tuple[Box, ...], dict[str, str], tuple[Notice, ...]]:
        """Return boxes and texts from the drawing alone: the copy has no fields."""
        seen = drawn.Seen()
        with drawn.opened(self.data) as document:
            for number in self.copy.pages.values() if document else ():
                boxes, fields = sorted_places(self._places(number))
                page = drawn.page_of(document, number) if document is not None and boxes else None
                if page is not None and self._in_place(page, number):
                    seen.look(page, boxes, fields, drawn.Transform())
        return drawn_values(seen)

    def out_of_place(self, shown: Mapping[BoxName, Field]) -> Iterator[BoxName]:
        """Yield the boxes that are hidden, or not where the form has them although its page is as it was."""
        places = {number: sorted_places(self._places(number))[0] for number in self.copy.pages.values()}
        for name, entry in shown.items():
            flags = entry.widget.get("/F")
            if (isinstance(flags, int) and flags & _HIDDEN) or "/OC" in entry.widget:
                yield name
            elif entry.page in places and entry.page not in self.changed:
                place, rect = places[entry.page].get(name), rectangle(entry.widget.get("/Rect"))
                if place and (not rect or any(abs(a - b) > IN_PLACE for a, b in zip(place, rect, strict=True))):
                    yield name

    @property
    def doubtful(self) -> bool:
        """Whether what is drawn may say something else than the fields."""
        return bool(self.copy.marked or self.changed)

    @cached_property
    def changed(self) -> set[int]:
        """The pages, by their number in the file, whose content is not what it was when the form was made."""
        changed = set()
        for number in self.copy.pages.values():
            page = self.pdf.pages[number].obj
            private = path(page, "/PieceInfo", f"/{APPLICATION}", "/Private")
            said, packed = path(private, "/drawn"), path(private, "/packed")
            # Most programs leave the content as it is packed; then it need not be unpacked to be compared.
            if said is None or (packed is not None and text_value(packed) == _packed(page)):
                continue
            if text_value(said) != hashlib.sha256(_content(page)).hexdigest():
                changed.add(number)
        return changed

    def _in_place(self, page: PdfPage, number: int) -> bool:
        """Return whether the code's text stands where it was printed; the outline of one box looks like another's.

        A page that shows no code as text can't be asked.
        """
        private = path(self.pdf.pages[number].obj, "/PieceInfo", f"/{APPLICATION}", "/Private")
        at = path(private, "/code")
        starts = [start for places in drawn.codes(page).values() for start, _ in places]
        if not starts or not isinstance(at, Array) or len(at) != 2 or not all(_is_number(item) for item in list(at)):
            return True
        printed = complex(float(at[0]), float(at[1]))
        return any(abs(start - printed) < _MOVED for start in starts)

    def _places(self, number: int) -> dict[str, drawn.Rect]:
        """Return where a page's fields were when it was made, as it carries that itself."""
        private = path(self.pdf.pages[number].obj, "/PieceInfo", f"/{APPLICATION}", "/Private", "/places")
        return rectangles(stream_bytes(private))

    def _inks(self, places: dict[int, dict[BoxName, drawn.Rect]]) -> dict[BoxName, drawn.Ink]:
        found: dict[BoxName, drawn.Ink] = {}
        if not places:
            return found
        with drawn.opened(self.data) as document:
            if document is None:
                return found
            for number, rects in places.items():
                if (page := drawn.page_of(document, number)) is not None:
                    found |= drawn.ink(page, rects, drawn.Transform()) or {}
        return found


def rectangles(places: bytes) -> dict[str, drawn.Rect]:
    """Return where the fields of a page are by its own data: name → rectangle; nothing where that is no such data."""
    try:
        found = json.loads(places or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    rects = {name: rectangle(Array(rect)) for name, rect in islice(found.items(), MAX_FIELDS) if _numbers(rect)}
    return {name: rect for name, rect in rects.items() if rect}


def sorted_places(places: Mapping[str, drawn.Rect]) -> tuple[dict[BoxName, drawn.Rect], dict[str, drawn.Rect]]:
    """Return the places of boxes and those of texts among the places of fields."""
    boxes: dict[BoxName, drawn.Rect] = {}
    fields: dict[str, drawn.Rect] = {}
    for name, rect in places.items():
        match place_of(tuple(name.split("."))):
            case ("checkpoints", point, state):
                boxes[point, state] = rect
            case ("fields", entry, _):
                fields[entry] = rect
    return boxes, fields


def drawn_values(seen: drawn.Seen) -> tuple[tuple[Box, ...], dict[str, str], tuple[Notice, ...]]:
    """Return what a drawing says: boxes, texts, and what a person should know.

    Where not one tick is seen, none is called empty: the ticks may have been lost with the fields.
    """
    texts = {name: clean_text(text) for name, text in seen.texts.items()}
    boxes = tuple(Box(*name, ink.ticked) for name, ink in seen.inks.items())
    notices = []
    if any(box.value for box in boxes):
        message = "what is drawn in or beside the box is no clear tick; a person has to look"
        notices += [Notice("mark-unclear", message, dotted(box)) for box in boxes if box.value is None]
    elif boxes:
        message = "not one tick is seen on it; whether none was set or all were lost can't be told"
        notices.append(Notice("no-tick-seen", message))
        boxes = tuple(replace(box, value=None) for box in boxes)
    for name, text in texts.items():
        if text:
            notices.append(
                Notice("text-from-page", "the text was read from the page and may be wrong or cut off", name)
            )
        elif name in seen.written:
            notices.append(Notice("text-unreadable", "something is written there that can't be read as text", name))
    return boxes, texts, tuple(notices)


def dotted(box: Box) -> str:
    """Return the name of a box as warnings give it."""
    return ".".join(filter(None, (box.checkpoint, box.state)))


def _numbers(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, int | float) for item in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal)


def _meet(rect: drawn.Rect, other: drawn.Rect, across: float, up: float) -> bool:
    """Return whether two rectangles meet, or come as near as that."""
    return (
        rect[0] - across < other[2]
        and other[0] < rect[2] + across
        and rect[1] - up < other[3]
        and other[1] < rect[3] + up
    )


def _packed(page: Dictionary) -> str:
    """Return the SHA-256 (hex) of what a page draws, as it stands in the file; nothing if it is not one stream."""
    contents = page.get("/Contents")
    return hashlib.sha256(contents.read_raw_bytes()).hexdigest() if isinstance(contents, Stream) else ""


def _content(page: Dictionary) -> bytes:
    """Return what a page draws, decoded; several streams in a row."""
    contents = page.get("/Contents")
    if isinstance(contents, Array):
        return b"".join(stream_bytes(part) for part in list(contents)[:1000])
    return stream_bytes(contents)
