"""Whatever is ticked and typed in a PDF form reads back as exactly that."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
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

VALUES = st.dictionaries(st.sampled_from(FIELDS), TEXTS)
TICKED = st.sets(st.sampled_from(POINTS))


def expected(ticked: set[str], values: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    answers = {point: "done" if point in ticked else "open" for point in POINTS}
    return answers, {field: values.get(field, "") for field in FIELDS}


@settings(max_examples=40, deadline=None)
@given(TICKED, VALUES)
def test_filled_by_pypdf(ticked: set[str], values: dict[str, str]) -> None:
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
    assert submission.warnings == ()


@settings(max_examples=25, deadline=None)
@given(TICKED, VALUES)
def test_prefilled(ticked: set[str], values: dict[str, str]) -> None:
    answers, fields = expected(ticked, values)
    copy = api.render(ozg(), "pdf", submission=Submission("x", fields=fields, answers=answers))
    [submission] = api.read(copy, known={OZG: ozg()})
    assert (submission.answers, submission.fields) == (answers, fields)
