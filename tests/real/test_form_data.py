"""Form data that real programs export from a filled PDF is read like the PDF itself.

pdftk, PDFBox and iText all name every box, ticked or not; poppler, pdf.js and PDFium export no form data.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import jpype
import pytest

from ozgdoc import api
from tests.documents import several_states
from tests.fillers import PROGRAMS
from tests.fillers.java import ITEXT2, PDFBOX, java_class
from tests.programs import program, run
from tests.sheets import OZG, ozg, ozg_pdf

TEXT = "Ausbau Straße Łódź (1) \\ „x“ <&> 😀"


def with_pdftk(pdf: bytes) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.fdf")
        source.write_bytes(pdf)
        run([program("pdftk"), source, "generate_fdf", "output", target])
        return target.read_bytes()


def with_pdfbox(pdf: bytes, save: str) -> bytes:
    document = java_class("org.apache.pdfbox.pdmodel.PDDocument", PDFBOX).load(jpype.JArray(jpype.JByte)(pdf))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "out")
        data = document.getDocumentCatalog().getAcroForm().exportFDF()
        getattr(data, save)(jpype.JClass("java.io.File")(str(target)))
        data.close()
        document.close()
        return target.read_bytes()


def with_itext(pdf: bytes) -> bytes:
    package = "com.lowagie.text.pdf"
    data = java_class(f"{package}.FdfWriter", ITEXT2)()
    reader = java_class(f"{package}.PdfReader", ITEXT2)(jpype.JArray(jpype.JByte)(pdf))
    reader.getAcroFields().exportAsFdf(data)
    out = jpype.JClass("java.io.ByteArrayOutputStream")()
    data.writeTo(out)
    return bytes(out.toByteArray())


EXPORTERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "pdftk": ("fdf", with_pdftk),
    "pdfbox-fdf": ("fdf", lambda pdf: with_pdfbox(pdf, "save")),
    "pdfbox-xfdf": ("xfdf", lambda pdf: with_pdfbox(pdf, "saveXFDF")),
    "itext": ("fdf", with_itext),
}


@pytest.mark.parametrize("filler", ["pypdf", "pymupdf", "pdfjs"])
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_exported_data_says_what_the_form_says(exporter: str, filler: str) -> None:
    channel, export = EXPORTERS[exporter]
    text = TEXT if exporter != "pdfbox-xfdf" else TEXT.replace("😀", "")  # see the test below
    values: dict[str, bool | str] = {f"{OZG}.checkpoints.{point.id}": True for point in list(ozg().walk())[::3]}
    copy = PROGRAMS[filler](ozg_pdf(), {**values, f"{OZG}.fields.projekt": text})
    [form], [data] = api.read(copy), api.read(export(copy))
    assert (data.error, data.channel, data.version) == (None, channel, "1.0")
    assert data.answers == form.answers
    assert list(data.answers.values()).count("done") == 10
    assert data.fields == form.fields
    assert data.fields["projekt"] == text
    assert [notice.code for notice in data.warnings] == ["no-version"]


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_several_states_and_a_blank_form(exporter: str) -> None:
    checklist = several_states()
    known, blank = {checklist.id: checklist}, api.render(checklist, "pdf")
    ticked = {f"{checklist.id}.checkpoints.punkt-3.nein": True, f"{checklist.id}.checkpoints.punkt-4.ja": True}
    export = EXPORTERS[exporter][1]
    [before], [after] = (api.read(export(pdf), known=known) for pdf in (blank, PROGRAMS["pypdf"](blank, ticked)))
    assert set(before.answers.values()) == {"open"}
    assert {point: answer for point, answer in after.answers.items() if answer != "open"} == {
        "punkt-3": "nein",
        "punkt-4": "ja",
    }


def test_what_pdfbox_makes_of_letters_beyond_the_first_plane_is_refused() -> None:
    """It writes each half of a surrogate pair as a reference of its own, which no XML may have."""
    copy = PROGRAMS["pypdf"](ozg_pdf(), {f"{OZG}.fields.projekt": "😀"})
    [data] = api.read(with_pdfbox(copy, "saveXFDF"))
    assert data.error is not None
    assert "damaged" in data.error
