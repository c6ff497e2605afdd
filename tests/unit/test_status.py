"""Every checkpoint is counted exactly once, and never in a better light."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgdoc.model import Checklist, Submission, Tally
from ozgdoc.status import assess, combine
from ozgdoc.wire import checklist_from_json
from tests.portfolios import FAILED, answered, one, several, states
from tests.sheets import ozg

MEANINGS = ("done", "open", "exempt")


@st.composite
def answered_checklists(draw: st.DrawFn) -> tuple[Checklist, list[Submission]]:
    """Draw a checklist of any shape and some submissions on it."""
    names = iter(range(1000))
    levels = draw(st.lists(st.booleans(), max_size=3))
    meanings = draw(st.lists(st.sampled_from(MEANINGS), min_size=1, max_size=4))

    def point(depth: int) -> dict[str, object]:
        level = draw(st.sampled_from([None, *(f"l{n}" for n in range(len(levels)))]))
        children = [point(0) for _ in range(draw(st.integers(0, 2)))] if depth else []
        return {"id": f"p{next(names)}", "text": "x", "level": level, "checkpoints": children}

    def section(depth: int) -> dict[str, object]:
        points = [point(1) for _ in range(draw(st.integers(0, 3)))]
        children = [section(0) for _ in range(draw(st.integers(0, 2)))] if depth else []
        return {"id": f"s{next(names)}", "title": "x", "checkpoints": points, "sections": children}

    checklist = checklist_from_json(
        {
            "id": "c",
            "version": "1",
            "title": "x",
            "language": "de",
            "levels": [
                {"id": f"l{n}", "label": "x", "colour": "#000000", "shape": "disc", "required": required}
                for n, required in enumerate(levels)
            ],
            "states": [{"id": f"z{n}", "label": "x", "counts_as": meaning} for n, meaning in enumerate(meanings)],
            "sections": [section(1) for _ in range(draw(st.integers(1, 3)))],
        }
    )
    answers = st.sampled_from(["open", "unclear", *(state.id for state in checklist.states)])
    submissions = [
        Submission(str(n), checklist="c", version="1", answers={p.id: draw(answers) for p in checklist.walk()})
        for n in range(draw(st.integers(1, 3)))
    ]
    return checklist, submissions


def naive(checklist: Checklist, submission: Submission) -> Tally:
    """Count again, in the dullest way."""
    counts = dict.fromkeys(("done", "open", "unclear", "exempt"), 0)
    for point in checklist.walk():
        meaning = submission.answers[point.id]
        for state in checklist.states:
            if state.id == meaning:
                meaning = state.counts_as
        counts[meaning] += 1
    return Tally(**counts)


@given(answered_checklists())
def test_sums_add_up(drawn: tuple[Checklist, list[Submission]]) -> None:
    checklist, submissions = drawn
    statuses = [assess(checklist, submission) for submission in submissions]
    for status, submission in zip(statuses, submissions, strict=True):
        expected = naive(checklist, submission)
        assert status.total == expected
        assert sum((group.tally for group in status.sections), Tally()) == expected
        if checklist.levels:
            assert sum((group.tally for group in status.levels), Tally()) == expected
        assert [point.id for point in status.points] == [point.id for point in checklist.walk()]
    (summary,) = combine(statuses).summaries
    total = sum((naive(checklist, submission) for submission in submissions), Tally())
    assert summary.total == total
    assert sum((group.tally for group in summary.sections), Tally()) == total
    assert sum((spread.tally for spread in summary.points), Tally()) == total
    assert all(spread.tally.total == len(submissions) for spread in summary.points)


@pytest.mark.parametrize(
    ("tally", "percent"),
    [(Tally(done=999, open=1), 99), (Tally(done=1), 100), (Tally(done=2, unclear=1), 66), (Tally(exempt=3), None)],
)
def test_percent_is_rounded_down(tally: Tally, percent: int | None) -> None:
    assert tally.percent == percent


def test_unclear_counts_in_the_denominator_only() -> None:
    (status,) = one().statuses
    assert status.total == Tally(done=2, open=26, unclear=1)
    assert status.total.expected == 29


def test_nested_checkpoints_name_their_parent_and_lose_their_marks() -> None:
    status = assess(states(), answered(states(), "x", {}))
    assert [point.text for point in status.points][1:] == ["# Zwei", "# Zwei – 1. Unterpunkt", "Drei"]
    assert {point.section for point in status.points} == {"s"}


def test_language_is_that_of_texts_where_they_have_it() -> None:
    status = assess(ozg(), answered(ozg(), "x", {}), "en")
    assert (status.title, status.language) == ("Implementation checklist", "en")


def test_checklists_and_versions_are_summed_apart() -> None:
    assert [summary.checklist for summary in several().summaries] == [ozg().id, "grundschutz"]
    newer = replace(ozg(), version="2")
    both = combine([assess(ozg(), answered(ozg(), "x", {})), assess(newer, answered(newer, "y", {}))])
    assert [summary.version for summary in both.summaries] == [ozg().version, "2"]


def test_a_draft_that_changed_without_a_version_is_summed_apart() -> None:
    shorter = replace(ozg(), sections=ozg().sections[:1])
    both = combine([assess(ozg(), answered(ozg(), "x", {})), assess(shorter, answered(shorter, "y", {}))])
    assert [len(summary.points) for summary in both.summaries] == [29, 14]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"a": "ja", "b": "ja", "b1": "ja"}, "no answer for c"),
        ({"a": "ja", "b": "ja", "b1": "ja", "c": "ja", "d": "ja"}, "no checkpoint d"),
        ({"a": "ja", "b": "ja", "b1": "ja", "c": "done"}, '"done" is no answer to c'),
    ],
)
def test_answers_that_cannot_be_counted_are_refused(answers: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        assess(states(), Submission("x", checklist="grundschutz", answers=answers))


def test_submissions_that_cannot_be_assessed_are_refused() -> None:
    with pytest.raises(ValueError, match="could not be read"):
        assess(states(), FAILED)
    with pytest.raises(ValueError, match="belongs to grundschutz"):
        assess(ozg(), answered(states(), "x", {}))
    with pytest.raises(ValueError, match="carries no error"):
        combine([], [answered(states(), "x", {})])
