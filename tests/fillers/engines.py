"""The engines of viewers: PDFium (Chromium, Edge), poppler (Evince, Okular), MuPDF, pdf.js (Firefox); and pdf-lib."""

from __future__ import annotations

import ctypes
import io
import json
import tempfile
from functools import cache

import pypdfium2
from pypdfium2 import raw

from ozgdoc.theme import load_theme
from tests.fillers.common import Fill, Program, Values, refuse, work_files
from tests.fillers.libraries import with_pypdf
from tests.programs import NODE_FOLDER, node_package, program, run, system_python

# ------------------------------------------------------------------------------------------------------------- PDFium


def _pdfium(pdf: bytes, values: Values) -> bytes:
    """Fill as Chromium and Edge do: click into the box, type into the field, save a copy."""
    document = _pdfium_filled(pdf, values)
    out = io.BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def _pdfium_flattened(pdf: bytes, values: Values) -> bytes:
    """Fill, then make every page flat, as its viewers do before they print."""
    copy = pypdfium2.PdfDocument(_pdfium(pdf, values))
    copy.init_forms()
    for number in range(len(copy)):
        page = copy[number]
        page.flatten()
        page.close()
    out = io.BytesIO()
    copy.save(out)
    copy.close()
    return out.getvalue()


def _pdfium_filled(pdf: bytes, values: Values) -> pypdfium2.PdfDocument:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    left = dict(values)
    for number in range(len(document)):
        page = document[number]
        # The places are taken first: each click may replace the page's annotations.
        for name, (x, y, ticked) in _pdfium_places(document, page).items():
            if name in left:
                value = left.pop(name)
                if value is not ticked:  # a click turns a box around
                    _pdfium_enter(document, page, x, y, value)
        page.close()
    refuse(left)
    return document


