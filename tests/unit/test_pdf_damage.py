"""Damaged PDFs: refused where older values could pass for what was entered, unclear where a box is touched."""

from __future__ import annotations

import pytest

from ozgdoc import api
from ozgdoc.model import Identity, Submission
from ozgdoc.readers.filled import Box, Filled
from ozgdoc.readers.second import held_against, rebuilt, second_opinion
from tests.hostile.base import KNOWN, TICKED, TRUTH, appended_pdf, base_pdf


def read(data: bytes) -> Submission:
    (submission,) = api.read(data, name="x", known=KNOWN)
    return submission


def test_an_update_is_read() -> None:
    submission = read(appended_pdf())
    assert submission.answers == TRUTH


def test_a_file_that_is_cut_off_is_refused_even_if_the_blank_form_is_whole() -> None:
    whole = appended_pdf()
    entered = whole.index(b" obj", whole.index(b"%%EOF"))
    for place in (entered + 4, entered + 200, whole.rindex(b"startxref")):
        assert str(read(whole[:place]).error).startswith("its end is missing, and with it perhaps what was entered.")


def test_a_damaged_file_that_was_updated_is_refused() -> None:
    data = appended_pdf()
    # The new version of a box can't be found any more, so a repair takes the old one, which is not ticked.
    place = data.index(b" 0 obj", data.index(b"%%EOF"))
    damaged = data[: place - 1] + b"x" + data[place:]
    assert str(read(damaged).error).startswith("it is damaged, and older entries may be all that is left.")


def test_a_box_made_of_two_halves_is_unclear() -> None:
    data = base_pdf()
    first = data.index(b"/V /Yes")
    start = data.rindex(b" 0 obj", 0, first)
    other = data.index(b"/V /Off", first)
    begin = data.rindex(b" 0 obj", 0, other)
    damaged = data[: first - 1] + data[begin + len(" 0 obj\n<<") :]
    assert start < first < begin
    submission = read(damaged)
    assert {answer for point, answer in submission.answers.items() if point in TICKED} <= {"done", "unclear"}
    assert "damaged-field" in {warning.code for warning in submission.warnings}


def test_pypdf_says_the_same_of_a_sound_file() -> None:
    opinion = second_opinion(base_pdf())
    boxes = {name.removeprefix("checkpoints."): text for name, text in opinion.items() if name.startswith("checkp")}
    assert {point: "done" if text == "Yes" else "open" for point, text in boxes.items()} == TRUTH
    assert opinion["fields.projekt"] == read(base_pdf()).fields["projekt"]


def test_nothing_is_said_about_no_pdf() -> None:
    assert second_opinion(b"%PDF-1.7 nothing") == {}
    assert rebuilt(b"%PDF-1.7 nothing") is None


def test_a_different_opinion_makes_a_box_unclear() -> None:
    identity = Identity("x", "1", "", {})
    boxes = (Box("same", None, True), Box("other", None, True), Box("state", "no", False), Box("unseen", None, True))
    copy = Filled("pdf-form", identity, None, {}, boxes, ())
    found = held_against(
        copy, {"checkpoints.same": "Yes", "checkpoints.other": "Off", "checkpoints.state.no": "On", "fields.x": "1"}
    )
    assert [box.value for box in found.boxes] == [True, None, None, True]
    assert [(notice.code, notice.where) for notice in found.notices] == [
        ("second-opinion", "other"),
        ("second-opinion", "state.no"),
    ]


def test_a_file_that_only_pypdf_can_open_is_read_and_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    damaged = base_pdf().replace(b"/Root ", b"/Rxot ")
    submission = read(damaged)
    assert submission.answers == TRUTH
    assert "damaged-file" in [warning.code for warning in submission.warnings]
    assert capfd.readouterr() == ("", "")
