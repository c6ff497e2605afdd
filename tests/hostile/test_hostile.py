"""Every hostile file ends in a right reading or in an error that says what is wrong, within its limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ozgdoc.batch import read_files
from ozgdoc.limits import MEGABYTE, Limits
from ozgdoc.model import OPEN, UNCLEAR, Submission
from tests.files import ROOT
from tests.hostile.base import KNOWN, LISTENER, TRUTH, Case
from tests.hostile.corpus import FAMILIES

#: Less memory than by default, so that bombs need not be large to be too large.
LIMITS = Limits(seconds=30, memory=200 * MEGABYTE)
GIVEN_UP = "reading it took more than"
BUG = re.compile("That is a bug|broke down")


@pytest.mark.parametrize("family", FAMILIES)
def test_family(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    here, files = tmp_path / "here", tmp_path / "files"
    here.mkdir()
    files.mkdir()
    monkeypatch.chdir(here)
    cases = [case for recipe in FAMILIES[family] for case in recipe()]
    assert len({case.name for case in cases}) == len(cases)
    paths = [files / f"{number}.bin" for number in range(len(cases))]
    for path, case in zip(paths, cases, strict=True):
        path.write_bytes(case.data)
    results = list(read_files(paths, KNOWN, LIMITS))
    assert len(results) == len(cases)
    wrong = [
        f"{case.name}: {what}" for case, found in zip(cases, results, strict=True) for what in complaints(case, found)
    ]
    assert wrong == []
    assert capfd.readouterr() == ("", "")
    assert list(here.iterdir()) == []
    assert sorted(files.iterdir()) == sorted(paths)
    assert not called()
    outcomes = {outcome(submission) for found in results for submission in found}
    assert documented()[family] == (len(cases), " or ".join(sorted(outcomes, key=ORDER.index)))


def complaints(case: Case, found: list[Submission]) -> Iterator[str]:
    """Yield what is wrong with what was read from a file."""
    if not found:
        yield "nothing came of it"
    if case.read and all(submission.error for submission in found):  # what is attached to it may be refused
        yield f"refused: {found[0].error}"
    for submission in found:
        error = submission.error
        if error is None:
            if case.says is not None:
                yield "it was read"
            yield from wrong_answers(case, submission)
        elif BUG.search(error) or not error or "Traceback" in error:
            yield error
        elif str(case.says or "") not in error and not error.startswith(GIVEN_UP):
            yield f"refused: {error}"


def wrong_answers(case: Case, submission: Submission) -> Iterator[str]:
    answers = submission.answers
    if case.truth and submission.checklist in KNOWN:
        yield from (
            f"{point} is {answers.get(point)}, not {true}"
            for point, true in TRUTH.items()
            if answers.get(point) not in (true, UNCLEAR)
        )
        if case.read and UNCLEAR in answers.values():
            yield "something is unclear"
    elif submission.definition is not None:
        states = {OPEN, UNCLEAR, *(state.id for state in submission.definition.states)}
        if answers.keys() != {point.id for point in submission.definition.walk()} or not states.issuperset(
            answers.values()
        ):
            yield "its answers are not those of its checklist"
    if UNCLEAR in answers.values() and not submission.warnings:
        yield "something is unclear, and nothing says why"
    for name, text in case.texts:
        if submission.fields[name] != text:
            yield f"{name} is {submission.fields[name]!r:.80}"


def called() -> bool:
    """Return whether somebody tried to reach the place that hostile files name."""
    try:
        LISTENER.accept()
    except BlockingIOError:
        return False
    return True


ORDER = ("read", "refused", "given up")


def outcome(submission: Submission) -> str:
    if submission.error is None:
        return "read"
    return "given up" if submission.error.startswith(GIVEN_UP) else "refused"


def documented() -> dict[str, tuple[int, str]]:
    """Return files and outcome of each family as docs/security.md says them."""
    text = (ROOT / "docs/security.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\w ]+) \| [^|]+ \| (\d+) \| ([a-z ]+) \|$", text, re.MULTILINE)
    return {name: (int(count), outcomes) for name, count, outcomes in rows}


def test_the_documentation_counts_right() -> None:
    rows = documented()
    assert rows.keys() == FAMILIES.keys()
    text = (ROOT / "docs/security.md").read_text("utf-8")
    assert f"{sum(count for count, _ in rows.values()):,} files" in text
    assert f"{sum(len(recipes) for recipes in FAMILIES.values())} recipes" in text
