"""What other programs leave of a Word form is enough to read it; what is none of ours is refused by name."""

from __future__ import annotations

import functools
import io
import random
import time
import zipfile
from collections.abc import Callable

import docx
import pytest
from lxml import etree

from ozgdoc import api
from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.readers.docx import read
from ozgdoc.readers.filled import clean_text
from ozgdoc.wire import canonical, checklist_to_json
from tests.documents import LONG, several_states
from tests.sheets import ozg
from tests.word import SPACE, W14, W, edit, fill, replace
from tests.word_documents import word

MAIN = "word/document.xml"
VALUES: dict[str, bool | str] = {
    "checkpoints.steuerungskreis": True,
    "checkpoints.mvp": True,
    "fields.projekt": "Ausbau",
    "fields.stichtag": "01.03.2027",
}


@functools.cache
def blank() -> bytes:
    return api.render(ozg(), "docx")


def filled() -> bytes:
    return fill(blank(), VALUES)


def ticked(form: bytes) -> list[str]:
    (found,) = read(form)
    assert len(found.boxes) == 29
    return [box.checkpoint for box in found.boxes if box.value]


def drop(*tags: str) -> Callable[[etree._Element], None]:
    def change(root: etree._Element) -> None:
        for tag in tags:
            for found in [*root.iter(f"{W}{tag}")]:
                parent = found.getparent()
                if parent is not None:
                    parent.remove(found)

    return change


def box(root: etree._Element, point: str) -> etree._Element:
    for control in root.iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag")
        if tag is not None and tag.get(f"{W}val") == f"checkpoints.{point}":
            return control
    raise KeyError(point)


def test_identity_and_definition() -> None:
    (found,) = read(blank())
    assert found.channel == "docx"
    assert found.identity is not None
    assert (found.identity.checklist, found.identity.version) == (ozg().id, "1.0")
    assert found.definition is not None
    assert found.definition.startswith(b'{"draft":true')
    assert set(found.fields.values()) == {""}
    assert {b.value for b in found.boxes} == {False}
    assert found.notices == ()


@pytest.mark.parametrize("padding", [0, 600_000])  # beyond what is remembered from one copy to the next
def test_forms_that_are_read_in_turns_keep_their_own_definitions(padding: int) -> None:
    blanks = blank(), api.render(several_states(), "docx")
    forms = [edit(form, "customXml/item1.xml", pad(padding)) for form in blanks]
    for _ in range(2):
        for form, checklist in zip(forms, (ozg(), several_states()), strict=True):
            (found,) = read(form)
            assert found.definition == canonical(checklist_to_json(checklist))


def pad(size: int) -> Callable[[etree._Element], None]:
    return lambda root: root.append(etree.Comment(random.Random(size).randbytes(size).hex()))


def test_an_issued_copy_names_its_instance() -> None:
    (found,) = read(api.render(ozg(), "docx", instance="amt-17"))
    assert found.identity is not None
    assert found.identity.instance == "amt-17"


@pytest.mark.parametrize("lost", [(), ("tag",), ("tag", "lock", "showingPlcHdr"), ("alias",), ("tag", "alias")])
def test_names_that_programs_lose(lost: tuple[str, ...]) -> None:
    copy = edit(filled(), MAIN, drop(*lost))
    assert ticked(copy) == ["steuerungskreis", "mvp"]
    (found,) = read(copy)
    assert found.fields == {
        "projekt": "Ausbau", "leistungsschluessel": "", "behoerde": "", "ars": "", "stichtag": "01.03.2027",
    }  # fmt: skip
    by_place = {"tag", "alias"} <= set(lost)
    assert {notice.code for notice in found.notices} == ({"matched-by-place"} if by_place else set())


