"""Which letters can be printed, where marks stand on them, and what is said about the others."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from ozgdoc import api
from ozgdoc.errors import DataError
from ozgdoc.model import Checklist, Submission
from ozgdoc.pdf.fonts import TYPED, face, field_font
from ozgdoc.theme import load_theme
from ozgdoc.wire import checklist_from_json
from tests.din91379 import CHARACTERS, CYRILLIC, GREEK, SEQUENCES, SIGNS
from tests.programs import program, run

FONTS = load_theme().fonts
FACES = {"regular": FONTS.regular, "bold": FONTS.bold, "italic": FONTS.italic}
ALL = CHARACTERS + "".join(SEQUENCES) + GREEK + CYRILLIC + SIGNS
#: U+FFFD would stand for a glyph without a character.
NASTY = {"א": "right-to-left", "ع": "right-to-left", "क": "joined", "中": "the font can't print", "😀": "the font"}


def sheet(text: str) -> Checklist:
    sections = [{"id": "s", "title": "Abschnitt", "checkpoints": [{"id": "p", "text": text}]}]
    fields = [{"id": "f", "label": "Feld"}]
    data = {"id": "x", "version": "1", "title": "Liste", "language": "de", "fields": fields, "sections": sections}
    return checklist_from_json(data)


def test_the_lists_are_whole() -> None:
    assert len(CHARACTERS) == len(set(CHARACTERS)) == 585
    assert len(SEQUENCES) == len(set(SEQUENCES)) == 149
    assert all(unicodedata.normalize("NFC", text) == text for text in SEQUENCES)


@pytest.mark.parametrize("name", FACES)
def test_the_shipped_fonts_have_every_letter(name: str) -> None:
    assert face(FACES[name]).missing(ALL) == ""


def test_every_letter_may_be_typed() -> None:
    assert set(map(ord, ALL)) <= set(TYPED)
    font = field_font(FONTS.regular)
    assert all(font.glyphs.get(ord(letter)) for letter in ALL)


@pytest.mark.parametrize("name", FACES)
def test_marks_stand_on_their_letters(name: str) -> None:
    """Without being told, the font draws them behind the letter, on the next one's place."""
    font = TTFont(FACES[name])
    scale, outlines, names = font["head"].unitsPerEm, font["glyf"], font.getBestCmap()

    def ink(letter: str, x: float) -> tuple[float, float]:
        outline = outlines[names[ord(letter)]]
        return x + outline.xMin / scale, x + outline.xMax / scale

    for text in SEQUENCES:
        piece, (base, *marks) = next(iter(face(FACES[name]).place(text)))
        assert text.startswith(piece)
        assert marks, text
        left, right = ink(base.text, base.x)
        for mark in marks:
            start, end = ink(mark.text, mark.x)
            beside = mark.text in "\u0315\u031b\u035f"  # a comma or horn at the right, a line under two letters
            assert beside or left - 0.12 < (start + end) / 2 < right + 0.12, (text, mark)
            assert start < right + 0.2, (text, mark)


def test_a_letter_with_marks_is_read_as_the_text_that_it_was(tmp_path: Path) -> None:
    text = " ".join(SEQUENCES[:40])
    form = tmp_path / "form.pdf"
    form.write_bytes(api.render(sheet(text), "pdf"))
    read = run([program("pdftotext"), form, "-"])
    assert text in " ".join(read.stdout.split())


def test_prefilled_texts_have_their_marks_in_place() -> None:
    submission = Submission("x", fields={"f": "M\u0302 und R\u0325\u0304"})
    with pikepdf.open(io.BytesIO(api.render(sheet("Punkt"), "pdf", submission=submission))) as file:
        [field] = [a for a in file.pages[0].Annots if a.get("/FT") == pikepdf.Name.Tx]
        stream = field.AP.N.read_bytes()
    assert stream.count(b" Tj") == 6  # M, its mark, " und ", R, its two marks
    assert str(field.V) == "M\u0302 und R\u0325\u0304"


@pytest.mark.parametrize(("letter", "said"), NASTY.items())
def test_what_can_not_be_printed_is_named_with_a_remedy(letter: str, said: str) -> None:
    with pytest.raises(DataError, match=rf"{said}.*U\+{ord(letter):04X}"):
        api.render(sheet(f"Punkt {letter}"), "pdf")


def test_check_says_which_setting_brings_another_font() -> None:
    data = """id: x
version: "1"
title: Liste
language: de
sections:
  - id: s
    title: Abschnitt
    checkpoints:
      - {id: p, text: Punkt 中}
      - {id: q, text: Punkt א}
"""
    other, script = [problem for problem in api.check(data.encode(), name="x.yaml") if problem.code == "missing-letter"]
    assert (other.line, script.line) == (9, 10)
    assert "fonts: in a theme" in other.remedy
    assert "right-to-left" in script.message
