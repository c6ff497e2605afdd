"""Whatever people tick and type in a Word form is read back exactly."""

from __future__ import annotations

import functools
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from ozgdoc import api
from ozgdoc.model import Submission
from ozgdoc.readers.docx import read
from tests.sheets import ozg
from tests.word import fill

POINTS = [point.id for point in ozg().walk()]
FIELDS = [field.id for field in ozg().fields]

#: The letters of DIN 91379 (Latin letters with their combining sequences), and what else people type.
LETTERS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0xA0, max_codepoint=0x24F),
        st.characters(min_codepoint=0x1E00, max_codepoint=0x1EFF),
        st.sampled_from("\u0300\u0301\u0302\u0304\u0308\u030c\u0323\u0325\u0331\n\t–„“”’‡€™∞≤≥<>&\\{}[]=€😀"),
    ),
    max_size=60,
).map(lambda text: unicodedata.normalize("NFC", text))


@functools.cache
def blank() -> bytes:
    return api.render(ozg(), "docx")


@settings(max_examples=60, deadline=None)
@given(ticks=st.lists(st.booleans(), min_size=29, max_size=29), texts=st.lists(LETTERS, min_size=5, max_size=5))
def test_filled_as_word_does(ticks: list[bool], texts: list[str]) -> None:
    values: dict[str, bool | str] = {f"checkpoints.{point}": tick for point, tick in zip(POINTS, ticks, strict=True)}
    values |= {f"fields.{field}": text for field, text in zip(FIELDS, texts, strict=True)}
    (filled,) = read(fill(blank(), values))
    assert [box.value for box in filled.boxes] == ticks
    assert list(filled.fields.values()) == texts
    assert filled.notices == ()


@settings(max_examples=40, deadline=None)
@given(done=st.sets(st.sampled_from(POINTS)), texts=st.lists(LETTERS, min_size=5, max_size=5))
def test_a_prefilled_form_says_what_it_was_given(done: set[str], texts: list[str]) -> None:
    fields = {field: " ".join(text.split()) for field, text in zip(FIELDS, texts, strict=True)}
    given_ = Submission("x", fields=fields, answers=dict.fromkeys(done, "done"))
    (submission,) = api.read(api.render(ozg(), "docx", submission=given_))
    assert submission.error is None
    assert {point for point, answer in submission.answers.items() if answer == "done"} == done
    assert dict(submission.fields) == fields
    assert {warning.code for warning in submission.warnings} <= {"malformed-field"}  # the texts are no dates or keys
