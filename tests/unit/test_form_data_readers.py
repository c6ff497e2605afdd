"""FDF, XFDF and JSON: what they name is read, what they leave out is unclear, what is none of ours is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ozgdoc import api
from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.model import Submission
from ozgdoc.readers import fdf, saved
from ozgdoc.wire import checklist_to_json, submission_to_json
from tests.documents import several_states
from tests.portfolios import answered
from tests.sheets import OZG, ozg

POINTS = [point.id for point in ozg().walk()]


def an_fdf(fields: str, before: str = "", trailer: str = "<</Root 1 0 R>>") -> bytes:
    return (f"%FDF-1.2\n{before}1 0 obj\n<</FDF<</Fields[{fields}]>>>>\nendobj\ntrailer\n{trailer}\n%%EOF\n").encode(
        "latin-1"
    )


def an_xfdf(fields: str, before: str = "") -> bytes:
    text = f'<?xml version="1.0"?>{before}<xfdf xmlns="http://ns.adobe.com/xfdf/"><fields>{fields}</fields></xfdf>'
    return text.encode()


def all_boxes(value: str = "/Off", **others: str) -> str:
    boxes = dict.fromkeys(POINTS, value) | {name.replace("_", "-"): text for name, text in others.items()}
    return "".join(f"<</T({OZG}.checkpoints.{point})/V {text}>>" for point, text in boxes.items())


def one(data: bytes, **options: Any) -> Submission:
    [submission] = api.read(data, **options)
    return submission


# ------------------------------------------------------------------------------------------------------- FDF and XFDF


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        *((value, "done") for value in ("/Yes", "(Yes)", "/On", "(true)", "true", "1", "<FEFF005900650073>", "/Ye#73")),
        *((value, "open") for value in ("/Off", "(Off)", "()", "/No", "false", "0")),
        *((value, "unclear") for value in ("/Maybe", "(x)", "null", "<<>>", "[/Yes /Off]", "7")),
    ],
)
def test_values_of_boxes(value: str, answer: str) -> None:
    submission = one(an_fdf(all_boxes(mvp=value)))
    assert submission.error is None
    assert submission.answers["mvp"] == answer
    assert set(submission.answers.values()) <= {"open", answer}


@pytest.mark.parametrize(
    "text",
    [
        "(Stra\xdfe)",  # PDFDocEncoding
        "(Stra\\337e)",
        "<FEFF00530074007200610 0DF0065>",
        "<FFFE530074007200610 0DF006500>",
        "<EFBBBF53747261C39F65>",
        "<53747261C39F65>",  # UTF-8 without a mark
        "2 0 R",
    ],
)
def test_texts_in_every_encoding(text: str) -> None:
    before = "2 0 obj\n(Stra\xdfe)\nendobj\n"
    submission = one(an_fdf(f"<</T({OZG})/Kids[<</T(fields)/Kids[<</T(projekt)/V {text}>>]>>]>>{all_boxes()}", before))
    assert submission.fields["projekt"] == "Straße"


def test_a_box_that_is_not_there_is_unclear_and_not_open() -> None:
    submission = one(an_xfdf(f'<field name="{OZG}.checkpoints.mvp"><value>Yes</value></field>'))
    assert submission.answers["mvp"] == "done"
    assert list(submission.answers.values()).count("unclear") == 28
    assert {notice.code for notice in submission.warnings} == {"no-version", "box-missing"}


def test_a_box_without_a_value_is_unclear() -> None:
    for data in (
        an_fdf(f"<</T({OZG}.checkpoints.mvp)>>"),
        an_xfdf(f'<field name="{OZG}"><field name="checkpoints"><field name="mvp"/></field></field>'),
    ):
        [copy] = fdf.read(data)
        assert [box.value for box in copy.boxes] == [None]
        assert copy.notices[1].code == "box-missing"


def test_an_empty_name_is_no_value() -> None:
    submission = one(an_fdf(all_boxes(mvp="/")))
    assert submission.answers["mvp"] == "unclear"


def test_what_contradicts_itself_is_unclear() -> None:
    twice = f"<</T({OZG}.checkpoints.mvp)/V/Yes>>" + "".join(f"<</T({OZG}.fields.projekt)/V({text})>>" for text in "ab")
    submission = one(an_fdf(all_boxes() + twice))
    assert submission.answers["mvp"] == "unclear"
    assert [notice.code for notice in submission.warnings].count("value-conflict") == 2


def test_names_may_have_a_prefix() -> None:
    [copy] = fdf.read(an_fdf(f"<</T(form 1)/Kids[<</T({OZG}.checkpoints.mvp)/V/Yes>>]>>"))
    assert (copy.identity and copy.identity.checklist, copy.boxes[0].checkpoint) == (OZG, "mvp")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ("", "not of a form of ours"),
        ("<</T(name)/V(x)>>", "not of a form of ours"),
        ("<</T(a.checkpoints.x)/V/Yes>><</T(b.checkpoints.x)/V/Yes>>", "several checklists"),
        ("<</T(a.checkpoints.x)/V/Yes>>", '"a", which is not known here'),
        (f"<</T({OZG}.checkpoints.new)/V/Yes>>", '"new"'),
        (f"<</T({OZG}.checkpoints.mvp.maybe)/V/Yes>>", '"mvp"'),
        (f"<</T({OZG}.fields.new)/V(x)>>", '"new"'),
    ],
)
def test_what_fits_no_checklist_is_refused_by_name(fields: str, reason: str) -> None:
    submission = one(an_fdf(fields))
    assert submission.error_code == "unknown-form"
    assert reason in (submission.error or "")


@pytest.mark.parametrize(
    "data",
    [
        b"%FDF-1.2",
        b"%FDF-1.2\n1 0 obj\n<</FDF [[[[\nendobj\ntrailer<</Root 1 0 R>>",
        an_fdf("", trailer="<</Root 7 0 R>>"),
        an_fdf("", trailer="<<>>"),
        an_fdf("", trailer="<</Root 1 0 R/Encrypt 2 0 R>>"),
        an_fdf("", "1 0 obj\n<<>>\nendobj\n"),
        b'<xfdf xmlns="http://ns.adobe.com/xfdf/"><fields>',
        an_xfdf("&e;", '<!DOCTYPE xfdf [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
        an_xfdf("&a;", '<!DOCTYPE xfdf [<!ENTITY a "aaa">]>'),
        an_xfdf("<field>" * 1000 + "</field>" * 1000),
        an_xfdf("<field/>" * 50_001),
        an_fdf("<<>>" * 50_001),
        an_fdf("<</Kids[" * 40 + "]>>" * 40),
    ],
)
def test_damaged_data_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        fdf.read(data)


def test_fields_that_bite_their_tail_come_to_an_end() -> None:
    with pytest.raises(UnreadableError):
        fdf.read(an_fdf("2 0 R", "2 0 obj\n<</T(a)/Kids[2 0 R 2 0 R]>>\nendobj\n"))


# --------------------------------------------------------------------------------------------------------------- JSON


def a_form(**changes: Any) -> dict[str, Any]:
    identity = {"checklist": "grundschutz", "version": "2", "content": "", "instance": "k-1"}
    points = [(point.id, state.id) for point in several_states().walk() for state in several_states().states]
    return {
        "ozgdoc": 1,
        **identity,
        "content": api.compose_form(several_states()).form.identity.content,  # type: ignore[union-attr]
        "definition": checklist_to_json(several_states()),
        "fields": {"text": "a\r\nb\x00"},
        "boxes": {f"{point}.{state}": state == "nein" and point == "punkt-2" for point, state in points},
        **changes,
    }


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


def test_what_the_web_form_saves() -> None:
    submission = one(b"\xef\xbb\xbf \n" + dumped(a_form()), known={})
    assert (submission.error, submission.channel, submission.instance) == (None, "html", "k-1")
    assert submission.fields["text"] == "a\nb"
    assert {point for point, answer in submission.answers.items() if answer == "nein"} == {"punkt-2"}
    assert submission.definition == several_states()


def test_several_ticks_and_missing_boxes_are_unclear() -> None:
    boxes = {**a_form()["boxes"], "punkt-2.ja": True, "punkt-5.ja": None}
    del boxes["punkt-7.ja"]
    submission = one(dumped(a_form(boxes=boxes)), known={})
    assert [point for point, answer in submission.answers.items() if answer == "unclear"] == [
        "punkt-2",
        "punkt-5",
        "punkt-7",
    ]


def test_a_changed_definition_is_refused() -> None:
    definition = {**checklist_to_json(several_states()), "title": {"de": "Anders"}}
    assert "it was changed" in (one(dumped(a_form(definition=definition)), known={}).error or "")


def test_without_its_definition_the_registered_one_must_be_the_same() -> None:
    known = {"grundschutz": several_states()}
    assert one(dumped(a_form(definition=None)), known=known).error is None
    assert one(dumped(a_form(definition=None, content="0")), known=known).error_code == "unknown-form"
    assert one(dumped(a_form(definition=None)), known={}).error_code == "unknown-form"


def test_what_read_prints_is_read_again() -> None:
    known = {"grundschutz": several_states()}
    answers = {"punkt-1": "ja", "punkt-2": "entbehrlich", "unten": "unclear"}
    before = answered(several_states(), "x", answers, text="Text")
    after = one(dumped(submission_to_json(before)), known=known)
    assert after.answers == before.answers
    assert after.fields["text"] == "Text"
    assert (after.channel, after.version) == ("json", "2")
    assert after.warnings[:-1] == before.warnings
    assert after.warnings[-1].code == "no-version"


def a_record(**changes: Any) -> dict[str, Any]:
    return {"checklist": OZG, "version": "1.0", "answers": dict.fromkeys(POINTS, "open"), "fields": {}, **changes}


def test_answers_to_another_version_are_refused_unless_they_were_carried_over() -> None:
    assert one(dumped(a_record(version="0.9"))).error_code == "unknown-form"
    carried = one(dumped(a_record(version="0.9", warnings=[{"code": "other-version", "message": "m", "where": ""}])))
    assert (carried.error, carried.version) == (None, "1.0")
    assert [notice.code for notice in carried.warnings] == ["other-version", "no-version"]


def test_a_checkpoint_without_an_answer_is_unclear() -> None:
    submission = one(dumped(a_record(answers={"mvp": "done"})))
    assert submission.answers["mvp"] == "done"
    assert list(submission.answers.values()).count("unclear") == 28


@pytest.mark.parametrize("answers", [{"new": "done"}, {"mvp": "maybe"}])
def test_answers_that_the_checklist_does_not_have_are_refused(answers: dict[str, str]) -> None:
    assert one(dumped(a_record(answers=answers))).error_code == "unknown-form"


def test_a_record_of_a_failure_stays_one() -> None:
    assert one(dumped(a_record(error="it is empty."))).error == "it says of itself: it is empty."


@pytest.mark.parametrize(
    "data",
    [
        b"{",
        b"{" * 100_000,
        b'{"a":' * 100_000,
        b'{"ozgdoc": 1}',
        b'{"ozgdoc": 1, "ozgdoc": 1}',
        b'{"answers": []}',
        b"{\xff",
        b'{"a": ' + b"1" * 5000 + b"}",
        b"{" + b" " * saved.MAX_SIZE + b"}",
        *(dumped(a_form(**change)) for change in ({"ozgdoc": 2}, {"ozgdoc": True}, {"boxes": {"a": "yes"}})),
        *(dumped(a_form(**change)) for change in ({"boxes": []}, {"fields": {"a": 1}}, {"checklist": 7})),
        *(dumped(a_form(**change)) for change in ({"instance": []}, {"definition": "x"}, {"content": None})),
        *(dumped(a_record(**change)) for change in ({"answers": {"mvp": 1}}, {"warnings": [1]}, {"error": 1})),
    ],
)
def test_damaged_json_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        saved.read(data)


def test_other_json_is_refused_by_name() -> None:
    with pytest.raises(UnknownFormError, match="no answers"):
        saved.read(b'{"a": 1}')


def test_the_web_form_itself_is_refused_by_name() -> None:
    assert "the file that its button saves" in (one(api.render(ozg(), "html")).error or "")
