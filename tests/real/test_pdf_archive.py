"""Archive copies: PDF/UA-1 and PDF/A-2a from whatever came back, not to be changed, and read back exactly."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner

from ozgdoc import api
from ozgdoc.cli import main
from ozgdoc.identity import box_name, field_name
from ozgdoc.model import Checklist, Submission
from ozgdoc.wire import checklist_from_json, checklist_to_json
from tests import verapdf
from tests.documents import several_states
from tests.fillers import PROGRAMS
from tests.programs import program, run
from tests.sheets import OZG, ozg, ozg_pdf

WHEN = datetime(2026, 9, 30, 8, 15, tzinfo=UTC)
TEXT = "Şükrü Łódź – „Größe“ M̂ <b> {{ x }}"
LONG = "Die Leistung wird in allen Kommunen des Landes umgesetzt.\n" * 150


def archived(data: bytes, known: dict[str, Checklist] | None = None) -> tuple[Submission, bytes]:
    [made] = api.archive(data, when=WHEN, name="ordner/rück lauf.pdf", known=known)
    assert made.data is not None, made.submission.error
    assert made.name == f"rück_lauf.{hashlib.sha256(data).hexdigest()[:12]}.pdf"
    return made.submission, made.data


def conforms(pdf: bytes) -> None:
    for flavour in ("ua1", "2a"):
        result = verapdf.check(pdf, flavour)
        assert result.compliant, result


def same(one: Submission, other: Submission) -> None:
    """Two submissions say the same, whatever they were read from."""
    assert replace(one, source="", channel="") == replace(other, source="", channel="")


def words(pdf: bytes, folder: Path, *options: str) -> str:
    (folder / "copy.pdf").write_bytes(pdf)
    return " ".join(run([program("pdftotext"), *options, folder / "copy.pdf", "-"]).stdout.split())


def ozg_values() -> dict[str, bool | str]:
    return {
        **{".".join(box_name(OZG, point.id, "done", only=True)): True for point in list(ozg().walk())[::3]},
        ".".join(field_name(OZG, "projekt")): TEXT,
    }


@pytest.mark.parametrize("name", ["pypdf", "pdfium", "poppler", "pymupdf", "pdfjs", "pdf-lib"])
def test_a_copy_from_any_program_becomes_a_conforming_archive_copy(name: str) -> None:
    returned = PROGRAMS[name](ozg_pdf(), ozg_values())
    submission, copy = archived(returned)
    conforms(copy)
    [before], [after] = api.read(returned), api.read(copy)
    assert (before.channel, after.channel) == ("pdf-form", "pdf-archive")
    assert before.fields["projekt"] == TEXT
    same(before, after)
    same(before, submission)


def test_word_too() -> None:
    answers = {point.id: "done" for point in list(ozg().walk())[::2]}
    filled = Submission("x", fields={"projekt": TEXT}, answers=answers)
    returned = api.render(ozg(), "docx", submission=filled)
    submission, copy = archived(returned)
    conforms(copy)
    assert submission.answers["steuerungskreis"] == "done"
    same(api.read(copy)[0], submission)


def test_nothing_on_it_can_be_changed_and_its_metadata_say_where_it_is_from() -> None:
    returned = PROGRAMS["pypdf"](ozg_pdf(), ozg_values())
    _, copy = archived(returned)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert "/AcroForm" not in pdf.Root
        kinds = {str(annotation.Subtype) for page in pdf.pages for annotation in page.get("/Annots", [])}
        assert kinds == {"/Link"}
        said = pdf.open_metadata()
        space = "{urn:ozgdoc:form:1:}"
        assert said[f"{space}original"] == hashlib.sha256(returned).hexdigest()
        assert said[f"{space}read"] == WHEN.isoformat()
        assert said[f"{space}checklist"] == OZG


def test_its_structure_says_role_name_and_state() -> None:
    _, copy = archived(PROGRAMS["pypdf"](ozg_pdf(), ozg_values()))
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        names = list(pdf.Root.StructTreeRoot.IDTree.Names)
        found = {str(key): element for key, element in zip(names[::2], names[1::2], strict=True)}
        boxes = [element for key, element in found.items() if ".checkpoints." in key]
        assert len(boxes) == 29
        first, second = found[f"{OZG}.checkpoints.steuerungskreis"], found[f"{OZG}.checkpoints.projektteam"]
        assert (first.S, first.A.O, first.A.Role, first.A.checked) == ("/Form", "/PrintField", "/cb", "/on")
        assert (second.A.checked, str(second.A.Desc)) == ("/off", "Konzeption (1/2): Schaffung Projektteam (Notwendig)")
        assert str(second.Alt) == "Konzeption (1/2): Schaffung Projektteam (Notwendig): nicht angekreuzt"
        text = found[f"{OZG}.fields.projekt"]
        assert (text.A.Role, str(text.ActualText)) == ("/tv", TEXT)


@pytest.mark.parametrize("text", [LONG, "Zeile eins\n\tZeile zwei\n\nEnde", "Wort" * 2400, "中文 😀 שלום und Ende"])
def test_every_text_stands_on_the_page_and_reads_back_exactly(text: str, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(ozg_pdf())) as pdf:
        for annotation in pdf.pages[0].Annots:
            if annotation.get("/T") in ("projekt", "behoerde"):
                annotation.V = text
        out = io.BytesIO()
        pdf.save(out)
    returned = out.getvalue()
    [read] = api.read(returned)
    assert read.fields["projekt"] == read.fields["behoerde"] == text
    _, copy = archived(returned)
    conforms(copy)
    same(api.read(copy)[0], read)
    shown = words(copy, tmp_path)
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert shown.count("Archivfassung Seite") == len(pdf.pages)
    if text == LONG:
        assert shown.count("Kommunen des Landes") == 2 * 150
    elif text.startswith("Wort"):
        assert shown.replace(" ", "").count("Wort") >= 2400
    else:
        assert "Ende" in shown


def test_what_can_not_be_printed_is_said_on_the_sheet(tmp_path: Path) -> None:
    returned = api.render(ozg(), "docx", submission=Submission("x", fields={"projekt": "中 und שלום"}))
    _, copy = archived(returned)
    assert "U+05E9" in words(copy, tmp_path)


def test_a_copy_with_warnings_says_so_and_shows_what_is_unclear(tmp_path: Path) -> None:
    blank = api.render(several_states(), "pdf")
    known = {"grundschutz": several_states()}
    values: dict[str, bool | str] = {
        ".".join(box_name("grundschutz", "punkt-1", state, only=False)): True for state in ("ja", "nein")
    }
    returned = PROGRAMS["pypdf"](blank, values)
    with pikepdf.open(io.BytesIO(returned)) as pdf:
        for annotation in pdf.pages[0].Annots:
            if "punkt-2" in str(annotation.get("/TU", "")) or "Punkt 2 " in str(annotation.get("/TU", "")):
                annotation.AS = pikepdf.Name.Yes
                break
        out = io.BytesIO()
        pdf.save(out)
    [before] = api.read(out.getvalue(), known=known)
    assert (before.answers["punkt-1"], before.answers["punkt-2"]) == ("unclear", "unclear")
    submission, copy = archived(out.getvalue(), known)
    conforms(copy)
    assert {warning.code for warning in submission.warnings} == {"several-answers", "value-conflict"}
    shown = words(copy, tmp_path)
    assert "punkt-1" in shown
    assert "?" in shown
    same(api.read(copy, known=known)[0], before)


def test_it_shows_the_version_that_was_filled_in(tmp_path: Path) -> None:
    data = checklist_to_json(ozg())
    data["version"] = "0.9"
    data["sections"][0]["checkpoints"][0]["text"]["de"] = "Gründung Steuerungskreis"
    old = checklist_from_json(data)
    returned = api.render(old, "pdf", submission=Submission("x", answers={"steuerungskreis": "done", "fim": "done"}))
    submission, copy = archived(returned)
    assert submission.answers["steuerungskreis"] == "unclear"  # the current version asks something else
    assert submission.answers["fim"] == "done"
    assert "Gründung Steuerungskreis" in words(copy, tmp_path)
    conforms(copy)
    same(api.read(copy)[0], submission)


def test_a_copy_that_shows_something_else_than_it_carries_is_unclear() -> None:
    _, copy = archived(PROGRAMS["pypdf"](ozg_pdf(), ozg_values()))
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        record = pdf.pages[0].PieceInfo.ozgdoc.Private.record
        changed = record.read_bytes().replace(b'["projektteam",null,false]', b'["projektteam",null,true]')
        assert changed != record.read_bytes()
        record.write(changed)
        out = io.BytesIO()
        pdf.save(out)
    [submission] = api.read(out.getvalue())
    assert submission.answers["projektteam"] == "unclear"
    assert [(warning.code, warning.where) for warning in submission.warnings] == [
        ("value-conflict", "checkpoints.projektteam")
    ]


@pytest.mark.parametrize("record", [b"", b"{}", b"[]", b'{"fields":{},"boxes":[[1,2,3]],"notices":[]}', b"[" * 9999])
def test_a_damaged_record_is_named(record: bytes) -> None:
    _, copy = archived(PROGRAMS["pypdf"](ozg_pdf(), {}))
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        pdf.pages[0].PieceInfo.ozgdoc.Private.record.write(record)
        out = io.BytesIO()
        pdf.save(out)
    [submission] = api.read(out.getvalue())
    assert "damaged" in (submission.error or "")


def test_what_can_not_be_read_gives_no_copy() -> None:
    [made] = api.archive(b"%PDF-1.7 nothing", when=WHEN, name="x.pdf")
    assert made.data is None
    assert made.submission.error_code == "unreadable"


def test_the_same_input_gives_the_same_bytes() -> None:
    returned = PROGRAMS["pypdf"](ozg_pdf(), {})
    assert archived(returned) == archived(returned)


def test_the_command_writes_it_and_reads_it_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790756100")
    returned = PROGRAMS["pypdf"](ozg_pdf(), ozg_values())
    Path("a.pdf").write_bytes(returned)
    name = f"copies/a.{hashlib.sha256(returned).hexdigest()[:12]}.pdf"
    for said in ("", "  (there already, left as it is)"):
        done = CliRunner().invoke(main, ["archive", "a.pdf", "-o", "copies"])
        assert (done.output, done.exit_code) == (f"{name}{said}\n", 0)
    assert [path.as_posix() for path in Path("copies").iterdir()] == [name]
    assert "30.09.2026" in words(Path(name).read_bytes(), tmp_path)
    read = CliRunner().invoke(main, ["read", "--json", name])
    assert json.loads(read.output)["fields"]["projekt"] == TEXT
