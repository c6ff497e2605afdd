"""Copies that are put together from bytes are what the writer makes of the same values."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgdoc import api
from ozgdoc.errors import OutputError, TemplateError
from ozgdoc.model import Checklist, Submission
from ozgdoc.pdf.codes import fast_modules
from ozgdoc.pdf.marks import code_modules
from ozgdoc.resources import template_folders
from ozgdoc.splice import Spliced
from tests import shapes
from tests.sheets import OZG, ozg

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {"projekt": "Şükrü (Łódź) \\ J̌ & <x>", "leistungsschluessel": "99001001000000", "stichtag": "2026-03-01"}


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.data())
def test_spliced_data_is_what_stands_in_it(parts: list[bytes], data: st.DataObject) -> None:
    values = [data.draw(st.binary(max_size=70_000 if not number else 200)) for number in range(len(parts) - 1)]
    plain, packed = Spliced(parts).fill(values)
    assert plain == parts[0] + b"".join(value + part for value, part in zip(values, parts[1:], strict=True))
    assert zlib.decompress(packed, -zlib.MAX_WBITS) == plain


@given(st.text(LETTERS, min_size=16, max_size=16))
def test_codes_are_sums_of_their_letters(payload: str) -> None:
    assert fast_modules(payload) == code_modules(payload)


def several_pages() -> Checklist:
    fields = [
        {"id": "name", "label": "Name"},
        {"id": "art", "label": "Art", "type": "choice", "options": ["erste", "zweite"]},
    ]
    return shapes.checklist(shapes.points(120), fields=fields)


@pytest.mark.parametrize(
    ("checklist", "values"),
    [(ozg(), VALUES), (ozg(), {}), (several_pages(), {"name": "Äö", "art": "zweite"})],
    ids=["ozg", "blank", "several pages"],
)
def test_a_pdf_copy_says_what_the_writer_would_say(checklist: Checklist, values: dict[str, str]) -> None:
    instance = "kennung-1 <ü>"
    copy = api.prefill(checklist, "pdf")(values, instance)
    written = api.render(checklist, "pdf", submission=Submission("", fields=values), instance=instance)
    known = {checklist.id: checklist}
    assert api.read(copy, known=known) == api.read(written, known=known)
    assert api.read(copy, known=known)[0].instance == instance
    with pikepdf.open(io.BytesIO(copy)) as one, pikepdf.open(io.BytesIO(written)) as other:
        assert not one.check_pdf_syntax()
        assert len(one.objects) == len(other.objects)
        for mine, theirs in zip(one.objects, other.objects, strict=True):
            assert content(mine) == content(theirs)
        assert one.trailer.ID[0] != other.trailer.ID[0]  # they are two files


@pytest.mark.parametrize(
    ("checklist", "values"),
    [
        (ozg(), VALUES),
        (ozg(), {}),
        (several_pages(), {"name": "Äö", "art": "zweite"}),
        (several_pages(), {"name": "x", "art": "neither <of> them"}),
    ],
    ids=["ozg", "blank", "choice", "no option"],
)
def test_a_word_copy_has_the_parts_that_the_writer_would_write(checklist: Checklist, values: dict[str, str]) -> None:
    instance = "kennung-1 <ü>"
    copy = api.prefill(checklist, "docx")(values, instance)
    written = api.render(checklist, "docx", submission=Submission("", fields=values), instance=instance)
    known = {checklist.id: checklist}
    assert api.read(copy, known=known) == api.read(written, known=known)
    with zipfile.ZipFile(io.BytesIO(copy)) as one, zipfile.ZipFile(io.BytesIO(written)) as other:
        assert one.testzip() is None
        assert set(one.namelist()) == set(other.namelist())
        assert {name: one.read(name) for name in one.namelist()} == {name: other.read(name) for name in one.namelist()}


def test_a_word_copy_keeps_lines_and_tabs() -> None:
    fill = api.prefill(ozg(), "docx")
    [submission] = api.read(fill({"projekt": "one\ntwo & \tthree\r\nfour"}, "a"), known={OZG: ozg()})
    assert submission.fields["projekt"] == "one\ntwo & \tthree\nfour"


def content(entry: pikepdf.Object) -> object:
    """Return what an object says; digests of packed bytes differ, as these do, and a place by a rounding."""
    if isinstance(entry, pikepdf.Stream):
        entries = {key: value for key, value in entry.stream_dict.items() if key != "/Length"}
        return pikepdf.Dictionary(entries).unparse(), entry.read_bytes()
    if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/Page":
        del entry.PieceInfo.ozgdoc.Private.packed
    return entry.unparse()


@pytest.mark.parametrize("name", ["pdf", "docx"])
def test_copies_differ_by_id_and_values_and_are_the_same_bytes_again(name: str) -> None:
    fill = api.prefill(ozg(), name)
    first = fill(VALUES, "a")
    assert fill(VALUES, "b") != first != fill({}, "a")
    assert api.prefill(ozg(), name)(VALUES, "a") == first
    with pytest.raises(KeyError, match="nirgends"):
        fill({"nirgends": "x"}, "a")


def test_a_format_without_copies_is_refused() -> None:
    with pytest.raises(OutputError, match="pdf"):
        api.prefill(ozg(), "html")


def test_a_template_that_shows_a_value_twice_is_refused(tmp_path: Path) -> None:
    text = (template_folders(None)[-1] / "form.xml.j2").read_text("utf-8")
    (tmp_path / "form.xml.j2").write_text(
        text.replace("</document>", "<paragraph>{{ fields.projekt }}</paragraph></document>")
    )
    with pytest.raises(TemplateError, match="elsewhere than in their fields"):
        api.prefill(ozg(), "pdf", templates=tmp_path)
