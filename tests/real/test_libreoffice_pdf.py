"""LibreOffice makes a tagged PDF of a Word file: everything is there, on the page, and is heard in order.

What LibreOffice tags is what it understood of the Word file: its headings, its header cells, its notes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from tests.programs import program, run
from tests.soffice import Office
from tests.word_documents import word

NAMES = ("languages", "notes", "limits", "long-words", "many")
ROLES = re.compile(r"\s*(H\d|TH|TD|P|Note)(?: \(block\))?:?")


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    office = Office(tmp_path_factory.mktemp("office"))
    sources = [office.folder / f"{name}.docx" for name in NAMES]
    for source in sources:
        source.write_bytes(word(source.stem))
    return dict(zip(NAMES, office.tagged(sources), strict=True))


def heard(pdf: Path) -> list[tuple[str, str]]:
    """Return role and text of headings, cells, notes and paragraphs outside of cells, in the order of the structure."""
    found: list[tuple[str, int, list[str]]] = []
    for line in run([program("pdfinfo"), "-struct-text", pdf]).stdout.splitlines():
        depth = len(line) - len(line.lstrip())
        if role := ROLES.fullmatch(line):
            # A paragraph in a cell or note belongs to it.
            if not (found and role[1] == "P" and found[-1][0] in ("TH", "TD", "Note") and depth > found[-1][1]):
                found.append((role[1], depth, []))
        elif (text := re.fullmatch(r'\s*"(.*)"', line)) and found:
            found[-1][2].append(text[1])
    said = [(role, " ".join(" ".join(texts).split())) for role, _, texts in found]
    return [(role, text) for role, text in said if text or role != "P"]


def test_the_reading_of_a_form(pdfs: dict[str, Path]) -> None:
    assert heard(pdfs["languages"]) == [
        ("H1", "Checklist"),
        ("P", "● Notwendig ▲ Optional"),
        ("TH", "Behörde"),
        ("TH", "Project (required)"),
        ("TD", "Amtlicher Name"),
        ("TD", "Kurz"),
        ("H2", "Umsetzung"),
        ("TH", "Checkpoint"),
        ("TH", "erledigt"),
        ("TH", "no"),
        ("TD", "▲ Finished"),
        ("TD", "☐"),
        ("TD", "☐"),
        ("TD", "● Nur auf Deutsch 1 Das auch"),
        ("TD", "☐"),
        ("TD", "☐"),
        ("P", "1 Diese Anmerkung ebenso"),
    ]


def test_headings_rows_and_notes_come_in_order(pdfs: dict[str, Path]) -> None:
    said = heard(pdfs["notes"])
    assert [(role, text) for role, text in said if role.startswith("H")] == [
        ("H1", "Liste"),
        ("H2", "Oben 1"),
        ("H2", "Mit Teilen"),
        ("H3", "Erster Teil"),
        ("H3", "Zweiter Teil"),
    ]
    cells = [text for role, text in said if role == "TD"]
    assert cells[1::2] == ["☐"] * 18
    assert cells[:4:2] == [
        "● Punkt 0 1 , 2 mit Noten 3 (noch in Bearbeitung) Siehe hier , BITV 2.0 3",
        "▲ Punkt 1 1 , 2 mit Noten 4 Siehe hier , BITV 2.0 4",
    ]
    assert [re.findall(r"(?:Punkt|Darunter) (\d+)", text) for text in cells[::2]] == [
        [str(i)] for i in range(12) for _ in range(1 + i % 2)
    ]
    notes = [text for role, text in said if role == "P" and text[0].isdigit()]
    assert [int(text.split()[0]) for text in notes] == list(range(1, 15))


def test_many_points_are_all_there_with_their_heads(pdfs: dict[str, Path]) -> None:
    said = heard(pdfs["many"])
    expected: list[tuple[str, str]] = []
    for s in range(10):
        expected += [("H2", f"Abschnitt {s}"), ("TH", "Checkpoint"), ("TH", "Erledigt")]
        expected += [cell for i in range(s, 400, 10) for cell in (("TD", f"● Punkt {i}"), ("TD", "☐"))]
    assert said[said.index(expected[0]) :] == expected
    assert [text for role, text in said if role == "TH"][:50] == [f"Angabe {i}" for i in range(50)]


@pytest.mark.parametrize("name", ["limits", "long-words"])
def test_extreme_texts_stay_whole_and_on_the_page(pdfs: dict[str, Path], name: str) -> None:
    shown = ""
    for page in PdfDocument(pdfs[name]):
        layer = page.get_textpage()
        shown += layer.get_text_range()
        for number in range(layer.count_chars()):
            left, bottom, right, top = layer.get_charbox(number)
            assert left == right or (left > 20 and right < 842 - 20 and bottom > 10 and top < 595 - 10)
    assert "\ufffd" not in shown
    text = "".join(shown.split())
    if name == "limits":
        ends = [
            f"END{kind}{i}."
            for kind, count in (("P", 3), ("N", 2), ("F", 7), ("G", 7), ("L", 12), ("S", 8))
            for i in range(count)
        ]
        assert [end for end in (*ends, "ENDT.", "ENDH.", "ENDU.", "ENDC.") if end not in text] == []
        assert text.count("Wort") > 6 * 4000 // 5
    else:
        # Title, its copy at the foot of the page, three labels and hints, heading, two points, help.
        assert text.count("ENDE") == 12
        assert text.count("schifffahrtsgesellschaft") == 12 * 6