def test_place_counts_only_where_the_label_agrees() -> None:
    def swap(root: etree._Element) -> None:
        drop("tag", "alias")(root)
        for text in root.iter(f"{W}t"):
            if text.text == "Aufbau Steuerungskreis":
                text.text = "Etwas anderes"

    (found,) = read(edit(filled(), MAIN, swap))
    assert "steuerungskreis" not in [b.checkpoint for b in found.boxes]
    assert "unknown-control" in [notice.code for notice in found.notices]


def test_marks_of_notes_do_not_hide_a_label() -> None:
    """Labels hold marks between words, links to notes of others, several marks at once."""
    form = word("notes")
    (found,), (bare,) = read(form), read(edit(form, MAIN, drop("tag", "alias")))
    assert len(found.boxes) == 18
    assert bare.boxes == found.boxes


def test_a_field_is_known_by_its_place_below_its_label() -> None:
    form = fill(word("many"), {"fields.f17": "Siebzehn"})
    (bare,) = read(edit(form, MAIN, drop("tag", "alias")))
    assert bare.fields == {f"f{i}": "Siebzehn" if i == 17 else "" for i in range(50)}

    def swap(root: etree._Element) -> None:
        drop("tag", "alias")(root)
        for text in root.iter(f"{W}t"):
            text.text = {"Angabe 3": "Angabe 4", "Angabe 4": "Angabe 3"}.get(text.text or "", text.text)

    (swapped,) = read(edit(form, MAIN, swap))
    assert {f"f{i}" for i in range(50)} - set(swapped.fields) == {"f3", "f4"}


def test_a_binding_names_a_control() -> None:
    def bind(root: etree._Element) -> None:
        properties = box(root, "mvp").find(f"{W}sdtPr")
        assert properties is not None
        binding = etree.SubElement(properties, f"{W}dataBinding")
        binding.set(f"{W}xpath", "/f:form/f:item[@id='mvp']")
        for tag in ("tag", "alias"):
            properties.remove(properties.find(f"{W}{tag}"))  # type: ignore[arg-type]

    assert "mvp" in ticked(edit(filled(), MAIN, bind))


def test_shortened_tags_are_resolved() -> None:
    tag = next(
        t.get(f"{W}val", "")
        for t in docx.Document(io.BytesIO(api.render(several_states(), "docx"))).part.element.iter(f"{W}tag")
        if "~" in t.get(f"{W}val", "")
    )
    for lost in ((), ("tag",)):
        copy = edit(fill(api.render(several_states(), "docx"), {tag: True}), MAIN, drop(*lost))
        (found,) = read(copy)
        assert [(b.checkpoint, b.state) for b in found.boxes if b.value] == [(LONG, "ja")]
        assert len(found.boxes) == 32 * 4


@pytest.mark.parametrize(
    ("checked", "sign", "value"),
    [
        ("1", "☑", True), ("true", "☑", True), ("0", "☐", False), ("false", "", False), ("1", "☐", True),
        ("0", "☑", None), ("0", "x", None), ("0", "☐ x", None), ("1", "nein", None),
    ],
)  # fmt: skip
def test_a_sign_that_was_typed_over(checked: str, sign: str, value: bool | None) -> None:
    def change(root: etree._Element) -> None:
        control = box(root, "mvp")
        control.find(f".//{W14}checked").set(f"{W14}val", checked)  # type: ignore[union-attr]
        control.find(f".//{W}t").text = sign  # type: ignore[union-attr]

    (found,) = read(edit(blank(), MAIN, change))
    assert [b.value for b in found.boxes if b.checkpoint == "mvp"] == [value]
    assert [notice.where for notice in found.notices] == ([] if value is not None else ["mvp"])


def test_a_box_that_is_there_twice() -> None:
    def double(root: etree._Element) -> None:
        control = box(root, "mvp")
        other = etree.fromstring(etree.tostring(control))
        other.find(f".//{W14}checked").set(f"{W14}val", "1")  # type: ignore[union-attr]
        control.addnext(other)

    (found,) = read(edit(blank(), MAIN, double))
    assert [b.value for b in found.boxes if b.checkpoint == "mvp"] == [None]


