"""The XMP packet: title and language, conformance claims, and the form's identity (ISO 16684-1, ISO 19005-2 6.6)."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import escape

from ozgdoc.document import Record
from ozgdoc.identity import NAMESPACE
from ozgdoc.model import Identity

_PREFIX = "ozgdoc"

#: What the properties mean; PDF/A wants every schema that is not predefined described in the file itself.
_PROPERTIES = {
    "checklist": "Id of the checklist that this form belongs to",
    "version": "Version of the checklist",
    "content": "SHA-256 of everything the checklist says",
    "layout": "SHA-256 of where the boxes stand on the pages",
    "instance": "Id of this copy if it was issued to somebody",
    "original": "SHA-256 of the filled file that this archive copy was made from",
    "read": "When that file was read",
}


def properties(identity: Identity, record: Record | None) -> dict[str, str]:
    """Return what a form says about itself, by property name; only what there is to say."""
    values = {
        "checklist": identity.checklist,
        "version": identity.version,
        "content": identity.content,
        "layout": identity.layout,
        "instance": identity.instance or "",
        "original": record.original if record else "",
        "read": record.read if record else "",
    }
    return {name: value for name, value in values.items() if value}


def packet(title: str, subject: str, language: str, identity: Identity | None, record: Record | None) -> bytes:
    """Return the XMP packet of a PDF/UA-1 and PDF/A-2a file."""
    said = properties(identity, record) if identity else {}
    own = "".join(f"<{_PREFIX}:{name}>{escape(value)}</{_PREFIX}:{name}>" for name, value in said.items())
    schemas = _schema(
        "PDF/UA identification schema",
        "http://www.aiim.org/pdfua/ns/id/",
        "pdfuaid",
        {"part": ("Integer", "Part of ISO 14289 that the file conforms to")},
    )
    if identity:
        described = {name: ("Text", text) for name, text in _PROPERTIES.items()}
        schemas += _schema("Identity of a form", NAMESPACE, _PREFIX, described)
    text = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:{_PREFIX}="{NAMESPACE}">
<dc:format>application/pdf</dc:format>{_alternative("title", title)}{_alternative("description", subject)}
<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>ozgdoc</xmp:CreatorTool><pdf:Producer>ReportLab, pypdf</pdf:Producer>
<pdfuaid:part>1</pdfuaid:part><pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
{own}</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag>{schemas}</rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
    return text.encode()


def _alternative(name: str, value: str) -> str:
    if not value:
        return ""
    return f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(value)}</rdf:li></rdf:Alt></dc:{name}>'


def _schema(name: str, namespace: str, prefix: str, properties: Mapping[str, tuple[str, str]]) -> str:
    rows = "".join(
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{key}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
        f"<pdfaProperty:description>{text}</pdfaProperty:description></rdf:li>"
        for key, (kind, text) in properties.items()
    )
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{name}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{namespace}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{rows}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
