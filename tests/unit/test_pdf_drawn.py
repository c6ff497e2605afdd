"""Copies whose fields are gone, and marks over those that have them: never a wrong tick, no page lost in silence."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from ozgdoc import api
from ozgdoc.model import Checklist, Submission
from ozgdoc.wire import checklist_from_json
from tests.programs import program, run
from tests.sheets import ozg, ozg_pdf

TICKED = {"steuerungskreis", "fim", "mvp", "go-live"}


@cache
def filled(*ticked: str, instance: str | None = None) -> bytes:
    submission = Submission("x", fields={"projekt": "Straße"}, answers=dict.fromkeys(ticked or TICKED, "done"))
    return api.render(ozg(), "pdf", submission=submission, instance=instance)


def long() -> Checklist:
    points = [{"id": f"p{number}", "text": f"Punkt {number}"} for number in range(120)]
    section = {"id": "s", "title": "Abschnitt", "checkpoints": points}
    return checklist_from_json({"id": "lang", "version": "1", "title": "Lang", "language": "de", "sections": [section]})


def drawn(pdf: bytes, folder: Path, *more: str) -> bytes:
    """Return a copy as a virtual printer makes it."""
    (folder / "in.pdf").write_bytes(pdf)
    run([program("pdftocairo"), "-pdf", *more, folder / "in.pdf", folder / "out.pdf"])
    return (folder / "out.pdf").read_bytes()


def joined(folder: Path, *files: bytes) -> bytes:
    for number, data in enumerate(files):
        (folder / f"{number}.pdf").write_bytes(data)
    names = [folder / f"{number}.pdf" for number in range(len(files))]
    run([program("qpdf"), "--empty", "--pages", *names, "--", folder / "joined.pdf"])
    return (folder / "joined.pdf").read_bytes()


def done(submission: Submission) -> set[str]:
    return {point for point, answer in submission.answers.items() if answer == "done"}


def edited(pdf: bytes, kind: str, point: str, across: float = 0, **entries: object) -> bytes:
    """Return a form with something drawn over, or beside, the box of a point."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        [box] = [a for a in file.pages[0].Annots if a.get("/T") == point]
        left, bottom, right, top = (float(value) for value in list(box.Rect))
        size = Array([left + across, bottom, right + across, top])
        mark = Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=size, **entries)
        file.pages[0].Annots.append(file.make_indirect(mark))
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


@pytest.mark.parametrize("instance", [None, "abc", "Köln-1"])
def test_a_printed_copy_is_read_from_its_page(tmp_path: Path, instance: str | None) -> None:
    [submission] = api.read(drawn(filled(instance=instance), tmp_path))
    assert submission.channel == "pdf-flat"
    assert done(submission) == TICKED
    assert submission.fields["projekt"] == "Straße"
    assert ("instance-unknown" in {warning.code for warning in submission.warnings}) is (instance is not None)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_read_as_well(tmp_path: Path, angle: int) -> None:
    with pikepdf.open(io.BytesIO(drawn(filled(), tmp_path))) as file:
        file.pages[0].rotate(angle, relative=True)
        out = io.BytesIO()
        file.save(out)
    [submission] = api.read(out.getvalue())
    assert done(submission) == TICKED


def test_no_tick_seen_is_not_all_open(tmp_path: Path) -> None:
    [submission] = api.read(drawn(ozg_pdf(), tmp_path))
    assert set(submission.answers.values()) == {"unclear"}
    assert "no-tick-seen" in {warning.code for warning in submission.warnings}


def test_a_copy_with_fields_and_one_without_are_both_read(tmp_path: Path) -> None:
    other = drawn(filled("implementierung"), tmp_path)
    one, two = api.read(joined(tmp_path, filled(), other))
    assert (done(one), done(two)) == (TICKED, {"implementierung"})


def test_pages_of_an_unknown_form_are_named(tmp_path: Path) -> None:
    stranger = drawn(api.render(long(), "pdf", submission=Submission("x", answers={"p1": "done"})), tmp_path)
    [submission] = api.read(joined(tmp_path, filled(), stranger))
    assert done(submission) == TICKED
    assert [warning.code for warning in submission.warnings] == ["pages-not-read"]


