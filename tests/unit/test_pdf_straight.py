"""The straight way of reading gives what the full reader gives, or nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ozgdoc.readers.pdf
from ozgdoc import api
from ozgdoc.errors import OzgdocError
from ozgdoc.model import Submission
from ozgdoc.pdf.plain import PlainFile
from ozgdoc.pdf.syntax import Name, NotPlainError, Ref, Value, parse
from ozgdoc.readers.filled import Filled
from ozgdoc.readers.pdf.straight import read_straight
from tests.hostile.corpus import FAMILIES
from tests.sheets import ozg

FILES = Path(__file__).parents[1] / "real" / "files"

#: Programs whose copies need the full reader only if something else is unusual about them.
PLAIN = (
    *("chromium", "pdfium", "pdfjs", "mutool", "mupdfjs", "pymupdf", "pymupdf-incremental", "pypdf"),
    *("pypdf-append", "pypdfform", "pdfrw", "pdfbox", "pdfbox-incremental", "itext2", "itext5", "itext5-incremental"),
    *("pdftk-fdf", "pdftk-xfdf", "qpdf-linearize", "qpdf-generate-appearances", "pikepdf-by-hand"),
)


def full(data: bytes) -> list[Filled] | str:
    """Return what the full reader says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ozgdoc.readers.pdf, "read_straight", lambda _: None)
        try:
            return ozgdoc.readers.pdf.read(data)
        except OzgdocError as error:
            return str(error)


@pytest.mark.parametrize("path", sorted(FILES.glob("*.pdf")), ids=lambda path: path.stem)
def test_copies_of_real_programs(path: Path) -> None:
    data = path.read_bytes()
    found = read_straight(data)
    assert found is None or [found] == full(data)
    if path.stem in PLAIN:
        assert found is not None


def test_hostile_files() -> None:
    cases = [case for recipes in FAMILIES.values() for recipe in recipes for case in recipe()]
    straight = [(case, found) for case in cases if (found := read_straight(case.data))]
    assert len(straight) > 300
    assert [case.name for case, found in straight if full(case.data) != [found]] == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_changed_files(data: st.DataObject) -> None:
    whole = (FILES / f"{data.draw(st.sampled_from(PLAIN))}.pdf").read_bytes()
    content = bytearray(whole)
    marks = [at for at in range(len(content)) if content[at] in b"/<>()[]R"]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.one_of(st.sampled_from(marks), st.integers(0, len(content) - 1)))
        content[at] = data.draw(st.sampled_from(b"/<>()[] 0123456789Rnf\n\\%ab\xff"))
    found = read_straight(bytes(content))
    # The full reader also looks at what it does not need, and doubts a file that is damaged there.
    assert found is None or full(bytes(content)) == [found] or found == read_straight(whole)


# ------------------------------------------------------------------------------------------------------------- objects

_NAMES = st.text("abcXYZ019-_.+", min_size=1, max_size=8)
_PLAIN_VALUES = st.recursive(
    st.one_of(
        st.booleans(),
        st.integers(-(10**9), 10**9),
        st.binary(max_size=30),
        _NAMES.map(Name),
        st.builds(Ref, st.integers(1, 9999), st.integers(0, 9)),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(_NAMES, inner, max_size=5)),
    max_leaves=20,
)


def spelt(value: Value) -> bytes:
    """Return a value in the spelling of the standard, strings by qpdf."""
    match value:
        case bool():
            return b"true" if value else b"false"
        case bytes():
            return pikepdf.String(value).unparse()
        case Name():
            return b"/" + value.encode()
        case Ref():
            return b"%d %d R" % value
        case list():
            return b"[ " + b" ".join(map(spelt, value)) + b" ]"
        case dict():
            return b"<<" + b"".join(b"/" + key.encode() + b" " + spelt(item) for key, item in value.items()) + b">>"
    return str(value).encode()


