"""The Word file has real structure: headings, tables with header rows, footnotes, controls, language."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from lxml import etree

from ozgdoc import api
from ozgdoc.document import Document, Paragraph, Text
from ozgdoc.errors import DataError
from ozgdoc.ooxml.controls import LONGEST, LONGEST_KEY, fit, title
from ozgdoc.readers.docx import read
from ozgdoc.resources import find
from ozgdoc.theme import load_theme
from ozgdoc.wire import checklist_from_json
from ozgdoc.writers.docx import write
from tests.documents import NASTY, REPORT, several_states
from tests.files import ROOT
from tests.sheets import ozg
from tests.word import W14, W, edit, xml
from tests.word_documents import word


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return api.render(ozg(), "docx")


def values(root: etree._Element, path: str) -> list[str]:
    return [found.get(f"{W}val", "") for found in root.iterfind(path.replace("w:", W))]


def text(element: etree._Element) -> str:
    return "".join(found.text or "" for found in element.iter(f"{W}t"))


def test_same_input_same_bytes(sheet: bytes) -> None:
    assert api.render(ozg(), "docx") == sheet
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_reference_document_is_what_its_tool_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import reference_docx

    monkeypatch.setattr(reference_docx, "TEMPLATES", tmp_path)
    reference_docx.main()
    made, kept = docx.Document(str(tmp_path / "word/reference.docx")), docx.Document(str(find("word/reference.docx")))
    for a, b in zip(made.part.package.iter_parts(), kept.part.package.iter_parts(), strict=True):
        assert a.partname == b.partname
        assert a.blob == b.blob


def test_headings_tables_and_notes(sheet: bytes) -> None:
    root = xml(sheet)
    styled = [("".join(values(p, "w:pPr/w:pStyle")), text(p)) for p in root.iter(f"{W}p")]
    assert [(style, words) for style, words in styled if style.startswith("Heading")] == [
        ("Heading1", "Umsetzungscheckliste"),
        ("Heading2", "Konzeption (1/2)"),
        ("Heading2", "Konzeption (2/2)"),
        ("Heading2", "Umsetzung"),
    ]
    lists = [t for t in root.iter(f"{W}tbl") if values(t, "w:tblPr/w:tblStyle") == ["Checklist"]]
    assert [len(t.findall(f"{W}tr")) for t in lists] == [15, 5, 12]
    assert all(len(t.findall(f".//{W}tblHeader")) == 1 for t in lists)
    assert [values(t, "w:tblPr/w:tblCaption") for t in lists] == [
        ["Konzeption (1/2)"],
        ["Konzeption (2/2)"],
        ["Umsetzung"],
    ]
    notes = xml(sheet, "word/footnotes.xml")
    numbers = [note.get(f"{W}id") for note in notes if note.get(f"{W}type") is None]
    assert numbers == [ref.get(f"{W}id") for ref in root.iter(f"{W}footnoteReference")] == [str(n) for n in range(1, 9)]
    assert len(list(root.iter(f"{W}br"))) == 1  # the column break


def test_controls_say_who_they_are(sheet: bytes) -> None:
    controls = [c for c in xml(sheet).iter(f"{W}sdt") if c.find(f"{W}sdtPr/{W14}checkbox") is not None]
    tags = [values(c, "w:sdtPr/w:tag")[0] for c in controls]
    aliases = [values(c, "w:sdtPr/w:alias")[0] for c in controls]
    points = list(ozg().walk())
    assert tags == [f"checkpoints.{point.id}" for point in points]
    for alias, point in zip(aliases, points, strict=True):
        level = ozg().level(point.level)
        assert alias.startswith((f"{point.id}: Konzeption", f"{point.id}: Umsetzung"))
        assert level is None or alias.endswith(f"({level.label.get('de')})")
    assert {values(c, "w:sdtPr/w:lock")[0] for c in controls} == {"sdtLocked"}
    numbers = values(xml(sheet), ".//w:sdtPr/w:id")
    assert len(numbers) == len(set(numbers))


def test_everything_else_is_locked(sheet: bytes) -> None:
    body = xml(sheet).find(f"{W}body")
    assert body is not None
    for block in body:
        if block.tag == f"{W}sdt":
            assert block.find(f"{W}sdtPr/{W}group") is not None
            assert values(block, "w:sdtPr/w:lock") == ["contentLocked"]
        else:
            assert text(block) == ""


def test_language_and_title(sheet: bytes) -> None:
    assert set(values(xml(sheet, "word/styles.xml"), ".//w:lang")) == {"de-DE"}
    properties = docx.Document(io.BytesIO(sheet)).core_properties
    assert (properties.title, properties.language, properties.author) == ("Umsetzungscheckliste", "de", "")
    english = xml(api.render(ozg(), "docx", language="en"), "word/styles.xml")
    assert set(values(english, ".//w:lang")) == {"en-GB"}


def test_no_litter(sheet: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(sheet)) as archive:
        names = archive.namelist()
    assert not [name for name in names if "stylesWithEffects" in name or "thumbnail" in name]
    assert "docProps/custom.xml" in names


def test_states_have_columns_and_shared_notes_are_one() -> None:
    form = api.render(several_states(), "docx")
    root = xml(form)
    first = next(t for t in root.iter(f"{W}tbl") if values(t, "w:tblPr/w:tblStyle") == ["Checklist"])
    assert [text(cell) for cell in first.findall(f"{W}tr/{W}tc")[:5]][1:] == ["ja", "teilweise", "nein", "entbehrlich"]
    assert len(list(root.iter(f"{W}footnoteReference"))) == 1
    assert len([link for link in root.iter(f"{W}hyperlink") if link.get(f"{W}anchor") == "note1"]) == 29
    assert all(len(tag) <= LONGEST for tag in values(root, ".//w:sdtPr/w:tag") + values(root, ".//w:sdtPr/w:alias"))


def test_boxes_leave_room_for_the_text() -> None:
    """Eight states with captions of 60 letters: no text columns, and two fifths of the width for the points."""
    root = xml(word("limits"))
    (points,) = (t for t in root.iter(f"{W}tbl") if values(t, "w:tblPr/w:tblStyle") == ["Checklist"])
    widths = [int(column.get(f"{W}w", "0")) for column in points.iter(f"{W}gridCol")]
    assert len(widths) == 9
    assert widths[0] > 0.44 * sum(widths)
    assert {columns.get(f"{W}num") for columns in root.iter(f"{W}cols")} == {"1"}
    assert {columns.get(f"{W}num") for columns in xml(word("states")).iter(f"{W}cols")} == {"1", "2"}


def test_only_rows_that_fit_on_a_page_are_kept_together() -> None:
    rows = list(xml(word("limits")).iter(f"{W}tr"))
    assert [row for row in rows if len(text(row)) > 4000] == [
        r for r in rows if r.find(f"{W}trPr/{W}cantSplit") is None
    ]


@pytest.mark.parametrize(
    ("width", "size", "tables"), [(842, 9, [5]), (595, 9, [3, 2]), (595, 14, [3, 2]), (420, 14, [2, 2, 1])]
)
def test_as_many_entries_in_a_row_as_fit(width: float, size: float, tables: list[int]) -> None:
    root = xml(api.render(ozg(), "docx", theme=replace(load_theme(), width=width, size=size)))
    made = [t for t in root.iter(f"{W}tbl") if values(t, "w:tblPr/w:tblStyle") == ["Fields"]]
    assert [len(t.findall(f"{W}tblGrid/{W}gridCol")) for t in made] == tables
    assert text(made[0][2]).startswith("Umsetzungsprojekt (Pflichtangabe)")


def test_marks_that_meet_are_kept_apart() -> None:
    (first, *_) = (p for p in xml(word("notes")).iter(f"{W}p") if text(p).startswith("●Punkt 0"))
    assert text(first) == "●Punkt 01, mit Noten (noch in Bearbeitung)"


def test_texts_are_data() -> None:
    root = xml(write(REPORT, load_theme()))
    assert f"Bericht {NASTY}" in text(root)
    hostile = Document("a\x00\ud800\ufffe" * 200, "de", (Paragraph((Text("\x0b\x1b[31m\udfff\uffff]]>"),)),))
    assert text(xml(write(hostile, load_theme()))) == "\ufffd\ufffd[31m\ufffd\ufffd]]>"


def test_a_house_style_stays_as_it_is(tmp_path: Path) -> None:
    house = docx.Document()
    house.sections[0].left_margin = 1_000_000
    house.styles["Normal"].font.name = "Hausschrift"
    house.sections[0].footer.paragraphs[0].text = "Ein Amt"
    house.add_paragraph("Muster")
    (tmp_path / "word").mkdir()
    house.save(str(tmp_path / "word" / "reference.docx"))
    form = docx.Document(io.BytesIO(api.render(ozg(), "docx", templates=tmp_path)))
    assert form.sections[0].left_margin == house.sections[0].left_margin
    assert form.styles["Normal"].font.name == "Hausschrift"
    assert {"Checkpoint", "Field Value", "Checklist"} <= {style.name for style in form.styles}
    assert "Ein Amt" in [p.text for p in form.sections[0].footer.paragraphs]
    assert "Muster" not in text(form.part.element)


def test_a_reference_document_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "word").mkdir()
    (tmp_path / "word" / "reference.docx").write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(DataError, match="no Word document"):
        api.render(ozg(), "docx", templates=tmp_path)


ENDS = (" (Notwendig), noch in Bearbeitung: teilweise", " (Notwendig): teilweise", " (Notwendig)", ": teilweise")


@pytest.mark.parametrize("key", ["a", "a" * 64, "ä" * 64, "😀" * 64], ids=["short", "long", "umlauts", "signs"])
@pytest.mark.parametrize("label", ["b", "b" * 100, "b (" + "c" * 90 + ")", "😀" * 60], ids=["b", "long", "(", "signs"])
@pytest.mark.parametrize("ends", [(), ENDS, (f" ({'d' * 60})",)], ids=["plain", "ends", "long-end"])
def test_titles_keep_key_label_and_end_and_fit(key: str, label: str, ends: tuple[str, ...]) -> None:
    made = title(key, label, *ends)
    assert len(made.encode("utf-16-le")) <= 2 * LONGEST
    shown, said = made.split(": ", 1)
    assert shown in (fit(key), fit(key, LONGEST_KEY))
    assert said[:1] == label[:1]
    assert ends != ENDS or said.endswith(ENDS)


def test_a_title_keeps_what_fits() -> None:
    assert title("mvp", "Umsetzung: MVP (Muss)", " (Muss)") == "mvp: Umsetzung: MVP (Muss)"
    assert title("projekt", "Vorhaben", " (Pflichtangabe)") == "projekt: Vorhaben (Pflichtangabe)"
    text = "Umsetzung: " + "Wort " * 20
    assert title("mvp", text + "(Muss)", " (Muss)") == "mvp: Umsetzung: Wort Wort Wort Wort Wort Wort Wort Wort… (Muss)"
    assert title("mvp", text) == "mvp: Umsetzung: Wort Wort Wort Wort Wort Wort Wort Wort Wort Wo…"


@pytest.mark.parametrize("length", range(30, 65))
def test_a_shortened_name_is_known_again(length: int) -> None:
    """Wherever a name is cut, also just behind the dot before the state."""
    data = {
        "id": "x",
        "version": "1",
        "title": "T",
        "language": "de",
        "states": [{"id": "ja", "label": "ja"}, {"id": "nein", "label": "nein"}],
    }
    point = {"id": "p" * length, "text": "Punkt " * 20}
    form = api.render(
        checklist_from_json({**data, "sections": [{"id": "s", "title": "S", "checkpoints": [point]}]}), "docx"
    )

    def no_tags(root: etree._Element) -> None:
        for tag in [*root.iter(f"{W}tag")]:
            tag.getparent().remove(tag)

    for copy in (form, edit(form, "word/document.xml", no_tags)):
        (filled,) = read(copy)
        assert [(box.checkpoint, box.state) for box in filled.boxes] == [("p" * length, "ja"), ("p" * length, "nein")]
        assert filled.notices == ()
