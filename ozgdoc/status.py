"""What submissions mean: every checkpoint counted exactly once, nothing flattering. No I/O."""

from __future__ import annotations

from collections.abc import Iterable

from ozgdoc.model import (
    MARK,
    OPEN,
    UNCLEAR,
    Checklist,
    Checkpoint,
    Group,
    Point,
    Portfolio,
    Section,
    Spread,
    Status,
    Submission,
    Summary,
    Tally,
    Text,
)


def assess(checklist: Checklist, submission: Submission, language: str | None = None) -> Status:
    """Say what one submission means.

    Args:
        checklist: what the submission answers.
        submission: with exactly one answer for each of the checklist's checkpoints.
        language: BCP 47 tag of labels and texts; the checklist's own by default.

    Raises:
        ValueError: the submission carries an error, belongs to another checklist, lacks an answer, answers what was
            not asked, or an answer is neither a state of the checklist nor ``open`` or ``unclear``.
    """
    language = language or checklist.language
    _check(checklist, submission)
    points = tuple(
        _point(checklist, submission, language, section, line)
        for section in checklist.sections
        for line in _lines(section)
    )
    levels: list[tuple[str, str]] = [(level.id, _plain(level.label, language)) for level in checklist.levels]
    if levels and any(not found.level for found in points):
        levels.append(("", "–"))
    return Status(
        submission=submission,
        title=_plain(checklist.title, language),
        fields=tuple(
            (field.id, _plain(field.label, language), submission.fields.get(field.id, "")) for field in checklist.fields
        ),
        total=_tally(points),
        sections=tuple(
            Group(section.id, _plain(section.title, language), _tally(p for p in points if p.section == section.id))
            for section in checklist.sections
        ),
        levels=tuple(
            Group(name, label, _tally(p for p in points if (p.level or "") == name)) for name, label in levels
        ),
        points=points,
        levels_confirmed=checklist.levels_confirmed,
        version=checklist.version,
        language=language,
        states=tuple((state.id, _plain(state.label, language)) for state in checklist.states),
    )


def combine(statuses: Iterable[Status], failed: Iterable[Submission] = ()) -> Portfolio:
    """Put several statuses together and sum them up per checklist and version.

    Args:
        statuses: in the order in which reports show them.
        failed: the submissions that could not be read.

    Raises:
        ValueError: one of the failed carries no error.
    """
    statuses, failed = tuple(statuses), tuple(failed)
    for submission in failed:
        if submission.error is None:
            raise ValueError(f"{submission.source}: counted as failed, but it carries no error")
    groups: dict[tuple[object, ...], list[Status]] = {}
    for status in statuses:
        # A draft can have changed its points without a new version, and is then another sheet.
        points = tuple((point.id, point.section, point.level) for point in status.points)
        parts = tuple(group.id for group in (*status.sections, *status.levels))
        groups.setdefault((status.submission.checklist, status.version, points, parts), []).append(status)
    return Portfolio(statuses, failed, tuple(_summary(tuple(group)) for group in groups.values()))


def _check(checklist: Checklist, submission: Submission) -> None:
    """Refuse a submission that can't be counted."""
    source = submission.source
    if submission.error is not None:
        raise ValueError(f"{source}: could not be read and has no status")
    if submission.checklist not in (None, checklist.id):
        raise ValueError(f"{source}: belongs to {submission.checklist}, not to {checklist.id}")
    known = {OPEN, UNCLEAR, *(state.id for state in checklist.states)}
    asked = {checkpoint.id for checkpoint in checklist.walk()}
    if missing := sorted(asked - submission.answers.keys()):
        raise ValueError(f"{source}: no answer for {', '.join(missing)}")
    if foreign := sorted(submission.answers.keys() - asked):
        raise ValueError(f"{source}: {checklist.id} {checklist.version} has no checkpoint {', '.join(foreign)}")
    for name, answer in submission.answers.items():
        if answer not in known:
            raise ValueError(f'{source}: "{answer}" is no answer to {name}; known are {", ".join(sorted(known))}')


def _lines(section: Section) -> Iterable[tuple[Checkpoint, ...]]:
    """Yield every checkpoint below a section in reading order, a nested one behind its parent."""
    for checkpoint in section.checkpoints:
        yield (checkpoint,)
        yield from ((checkpoint, child) for child in checkpoint.checkpoints)
    for child in section.sections:
        yield from _lines(child)


def _point(
    checklist: Checklist, submission: Submission, language: str, section: Section, line: tuple[Checkpoint, ...]
) -> Point:
    checkpoint = line[-1]
    level = checklist.level(checkpoint.level)
    answer = submission.answers[checkpoint.id]
    meanings = {state.id: state.counts_as for state in checklist.states}
    return Point(
        id=checkpoint.id,
        text=" – ".join(_plain(part.text, language) for part in line),
        section=section.id,
        level=level.id if level else None,
        required=level is not None and level.required,
        answer=answer,
        meaning="unclear" if answer == UNCLEAR else meanings.get(answer, "open"),
    )


def _plain(text: Text, language: str) -> str:
    return " ".join(MARK.sub("", text.get(language)).split())


def _tally(points: Iterable[Point]) -> Tally:
    return sum((Tally(**{point.meaning: 1}) for point in points), Tally())


def _summary(statuses: tuple[Status, ...]) -> Summary:
    first = statuses[0]
    return Summary(
        checklist=first.submission.checklist or "",
        version=first.version,
        title=first.title,
        statuses=statuses,
        total=sum((status.total for status in statuses), Tally()),
        sections=_sums(status.sections for status in statuses),
        levels=_sums(status.levels for status in statuses),
        points=tuple(
            Spread(point.id, point.text, point.section, point.level, point.required, _tally(same))
            for point, same in zip(first.points, zip(*(status.points for status in statuses), strict=True), strict=True)
        ),
    )


def _sums(groups: Iterable[tuple[Group, ...]]) -> tuple[Group, ...]:
    return tuple(
        Group(same[0].id, same[0].label, sum((group.tally for group in same), Tally()))
        for same in zip(*groups, strict=True)
    )
