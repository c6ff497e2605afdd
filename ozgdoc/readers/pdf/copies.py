"""Which filled copies a file holds, and which pages and fields belong to each."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree
from pikepdf import Dictionary, Object, Pdf, Stream, String

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.identity import APPLICATION, NAMESPACE
from ozgdoc.model import Identity
from ozgdoc.pdf import drawn
from ozgdoc.pdf.values import decode, stream_bytes
from ozgdoc.pdf.widgets import Field, Walk, path

_MAX_PAGES = 2_000


@dataclass(slots=True)
class Copy:
    """One filled copy in a file: what it says about itself, its pages, and its fields.

    Attributes:
        carried: id of the definition's stream; pages of one copy share it.
        pages: number of the page on the form, from 1 → its number in the file, from 0.
        roots: ids of the outermost fields of its pages.
    """

    identity: Identity
    definition: Object | None = None
    record: Object | None = None
    carried: tuple[int, int] | None = None
    pages: dict[int, int] = field(default_factory=dict)
    roots: set[tuple[int, int]] = field(default_factory=set)
    fields: list[Field] = field(default_factory=list)
    marked: list[tuple[str, int, drawn.Rect]] = field(default_factory=list)


def copies_in(pdf: Pdf) -> list[Copy]:
    """Tell the copies of a file apart, whichever program has put them together."""
    walk = Walk(pdf)
    on_page: dict[int | None, list[Field]] = {}
    for found in walk.fields():
        on_page.setdefault(found.page, []).append(found)
    copies: list[Copy] = []
    for number, page in enumerate(pdf.pages):
        if number == _MAX_PAGES:
            raise UnreadableError(f"it has more than {_MAX_PAGES} pages. Send the filled forms in smaller files.")
        private = path(page.obj, "/PieceInfo", f"/{APPLICATION}", "/Private")
        if not isinstance(private, Dictionary) or not (identity := identity_of(_texts(private))):
            continue
        fields = on_page.pop(number, [])
        copy = _copy_of(copies, private, identity, {f.root for f in fields if f.root})
        copy.fields += fields
        copy.marked += [(mark.kind, number, mark.rect) for mark in walk.markup if mark.page == number]
        copy.pages[_page_number(private, len(copy.pages) + 1)] = number
    rest = [found for fields in on_page.values() for found in fields]
    ours = any(place_of(found.name) for found in rest)
    if not copies and ours and (identity := _from_metadata(pdf)):
        copies = [Copy(identity)]
    for found in rest:
        owner = copies[0] if len(copies) == 1 else next((c for c in copies if found.root in c.roots), None)
        if owner:
            owner.fields.append(found)
    if not copies and ours:
        raise UnknownFormError("it has form fields, but doesn't say which checklist it belongs to.")
    return copies


def _copy_of(copies: list[Copy], private: Dictionary, identity: Identity, roots: set[tuple[int, int]]) -> Copy:
    """Return the copy that a page belongs to; a new one unless one is there that lacks this page.

    Pages of one copy share the stream of the definition. Where programs have made one of the equal streams of several
    copies, pages still share the outermost fields; if that tells nothing, they are not put together by guess.
    """
    definition = private.get("/definition")
    carried = definition.objgen if isinstance(definition, Stream) else None
    number = _page_number(private, 0)
    lacking = [c for c in copies if c.identity == identity and c.carried == carried and number not in c.pages]
    related = [copy for copy in lacking if roots & copy.roots]
    if related or len(lacking) == 1:
        copy = (related or lacking)[-1]
        copy.roots |= roots
        return copy
    copies.append(Copy(identity, definition, private.get("/record"), carried, roots=roots))
    return copies[-1]


def _page_number(private: Dictionary, otherwise: int) -> int:
    number = private.get("/page")
    return number if isinstance(number, int) and not isinstance(number, bool) else otherwise


def identity_of(texts: dict[str, str]) -> Identity | None:
    """Return the identity that some texts of private data or metadata make up; None if they name no checklist."""
    if not texts.get("checklist"):
        return None
    return Identity(
        checklist=texts["checklist"],
        version=texts.get("version", ""),
        content=texts.get("content", ""),
        checkpoints={},
        instance=texts.get("instance") or None,
        layout=texts.get("layout", ""),
    )


def _texts(private: Dictionary) -> dict[str, str]:
    return {str(key)[1:]: decode(bytes(value)) for key, value in private.items() if isinstance(value, String)}


def _from_metadata(pdf: Pdf) -> Identity | None:
    """Return the identity that stands in the XMP packet; some programs write simple properties as attributes."""
    packet = stream_bytes(pdf.Root.get("/Metadata")).strip()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(packet, parser) if packet else None
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return None
    own = f"{{{NAMESPACE}}}"
    texts = {str(e.tag)[len(own) :]: e.text or "" for e in root.iter() if str(e.tag).startswith(own)}
    for element in root.iter():
        texts |= {str(k)[len(own) :]: str(v) for k, v in element.attrib.items() if str(k).startswith(own)}
    return identity_of(texts)


def place_of(parts: tuple[str, ...]) -> tuple[str, str, str | None] | None:
    """Return which box or text of ours has this name: kind, id, state. Only its end is ours."""
    # The checklist's id stands before our names; it may be one of their words itself, and so may a checkpoint's.
    for place in (*range(1, len(parts) - 1), 0) if len(parts) > 1 else ():
        after = len(parts) - place
        if parts[place] == "checkpoints" and after in (2, 3):
            return "checkpoints", parts[place + 1], parts[place + 2] if after == 3 else None
        if parts[place] == "fields" and after == 2:
            return "fields", parts[-1], None
    return None
