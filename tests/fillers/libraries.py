"""Python libraries that fill forms: pypdf, pikepdf, PyMuPDF, pdfrw, PyPDFForm."""

from __future__ import annotations

import io
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import pdfrw
import pikepdf
import pymupdf
from pikepdf.form import DefaultAppearanceStreamGenerator, Form
from pypdf import PdfReader, PdfWriter

from tests.fillers.common import Fill, Program, Values, as_states, refuse, widgets, work_files
from tests.programs import PYPDFFORM, missing, run

# -------------------------------------------------------------------------------------------------------------- pypdf


def with_pypdf(
    pdf: bytes, values: Values, *, regenerate: bool | None = None, flatten: bool = False, append: bool = False
) -> bytes:
    """Fill with pypdf, as scripts do; ``append`` leaves the form's bytes and adds the changes behind them."""
    reader = PdfReader(io.BytesIO(pdf))
    writer = PdfWriter(reader, incremental=True) if append else PdfWriter(clone_from=reader)
    return _pypdf_fill(writer, values, regenerate, flatten)


def pypdf_append(pdf: bytes, values: Values) -> bytes:
    return with_pypdf(pdf, values, append=True)


def _pypdf_merged(pdf: bytes) -> bytes:
    """Append a copy to an empty file: that drops the catalog's entries but for the form."""
    writer = PdfWriter()
    writer.append(io.BytesIO(pdf))
    return _written(writer)


def _pypdf_pages(pdf: bytes) -> bytes:
    """Copy page by page: that drops the form and leaves widgets on the pages, without their parents."""
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        writer.add_page(page)
    return _written(writer)


def _pypdf_fill(writer: PdfWriter, values: Values, regenerate: bool | None, flatten: bool) -> bytes:
    fields = writer.get_fields() or {}
    refuse(name for name in values if name not in fields)
    # A check box is set by the name of its "on" appearance.
    on = {name: next(s for s in field["/_States_"] if s != "/Off") for name, field in fields.items() if _is_box(field)}
    wanted = {
        name: value if isinstance(value, str) else (on[name] if value else "/Off") for name, value in values.items()
    }
    writer.update_page_form_field_values(None, wanted, auto_regenerate=regenerate, flatten=flatten)
    if flatten:
        writer.remove_annotations(subtypes="/Widget")
    return _written(writer)


def _is_box(field: Mapping[str, object]) -> bool:
    return field.get("/FT") == "/Btn" and "/_States_" in field


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# ------------------------------------------------------------------------------------------------------------ pikepdf


def _by_hand(box_keys: tuple[str, ...], **options: Any) -> Fill:
    """Return a function that sets these keys of boxes, and texts without appearances, as short scripts do."""

    def fill(pdf: bytes, values: Values) -> bytes:
        states = as_states(pdf, values)
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            found = widgets(opened)
            for name, text in states.items():
                field = found[name]
                if field.FT == "/Btn":
                    for key in ("/V", "/AS"):
                        if key in box_keys:
                            field[key] = pikepdf.Name("/" + text)
                        elif key in field:
                            del field[key]
                else:
                    field.V = pikepdf.String(text)
            return _saved(opened, **options)

    return fill


def _pikepdf_form(generate: bool) -> Fill:
    """Return a function that fills with pikepdf.form, with or without new appearances."""

    def fill(pdf: bytes, values: Values) -> bytes:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            form = Form(opened, DefaultAppearanceStreamGenerator if generate else None)
            for name, value in values.items():
                field: Any = form[name]
                if isinstance(value, str):
                    field.value = value
                else:
                    field.checked = value
            return _saved(opened)

    return fill


