"""Names of fields, where a program has taken or added some."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String

from ozgdoc import api
from ozgdoc.model import Submission
from ozgdoc.readers.filled import Filled
from ozgdoc.readers.pdf import read
from tests.sheets import ozg


def prefilled() -> pikepdf.Pdf:
    submission = Submission("x", fields={"projekt": "Straße"}, answers={"mvp": "done"})
    return pikepdf.open(io.BytesIO(api.render(ozg(), "pdf", submission=submission)))


def read_back(pdf: pikepdf.Pdf) -> Filled:
    out = io.BytesIO()
    pdf.save(out)
    [filled] = read(out.getvalue())
    return filled


def without_parents(pdf: pikepdf.Pdf) -> None:
    """Leave of each name the last part, as pdfunite and pypdf's ``add_page`` do."""
    left = [annotation for page in pdf.pages for annotation in page.Annots if annotation.Subtype == Name.Widget]
    for widget in left:
        del widget["/Parent"]
    pdf.Root.AcroForm.Fields = Array(left)


def add_field(pdf: pikepdf.Pdf, **entries: Object) -> None:
    widget = pdf.make_indirect(Dictionary(Subtype=Name.Widget, Rect=Array([0, 0, 9, 9]), **entries))
    pdf.pages[0].Annots.append(widget)
    pdf.Root.AcroForm.Fields.append(widget)


def test_fields_without_their_parents_are_known_by_their_own_name() -> None:
    pdf = prefilled()
    whole = read_back(pdf)
    without_parents(pdf)
    left = read_back(pdf)
    assert {box.checkpoint for box in left.boxes if box.value} == {"mvp"}
    assert (set(left.boxes), left.fields, left.notices) == (set(whole.boxes), whole.fields, ())


def test_a_short_name_counts_for_nothing_beside_whole_ones() -> None:
    pdf = prefilled()
    whole = read_back(pdf)
    add_field(pdf, FT=Name.Btn, T=String("steuerungskreis"), V=Name.Yes, AS=Name.Yes)
    add_field(pdf, FT=Name.Tx, T=String("projekt"), V=String("Anderes"))
    assert read_back(pdf) == whole


def test_half_a_letter_is_told() -> None:
    """Chromium saves the first half only of what UTF-16 writes in two; in its own saved copies 😀x is D83D 0078."""
    pdf = prefilled()
    texts = next(group.Kids for group in pdf.Root.AcroForm.Fields[0].Kids if group.T == "fields")
    next(field for field in texts if field.T == "projekt").V = String(b"\xfe\xff\xd8\x3d\x00x")
    filled = read_back(pdf)
    assert filled.fields["projekt"] == "\ufffdx"
    assert [(notice.code, notice.where) for notice in filled.notices] == [("damaged-text", "projekt")]


def test_a_signature_is_neither_box_nor_text() -> None:
    pdf = prefilled()
    without_parents(pdf)
    before = read_back(pdf)
    add_field(pdf, FT=Name.Sig, T=String("steuerungskreis"))
    assert read_back(pdf) == before