def test_of_a_property_that_is_there_twice_the_first_counts() -> None:
    def double(root: etree._Element) -> None:
        for found, value in ((f"{W}tag", "fields.projekt"), (f"{W14}checked", "0")):
            first = next(box(root, "mvp").iter(found))
            other = etree.fromstring(etree.tostring(first))
            other.set(f"{found.rpartition('}')[0]}}}val", value)
            first.addnext(other)

    assert ticked(edit(filled(), MAIN, double)) == ["steuerungskreis", "mvp"]


def test_what_was_deleted_with_tracking_is_not_read() -> None:
    def track(root: etree._Element) -> None:
        run = next(r for r in root.iter(f"{W}r") if "".join(str(t) for t in r.itertext()) == "Ausbau")
        gone = etree.Element(f"{W}del")
        run.addnext(gone)
        text = etree.SubElement(etree.SubElement(gone, f"{W}r"), f"{W}t")
        text.text, _ = " alt", text.set(SPACE, "preserve")

    (found,) = read(edit(filled(), MAIN, track))
    assert found.fields["projekt"] == "Ausbau"


def test_strict_open_xml() -> None:
    def strict(data: bytes) -> bytes:
        return data.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"
        )  # fmt: skip

    assert ticked(replace(filled(), MAIN, strict)) == ["steuerungskreis", "mvp"]


def test_a_foreign_document_is_refused() -> None:
    saved = io.BytesIO()
    docx.Document().save(saved)
    with pytest.raises(UnknownFormError, match="no form of ours"):
        read(saved.getvalue())


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def doctype(data: bytes) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    return data.replace(b"<w:document", f"<!DOCTYPE x [{entities}]><w:document w:x='&a11;'".encode(), 1)


def outside(_: bytes) -> bytes:
    return b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: b"", "empty"),
        (lambda: b"hello", "no Word file"),
        (lambda: b"PK", "damaged"),
        (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "password"),
        (lambda: blank()[:-30], "damaged"),
        (lambda: blank()[: len(blank()) // 2], "damaged"),
        (lambda: zipped(a=b"b"), "zip file, but no Word document"),
        (lambda: zipped(**{"[Content_Types].xml": b"<Types/>"}), "no Word document"),
        (lambda: zipped(**{"[Content_Types].xml": b"<Types"}), "no sound XML"),
        (lambda: replace(blank(), MAIN, lambda _: b" " * 40_000_000), "times its size"),
        (lambda: replace(blank(), MAIN, lambda data: data[:-20]), "no sound XML"),
        (lambda: replace(blank(), MAIN, doctype), "document type|no sound XML"),
        (lambda: replace(blank(), "customXml/item1.xml", outside), "document type"),
        (lambda: replace(blank(), MAIN, lambda data: b"<a>" * 100_000), "no sound XML"),
        (lambda: zipped(**{f"m{n}": b"" for n in range(3000)}), "more than 2000 parts"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(make: Callable[[], bytes], message: str) -> None:
    data = make()
    started = time.perf_counter()
    with pytest.raises(UnreadableError, match=message) as caught:
        read(data)
    assert time.perf_counter() - started < 2
    assert "\n" not in str(caught.value)


def test_flipped_bytes_never_escape_as_other_errors() -> None:
    form = filled()
    for place in range(0, len(form), 37):
        broken = form[:place] + bytes([form[place] ^ 0x55]) + form[place + 1 :]
        try:
            read(broken)
        except (UnreadableError, UnknownFormError):
            continue


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("A\u0308", "Ä"),
        ("a\x00\x07\x1b[31m\x7f\x85b\tc", "a[31mb\tc"),
        ("\ud83d", "\ufffd"),
        ("abc\u202edef\u2066", "abcdef"),
        ("x" * 20_000, "x" * 10_000),
    ],
)
def test_clean_text(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean
