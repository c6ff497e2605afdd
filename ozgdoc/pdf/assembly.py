"""Finishing a file: annotations, structure tree, form, metadata and output intent are added to what ReportLab drew.

The result conforms to PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2).
"""

from __future__ import annotations

import hashlib
import io
from typing import cast

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from ozgdoc import resources
from ozgdoc.document import Document, Form
from ozgdoc.identity import APPLICATION
from ozgdoc.model import Identity
from ozgdoc.pdf import metadata
from ozgdoc.pdf.fields import Fields
from ozgdoc.pdf.fonts import FieldFont
from ozgdoc.pdf.objects import Text, array, dictionary, name, numbers, stream
from ozgdoc.pdf.tagging import Annotation, CheckBox, Element, LinkArea, Sheet, TextField
from ozgdoc.wire import canonical

_PRINT = NumberObject(4)  # annotation flag: it is printed

#: PDF wants a date beside private data; a form is the same whenever it is built, so the date is fixed.
_FIXED_DATE = "D:20000101000000Z"


def assemble(sheet: Sheet, document: Document, identity: Identity | None, font: FieldFont) -> bytes:
    """Return the finished file.

    Args:
        sheet: everything drawn.
        document: for title, subject, language and the form's definition.
        identity: of the form, its layout digest included; None for a report.
        font: what typed text is set in.
    """
    drawn = sheet.finish()
    writer = PdfWriter()
    writer.append_pages_from_reader(PdfReader(io.BytesIO(drawn)))
    writer.pdf_header = "%PDF-1.7"
    root = writer.root_object
    fields = Fields(writer, font)
    for page in writer.pages:
        page[name("Tabs")] = name("S")
        # ReportLab lists its standard fonts although nothing is set in them.
        used = cast("DictionaryObject", cast("DictionaryObject", page["/Resources"]).get("/Font", dictionary()))
        for key in [key for key, value in used.items() if "/FontDescriptor" not in value.get_object()]:
            del used[key]
    references = {id(a): _annotation(writer, sheet, a, fields) for a in sheet.annotations}
    if form := fields.form():
        root[name("AcroForm")] = form
    root[name("StructTreeRoot")] = _Structure(writer, references).build(sheet.root)
    root[name("Lang")] = Text(document.language)
    root[name("MarkInfo")] = dictionary(Marked=BooleanObject(True))
    root[name("ViewerPreferences")] = dictionary(DisplayDocTitle=BooleanObject(True))
    root[name("OutputIntents")] = array([_output_intent(writer)])
    record = document.form.record if document.form else None
    packet = metadata.packet(document.title, document.subject, document.language, identity, record)
    root[name("Metadata")] = stream(writer, packet, compress=False, Type=name("Metadata"), Subtype=name("XML"))
    if identity and document.form:
        _carry_identity(writer, identity, document.form, sheet)
    writer.metadata = {"/Title": document.title, "/Creator": "ozgdoc", "/Producer": "ReportLab, pypdf"}
    if document.subject:
        writer.add_metadata({"/Subject": document.subject})
    stamp = ByteStringObject(hashlib.sha256(drawn + packet).digest()[:16])
    writer._ID = ArrayObject((stamp, stamp))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _annotation(writer: PdfWriter, sheet: Sheet, annotation: Annotation, fields: Fields) -> IndirectObject:
    """Make one annotation: printed, with a normal appearance only, without actions but a link's address."""
    page = writer.pages[annotation.page]
    left, bottom, right, top = annotation.rect
    match annotation.kind:
        case LinkArea(label=label, place=place, address=address):
            entries = dictionary(Subtype=name("Link"), Contents=Text(label), Border=array([NumberObject(0)] * 3))
            if place is not None:
                entries[name("Dest")] = _destination(writer, *sheet.places[place])
            else:
                entries[name("A")] = dictionary(S=name("URI"), URI=Text(address or ""))
        case CheckBox() as box:
            entries = fields.check_box(box, right - left, top - bottom)
        case TextField() as field:
            entries = fields.text_field(field, right - left, top - bottom)
    entries.update(dictionary(Type=name("Annot"), Rect=numbers(left, bottom, right, top), F=_PRINT, P=_reference(page)))
    reference = writer._add_object(entries)
    if not isinstance(annotation.kind, LinkArea):
        fields.add(annotation.kind.name, reference)
    page.setdefault(name("Annots"), ArrayObject()).append(reference)
    return reference


def _destination(writer: PdfWriter, page: int, left: float, top: float) -> ArrayObject:
    place = (name("XYZ"), FloatObject(round(left, 2)), FloatObject(round(top, 2)), NullObject())
    return ArrayObject((_reference(writer.pages[page]), *place))


def _reference(page: PageObject) -> IndirectObject:
    return cast("IndirectObject", page.indirect_reference)  # every page of a file has one


