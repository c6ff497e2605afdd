"""LibreOffice opens the Word form, people tick and type, and the copy that it saves is read exactly."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader

from ozgdoc import api
from ozgdoc.model import Submission
from ozgdoc.readers.docx import read
from tests.documents import several_states
from tests.programs import program, run
from tests.sheets import ozg
from tests.soffice import Office

MACRO = Path(__file__).with_name("fill_docx.bas")
VALUES = {
    "projekt": "Ausbau Straße & Łódź <1>",
    "leistungsschluessel": "99001001000000, 99050012104000",
    "behoerde": "Ämter für Öffentliches  Überwachen",
    "ars": "053150000000",
    "stichtag": "01.03.2027",
}
FILTERS = {"docx": "MS Word 2007 XML", "odt": "writer8"}


def fill(office: Office, form: bytes, ticks: str, values: list[str], suffix: str = "docx") -> Path:
    blank, wanted = office.folder / "blank.docx", office.folder / "wanted.txt"
    target = office.folder / f"filled.{suffix}"
    blank.write_bytes(form)
    wanted.write_text("\n".join([ticks, *values]), "utf-8")
    office.macro(MACRO, f'Fill("{blank}","{target}","{FILTERS[suffix]}","{wanted}")')
    assert target.with_name(f"{target.name}.log").read_text("utf-8").strip() == "ok"
    return target


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_filled_copy_is_read_exactly(office: Office) -> None:
    points = [point.id for point in ozg().walk()]
    ticks = "".join("1" if place % 3 == 0 else "0" for place in range(len(points)))
    copy = fill(office, api.render(ozg(), "docx"), ticks, list(VALUES.values()))
    (filled,) = read(copy.read_bytes())
    assert filled.fields == VALUES
    assert {box.checkpoint: box.value for box in filled.boxes} == {
        point: tick == "1" for point, tick in zip(points, ticks, strict=True)
    }
    (submission,) = api.read(copy)
    assert submission.error is None
    assert [point for point, answer in submission.answers.items() if answer == "done"] == points[::3]


def test_a_prefilled_form_that_is_only_saved_says_the_same(office: Office) -> None:
    answers = {point.id: "done" for point in list(ozg().walk())[:7]}
    form = api.render(ozg(), "docx", submission=Submission("x", fields=VALUES, answers=answers))
    copy = fill(office, form, "0" * 29, [])
    (before,), (after,) = read(form), read(copy.read_bytes())
    assert after.boxes == before.boxes
    assert after.fields == before.fields == VALUES
    assert after.identity == before.identity
    assert after.definition == before.definition


def test_a_copy_saved_as_opendocument_is_read_exactly(office: Office) -> None:
    """The names of the controls are lost, their order, the texts beside them and the form's identity are not."""
    points = [point.id for point in ozg().walk()]
    ticks = "".join("1" if place % 3 == 0 else "0" for place in range(len(points)))
    copy = fill(office, api.render(ozg(), "docx", instance="k-3"), ticks, list(VALUES.values()), "odt")
    (submission,) = api.read(copy)
    assert (submission.error, submission.channel, submission.instance) == (None, "odt", "k-3")
    assert submission.fields == VALUES
    assert [point for point, answer in submission.answers.items() if answer == "done"] == points[::3]
    assert {notice.code for notice in submission.warnings} == {"matched-by-place"}
    # Nothing but the registered checklist with the same text can say which control is which.
    assert api.read(copy, known={})[0].error_code == "unknown-form"


def test_several_states_saved_as_opendocument(office: Office) -> None:
    checklist = several_states()
    ticks = "".join("0010" if place % 2 else "1000" for place in range(32))
    copy = fill(office, api.render(checklist, "docx"), ticks, ["Text", "zwei", "01.02.2025"], "odt")
    (submission,) = api.read(copy, known={checklist.id: checklist})
    assert submission.fields == {"text": "Text", "wahl": "zwei", "tag": "01.02.2025"}
    assert list(submission.answers.values()) == ["ja", "nein"] * 16


def test_a_blank_form_saved_as_opendocument_is_blank(office: Office) -> None:
    (submission,) = api.read(fill(office, api.render(ozg(), "docx"), "0" * 29, [], "odt"))
    assert set(submission.answers.values()) == {"open"}
    assert set(submission.fields.values()) == {""}


def test_the_sheet_has_one_page_and_says_everything_in_reading_order(office: Office) -> None:
    form = office.folder / "form.docx"
    form.write_bytes(api.render(ozg(), "docx"))
    (page,) = PdfReader(office.pdf(form)).pages
    shown = "".join(page.extract_text().split())
    place = 0
    for point in ozg().walk():
        text = "".join(point.text.get("de").split("[^")[0].split())
        place = shown.find(text, place) + len(text)
        assert place >= len(text), f"{point.id} is missing or stands too early"
    assert all("".join(note.text.get("de").split()) in shown for note in ozg().footnotes)


def test_the_sheet_looks_like_a_sheet_in_grey(office: Office) -> None:
    """What is drawn stays inside the page, on the whole width of it, and nothing is lost without colours."""
    form = office.folder / "form.docx"
    form.write_bytes(api.render(ozg(), "docx"))
    pdf = office.pdf(form)
    run([program("pdftoppm"), "-r", "50", "-gray", "-singlefile", pdf, office.folder / "grey"])
    header, size, depth, pixels = (office.folder / "grey.pgm").read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    assert (header, depth) == (b"P5", b"255")
    dark = [place for place, value in enumerate(pixels) if value < 128]
    columns, rows = {place % width for place in dark}, {place // width for place in dark}
    assert min(columns) > 0.03 * width
    assert max(columns) < 0.97 * width
    assert min(rows) > 0.03 * height
    assert max(rows) < 0.98 * height
