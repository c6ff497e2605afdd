"""What a screen reader hears: the OZG sheet as a golden text, and what has to hold for every form.

``ACCEPT=1`` rewrites the golden text; read the difference aloud before it is committed.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from ozgdoc.document import (
    Break,
    Checkpoint,
    Document,
    Fields,
    Heading,
    Inline,
    Legend,
    Link,
    NoteReference,
    Notes,
    Paragraph,
    Section,
    Strong,
    Text,
)
from ozgdoc.model import MARK
from ozgdoc.templating import compose_form
from tests import shapes
from tests.files import ROOT
from tests.fillers import PROGRAMS
from tests.reading import Reading, poppler_texts, readings
from tests.sheets import OZG, ozg_pdf

GOLDEN = ROOT / "tests/golden/umsetzungscheckliste.reading.txt"

#: Long ones are left out where they would only take time.
NAMES = [name for name in shapes.SHAPES if name not in ("points-400", "limits-portrait", "ozg-large")]

#: poppler draws the whole page for each of its texts, so these are short.
POPPLER = (
    "ozg-issued",
    "points-2",
    "draft",
    "languages-de",
    "languages-en",
    "levels-6",
    "words",
    "fields",
    "vietnamese",
)


@functools.cache
def reading_of() -> dict[str, Reading]:
    return dict(zip(NAMES, readings([shapes.pdf(name) for name in NAMES]), strict=True))


def test_the_ozg_sheet_is_heard_as_written_down() -> None:
    [reading] = readings([ozg_pdf()])
    heard = "\n".join(reading.lines()) + "\n"
    if os.environ.get("ACCEPT") == "1":
        GOLDEN.write_text(heard, "utf-8")
    assert heard == GOLDEN.read_text("utf-8")


def test_a_ticked_box_is_announced_as_checked_and_a_value_is_said() -> None:
    copy = PROGRAMS["pypdf"](ozg_pdf(), {f"{OZG}.checkpoints.mvp": True, f"{OZG}.fields.projekt": "Łódź – „Größe“"})
    blank, filled = readings([ozg_pdf(), copy])
    changed = [(a, b) for a, b in zip(blank.lines(), filled.lines(), strict=True) if a != b]
    assert changed == [
        (
            "edit, required: Umsetzungsprojekt, Pflichtangabe",
            "edit, required: Umsetzungsprojekt, Pflichtangabe = Łódź – „Größe“",
        ),
        (
            "check box, not checked: Umsetzung: Detaillierung MVP Fachkonzept und technisches Konzept (Notwendig)",
            "check box, checked: Umsetzung: Detaillierung MVP Fachkonzept und technisches Konzept (Notwendig)",
        ),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_words_are_heard_whole_and_in_the_order_of_the_document(name: str) -> None:
    """Lines end at spaces, hyphens, slashes and within long words: none of that may be heard."""
    shape = shapes.SHAPES[name]
    options = {key: value for key, value in shape.options.items() if key != "theme"}
    document = compose_form(shape.checklist, **options)
    assert reading_of()[name].texts() == [" ".join(text.split()) for text in expected(document)]


def expected(document: Document) -> Iterator[str]:
    """Yield the words of everything that a form says, in order."""
    blocks = [block for block in document.blocks if not (isinstance(block, Paragraph) and block.role == "foot")]
    blocks += [block for block in document.blocks if isinstance(block, Paragraph) and block.role == "foot"]
    states_said = False
    for block in Document("", "", tuple(blocks)).walk():
        match block:
            case Heading(content=content) | Paragraph(content=content):
                yield said(content)
            case Legend(levels=levels, draft=draft):
                yield from (level.label for level in levels)
                yield from filter(None, [draft])
            case Fields(fields=fields):
                for field in fields:
                    required = f" ({document.words['required']})" if field.required else ""
                    yield f"{field.label}{required} {field.hint or ''}"
            case Section(heading=heading, blocks=inner):
                yield said(heading.content)
                if not states_said and inner and isinstance(inner[0], Checkpoint) and not inner[0].boxes[0].only:
                    states_said = True
                    yield from (box.caption for box in inner[0].boxes)
            case Checkpoint(content=content, help=help_, draft=draft):
                yield said(content) + (f" ({document.words['draft']})" if draft else "")
                yield from filter(None, [said(help_)])
            case Notes(notes=notes):
                yield from (said(note.content) for note in notes)


def said(content: tuple[Inline, ...]) -> str:
    words, last = "", None
    for node in content:
        match node:
            case Text(text=text):
                words += text
            case Strong(content=inner) | Link(content=inner):
                words += said(inner)
            case Break():
                words += " "
            case NoteReference():
                words += ", " if isinstance(last, NoteReference) else ""
        last = node
    return words


@pytest.mark.parametrize("name", NAMES)
def test_pdfjs_reads_all_of_the_tree_in_its_order(name: str) -> None:
    reading = reading_of()[name]
    ids = [leaf.id for leaf in reading.leaves]
    assert len(set(ids)) == len(ids)
    pages = [list(contents(page["tree"])) for page in reading.pages]
    assert sorted(key for page in pages for key in page) == sorted(ids)
    for page in pages:
        assert page == [key for key in ids if key in set(page)]
    # A j with a mark is drawn without its dot and carries the j as ActualText, which pdf.js does not use within a line.
    texts = {key: text.replace("ȷ", "j") for page in reading.pages for key, text in page["texts"].items()}
    assert set(texts) <= set(ids)
    assert [folded(leaf.text) for leaf in reading.leaves] == [folded(texts.get(key, "")) for key in ids]


@pytest.mark.parametrize("name", POPPLER)
def test_poppler_says_the_same_words_in_the_same_order(name: str) -> None:
    assert poppler_texts(shapes.pdf(name)) == [leaf.text for leaf in reading_of()[name].leaves]


def folded(text: str) -> str:
    return "".join(text.split())


def contents(node: Any) -> Iterator[str]:
    for kid in node["children"]:
        if kid.get("type") == "content":
            yield kid["id"]
        elif "role" in kid:
            yield from contents(kid)


@pytest.mark.parametrize("name", NAMES)
def test_every_box_is_announced_once_with_section_text_level_and_state(name: str) -> None:
    shape = shapes.SHAPES[name]
    checklist, language = shape.checklist, shape.options.get("language", "de")
    labels = [thing["label"] for _, _, thing in reading_of()[name].things() if thing.get("fieldType") == "Btn"]

    def words(text: Any) -> str:
        return " ".join(MARK.sub("", text.get(language)).split()) if text else ""

    wanted = []
    for section in checklist.sections:
        for part in (section, *section.sections):
            for top in part.checkpoints:
                for point in (top, *top.checkpoints):
                    level = checklist.level(point.level)
                    parts = [section.title, part.title, top.text, point.text, level and level.label]
                    several = len(checklist.states) > 1
                    wanted += [[*map(words, parts), words(state.label) * several] for state in checklist.states]
    assert len(labels) == len(wanted)
    for label, parts in zip(labels, wanted, strict=True):
        assert [part for part in parts if part not in label] == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_that_can_be_clicked_is_announced_once_and_has_a_name(name: str) -> None:
    reading = reading_of()[name]
    things = [thing for _, _, thing in reading.things()]
    assert len(things) == sum(len(page["annotations"]) for page in reading.pages)
    assert [thing for thing in things if not (thing["label"] or "").strip()] == []


@pytest.mark.parametrize("name", NAMES)
def test_headings_leave_out_no_level(name: str) -> None:
    levels = reading_of()[name].headings()
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("name", [name for name in NAMES if shapes.SHAPES[name].checklist.footnotes])
def test_each_note_leads_back_to_every_place_that_leads_to_it(name: str) -> None:
    links = [thing for role, _, thing in reading_of()[name].things() if role == "Link" and thing.get("place")]
    to_notes = [link for link in links if link["label"].startswith(("Zur Fußnote", "To note"))]
    back = [link for link in links if link not in to_notes]
    assert len(to_notes) == len(back) >= len(shapes.SHAPES[name].checklist.footnotes)
    # By the number in the label, then in the order of the places.
    number = {id(link): int(link["label"].split()[-1]) for link in links}
    for mark in set(number.values()):
        there = [link for link in to_notes if number[id(link)] == mark]
        again = [link for link in back if number[id(link)] == mark]
        for one, other in zip(there, again, strict=True):
            assert other["place"][0] == one["page"]
            left, _, _, top = one["rect"]
            assert other["place"][1:] == pytest.approx([left, top], abs=0.5)
        # All marks lead to one place, just above the note: the note's own mark leads back, or letters below it.
        [(page, left, top)] = {tuple(link["place"]) for link in there}
        assert all(link["page"] > page or link["rect"][3] < top for link in again)
        if len(again) == 1:
            assert again[0]["page"] == page
            assert again[0]["rect"][0] == pytest.approx(left, abs=0.5)
            assert again[0]["rect"][3] == pytest.approx(top, abs=8)


def test_letters_of_fallback_texts_carry_their_language() -> None:
    lines = reading_of()["languages-en"].lines()
    assert "text (de): Nur auf Deutsch" in lines
    assert "heading 2 (de): Abschnitt" in lines
    assert "text (de): Fußnote auf Deutsch" in lines
    assert "text: In both languages" in lines
    assert not any("(" in line.partition(":")[0] for line in reading_of()["languages-de"].lines())


def test_links_in_help_are_announced_by_their_words() -> None:
    assert "link: Verweis" in reading_of()["languages-de"].lines()
