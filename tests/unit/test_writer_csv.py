"""CSV that a program reads back, and that no spreadsheet executes."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from ozgdoc.model import Portfolio
from ozgdoc.status import assess, combine
from ozgdoc.writers.csv import write
from tests.portfolios import FAILED, answered, several, states
from tests.sheets import ozg


def rows(portfolio: Portfolio) -> list[dict[str, str]]:
    text = write(portfolio).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def test_excel_knows_it_as_utf_8() -> None:
    assert write(several()).startswith(b"\xef\xbb\xbfsource;")


def test_one_row_per_submission_and_checkpoint() -> None:
    found = rows(several())
    assert len(found) == 29 + 29 + 4 + 1
    assert [row["checkpoint"] for row in found[:29]] == [point.id for point in ozg().walk()]
    assert sum(row["meaning"] == "done" for row in found) == 3
    assert found[0]["field:art"] == ""
    assert found[-2]["answer"] == "teilweise"
    assert found[-2]["meaning"] == "open"


def test_failed_files_are_rows_too() -> None:
    last = rows(several())[-1]
    assert {name: text for name, text in last.items() if text} == {"source": FAILED.source, "error": FAILED.error}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", "\n=1", "＝1", " =1"])
def test_formulas_are_disarmed(text: str) -> None:
    portfolio = combine([assess(states(), answered(states(), text, {}, art=text))], [replace(FAILED, error=text)])
    found = rows(portfolio)
    assert {found[0]["source"], found[0]["field:art"], found[-1]["error"]} == {f"'{text}"}


@pytest.mark.parametrize("text", ["", "051110000000", 'a;"b"\nc', "a=b", "ſt ẞ Ǌ"])
def test_other_texts_come_back_as_they_were(text: str) -> None:
    assert rows(combine([assess(states(), answered(states(), "x", {}, art=text))]))[0]["field:art"] == text
