"""JSON: one object about a portfolio, for programs.

The keys are a contract and don't change; new ones may be added:

    {"submissions": [{"source", "channel", "checklist", "version", "instance", "fields", "answers", "warnings",
                      "title", "assessed_version", "language", "levels_confirmed",
                      "totals": {"done", "open", "unclear", "exempt", "total", "expected"},
                      "sections": [{"id", "label", "totals"}], "levels": [{"id", "label", "totals"}],
                      "points": [{"id", "text", "section", "level", "required", "answer", "meaning"}]}],
     "summaries": [{"checklist", "version", "title", "submissions", "totals", "sections", "levels",
                    "points": [{"id", "text", "section", "level", "required", "totals"}]}],
     "failed": [{"source", "error", "error_code"}]}

A rate is ``done / expected``; ``expected`` is ``total`` without ``exempt``. In ``points`` of a summary the totals count
submissions. The level id ``""`` gathers checkpoints without a level.
"""

from __future__ import annotations

from typing import Any

from ozgdoc.model import Group, Point, Portfolio, Spread, Status, Summary, Tally
from ozgdoc.wire import shown, submission_to_json


def write(portfolio: Portfolio) -> bytes:
    """Return the portfolio as one JSON object in UTF-8; see the module for its keys."""
    value = {
        "submissions": [_status(status) for status in portfolio.statuses],
        "summaries": [_summary(summary) for summary in portfolio.summaries],
        "failed": [
            {"source": failed.source, "error": failed.error, "error_code": failed.error_code}
            for failed in portfolio.failed
        ],
    }
    return (shown(value, indent=2) + "\n").encode()


def _status(status: Status) -> dict[str, Any]:
    submission = submission_to_json(status.submission)
    del submission["error"]  # what has a status has none
    return {
        **submission,
        "fields": {name: value for name, _, value in status.fields},
        "title": status.title,
        "assessed_version": status.version,
        "language": status.language,
        "levels_confirmed": status.levels_confirmed,
        **_sums(status),
        "points": [{**_point(point), "answer": point.answer, "meaning": point.meaning} for point in status.points],
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "checklist": summary.checklist,
        "version": summary.version,
        "title": summary.title,
        "submissions": len(summary.statuses),
        **_sums(summary),
        "points": [{**_point(point), "totals": _totals(point.tally)} for point in summary.points],
    }


def _sums(counted: Status | Summary) -> dict[str, Any]:
    return {
        "totals": _totals(counted.total),
        "sections": [_group(group) for group in counted.sections],
        "levels": [_group(group) for group in counted.levels],
    }


def _point(point: Point | Spread) -> dict[str, Any]:
    return {
        "id": point.id,
        "text": point.text,
        "section": point.section,
        "level": point.level,
        "required": point.required,
    }


def _group(group: Group) -> dict[str, Any]:
    return {"id": group.id, "label": group.label, "totals": _totals(group.tally)}


def _totals(tally: Tally) -> dict[str, int]:
    return {
        "done": tally.done,
        "open": tally.open,
        "unclear": tally.unclear,
        "exempt": tally.exempt,
        "total": tally.total,
        "expected": tally.expected,
    }