def _pdfium_places(document, page) -> dict[str, tuple[float, float, bool]]:  # type: ignore[no-untyped-def]
    """Return the middle of every field's widget, in points from the bottom left, and whether it is a ticked box."""
    places = {}
    form = document.formenv
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
            size = raw.FPDFAnnot_GetFormFieldName(form, annotation, None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAnnot_GetFormFieldName(form, annotation, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
            rect = raw.FS_RECTF()
            raw.FPDFAnnot_GetRect(annotation, rect)
            name = buffer.raw[: size - 2].decode("utf-16-le")
            middle = (rect.left + rect.right) / 2, (rect.top + rect.bottom) / 2
            places[name] = (*middle, bool(raw.FPDFAnnot_IsChecked(form, annotation)))
        raw.FPDFPage_CloseAnnot(annotation)
    return places


def _pdfium_enter(document, page, x: float, y: float, value: bool | str) -> None:  # type: ignore[no-untyped-def]
    form = document.formenv
    raw.FORM_OnMouseMove(form, page, 0, x, y)
    raw.FORM_OnLButtonDown(form, page, 0, x, y)
    raw.FORM_OnLButtonUp(form, page, 0, x, y)
    if raw.FPDFPage_HasFormFieldAtPoint(form, page, x, y) == raw.FPDF_FORMFIELD_COMBOBOX:
        assert isinstance(value, str)
        raw.FORM_SetIndexSelected(form, page, _pdfium_options(form, page, x, y).index(value), True)
    elif isinstance(value, str):
        text = ctypes.create_string_buffer(value.encode("utf-16-le") + b"\0\0")
        raw.FORM_SelectAllText(form, page)
        raw.FORM_ReplaceSelection(form, page, ctypes.cast(text, ctypes.POINTER(raw.FPDF_WCHAR)))
    raw.FORM_ForceToKillFocus(form)


def _pdfium_options(form, page, x: float, y: float) -> list[str]:  # type: ignore[no-untyped-def]
    """Return what a drop-down list offers."""
    annotation = raw.FPDFAnnot_GetFormFieldAtPoint(form, page, raw.FS_POINTF(x, y))
    options = []
    for place in range(raw.FPDFAnnot_GetOptionCount(form, annotation)):
        buffer = ctypes.create_string_buffer(1000)
        wide = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
        size = raw.FPDFAnnot_GetOptionLabel(form, annotation, place, wide, 1000)
        options.append(buffer.raw[: size - 2].decode("utf-16-le"))
    raw.FPDFPage_CloseAnnot(annotation)
    return options


# ------------------------------------------------------------------------------------------------------------ poppler

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
            if field.get_field_type() == Poppler.FormFieldType.CHOICE:
                options = [field.choice_get_item(place) for place in range(field.choice_get_n_items())]
                field.choice_select_item(options.index(value))
            elif isinstance(value, str):
                field.text_set_text(value)
            else:
                field.button_set_state(value)
document.save(Gio.File.new_for_path(target).get_uri())
print(json.dumps(sorted(values)))
"""


def _poppler(pdf: bytes, values: Values) -> bytes:
    """Fill with the GLib binding, as Evince and other GNOME viewers do."""
    python = system_python("Poppler")
    with tempfile.TemporaryDirectory() as folder:
        source, target, wanted = work_files(folder, pdf, values)
        done = run([python, "-c", _POPPLER, source, target, wanted])
        refuse(json.loads(done.stdout))
        return target.read_bytes()


@cache
def _poppler_version() -> str:
    code = 'import gi; gi.require_version("Poppler", "0.18"); from gi.repository import Poppler; '
    return run([system_python("Poppler"), "-c", code + "print(Poppler.get_version())"]).stdout.strip()


# ------------------------------------------------------------------------------------------------------------- mutool


def _mutool(options: str) -> Fill:
    """Return a function that fills with a script that mutool runs, and saves with these options."""

    def fill(pdf: bytes, values: Values) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source, target, wanted = work_files(folder, pdf, values)
            run([program("mutool"), "run", NODE_FOLDER / "fill_mutool.js", source, target, wanted, options])
            return target.read_bytes()

    return fill


@cache
def mutool_version() -> str:
    """Return the version of Debian's MuPDF."""
    return run([program("mutool"), "-v"]).stderr.split()[-1]


# -------------------------------------------------------------------------------------------------------- JavaScript


def _node(package: str, script: str, *options: str) -> Fill:
    """Return a function that runs a script which needs this npm package."""

    def fill(pdf: bytes, values: Values) -> bytes:
        node_package(package)
        with tempfile.TemporaryDirectory() as folder:
            source, target, wanted = work_files(folder, pdf, values)
            run([program("node"), NODE_FOLDER / script, source, target, wanted, *options])
            return target.read_bytes()

    return fill


def _pdflib(way: str) -> Fill:
    return _node("pdf-lib", "fill_pdflib.mjs", way, str(load_theme().fonts.regular))


def _node_version(package: str) -> str:
    return str(json.loads((node_package(package) / "package.json").read_text("utf-8"))["version"])


def _pdfium_version() -> str:
    return str(pypdfium2.PDFIUM_INFO.build)


def _pdfjs_version() -> str:
    return _node_version("pdfjs-dist")


def _mupdfjs_version() -> str:
    return _node_version("mupdf")


def _pdflib_version() -> str:
    return _node_version("pdf-lib")


PROGRAMS = (
    Program("pdfium", "PDFium", "clicked and typed, saved", "form", _pdfium_version, _pdfium),
    Program("pdfium-flatten", "PDFium", "`FPDFPage_Flatten`", "drawn", _pdfium_version, _pdfium_flattened),
    Program("poppler", "poppler", "GLib binding", "form", _poppler_version, _poppler),
    Program("pdfjs", "pdf.js", "`saveDocument()`", "form", _pdfjs_version, _node("pdfjs-dist", "fill.mjs")),
    Program("mutool", "mutool", "a script fills the widgets", "form", mutool_version, _mutool("")),
    Program("mutool-incremental", "mutool", "the same, `incremental`", "form", mutool_version, _mutool("incremental")),
    Program("mupdfjs", "MuPDF.js", "`widget.toggle()`", "form", _mupdfjs_version, _node("mupdf", "fill_mupdf.mjs")),
    Program(
        "mupdfjs-incremental",
        "MuPDF.js",
        "the same, `incremental`",
        "form",
        _mupdfjs_version,
        _node("mupdf", "fill_mupdf.mjs", "incremental"),
    ),
    Program("pdf-lib", "pdf-lib", "with a font of its own", "form", _pdflib_version, _pdflib("font")),
    Program(
        "pdf-lib-no-appearances",
        "pdf-lib",
        "`updateFieldAppearances: false`",
        "form",
        _pdflib_version,
        _pdflib("plain"),
    ),
    Program(
        "pdf-lib-copy-pages",
        "pdf-lib",
        "filled, then `copyPages` to an empty file",
        "form",
        _pdflib_version,
        with_pypdf,
        lambda pdf: _node("pdf-lib", "copy_pdflib.mjs")(pdf, {}),
    ),
    Program(
        "pdf-lib-flatten",
        "pdf-lib",
        "`form.flatten()`",
        "drawn",
        _pdflib_version,
        _pdflib("flatten"),
    ),
)
