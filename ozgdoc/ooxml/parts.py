"""Parts of a package that python-docx does not know: footnotes, custom properties, custom XML; and the final zip."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package
from docx.parts.document import DocumentPart
from lxml import etree

from ozgdoc.identity import APPLICATION, WORD_NAMESPACE
from ozgdoc.model import Identity
from ozgdoc.ooxml.xml import NAMESPACES, element, name, paragraph, printable

#: What a person would not miss, and what only tells about python-docx's own template.
_LITTER = ("stylesWithEffects", "thumbnail")

#: Any date will do as long as it is always the same; zip can't go further back.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)

#: The format id that all custom properties have (ISO/IEC 29500-1, 22.3.2.2).
_PROPERTY_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"

#: What may follow w:footnotePr in w:settings (17.15.1.78), as far as templates have it.
_AFTER_FOOTNOTES = (
    *("endnotePr", "compat", "docVars", "rsids", "attachedSchema", "themeFontLang", "clrSchemeMapping"),
    *("doNotIncludeSubdocsInStats", "doNotAutoCompressPictures", "forceUpgrade", "captions", "readModeInkLockDown"),
    *("smartTagType", "shapeDefaults", "doNotEmbedSmartTags", "decimalSymbol", "listSeparator"),
)


def xml_bytes(root: etree._Element) -> bytes:
    """Return a part's bytes."""
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
    return written


# ---------------------------------------------------------------------------------------------------------- footnotes


def footnote_reference(number: int, mark: str | None) -> etree._Element:
    """Return the run that raises a footnote's mark in the text.

    Args:
        number: of the footnote, from 1.
        mark: what is shown instead of Word's own count, or None.
    """
    made = element("w:r", element("w:rPr", element("w:rStyle", val="FootnoteReference")))
    if mark is None:
        made.append(element("w:footnoteReference", id=number))
    else:
        made.append(element("w:footnoteReference", customMarkFollows=1, id=number))
        shown = element("w:t")
        shown.text = mark
        made.append(shown)
    return made


def footnote(number: int, mark: str | None, content: Iterable[etree._Element]) -> etree._Element:
    """Return one ``w:footnote`` with its mark and text; see `footnote_reference`."""
    # Not raised here: small as it is, a raised mark would be too small to read.
    level = element("w:vertAlign", val="baseline")
    sign = element("w:r", element("w:rPr", element("w:rStyle", val="FootnoteReference"), level))
    if mark is None:
        sign.append(element("w:footnoteRef"))
    else:
        shown = element("w:t")
        shown.text = mark
        sign.append(shown)
    tab = element("w:r", element("w:tab"))
    return element("w:footnote", paragraph("FootnoteText", sign, tab, *content), id=number)


def add_footnotes(document: DocumentPart, notes: Iterable[etree._Element]) -> None:
    """Give a document its footnotes part (17.11), replacing the one that its template may have.

    LibreOffice pairs the n-th reference with the n-th footnote, whatever their ids: notes must come in reading order.
    """
    separators = [
        element(
            "w:footnote",
            element("w:p", element("w:pPr", element("w:spacing", after=0)), element("w:r", element(f"w:{kind}"))),
            type=kind,
            id=number,
        )
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    ]
    root = element("w:footnotes", *separators, *notes)
    part = _part(document.package, "/word/footnotes.xml", CONTENT_TYPE.WML_FOOTNOTES, root)
    _replace(document, RELATIONSHIP_TYPE.FOOTNOTES, part)
    settings = document.settings.element
    for old in settings.findall(name("w:footnotePr")):
        settings.remove(old)
    listed = element("w:footnotePr", element("w:footnote", id=-1), element("w:footnote", id=0))
    following = {name(f"w:{tag}") for tag in _AFTER_FOOTNOTES} | {
        "{http://schemas.openxmlformats.org/officeDocument/2006/math}mathPr"
    }
    place = next((i for i, child in enumerate(settings) if child.tag in following), len(settings))
    settings.insert(place, listed)


# ----------------------------------------------------------------------------------------------------------- identity


def properties(identity: Identity) -> Mapping[str, str]:
    """Return the custom properties that a form carries: who it is."""
    values = {
        "Checklist": identity.checklist,
        "Version": identity.version,
        "Content": identity.content,
        "Layout": identity.layout,
        "Instance": identity.instance or "",
    }
    return {f"{APPLICATION}.{key}": value for key, value in values.items()}


def add_properties(document: DocumentPart, values: Mapping[str, str]) -> None:
    """Give a document custom properties (ISO/IEC 29500-1, 22.3), replacing those of its template."""
    root = etree.Element(name("cp:Properties"), nsmap={"cp": NAMESPACES["cp"], "vt": NAMESPACES["vt"]})
    for number, (key, value) in enumerate(values.items(), start=2):  # 0 and 1 are reserved
        entry = etree.SubElement(root, name("cp:property"), fmtid=_PROPERTY_FORMAT, pid=str(number), name=key)
        etree.SubElement(entry, name("vt:lpwstr")).text = printable(value)
    part = _part(document.package, "/docProps/custom.xml", CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, root)
    _replace(document.package, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES, part)


def add_definition(document: DocumentPart, definition: bytes) -> None:
    """Carry a checklist's canonical JSON inside its form, as the text of a custom XML part."""
    root = etree.Element(f"{{{WORD_NAMESPACE}}}definition", nsmap={"form": WORD_NAMESPACE})
    # The two characters that JSON may hold as they are and XML can't; the escape says the same to JSON.
    root.text = definition.decode().replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    package = document.package
    item = _part(package, package.next_partname("/customXml/item%d.xml"), CONTENT_TYPE.XML, root)
    about = etree.Element(name("ds:datastoreItem"), nsmap={"ds": NAMESPACES["ds"]})
    # Word wants an id that no other part has; ours is the only one of its kind.
    about.set(name("ds:itemID"), "{6F7A6764-6F63-4F5A-8000-000000000001}")
    schemas = etree.SubElement(about, name("ds:schemaRefs"))
    etree.SubElement(schemas, name("ds:schemaRef")).set(name("ds:uri"), WORD_NAMESPACE)
    place = package.next_partname("/customXml/itemProps%d.xml")
    properties_part = _part(package, place, CONTENT_TYPE.OFC_CUSTOM_XML_PROPERTIES, about)
    item.relate_to(properties_part, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    document.relate_to(item, RELATIONSHIP_TYPE.CUSTOM_XML)


# ---------------------------------------------------------------------------------------------------------------- zip


def drop_litter(package: Package) -> None:
    """Take out the parts that no form needs."""
    for source in (package, package.main_document_part):
        for key, relationship in list(source.rels.items()):
            if relationship.reltype.rpartition("/")[2] in _LITTER:
                del source.rels[key]


def pack(package: Package) -> bytes:
    """Return the package as a zip whose bytes depend on nothing but its parts."""
    saved = io.BytesIO()
    package.save(saved)
    packed = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w") as target:
        for member in source.infolist():
            info = zipfile.ZipInfo(member.filename, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # MS-DOS: the same on every machine
            target.writestr(info, source.read(member))
    return packed.getvalue()


def _part(package: Package, place: str, content_type: str, root: etree._Element) -> Part:
    return Part(PackURI(place), content_type, xml_bytes(root), package)


def _replace(source: Package | Part, kind: str, part: Part) -> None:
    for key, relationship in list(source.rels.items()):
        if relationship.reltype == kind:
            del source.rels[key]
    source.relate_to(part, kind)