@given(_PLAIN_VALUES)
def test_what_is_written_is_parsed(value: Value) -> None:
    assert parse(spelt(value)) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (rb"(a\(b\)\\\101\60\r\n\8)", b"a(b)\\A0\r\n8"),
        (b"(a\\\nb\r\nc\rd)", b"ab\nc\nd"),
        (b"<48 >", None),
        (b"<484>", b"H@"),
        (b"-.5", -0.5),
        (b"<</A 1/A 2>>", None),
        (b"<</A#20B 1>>", None),
        (b"(a(b))", None),
        (b"1 2", None),
        (b"[1 0 R 2]", [Ref(1, 0), 2]),
        (b"[1 0 Rx]", None),
        (b"<</A 1", None),
        (b"[" * 50 + b"]" * 50, None),
        (b"truex", None),
        (b"1 % why", None),
    ],
)
def test_spellings(raw: bytes, value: Value) -> None:
    if value is None:
        with pytest.raises(NotPlainError):
            parse(raw)
    else:
        assert parse(raw) == value


def test_all_objects_are_what_qpdf_finds() -> None:
    data = (FILES / "pypdf.pdf").read_bytes()
    file = PlainFile(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number in range(1, len(pdf.objects)):
            there = pdf.get_object(number, 0)
            if isinstance(there, pikepdf.Stream):
                assert file.stream(Ref(number, 0))[1] == there.read_raw_bytes()
            elif isinstance(there, pikepdf.Dictionary):
                assert set(file.dictionary(Ref(number, 0))) == {key[1:] for key in there.keys()}  # noqa: SIM118


# ------------------------------------------------------------------------- what people see must be what is read


def edited(change: Callable[[pikepdf.Pdf, pikepdf.Object], None]) -> Submission:
    """Return what is read after a change to the widget of one box; the form is filled in beforehand."""
    filled = Submission("x", answers={"steuerungskreis": "done", "fim": "done"})
    with pikepdf.open(io.BytesIO(api.render(ozg(), "pdf", submission=filled))) as pdf:
        box = next(note for note in pdf.pages[0].Annots if note.get("/T") == "projektteam")
        change(pdf, box)
        out = io.BytesIO()
        pdf.save(out)
    [submission] = api.read(out.getvalue())
    return submission


def hidden(_: pikepdf.Pdf, box: pikepdf.Object) -> None:
    box.F = 6


def moved(_: pikepdf.Pdf, box: pikepdf.Object) -> None:
    box.Rect = pikepdf.Array([float(value) + 20 for value in list(box.Rect)])


def in_a_layer(pdf: pikepdf.Pdf, box: pikepdf.Object) -> None:
    box.OC = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("off")))


def under_a_button(pdf: pikepdf.Pdf, box: pikepdf.Object) -> None:
    tick = pdf.make_stream(b"0 0 9 9 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9])
    button = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Btn,
            T=pikepdf.String("other"),
            Rect=box.Rect,
            AP=pikepdf.Dictionary(N=tick),
            F=4,
        )
    )
    pdf.pages[0].Annots.append(button)
    pdf.Root.AcroForm.Fields.append(button)


@pytest.mark.parametrize(
    ("change", "code"),
    [(hidden, "box-moved"), (moved, "box-moved"), (in_a_layer, "box-moved"), (under_a_button, "mark-over-box")],
)
def test_a_box_that_people_do_not_see_is_unclear(
    change: Callable[[pikepdf.Pdf, pikepdf.Object], None], code: str
) -> None:
    submission = edited(change)
    assert submission.answers["projektteam"] == "unclear"
    assert [(warning.code, warning.where) for warning in submission.warnings] == [(code, "projektteam")]
    assert [point for point, answer in submission.answers.items() if answer == "done"] == ["steuerungskreis", "fim"]


def test_an_object_in_two_generations_is_left_to_the_full_reader() -> None:
    data = bytearray((FILES / "mutool-incremental.pdf").read_bytes())
    assert read_straight(bytes(data)) is not None
    newest = bytes(data).rindex(b"\nxref\n")
    head = re.compile(rb"(\d+) \d+ *\r?\n\d{10} 00000 n").search(bytes(data), newest)
    assert head is not None
    first = re.compile(rb"xref\n0 \d+ *\r?\n").search(bytes(data))
    assert first is not None
    row = first.end() + 20 * int(head[1])
    data[row + 11 : row + 16] = b"00001"
    assert read_straight(bytes(data)) is None


def test_a_page_with_pages_below_it_is_left_to_the_full_reader() -> None:
    with pikepdf.open(FILES / "pypdf.pdf") as pdf:
        page = pdf.pages[0].obj
        page.Kids = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(page))])
        out = io.BytesIO()
        pdf.save(out)
    assert read_straight(out.getvalue()) is None
