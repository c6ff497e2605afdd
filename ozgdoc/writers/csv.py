"""CSV: one row per submission and checkpoint, for spreadsheets and data frames.

A semicolon separates, because that is what Excel expects where the comma is the decimal mark, and the file begins with
a byte order mark, without which Excel takes UTF-8 for the old code page. Columns: ``source``, ``channel``,
``checklist``, ``version``, ``instance``, ``field:<id>`` for each field of any of the checklists, ``section``,
``checkpoint``, ``text``, ``level``, ``required`` (yes or no), ``answer``, ``meaning``, ``warnings`` (codes), ``error``.

A file that could not be read has one row, with ``source`` and ``error`` only. So ``meaning`` counts checkpoints, and a
row without it is a file that is missing from them.

A cell that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end, also
in their full-width forms) gets an apostrophe before it (OWASP, "CSV Injection"). Long numbers such as a
Leistungsschlüssel are text; a spreadsheet that opens the file by double click may still shorten them: use the Excel
format there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from ozgdoc.model import Point, Portfolio, Status

_BEFORE = ("source", "channel", "checklist", "version", "instance")
_AFTER = ("section", "checkpoint", "text", "level", "required", "answer", "meaning", "warnings", "error")
#: Control characters, overrides of the writing direction, and surrogates; file names may hold any of them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def write(portfolio: Portfolio) -> bytes:
    """Return the portfolio as CSV in UTF-8 with a byte order mark; see the module for its columns."""
    fields = tuple(dict.fromkeys(f"field:{name}" for status in portfolio.statuses for name, _, _ in status.fields))
    out = io.StringIO(newline="")
    rows = csv.DictWriter(out, (*_BEFORE, *fields, *_AFTER), restval="", delimiter=";")
    rows.writeheader()
    for status in portfolio.statuses:
        shared = _shared(status)
        rows.writerows(guarded({**shared, **_point(status, point)}.items()) for point in status.points)
    for failed in portfolio.failed:
        rows.writerow(guarded((("source", failed.source), ("error", failed.error or ""))))
    return out.getvalue().encode("utf-8-sig")


def _shared(status: Status) -> dict[str, str]:
    """Return what every row of a submission says."""
    submission = status.submission
    return {
        "source": submission.source,
        "channel": submission.channel or "",
        "checklist": submission.checklist or "",
        "version": submission.version or "",
        "instance": submission.instance or "",
        **{f"field:{name}": value for name, _, value in status.fields},
        "warnings": " ".join(dict.fromkeys(warning.code for warning in submission.warnings)),
    }


def _point(status: Status, point: Point) -> dict[str, str]:
    return {
        "section": next(group.label for group in status.sections if group.id == point.section),
        "checkpoint": point.id,
        "text": point.text,
        "level": point.level or "",
        "required": "yes" if point.required else "no",
        "answer": point.answer,
        "meaning": point.meaning,
    }


def guarded(cells: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return cells that no spreadsheet takes for a formula; spaces before one don't hide it."""
    clean = ((name, _UNSEEN.sub("\ufffd", text)) for name, text in cells)
    return {name: f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text for name, text in clean}