def test_pages_that_qpdf_has_taken_apart_are_one_copy(tmp_path: Path) -> None:
    answers = {f"p{number}": "done" for number in range(0, 120, 5)}
    form = api.render(long(), "pdf", submission=Submission("x", answers=answers))
    one, two = api.read(joined(tmp_path, form, api.render(long(), "pdf")), known={"lang": long()})
    assert (done(one), done(two)) == (set(answers), set())
    assert (one.warnings, two.warnings) == ((), ())


@pytest.mark.parametrize("kind", ["Square", "Ink", "FreeText", "Stamp"])
@pytest.mark.parametrize("across", [0, 12, -12])
def test_what_lies_over_or_beside_a_box_makes_it_unclear(kind: str, across: float) -> None:
    for point in ("steuerungskreis", "projektteam"):
        [submission] = api.read(edited(filled(), kind, point, across))
        assert submission.answers[point] == "unclear", point
        assert {warning.code for warning in submission.warnings} == {"mark-over-box"}
        assert done(submission) == TICKED - {point}


@pytest.mark.parametrize("drawing", ["0 5 m 40 5 l S", "-60 5 m 9 5 l S", "BT /F 8 Tf 1 2 Td (n) Tj ET"])
def test_what_crosses_out_or_says_no_is_no_tick_on_a_drawn_page(tmp_path: Path, drawing: str) -> None:
    with pikepdf.open(io.BytesIO(drawn(filled(), tmp_path))) as file:
        page = file.pages[0]
        with pikepdf.open(io.BytesIO(ozg_pdf())) as form:
            box = next(note for note in form.pages[0].Annots if note.get("/T") == "projektteam")
            left, bottom, *_ = (float(value) for value in list(box.Rect))
        helvetica = pikepdf.Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.add_resource(file.make_indirect(helvetica), Name.Font, Name.F)
        page.contents_coalesce()
        whole = page.Contents.read_bytes()
        page.Contents.write(b"q " + whole + f" Q q 1 0 0 1 {left} {bottom} cm 2 w {drawing} Q".encode())
        out = io.BytesIO()
        file.save(out)
    [submission] = api.read(out.getvalue())
    assert submission.answers["projektteam"] == "unclear"
    assert done(submission) == TICKED


def test_content_that_was_moved_by_a_row_is_not_read_from_the_wrong_places(tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(filled())
    run([program("qpdf"), "--flatten-annotations=all", tmp_path / "in.pdf", tmp_path / "flat.pdf"])
    with pikepdf.open(tmp_path / "flat.pdf") as file:
        page = file.pages[0]
        page.contents_coalesce()
        page.Contents.write(b"q 1 0 0 1 0 -21.83 cm\n" + page.Contents.read_bytes() + b"\nQ")
        out = io.BytesIO()
        file.save(out)
    for submission in api.read(out.getvalue()):
        assert done(submission) <= TICKED
        assert not {point for point in TICKED if submission.answers.get(point) == "open"}


@pytest.mark.parametrize("point", ["fields", "checkpoints"])
def test_ids_may_be_words_that_names_are_made_of(point: str) -> None:
    section = {"id": "s", "title": "Abschnitt", "checkpoints": [{"id": point, "text": "Punkt"}]}
    states = [{"id": "ja", "label": "ja"}, {"id": "nein", "label": "nein"}]
    data = {"id": "x", "version": "1", "title": "T", "language": "de", "states": states, "sections": [section]}
    checklist = checklist_from_json({**data, "fields": [{"id": "ja", "label": "Ja"}]})
    form = api.render(checklist, "pdf", submission=Submission("x", fields={"ja": "Text"}, answers={point: "nein"}))
    [submission] = api.read(form, known={"x": checklist})
    assert (submission.answers, submission.fields, submission.warnings) == ({point: "nein"}, {"ja": "Text"}, ())
