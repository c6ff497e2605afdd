"""Java libraries that fill forms: PDFBox, iText and the last free one of its first line.

They run in this process, beside the Java machine's own class path: veraPDF's jar holds a newer PDFBox of the same name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jpype

from tests import verapdf
from tests.fillers.common import Fill, Program, Values, as_states, refuse
from tests.programs import missing

_JARS = Path("/usr/share/java")
PDFBOX = ("pdfbox2", "fontbox2", "commons-logging", "bcprov")
_ITEXT5, ITEXT2 = ("itext5", "bcprov", "bcpkix"), ("itext", "bcprov")


@cache
def _loader(jars: tuple[str, ...]) -> Any:
    """Return a class loader for jars of Debian, given without suffix, that sees nothing else but Java itself."""
    paths = [_JARS / f"{jar}.jar" for jar in jars]
    for path in paths:
        if not path.is_file():
            missing(f"{path.name} ({path})")
    verapdf.start()
    urls = [jpype.JClass("java.io.File")(str(path)).toURI().toURL() for path in paths]
    parent = jpype.JClass("java.lang.ClassLoader").getPlatformClassLoader()
    return jpype.JClass("java.net.URLClassLoader")(urls, parent)


def java_class(name: str, jars: tuple[str, ...] | None) -> Any:
    """Return a class of some of Debian's jars; None is veraPDF's jar."""
    if jars is None:
        verapdf.start()
        return jpype.JClass(name)
    return jpype.JClass(name, loader=_loader(jars))


def _version(jars: tuple[str, ...]) -> str:
    """Return the version that Debian puts into the longer of a jar's two names."""
    [path] = _JARS.glob(f"{jars[0]}-[0-9]*.jar")
    return path.stem.rpartition("-")[2]


# ------------------------------------------------------------------------------------------------------------- PDFBox


def _pdfbox(jars: tuple[str, ...] | None, *, flatten: bool = False, append: bool = False) -> Fill:
    def fill(pdf: bytes, values: Values) -> bytes:
        if jars is None:
            document = java_class("org.apache.pdfbox.Loader", jars).loadPDF(jpype.JArray(jpype.JByte)(pdf))
        else:
            document = java_class("org.apache.pdfbox.pdmodel.PDDocument", jars).load(jpype.JArray(jpype.JByte)(pdf))
        try:
            form = document.getDocumentCatalog().getAcroForm()
            for name, value in values.items():
                field = form.getField(name)
                if field is None:
                    refuse([name])
                if isinstance(value, str):
                    field.setValue(value)
                else:
                    field.check() if value else field.unCheck()
                if append:
                    _touch(document, form, field)
            if flatten:
                form.flatten()
            out = jpype.JClass("java.io.ByteArrayOutputStream")()
            document.saveIncremental(out) if append else document.save(out)
            return bytes(out.toByteArray())
        finally:
            document.close()

    return fill


def _touch(document: Any, form: Any, field: Any) -> None:
    """Mark the way from the catalog to a field: PDFBox 2 appends what it finds marked on the way down."""
    while field is not None:
        field.getCOSObject().setNeedToBeUpdated(True)
        field = field.getParent()
    for owner in (form, document.getDocumentCatalog()):
        owner.getCOSObject().setNeedToBeUpdated(True)


# -------------------------------------------------------------------------------------------------------------- iText


def _itext(jars: tuple[str, ...], package: str, *, flatten: bool = False, append: bool = False) -> Fill:
    """Return a function that fills with a stamper of iText 5 (com.itextpdf.text) or 2 (com.lowagie.text)."""

    def fill(pdf: bytes, values: Values) -> bytes:
        reader = java_class(f"{package}.pdf.PdfReader", jars)(jpype.JArray(jpype.JByte)(pdf))
        out = jpype.JClass("java.io.ByteArrayOutputStream")()
        stamper = java_class(f"{package}.pdf.PdfStamper", jars)(reader, out, jpype.JChar("\0"), append)
        fields = stamper.getAcroFields()
        for name, value in as_states(pdf, values).items():
            if not fields.setField(name, value):
                refuse([name])
        stamper.setFormFlattening(flatten)
        stamper.close()
        return bytes(out.toByteArray())

    return fill


def _pdfbox_version() -> str:
    return str(java_class("org.apache.pdfbox.util.Version", PDFBOX).getVersion())


def _pdfbox3_version() -> str:
    return str(java_class("org.apache.pdfbox.util.Version", None).getVersion())


def _itext5_version() -> str:
    return _version(_ITEXT5)


def _itext2_version() -> str:
    return _version(ITEXT2)


_NEW, _OLD = "com.itextpdf.text", "com.lowagie.text"

PROGRAMS = (
    Program("pdfbox", "PDFBox", "`setValue`, `check`", "form", _pdfbox_version, _pdfbox(PDFBOX)),
    Program("pdfbox-incremental", "PDFBox", "`saveIncremental`", "form", _pdfbox_version, _pdfbox(PDFBOX, append=True)),
    Program("pdfbox-flatten", "PDFBox", "`flatten`", "drawn", _pdfbox_version, _pdfbox(PDFBOX, flatten=True)),
    Program("pdfbox3", "PDFBox 3", "`setValue`, `check`", "form", _pdfbox3_version, _pdfbox(None)),
    Program("itext5", "iText 5", "`PdfStamper`", "form", _itext5_version, _itext(_ITEXT5, _NEW)),
    Program(
        "itext5-incremental",
        "iText 5",
        "`PdfStamper` in append mode",
        "form",
        _itext5_version,
        _itext(_ITEXT5, _NEW, append=True),
    ),
    Program(
        "itext5-flatten",
        "iText 5",
        "`setFormFlattening(true)`",
        "drawn",
        _itext5_version,
        _itext(_ITEXT5, _NEW, flatten=True),
    ),
    Program("itext2", "iText 2", "`PdfStamper`", "form", _itext2_version, _itext(ITEXT2, _OLD)),
)
