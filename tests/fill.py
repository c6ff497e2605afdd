"""Fill a PDF form the way other programs do it, each with its own code for fields and appearances.

Every function takes a form and ``{fully qualified field name: True | False | text}`` and returns the filled copy. A
name that the program does not find raises KeyError: a test must not pass because nothing was filled.
"""

from __future__ import annotations

import ctypes
import io
import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pymupdf
import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdfium2 import raw

from tests.programs import NODE_FOLDER, node_package, program, run, system_python

Values = Mapping[str, bool | str]


def with_pypdf(pdf: bytes, values: Values) -> bytes:
    """Fill with pypdf, as scripts do."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    fields = writer.get_fields() or {}
    _refuse(name for name in values if name not in fields)
    # A check box is set by the name of its "on" appearance.
    on = {name: next(s for s in field["/_States_"] if s != "/Off") for name, field in fields.items() if _is_box(field)}
    wanted = {
        name: value if isinstance(value, str) else (on[name] if value else "/Off") for name, value in values.items()
    }
    writer.update_page_form_field_values(None, wanted, auto_regenerate=None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _is_box(field: Mapping[str, object]) -> bool:
    return field.get("/FT") == "/Btn" and "/_States_" in field


def with_pdfium(pdf: bytes, values: Values) -> bytes:
    """Fill with PDFium as Chromium and Edge do: click into the box, type into the field, save a copy."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    left = dict(values)
    for number in range(len(document)):
        page = document[number]
        # The places are taken first: each click may replace the page's annotations.
        for name, (x, y) in _pdfium_places(document, page).items():
            if name in left:
                _pdfium_enter(document, page, x, y, left.pop(name))
        page.close()
    _refuse(left)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def _pdfium_places(document, page) -> dict[str, tuple[float, float]]:  # type: ignore[no-untyped-def]
    """Return the middle of every field's widget, in points from the bottom left, by fully qualified name."""
    places = {}
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
            size = raw.FPDFAnnot_GetFormFieldName(document.formenv, annotation, None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAnnot_GetFormFieldName(
                document.formenv, annotation, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size
            )
            rect = raw.FS_RECTF()
            raw.FPDFAnnot_GetRect(annotation, rect)
            name = buffer.raw[: size - 2].decode("utf-16-le")
            places[name] = ((rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2)
        raw.FPDFPage_CloseAnnot(annotation)
    return places


def _pdfium_enter(document, page, x: float, y: float, value: bool | str) -> None:  # type: ignore[no-untyped-def]
    form = document.formenv
    raw.FORM_OnMouseMove(form, page, 0, x, y)
    if value is not False:  # a blank form's boxes are off; a click would turn one on
        raw.FORM_OnLButtonDown(form, page, 0, x, y)
        raw.FORM_OnLButtonUp(form, page, 0, x, y)
    if isinstance(value, str):
        text = ctypes.create_string_buffer(value.encode("utf-16-le") + b"\0\0")
        raw.FORM_SelectAllText(form, page)
        raw.FORM_ReplaceSelection(form, page, ctypes.cast(text, ctypes.POINTER(raw.FPDF_WCHAR)))
    raw.FORM_ForceToKillFocus(form)


_POPPLER = """
import json, sys
import gi
gi.require_version("Poppler", "0.18")
from gi.repository import Gio, Poppler
source, target, wanted = sys.argv[1:]
values = json.load(open(wanted, encoding="utf-8"))
document = Poppler.Document.new_from_file(Gio.File.new_for_path(source).get_uri(), None)
for number in range(document.get_n_pages()):
    for mapping in document.get_page(number).get_form_field_mapping():
        field = mapping.field
        if field.get_name() in values:
            value = values.pop(field.get_name())
            if isinstance(value, str):
                field.text_set_text(value)
            else:
                field.button_set_state(value)
document.save(Gio.File.new_for_path(target).get_uri())
print(json.dumps(sorted(values)))
"""


def with_poppler(pdf: bytes, values: Values) -> bytes:
    """Fill with poppler's GLib binding, as Evince and other GNOME viewers do."""
    python = system_python("Poppler")
    with tempfile.TemporaryDirectory() as folder:
        source, target, wanted = _files(Path(folder), pdf, values)
        done = run([python, "-c", _POPPLER, source, target, wanted])
        _refuse(json.loads(done.stdout))
        return target.read_bytes()


def with_mupdf(pdf: bytes, values: Values) -> bytes:
    """Fill with PyMuPDF's widgets."""
    left = dict(values)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        for page in document:
            for widget in page.widgets():
                if widget.field_name in left:
                    widget.field_value = left.pop(widget.field_name)
                    widget.update()
        _refuse(left)
        return bytes(document.tobytes())


def with_pdfjs(pdf: bytes, values: Values) -> bytes:
    """Fill with pdf.js, as Firefox does."""
    node_package("pdfjs-dist")
    with tempfile.TemporaryDirectory() as folder:
        source, target, wanted = _files(Path(folder), pdf, values)
        run([program("node"), NODE_FOLDER / "fill.mjs", source, target, wanted])
        return target.read_bytes()


PROGRAMS: dict[str, Callable[[bytes, Values], bytes]] = {
    "pypdf": with_pypdf,
    "pdfium": with_pdfium,
    "poppler": with_poppler,
    "mupdf": with_mupdf,
    "pdfjs": with_pdfjs,
}


def _files(folder: Path, pdf: bytes, values: Values) -> tuple[Path, Path, Path]:
    source, target, wanted = folder / "in.pdf", folder / "out.pdf", folder / "values.json"
    source.write_bytes(pdf)
    wanted.write_text(json.dumps(dict(values)), "utf-8")
    return source, target, wanted


def _refuse(names: Iterable[str]) -> None:
    if unknown := sorted(names):
        raise KeyError(f"no field is named {', '.join(unknown)}")
