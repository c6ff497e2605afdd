"""Copies that carry nothing but the picture of a form: known by the code printed on it, read from what is drawn.

Whoever prints a filled form to PDF leaves neither fields nor data. The text beside the page's codes is still there: it
names form and page, and its two places tell how the page lies. Where the boxes are is known from the blank form, drawn
anew for every checklist at hand and in each of its languages, in the built-in theme.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

import pikepdf
from pypdfium2 import PdfDocument, PdfPage

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.identity import APPLICATION, PageCode, identify
from ozgdoc.model import Checklist, Identity, Notice
from ozgdoc.pdf import drawn
from ozgdoc.pdf.drawn import BoxName
from ozgdoc.readers.filled import Filled
from ozgdoc.readers.pdf import DRAWN_CHANNEL
from ozgdoc.readers.pdf.paper import drawn_values, sorted_places
from ozgdoc.templating import compose_form
from ozgdoc.theme import load_theme
from ozgdoc.wire import canonical, checklist_to_json
from ozgdoc.writers.pdf import write

_MAX_PAGES = 2_000
Anchors = tuple[tuple[complex, complex], ...]  #: where each text of a code begins and ends

_NOBODY = "0" * 7  #: instance part of the code of a form that was issued to nobody


@dataclass(frozen=True, slots=True)
class BlankPage:
    """One page of a blank form.

    Attributes:
        pages: how many the form has.
        anchors: where the two texts of the page's code stand.
        boxes, fields: where they are, in points from the bottom left.
    """

    identity: Identity
    definition: bytes
    pages: int
    anchors: Anchors
    boxes: Mapping[BoxName, drawn.Rect]
    fields: Mapping[str, drawn.Rect]


@dataclass(slots=True)
class _Copy:
    blank: BlankPage
    instance: str
    pages: list[int] = field(default_factory=list)
    seen: drawn.Seen = field(default_factory=drawn.Seen)


def read_printed(data: bytes, known: Mapping[str, Checklist]) -> list[Filled]:
    """Return the copies in a PDF whose pages show the code of a known form.

    Raises:
        UnreadableError: pages of several copies are mixed, so nobody can say which belong together.
        UnknownFormError: no page shows a code that is known here.
    """
    copies: list[_Copy] = []
    with drawn.opened(data) as document:
        for page, code, blank, transform in _pages(document, known) if document else ():
            last = copies[-1] if copies else None
            same = last and (last.blank.identity, last.instance) == (blank.identity, code.instance)
            if last is None or not same or code.page != last.pages[-1] + 1:
                copies.append(last := _Copy(blank, code.instance))
            last.pages.append(code.page)
            last.seen.look(page, blank.boxes, blank.fields, transform)
    if not copies:
        raise UnknownFormError(
            "it is a PDF without a form of ours, or a picture of one. Send the form itself, filled in a PDF viewer."
        )
    if len(copies) > 1 and any(copy.pages != list(range(1, copy.blank.pages + 1)) for copy in copies):
        raise UnreadableError("its pages are those of several copies, and not in order. Send each copy by itself.")
    return [_filled(copy) for copy in copies]


def _pages(
    document: PdfDocument, known: Mapping[str, Checklist]
) -> Iterator[tuple[PdfPage, PageCode, BlankPage, drawn.Transform]]:
    """Yield each page that shows a known code, with the blank page that it was and how it lies on that."""
    blanks: dict[tuple[str, int], BlankPage] | None = None
    for index in range(min(len(document), _MAX_PAGES)):
        if (page := drawn.page_of(document, index)) is None:
            continue
        for text, places in drawn.codes(page).items():
            code = PageCode.parse(text)
            if blanks is None:  # made only once a page shows something that could be a code
                blanks = {key: blank for checklist in known.values() for key, blank in blank_pages(checklist).items()}
            blank = blanks.get((code.form, code.page)) if code else None
            transform = _transform(page, blank, _apart(places)) if blank else None
            if code and blank and transform:
                yield page, code, blank, transform
        page.close()


def _transform(page: PdfPage, blank: BlankPage, places: Anchors) -> drawn.Transform | None:
    """Return how a page lies, if the outlines of its boxes say the same; which text is which is tried out."""
    for order in (places, places[::-1]):
        if len(order) != 2 or len(blank.anchors) != 2:
            return None
        # Codes differ in width. The upper one begins at a fixed place, the lower one ends at one.
        (before, _), (_, after) = blank.anchors
        transform = drawn.Transform.between((before, after), (order[0][0], order[1][1]))
        inks = drawn.ink(page, blank.boxes, transform) if transform else None
        if inks and sum(found.outline >= drawn.OUTLINE for found in inks.values()) > len(inks) / 2:
            return transform
    return None


def _filled(copy: _Copy) -> Filled:
    boxes, texts, notices = drawn_values(copy.seen)
    if copy.blank.pages > 1 and copy.instance == _NOBODY:
        message = "that its pages belong together was taken from their order alone"
        notices = (*notices, Notice("pages-by-order", message))
    if copy.instance != _NOBODY:
        message = "the code says that the copy was issued to somebody, but not to whom"
        notices = (*notices, Notice("instance-unknown", message))
    return Filled(DRAWN_CHANNEL, copy.blank.identity, copy.blank.definition, texts, boxes, notices)


@lru_cache(maxsize=64)
def blank_pages(checklist: Checklist) -> dict[tuple[str, int], BlankPage]:
    """Return the pages of a checklist's blank forms, by form and page as their codes say them."""
    found: dict[tuple[str, int], BlankPage] = {}
    definition = canonical(checklist_to_json(checklist))
    for language in checklist.languages():
        data = write(compose_form(checklist, language=language), load_theme())
        with pikepdf.open(io.BytesIO(data)) as pdf, drawn.opened(data) as document:
            if document is None:
                continue
            for index, page in enumerate(pdf.pages):
                private = page.obj["/PieceInfo"][f"/{APPLICATION}"]["/Private"]
                carried = json.loads(private["/places"].read_bytes()) if "/places" in private else {}
                places = sorted_places({name: cast("drawn.Rect", tuple(rect)) for name, rect in carried.items()})
                for text, anchors in drawn.codes(document[index]).items():
                    if code := PageCode.parse(text):
                        own = identify(checklist), definition, len(pdf.pages), _apart(anchors)
                        found[code.form, code.page] = BlankPage(*own, *places)
    return found


def _apart(places: list[tuple[complex, complex]]) -> Anchors:
    """Return the two places of a code that lie farthest apart, in the order in which the page shows them."""
    pairs = [(one, other) for number, one in enumerate(places) for other in places[number + 1 :]]
    return max(pairs, key=lambda pair: abs(pair[0][0] - pair[1][0]), default=())
