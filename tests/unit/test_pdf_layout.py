"""Where things stand on paper: nothing is lost, nothing overlaps, nothing leaves the page."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
import zxingcpp
from pypdfium2 import PdfDocument

from ozgdoc import api
from ozgdoc.errors import DataError
from ozgdoc.model import Checklist, Submission, Text
from ozgdoc.pdf.fonts import face
from ozgdoc.pdf.lines import Span, Style, break_lines
from ozgdoc.theme import load_theme
from ozgdoc.wire import checklist_from_json
from tests.shapes import at_the_limits
from tests.sheets import OZG, ozg, ozg_pdf

MM = 72 / 25.4
STYLE = Style(face(load_theme().fonts.regular), 9, "#000000")
LONG = "Die Umsetzung der Leistung wird mit dem IT-Dienstleister abgestimmt. "


def sheet(count: int, text: str, **more: object) -> Checklist:
    points = [{"id": f"p{number}", "text": f"{number}: {text}"} for number in range(count)]
    data = {"id": "x", "version": "1", "title": "Liste", "language": "de", **more}
    return checklist_from_json({**data, "sections": [{"id": "s", "title": "Abschnitt", "checkpoints": points}]})


def boxes(pdf: bytes) -> list[tuple[int, list[float]]]:
    """Return page and rectangle of every check box, in the order of the pages."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [
            (number, [float(value) for value in annotation.Rect])
            for number, page in enumerate(file.pages)
            for annotation in page.get("/Annots", [])
            if annotation.get("/FT") == pikepdf.Name.Btn
        ]


@pytest.mark.parametrize(("count", "text"), [(1, "Punkt"), (350, "Punkt"), (40, LONG * 40), (3, "x" * 3000)])
def test_no_box_is_lost_or_overlaps(count: int, text: str) -> None:
    found = boxes(api.render(sheet(count, text), "pdf"))
    assert len(found) == count
    for page, (left, bottom, right, top) in found:
        assert right - left == pytest.approx(4 * MM, abs=0.01)
        assert left > 10 * MM
        assert right < 287 * MM
        assert bottom > 10 * MM
        assert top < 200 * MM
        others = [rect for number, rect in found if number == page and rect != [left, bottom, right, top]]
        assert all(r <= left or right <= x or t <= bottom or top <= y for x, y, r, t in others)


def test_long_texts_are_printed_to_the_last_word() -> None:
    pdf = PdfDocument(api.render(sheet(12, LONG * 40 + "Schlusswort"), "pdf"))
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    assert text.count("Schlusswort") == 12
    assert text.count("IT-Dienstleister") == 12 * 40


def test_the_ozg_sheet_is_one_page_and_every_corner_says_so() -> None:
    pdf = PdfDocument(ozg_pdf())
    assert len(pdf) == 1
    codes = zxingcpp.read_barcodes(pdf[0].render(scale=3).to_pil())
    texts = sorted(code.text for code in codes)
    assert [text[-1] for text in texts] == ["A", "B"]
    assert len({text[:-1] for text in texts}) == 1
    assert all(len(text) == 16 for text in texts)


def test_the_same_input_gives_the_same_bytes() -> None:
    assert api.render(sheet(5, "Punkt"), "pdf") == api.render(sheet(5, "Punkt"), "pdf")


def test_another_layout_is_another_form() -> None:
    def layout(pdf: bytes) -> str:
        with pikepdf.open(io.BytesIO(pdf)) as file:
            return str(file.pages[0].PieceInfo.ozgdoc.Private.layout)

    assert layout(api.render(sheet(5, "Punkt"), "pdf")) != layout(api.render(sheet(5, LONG * 3), "pdf"))


def test_lines_keep_every_character_in_order() -> None:
    text = "Rechtsprüf- und Rechtsänderungsbedarfe, Geschäftsvorfälle/LeiKas (1/2) " + "x" * 80 + " Ende"
    lines = break_lines([Span(text, STYLE, 0)], 100)
    assert "".join(fragment.text for line in lines for fragment in line) == text
    assert all(line[-1].x + line[-1].width <= 100 for line in lines)
    assert not any(line[0].text.startswith("2)") for line in lines)


