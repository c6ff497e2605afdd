"""Whatever is ticked and typed in a PDF form reads back as exactly that."""

from __future__ import annotations

import io
import re
import unicodedata

import pikepdf
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ozgdoc import api
from ozgdoc.identity import box_name, field_name
from ozgdoc.model import Submission
from tests.fillers.libraries import with_pypdf
from tests.sheets import OZG, ozg, ozg_pdf

POINTS = [point.id for point in ozg().walk()]
FIELDS = [field.id for field in ozg().fields]

#: Latin as DIN 91379 has it, letters with combining marks among them, and the signs of German texts.
LETTERS = st.sampled_from([chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x180), *range(0x1E00, 0x1EFF))])
OTHERS = st.sampled_from(["M\u0302", "K\u0332", "„", "“", "–", "’", "€", "ſ", "ǣ", "ș", "ț"])
TEXTS = st.lists(LETTERS | OTHERS, max_size=40).map(lambda parts: unicodedata.normalize("NFC", "".join(parts)))

#: Written in PDFDocEncoding, these could as well be other letters in UTF-8; the reader says so.
MOJIBAKE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]")

VALUES = st.dictionaries(st.sampled_from(FIELDS), TEXTS)
TICKED = st.sets(st.sampled_from(POINTS))


def expected(ticked: set[str], values: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    answers = {point: "done" if point in ticked else "open" for point in POINTS}
    return answers, {field: values.get(field, "") for field in FIELDS}


@settings(max_examples=40, deadline=None)
@given(TICKED, VALUES)
def test_filled_by_pypdf(ticked: set[str], values: dict[str, str]) -> None:
    assume(not any(MOJIBAKE.search(text) for text in values.values()))
    copy = with_pypdf(
        ozg_pdf(),
        {
            **{".".join(box_name(OZG, point, "done", only=True)): True for point in ticked},
            **{".".join(field_name(OZG, field)): text for field, text in values.items()},
        },
    )
    [submission] = api.read(copy, known={OZG: ozg()})
    assert submission.error is None
    assert (submission.answers, submission.fields) == expected(ticked, values)
    assert {warning.code for warning in submission.warnings} <= {"malformed-field"}  # the texts are no dates or keys


@settings(max_examples=25, deadline=None)
@given(TICKED, VALUES)
@example(set(), {"projekt": "Î„"})  # in PDFDocEncoding it could as well be another letter in UTF-8
def test_prefilled(ticked: set[str], values: dict[str, str]) -> None:
    answers, fields = expected(ticked, values)
    copy = api.render(ozg(), "pdf", submission=Submission("x", fields=fields, answers=answers))
    [submission] = api.read(copy, known={OZG: ozg()})
    assert (submission.answers, submission.fields) == (answers, fields)


@pytest.mark.parametrize("text", ["Â„", "Â¡", "Â«Ã—"])
def test_signs_are_not_taken_for_other_letters(text: str) -> None:
    """In PDFDocEncoding these bytes are UTF-8 of a control or a sign."""
    [submission] = api.read(with_pypdf(ozg_pdf(), {".".join(field_name(OZG, "projekt")): text}))
    assert submission.fields["projekt"] == text
    assert submission.warnings == ()


@pytest.mark.parametrize("data", ["Müller".encode(), "MÃ¼ller".encode("latin-1")])
def test_a_text_that_could_be_two_things_is_said_to_be_guessed(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(ozg_pdf())) as pdf:
        [field] = [a for a in pdf.pages[0].Annots if a.get("/T") == "projekt"]
        field.V = pikepdf.String(data)
        out = io.BytesIO()
        pdf.save(out)
    [submission] = api.read(out.getvalue())
    assert submission.fields["projekt"] == "Müller"
    assert [(warning.code, warning.where) for warning in submission.warnings] == [("text-guessed", "projekt")]