def _saved(opened: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    opened.save(out, **options)
    return out.getvalue()


def _pikepdf_pages(pdf: bytes) -> bytes:
    """Copy the pages to an empty file: that drops the form; pikepdf warns of it."""
    with pikepdf.open(io.BytesIO(pdf)) as opened, pikepdf.new() as copy, warnings.catch_warnings():
        warnings.simplefilter("ignore", pikepdf.PageCopyWarning)
        copy.pages.extend(opened.pages)
        return _saved(copy)


def _pikepdf_pages_with_form(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened, pikepdf.new() as copy:
        copy.add_pages_from(opened)
        return _saved(copy)


# ------------------------------------------------------------------------------------------------------------ PyMuPDF


def _pymupdf(**options: Any) -> Fill:
    """Return a function that fills with PyMuPDF's widgets and saves with these options."""

    def fill(pdf: bytes, values: Values) -> bytes:
        with pymupdf.open(stream=pdf, filetype="pdf") as document:
            _pymupdf_set(document, values)
            return bytes(document.tobytes(**options))

    return fill


def pymupdf_append(pdf: bytes, values: Values) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, _, _ = work_files(folder, pdf, values)
        with pymupdf.open(source) as document:
            _pymupdf_set(document, values)
            document.saveIncr()
        return source.read_bytes()


def _pymupdf_baked(pdf: bytes, values: Values) -> bytes:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        _pymupdf_set(document, values)
        document.bake()
        return bytes(document.tobytes())


def _pymupdf_set(document: Any, values: Values) -> None:
    left = dict(values)
    for page in document:
        for widget in page.widgets():
            if widget.field_name in left:
                widget.field_value = left.pop(widget.field_name)
                widget.update()
                if widget.field_value == "":  # which update() passes over
                    document.xref_set_key(widget.xref, "V", "()")
    refuse(left)


# ----------------------------------------------------------------------------------------------- pdfrw and PyPDFForm


def _pdfrw(pdf: bytes, values: Values) -> bytes:
    """Fill as scripts of the 2010s do: walk the pages' annotations, set the values, ask for appearances."""
    left = as_states(pdf, values)
    document = pdfrw.PdfReader(fdata=pdf)
    for page in document.pages:
        for annotation in page.Annots or []:
            name = _pdfrw_name(annotation)
            if annotation.Subtype == "/Widget" and name in left:
                text = left.pop(name)
                if annotation.FT == "/Btn":
                    annotation.update(pdfrw.PdfDict(V=pdfrw.PdfName(text), AS=pdfrw.PdfName(text)))
                else:
                    annotation.update(pdfrw.PdfDict(V=pdfrw.objects.pdfstring.PdfString.from_unicode(text), AP=""))
    refuse(left)
    document.Root.AcroForm.update(pdfrw.PdfDict(NeedAppearances=pdfrw.PdfObject("true")))
    out = io.BytesIO()
    pdfrw.PdfWriter(out, trailer=document).write()
    return out.getvalue()


def _pdfrw_name(annotation: Any) -> str:
    parts = []
    while annotation is not None:
        if annotation.T is not None:
            parts.insert(0, annotation.T.to_unicode())
        annotation = annotation.Parent
    return ".".join(parts)


_PYPDFFORM = """
import json, sys
from PyPDFForm import PdfWrapper
source, target, wanted, flatten = sys.argv[1:]
values = json.load(open(wanted, encoding="utf-8"))
form = PdfWrapper(source, use_full_widget_name=True)
unknown = sorted(set(values) - set(form.widgets))
if unknown:
    sys.exit("no field is named " + ", ".join(unknown))
form.fill(values, flatten=flatten == "flatten").write(target)
"""


def _pypdfform(flatten: str) -> Fill:
    """Return a function that fills with PyPDFForm, which needs older versions of pypdf and Pillow than we do."""

    def fill(pdf: bytes, values: Values) -> bytes:
        if not PYPDFFORM.is_dir():
            missing("PyPDFForm (make test)")
        with tempfile.TemporaryDirectory() as folder:
            source, target, wanted = work_files(folder, pdf, values)
            run(
                [sys.executable, "-c", _PYPDFFORM, source, target, wanted, flatten],
                env={**os.environ, "PYTHONPATH": str(PYPDFFORM)},
            )
            return target.read_bytes()

    return fill


def _pypdfform_version() -> str:
    [folder] = PYPDFFORM.glob("pypdfform-*.dist-info")
    return folder.name.split("-")[1].removesuffix(".dist")


def _of(package: str) -> Callable[[], str]:
    return lambda: version(package)


_PYPDF, _PIKEPDF, _PYMUPDF = _of("pypdf"), _of("pikepdf"), _of("pymupdf")

PROGRAMS = (
    Program("pypdf", "pypdf", "values and appearances", "form", _PYPDF, with_pypdf),
    Program(
        "pypdf-regenerate",
        "pypdf",
        "`auto_regenerate=True`: viewers are asked to draw anew",
        "form",
        _PYPDF,
        lambda pdf, values: with_pypdf(pdf, values, regenerate=True),
    ),
    Program(
        "pypdf-no-regenerate",
        "pypdf",
        "`auto_regenerate=False`",
        "form",
        _PYPDF,
        lambda pdf, values: with_pypdf(pdf, values, regenerate=False),
    ),
    Program(
        "pypdf-incremental",
        "pypdf",
        "`incremental=True`",
        "form",
        _PYPDF,
        pypdf_append,
    ),
    Program(
        "pypdf-append", "pypdf", "filled, then `append`ed to an empty file", "form", _PYPDF, with_pypdf, _pypdf_merged
    ),
    Program("pypdf-add-page", "pypdf", "filled, then copied with `add_page`", "form", _PYPDF, with_pypdf, _pypdf_pages),
    Program(
        "pypdf-flatten",
        "pypdf",
        "`flatten=True`",
        "drawn",
        _PYPDF,
        lambda pdf, values: with_pypdf(pdf, values, flatten=True),
    ),
    Program("pikepdf-by-hand", "pikepdf", "/V and /AS set by hand", "form", _PIKEPDF, _by_hand(("/V", "/AS"))),
    Program("pikepdf-as-only", "pikepdf", "only /AS set by hand", "form", _PIKEPDF, _by_hand(("/AS",))),
    Program("pikepdf-v-only", "pikepdf", "only /V set by hand", "form", _PIKEPDF, _by_hand(("/V",))),
    Program("pikepdf-form", "pikepdf", "`pikepdf.form`", "form", _PIKEPDF, _pikepdf_form(generate=False)),
    Program(
        "pikepdf-form-drawn",
        "pikepdf",
        "`pikepdf.form` with new appearances",
        "form",
        _PIKEPDF,
        _pikepdf_form(generate=True),
    ),
    Program(
        "pikepdf-pages",
        "pikepdf",
        "filled, then `pages.extend` of an empty file",
        "form",
        _PIKEPDF,
        _pikepdf_form(generate=False),
        _pikepdf_pages,
    ),
    Program(
        "pikepdf-add-pages-from",
        "pikepdf",
        "filled, then `add_pages_from`",
        "form",
        _PIKEPDF,
        _pikepdf_form(generate=False),
        _pikepdf_pages_with_form,
    ),
    Program("pymupdf", "PyMuPDF", "`widget.update()`", "form", _PYMUPDF, _pymupdf()),
    Program("pymupdf-incremental", "PyMuPDF", "`saveIncr()`", "form", _PYMUPDF, pymupdf_append),
    Program(
        "pymupdf-garbage",
        "PyMuPDF",
        "`garbage=4, deflate=True, clean=True`",
        "form",
        _PYMUPDF,
        _pymupdf(garbage=4, deflate=True, clean=True),
    ),
    Program(
        "pymupdf-objstms",
        "PyMuPDF",
        "`use_objstms=1`",
        "form",
        _PYMUPDF,
        _pymupdf(use_objstms=1),
    ),
    Program("pymupdf-bake", "PyMuPDF", "`bake()`", "drawn", _PYMUPDF, _pymupdf_baked),
    Program("pdfrw", "pdfrw", "/V and /AS set, appearances removed", "form", _of("pdfrw"), _pdfrw),
    Program("pypdfform", "PyPDFForm", "`fill`", "form", _pypdfform_version, _pypdfform("keep")),
    Program(
        "pypdfform-flatten",
        "PyPDFForm",
        "`fill(flatten=True)`: fields made read-only",
        "form",
        _pypdfform_version,
        _pypdfform("flatten"),
    ),
)