class _Structure:
    """Builds the structure tree with its parent tree and id tree (ISO 32000-1, 14.7.4)."""

    def __init__(self, writer: PdfWriter, annotations: dict[int, IndirectObject]) -> None:
        self._writer = writer
        self._annotations = annotations
        self._pages = [_reference(page) for page in writer.pages]
        # Keys of the parent tree: first one for each page's marked content, then one for each annotation.
        self._marked: list[dict[int, IndirectObject]] = [{} for _ in writer.pages]
        self._owners: list[IndirectObject] = []
        self._ids: dict[str, IndirectObject] = {}

    def build(self, top: Element) -> IndirectObject:
        writer = self._writer
        root = dictionary(Type=name("StructTreeRoot"))
        reference = writer._add_object(root)
        root[name("K")] = array([self._element(top, reference)])
        pairs: list[PdfObject] = []
        for number, page in enumerate(writer.pages):
            page[name("StructParents")] = NumberObject(number)
            marked = self._marked[number]
            pairs += [NumberObject(number), writer._add_object(array(marked[i] for i in sorted(marked)))]
        for number, owner in enumerate(self._owners, len(writer.pages)):
            pairs += [NumberObject(number), owner]
        root[name("ParentTree")] = writer._add_object(dictionary(Nums=array(pairs)))
        root[name("ParentTreeNextKey")] = NumberObject(len(pairs) // 2)
        if self._ids:
            names = [part for key in sorted(self._ids) for part in (Text(key), self._ids[key])]
            root[name("IDTree")] = writer._add_object(dictionary(Names=array(names)))
        return reference

    def _element(self, element: Element, parent: IndirectObject) -> IndirectObject:
        entries = dictionary(S=name(element.kind), P=parent)
        reference = self._writer._add_object(entries)
        texts = {
            "ID": element.id,
            "Lang": element.language,
            "Alt": element.alternate,
            "ActualText": element.actual,
        }
        entries.update({name(key): Text(value) for key, value in texts.items() if value})
        if element.id:
            self._ids[element.id] = reference
        for owner, key, value in element.attributes:
            attributes = cast("DictionaryObject", entries.setdefault(name("A"), dictionary(O=name(owner))))
            attributes[name(key)] = name(value)
            if element.field:
                attributes[name("Desc")] = Text(element.field)
        entries[name("K")] = array(self._kid(kid, entries, reference) for kid in element.kids)
        return reference

    def _kid(
        self, kid: Element | tuple[int, int] | Annotation, entries: DictionaryObject, parent: IndirectObject
    ) -> PdfObject:
        if isinstance(kid, Element):
            return self._element(kid, parent)
        if isinstance(kid, Annotation):
            target = self._annotations[id(kid)]
            annotation = cast("DictionaryObject", target.get_object())
            annotation[name("StructParent")] = NumberObject(len(self._marked) + len(self._owners))
            self._owners.append(parent)
            return dictionary(Type=name("OBJR"), Obj=target, Pg=self._pages[kid.page])
        page, marked = kid
        self._marked[page][marked] = parent
        if name("Pg") not in entries:
            entries[name("Pg")] = self._pages[page]
        if entries[name("Pg")] == self._pages[page]:
            return NumberObject(marked)
        # Content of one element may stand on two pages: a text that runs on.
        return dictionary(Type=name("MCR"), Pg=self._pages[page], MCID=NumberObject(marked))


def _output_intent(writer: PdfWriter) -> DictionaryObject:
    profile = stream(writer, resources.find("icc/sRGB2014.icc").read_bytes(), N=NumberObject(3))
    condition = Text("sRGB IEC61966-2.1")
    return dictionary(
        Type=name("OutputIntent"),
        S=name("GTS_PDFA1"),
        DestOutputProfile=profile,
        OutputConditionIdentifier=condition,
        Info=condition,
    )


def _carry_identity(writer: PdfWriter, identity: Identity, form: Form, sheet: Sheet) -> None:
    """Put the identity, the whole checklist and the places of the fields into each page's private data (14.5).

    PDF/A-2 allows no foreign attachments. A page's private data, unlike the catalog's, survives extracting and merging.
    """
    texts = {key: Text(value) for key, value in metadata.properties(identity, form.record).items()}
    carried = {"definition": stream(writer, form.definition)}
    if form.record:
        carried["record"] = stream(writer, form.record.values)
    for number, page in enumerate(writer.pages, 1):
        private = dictionary(**texts, **carried, page=NumberObject(number))
        if fields := _places(sheet, number - 1):
            private[name("places")] = stream(writer, canonical(fields))
            content = cast("StreamObject", page["/Contents"].get_object())
            private[name("drawn")] = Text(hashlib.sha256(content.get_data()).hexdigest())
            private[name("packed")] = Text(hashlib.sha256(content._data).hexdigest())
        page[name("LastModified")] = Text(_FIXED_DATE)
        page[name("PieceInfo")] = dictionary(
            **{APPLICATION: dictionary(LastModified=Text(_FIXED_DATE), Private=private)}
        )


def _places(sheet: Sheet, page: int) -> dict[str, list[float]]:
    """Return where the fields of a page stand, by name: left, bottom, right, top, in points."""
    return {
        ".".join(annotation.kind.name): [round(value, 2) for value in annotation.rect]
        for annotation in sheet.annotations
        if annotation.page == page and not isinstance(annotation.kind, LinkArea)
    }
