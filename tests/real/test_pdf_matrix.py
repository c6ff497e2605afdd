"""Every form conforms to PDF/UA-1 and PDF/A-2a, whatever its checklist looks like, and is fit to be looked at."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

from ozgdoc import api
from ozgdoc.identity import field_name
from ozgdoc.model import MARK, Checklist, Text
from tests import shapes, verapdf
from tests.roundtrip.test_checklist_wire import checklists
from tests.sheets import ozg

MM = 72 / 25.4
Rect = tuple[float, float, float, float]


#: It would take long; and marks above and below letters are texts of their own that do overlap.
NOT_MEASURED = ("points-400", "din-91379")


@pytest.mark.parametrize("flavour", ["ua1", "2a"])
@pytest.mark.parametrize("name", shapes.SHAPES)
def test_every_shape_conforms(name: str, flavour: str) -> None:
    result = verapdf.check(shapes.pdf(name), flavour)
    assert result.compliant, result
    assert result.checks > 300  # an empty file would conform too


@pytest.mark.parametrize("name", [name for name in shapes.SHAPES if name not in NOT_MEASURED])
def test_nothing_leaves_the_page_and_no_text_lies_on_another_or_on_a_field(name: str) -> None:
    with pikepdf.open(io.BytesIO(shapes.pdf(name))) as file:
        fields = [[rect(a.Rect) for a in page.get("/Annots", []) if a.Subtype == "/Widget"] for page in file.pages]
    for page, widgets in zip(PdfDocument(shapes.pdf(name)), fields, strict=True):
        width, height = page.get_size()
        inside = (10 * MM, 10 * MM, width - 10 * MM, height - 10 * MM)
        places = texts(page)
        assert places
        assert [place for place in (*places, *widgets) if not within(place, inside)] == []
        assert list(overlaps([*places, *widgets])) == []


def texts(page: PdfPage) -> list[Rect]:
    """Return the place of each drawn text's letters; accents and tails of neighbouring lines may meet."""
    bounds = [thing.get_bounds() for thing in page.get_objects(filter=[FPDF_PAGEOBJ_TEXT])]
    return [
        (left, bottom + 0.3 * (top - bottom), right, top - 0.3 * (top - bottom)) for left, bottom, right, top in bounds
    ]


def rect(values: pikepdf.Object) -> Rect:
    left, bottom, right, top = (float(value) for value in values)
    return left, bottom, right, top


def overlaps(places: list[Rect]) -> Iterator[tuple[Rect, Rect]]:
    """Yield any two places that overlap by more than half a point both ways."""
    ordered = sorted(places, key=lambda place: place[1])
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if other[1] > one[3]:
                break
            if min(one[2], other[2]) - max(one[0], other[0]) > 0.5 and min(one[3], other[3]) - other[1] > 0.5:
                yield one, other


def within(place: Rect, area: Rect) -> bool:
    return place[0] >= area[0] and place[1] >= area[1] and place[2] <= area[2] and place[3] <= area[3]


def test_every_letter_of_din_91379_is_set_in_a_prefilled_field() -> None:
    """What a field's value holds must also be drawn: a letter that is left out would be missing on paper."""
    name = ".".join(field_name(shapes.SHAPES["ozg-filled"].checklist.id, "projekt"))
    with pikepdf.open(io.BytesIO(shapes.pdf("ozg-filled"))) as file:
        [widget] = [a for a in file.pages[0].Annots if a.Subtype == "/Widget" and full_name(a) == name]
        assert str(widget.V) == shapes.letters()
        font = widget.AP.N.Resources.Font.OzgField
        letters = to_unicode(font.ToUnicode.read_bytes())
        operands = [bytes(o[0]) for o, operator in pikepdf.parse_content_stream(widget.AP.N) if str(operator) == "Tj"]
    drawn = "".join(letters[int.from_bytes(code[i : i + 2])] for code in operands for i in range(0, len(code), 2))
    assert set(shapes.letters()) - set(drawn) == set()
    assert len(drawn) == len(shapes.letters())


def full_name(field: pikepdf.Object) -> str:
    above = full_name(field.Parent) + "." if "/Parent" in field else ""
    return above + str(field.T)


def to_unicode(cmap: bytes) -> dict[int, str]:
    rows = (line.split() for line in cmap.decode().splitlines() if line.startswith("<") and "codespace" not in line)
    return {int(row[0][1:-1], 16): bytes.fromhex(row[1][1:-1]).decode("utf-16-be") for row in rows if len(row) == 2}


@st.composite
def printable(draw: st.DrawFn) -> Checklist:
    """Return any checklist, its texts made of words that the built-in face can print."""
    drawn = draw(checklists())
    words = st.lists(st.sampled_from([*shapes.DIN_91379, " ", " ", "\n"]), min_size=1, max_size=40).map("".join)
    pool = [unicodedata.normalize("NFC", f"x{word.strip()}") for word in draw(st.lists(words, min_size=3, max_size=6))]
    made: dict[str, str] = {}

    def text(old: Text) -> Text:
        def word(variant: str) -> str:
            marks = "".join(f"[^{mark}]" for mark in MARK.findall(variant))
            return made.setdefault(variant, pool[len(made) % len(pool)] + marks)

        return Text(tuple((language, word(variant)) for language, variant in old.variants))

    return replace(shapes.with_texts(drawn, text), version="1")


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(printable(), st.sampled_from(["de", "en"]))
def test_any_checklist_conforms(checklist: Checklist, language: str) -> None:
    pdf = api.render(checklist, "pdf", language=language)
    for flavour in ("ua1", "2a"):
        result = verapdf.check(pdf, flavour)
        assert result.compliant, result


def test_a_sheet_has_the_same_structure_in_every_language() -> None:
    """Whoever reads it in English misses nothing."""
    kinds = []
    for language in ("de", "en"):
        with pikepdf.open(io.BytesIO(api.render(ozg(), "pdf", language=language))) as file:
            kinds.append(list(tree(file.Root.StructTreeRoot.K[0])))
    assert kinds[0] == kinds[1]


def tree(element: pikepdf.Object) -> Iterator[str]:
    yield str(element.S)
    for kid in element.K:
        if not isinstance(kid, int) and "/S" in kid:
            yield from tree(kid)
