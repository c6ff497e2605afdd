"""The keys of the JSON report are a contract."""

from __future__ import annotations

import json

from ozgdoc.model import Portfolio
from ozgdoc.status import combine
from ozgdoc.writers.json import write
from tests.portfolios import FAILED, NASTY, one, several

TOTALS = {"done", "open", "unclear", "exempt", "total", "expected"}


def test_keys() -> None:
    value = json.loads(write(several()))
    assert set(value) == {"submissions", "summaries", "failed"}
    submission, summary = value["submissions"][0], value["summaries"][0]
    assert set(submission) == {
        *("source", "channel", "checklist", "version", "instance", "fields", "answers", "warnings", "title"),
        *("assessed_version", "language", "levels_confirmed", "totals", "sections", "levels", "points"),
    }
    assert set(summary) == {
        *("checklist", "version", "title", "submissions", "totals", "sections", "levels", "points"),
    }
    assert set(submission["points"][0]) == {"id", "text", "section", "level", "required", "answer", "meaning"}
    assert set(summary["points"][0]) == {"id", "text", "section", "level", "required", "totals"}
    assert set(submission["totals"]) == set(summary["levels"][0]["totals"]) == TOTALS


def test_values() -> None:
    value = json.loads(write(one()))
    (submission,) = value["submissions"]
    assert submission["totals"] == {"done": 2, "open": 26, "unclear": 1, "exempt": 0, "total": 29, "expected": 29}
    assert submission["fields"]["projekt"] == NASTY
    assert submission["fields"]["behoerde"] == ""
    assert submission["answers"]["fim"] == "unclear"


def test_failed_files_are_named() -> None:
    assert json.loads(write(several()))["failed"] == [
        {"source": FAILED.source, "error": FAILED.error, "error_code": "unknown-form"}
    ]


def test_nothing_is_an_object_too() -> None:
    empty: Portfolio = combine([])
    assert json.loads(write(empty)) == {"submissions": [], "summaries": [], "failed": []}
