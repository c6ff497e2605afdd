"""Answers to another version of a checklist, and copies of one that is not at hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ozgdoc import api
from ozgdoc.errors import DataError
from ozgdoc.model import Checklist, Submission
from ozgdoc.wire import checklist_from_json
from tests.programs import program, run


def version(number: str, *points: str) -> Checklist:
    section = {"id": "s", "title": "Teil", "checkpoints": [{"id": point, "text": f"Punkt {point}"} for point in points]}
    value: dict[str, Any] = {"id": "zwei", "version": number, "title": "Zwei", "language": "de", "sections": [section]}
    return checklist_from_json(value | {"fields": [{"id": "nr", "label": "Nr.", "pattern": r"\d{3}"}]})


def filled() -> bytes:
    submission = Submission("x", fields={"nr": "12"}, answers={"a": "done", "b": "done"})
    return api.render(version("1", "a", "b"), "pdf", submission=submission)


def test_an_answer_that_nobody_asks_for_any_more_is_named() -> None:
    [submission] = api.read(filled(), known={"zwei": version("2", "a", "c")})
    assert submission.answers == {"a": "done", "c": "unclear"}
    said = {(warning.code, warning.where) for warning in submission.warnings}
    assert said >= {("checkpoint-gone", "b"), ("re-check", "c"), ("malformed-field", "nr")}


def test_a_drawn_copy_of_an_unknown_form_is_told_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(filled())
    run([program("pdftocairo"), "-pdf", tmp_path / "in.pdf", tmp_path / "out.pdf"])
    [submission] = api.read(tmp_path / "out.pdf")
    assert submission.error is not None
    assert "--data DIR" in submission.error


def test_two_versions_in_one_folder_are_refused(tmp_path: Path) -> None:
    sections = "sections: [{{id: s, title: S, checkpoints: [{{id: p, text: P}}]}}]"
    text = f"id: x\nversion: {{}}\ntitle: X\nlanguage: de\n{sections}\n"
    for number in ("1", "2"):
        (tmp_path / f"v{number}.yaml").write_text(text.format(f'"{number}"'), encoding="utf-8")
    with pytest.raises(DataError, match=r'v2\.yaml: it has the id "x", and so has v1\.yaml'):
        api.checklists(tmp_path)
