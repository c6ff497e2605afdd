"""Of a form that LibreOffice saved as OpenDocument only what is certain is read."""

from __future__ import annotations

import io
import zipfile

import pytest

from ozgdoc import api
from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.identity import identify
from ozgdoc.model import Checklist, Submission
from ozgdoc.readers.odt import read

NAMESPACES = (
    " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("text", "text"), ("table", "table"), ("meta", "meta"))
    )
    + ' xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'
)


def checklist() -> Checklist:
    return api.load(
        b"""
id: small
version: "1"
title: Klein
language: de
fields:
  - {id: ort, label: Ort}
  - {id: tag, label: Tag, type: date}
sections:
  - id: a
    title: A
    checkpoints:
      - {id: eins, text: "Erster Punkt[^n]"}
      - {id: zwei, text: Zweiter Punkt}
footnotes:
  n: Note
"""
    )


def box(ticked: bool, sign: str = "") -> str:
    checked = ' loext:checked="true"' if ticked else ""
    return (
        f'<loext:content-control loext:checkbox="true"{checked} loext:checked-state="&#x2611;"'
        f' loext:unchecked-state="&#x2610;"><text:span>{sign or "☐☑"[ticked]}</text:span></loext:content-control>'
    )


def row(*cells: str) -> str:
    return (
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in cells)
        + ("</table:table-row>")
    )


NOTE = "<text:note><text:note-citation>1</text:note-citation><text:note-body>Zweiter Punkt</text:note-body></text:note>"
FIRST = row(f"<text:tab/>Erster<text:s/>Punkt{NOTE}", box(ticked=True))
SECOND = row("Zweiter Punkt", box(ticked=False))
PLACE, DAY = (
    "Ort <text:text-input>Bad<text:s text:c='2'/>Ems</text:text-input>",
    'Tag <loext:content-control loext:date="true">1.2.2025</loext:content-control>',
)
ARTIFACT = "<text:p><text:text-input>&#x0d;</text:text-input></text:p>"


def an_odt(*body: str, content: str = "", **parts: str) -> bytes:
    content = content or identify(checklist()).content
    said = {"Checklist": "small", "Version": "1", "Content": content, "Instance": ""}
    meta = "".join(
        f'<meta:user-defined meta:name="ozgdoc.{key}">{text}</meta:user-defined>' for key, text in said.items()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        for name, text in {
            "meta": f"<office:document-meta {NAMESPACES}>{meta}</office:document-meta>",
            "content": f"<office:document-content {NAMESPACES}><table:table>{''.join(body)}</table:table>"
            "</office:document-content>",
            **parts,
        }.items():
            package.writestr(f"{name}.xml", text)
    return out.getvalue()


def one(data: bytes) -> Submission:
    [submission] = api.read(data, known={"small": checklist()})
    return submission


def test_boxes_and_fields_by_their_places() -> None:
    submission = one(an_odt(ARTIFACT, row(PLACE, DAY), FIRST, SECOND))
    assert submission.answers == {"eins": "done", "zwei": "open"}
    assert submission.fields == {"ort": "Bad  Ems", "tag": "1.2.2025"}
    assert [notice.code for notice in submission.warnings] == ["matched-by-place"]


def test_labels_may_stand_above() -> None:
    head = f"<table:table-header-rows>{row('Ort', 'Tag')}</table:table-header-rows>"
    submission = one(an_odt(head, row("<text:text-input>x</text:text-input>", DAY.removeprefix("Tag ")), FIRST, SECOND))
    assert submission.fields == {"ort": "x", "tag": "1.2.2025"}


def test_rows_that_changed_places_are_unclear() -> None:
    submission = one(an_odt(row(PLACE, DAY), SECOND, FIRST))
    assert submission.answers == {"eins": "unclear", "zwei": "unclear"}


def test_a_sign_that_was_typed_over_is_unclear() -> None:
    assert one(an_odt(FIRST, row("Zweiter Punkt", box(False, "x")))).answers == {"eins": "done", "zwei": "unclear"}
    # A program that sets the state leaves the old sign beside the new one.
    assert one(an_odt(FIRST, row("Zweiter Punkt", box(True, "☑☐")))).answers["zwei"] == "done"


@pytest.mark.parametrize("body", [(FIRST,), (FIRST, SECOND, SECOND), ()])
def test_other_numbers_of_boxes_are_refused(body: tuple[str, ...]) -> None:
    submission = one(an_odt(*body))
    assert (submission.error_code, "lost their names" in (submission.error or "")) == ("unreadable", True)


def test_fields_that_are_not_where_they_were_are_told() -> None:
    for fields in ((row(DAY),), (row(DAY, PLACE),)):
        submission = one(an_odt(*fields, FIRST, SECOND))
        assert submission.fields == {"ort": "", "tag": ""}
        assert [notice.where for notice in submission.warnings if notice.code == "field-missing"] == ["ort", "tag"]


def test_deleted_text_and_placeholders_are_nothing() -> None:
    deleted = f"<text:tracked-changes>{FIRST}</text:tracked-changes>"
    empty = 'Tag <loext:content-control loext:showing-place-holder="true">Datum</loext:content-control>'
    submission = one(an_odt(deleted, row("Ort <text:text-input>\u2003\u2003</text:text-input>", empty), FIRST, SECOND))
    assert submission.answers == {"eins": "done", "zwei": "open"}
    assert submission.fields == {"ort": "", "tag": ""}


def test_another_version_is_refused_by_name() -> None:
    assert one(an_odt(FIRST, SECOND, content="0" * 64)).error_code == "unknown-form"


def test_what_carries_no_identity_is_refused_by_name() -> None:
    with pytest.raises(UnknownFormError):
        read(an_odt(FIRST, SECOND, meta="<a/>"))


@pytest.mark.parametrize(
    "data",
    [
        an_odt(meta="<a"),
        an_odt(content="x")[:-20],
        an_odt(FIRST * 20_001),
        an_odt(meta='<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'),
        an_odt(**{"META-INF/manifest": '<manifest xmlns:m="urn:x"><m:encryption-data/></manifest>'}),
    ],
    ids=["damaged", "cut", "large", "entity", "encrypted"],
)
def test_damaged_files_are_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(data)
