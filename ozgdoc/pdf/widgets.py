"""Fields and widgets of a file, as programs leave them (ISO 32000-1, 12.7.3): found, named, and with their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from ozgdoc.pdf.values import decode, text_value

MAX_FIELDS = 50_000
MAX_DEPTH = 32

_Id = tuple[int, int]  #: of an indirect object
_DIRECT = (0, 0)  #: instead of the id, of an object that stands inside of another

#: Annotations that people draw over a page (ISO 32000-1, table 169), as opposed to those that a form has.
MARKUP = frozenset(
    (
        *("FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline", "Squiggly"),
        *("StrikeOut", "Stamp", "Ink", "Caret", "Redact"),
    )
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field that has no fields below it, with the widget that shows it.

    Attributes:
        widget: its dictionary.
        name: parts of its name, outermost first.
        page: number of its page in the file, from 0; None if it stands on none.
        root: id of the outermost field above it; None if nothing is above it.
    """

    widget: Dictionary
    name: tuple[str, ...]
    page: int | None
    root: _Id | None


@dataclass(frozen=True, slots=True)
class Markup:
    """Something drawn over a page: its kind, its page in the file, from 0, and its rectangle in points."""

    kind: str
    page: int
    rect: tuple[float, float, float, float]


class Walk:
    """Every field of a file once: those of its pages and those of its form.

    Widgets can be missing from either after a program has merged or repaired a file.

    Attributes:
        markup: what is drawn over the pages; complete once `fields` has come to its end.
    """

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._above: dict[_Id, tuple[tuple[str, ...], _Id]] = {}
        self._seen: set[_Id] = set()
        self._count = 0
        self.markup: list[Markup] = []

    def fields(self) -> Iterator[Field]:
        """Yield the fields, page by page, then those that stand on no page."""
        for number, page in enumerate(self._pdf.pages):
            yield from self._below(page.obj.get("/Annots"), number)
        form = self._pdf.Root.get("/AcroForm")
        if isinstance(form, Dictionary):
            yield from self._below(form.get("/Fields"), None)

    def _below(self, items: Object | None, page: int | None) -> Iterator[Field]:
        queue: list[tuple[Object, int]] = []
        if isinstance(items, Array):
            queue.extend((item, 0) for item in reversed(list(items)))
        while queue and self._count < MAX_FIELDS:
            item, depth = queue.pop()
            if not isinstance(item, Object) or depth > MAX_DEPTH:
                continue
            place = item.objgen
            if place in self._seen or not isinstance(item, Dictionary):
                continue
            if place != _DIRECT:
                self._seen.add(place)
            self._count += 1
            subtype = item.get("/Subtype")
            kids = item.get("/Kids") if subtype is None or page is None else None
            if isinstance(kids, Array) and len(kids):
                queue.extend((kid, depth + 1) for kid in reversed(list(kids)))
                continue
            if subtype is None or subtype == Name.Widget:
                yield self._field(item, page)
            elif page is not None and (rect := rectangle(item.get("/Rect"))):
                kind = text_value(subtype)
                if kind in MARKUP or ("/AP" in item and kind != "Popup"):
                    self.markup.append(Markup(kind, page, rect))

    def _field(self, widget: Dictionary, page: int | None) -> Field:
        own = _part(widget)
        parent = widget.get("/Parent")
        if not isinstance(parent, Dictionary):
            return Field(widget, own, page, None)
        above, root = self._name(parent)
        return Field(widget, (*above, *own), page, root)

    def _name(self, field: Dictionary) -> tuple[tuple[str, ...], _Id]:
        """Return the parts of the name of a field that others stand below, and the id of the outermost one."""
        path: list[Dictionary] = []
        node: Object | None = field
        while isinstance(node, Dictionary) and len(path) < MAX_DEPTH and node.objgen not in self._above:
            path.append(node)
            node = node.get("/Parent")
        known = self._above.get(node.objgen) if isinstance(node, Dictionary) else None
        parts, root = known or ((), path[-1].objgen)
        for node in reversed(path):
            parts = (*parts, *_part(node))
            if node.is_indirect:
                self._above[node.objgen] = parts, root
        return parts, root


def inherited(widget: Dictionary, key: str) -> Object | None:
    """Return a field's value, its own or its nearest ancestor's (ISO 32000-1, 12.7.3.1)."""
    node: Object | None = widget
    for _ in range(MAX_DEPTH):
        if not isinstance(node, Dictionary):
            break
        if (value := node.get(key)) is not None:
            return value
        node = node.get("/Parent")
    return None


def rectangle(value: Object | None) -> tuple[float, float, float, float] | None:
    """Return left, bottom, right, top of a rectangle in points; None if it is none."""
    if not isinstance(value, Array) or len(value) != 4:
        return None
    try:
        x, y, other_x, other_y = (float(number) for number in list(value))
    except (TypeError, ValueError, OverflowError):
        return None
    if not all(abs(number) < 1e6 for number in (x, y, other_x, other_y)):  # not a number is none of these either
        return None
    return min(x, other_x), min(y, other_y), max(x, other_x), max(y, other_y)


def _part(field: Dictionary) -> tuple[str, ...]:
    """Return what a field adds to its name; programs also write dots into a single part."""
    part = field.get("/T")
    return tuple(decode(bytes(part)).split(".")) if isinstance(part, String) else ()


def path(start: Object | None, *keys: str) -> Object | None:
    """Return what lies at the end of some keys; None where there is no dictionary on the way."""
    value: Object | None = start
    for key in keys:
        if not isinstance(value, Dictionary):
            return None
        value = value.get(key)
    return value
