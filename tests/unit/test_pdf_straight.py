"""The straight way of reading gives what the full reader gives, or nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ozgdoc.readers.pdf
from ozgdoc.errors import OzgdocError
from ozgdoc.pdf.plain import PlainFile
from ozgdoc.pdf.syntax import Name, NotPlainError, Ref, Value, parse
from ozgdoc.readers.filled import Filled
from ozgdoc.readers.pdf.straight import read_straight
from tests.hostile.corpus import FAMILIES

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
    content = bytearray((FILES / f"{data.draw(st.sampled_from(PLAIN))}.pdf").read_bytes())
    marks = [at for at in range(len(content)) if content[at] in b"/<>()[]R"]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.one_of(st.sampled_from(marks), st.integers(0, len(content) - 1)))
        content[at] = data.draw(st.sampled_from(b"/<>()[] 0123456789Rnf\n\\%ab\xff"))
    found = read_straight(bytes(content))
    assert found is None or full(bytes(content)) == [found]


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