def test_a_mark_stays_with_its_word() -> None:
    spans = [Span("eins zwei drei", STYLE, 0), Span("1", STYLE, 1), Span(" vier", STYLE, 2)]
    for width in range(40, 120):
        for line in break_lines(spans, width):
            assert line[0].owner != 1


def test_a_letter_that_no_font_has_is_named() -> None:
    with pytest.raises(DataError, match=r"U\+4E2D"):
        api.render(sheet(1, "中"), "pdf")


def test_field_names_end_in_the_ids() -> None:
    with pikepdf.open(io.BytesIO(ozg_pdf())) as file:
        names = [str(field.T) for field in file.Root.AcroForm.Fields]
        kids = {str(kid.T) for kid in file.Root.AcroForm.Fields[0].Kids}
        assert "/NeedAppearances" not in file.Root.AcroForm
    assert (names, kids) == ([OZG], {"checkpoints", "fields"})


@pytest.mark.parametrize(("width", "height", "size"), [(842, 595, 9), (595, 842, 9), (595, 842, 14), (842, 595, 14)])
def test_texts_as_long_as_they_may_be_stay_whole_and_on_the_page(width: float, height: float, size: float) -> None:
    theme = replace(load_theme(), width=width, height=height, size=size)
    pdf = PdfDocument(api.render(at_the_limits(), "pdf", theme=theme))
    text = ""
    for page in pdf:
        layer = page.get_textpage()
        text += layer.get_text_range()
        for number in range(layer.count_chars()):
            left, bottom, right, top = layer.get_charbox(number)
            assert left >= 10 * MM
            assert right <= width - 10 * MM
            assert bottom >= 10 * MM
            assert top <= height - 10 * MM
    ends = ["ENDT", "ENDC", "ENDF", "ENDG", "ENDH", *(f"ENDP{i}" for i in range(3)), "ENDN0", "ENDN1"]
    ends += [f"END{kind}{i}" for kind, count in (("L", 12), ("S", 8)) for i in range(count)]
    folded = text.replace("\r\n", "").replace("\ufffe", "")  # a long caption is broken within its word
    assert [end for end in ends if end not in folded] == []


def test_damaged_boxes_are_never_read_as_open() -> None:
    """One byte turned over in a name or in a key: a wrong tick without a warning, and a traceback, once."""
    answers = {point.id: "done" for point in ozg().walk()}
    blank = {field.id: "" for field in ozg().fields}
    pdf = api.render(ozg(), "pdf", submission=Submission("x", fields=blank, answers=answers))
    for broken in (b"/V /Y\xe2s", b"\xe2V /Yes"):
        place = pdf.rfind(b"/V /Yes")
        [submission] = api.read(pdf[:place] + broken + pdf[place + 7 :])
        assert sorted(set(submission.answers.values())) == ["done", "unclear"]
        assert len(submission.warnings) == 1


def test_links_lead_only_where_they_may() -> None:
    """A help text can't bring a script into the form, and loses no words."""
    links = "[ja **fett**](https://example.org/a) [nein](javascript:alert(1)) [Datei](file:///etc/passwd)"
    checklist = sheet(1, "Punkt")
    point = replace(checklist.sections[0].checkpoints[0], help=Text((("de", links),)))
    checklist = replace(checklist, sections=(replace(checklist.sections[0], checkpoints=(point,)),))
    pdf = api.render(checklist, "pdf")
    with pikepdf.open(io.BytesIO(pdf)) as file:
        actions = [str(a.A.URI) for a in file.pages[0].Annots if "/A" in a]
    assert actions == ["https://example.org/a"]
    text = PdfDocument(pdf)[0].get_textpage().get_text_range()
    assert "ja fett" in text
    assert "nein" in text
