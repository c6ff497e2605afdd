"""Regular expressions from data files: are they valid, and is it safe to match them?"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""\\. | \[\^?\]?(?:\\.|[^\]\\])*\]      # an escape, a set
      | (?P<open>\() | (?P<close>\))
      | (?P<repeat>[*+?]|\{\d*,?\d*\})[?+]?
      | .""",
    re.VERBOSE | re.DOTALL,
)
_MANY = 20


def mistake(pattern: str) -> str:
    """Return what is wrong with a regular expression, or an empty text.

    A repeated group that itself holds an open-ended repetition is refused: matching ``(a+)+`` may take for ever. Other
    ways to be slow are not found; match patterns against short values only.
    """
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"the pattern is no regular expression ({str(error)[:80]})"
    if _nested(pattern):
        return "the pattern repeats a group that holds a repetition itself, which can take for ever to match"
    return ""


def _nested(pattern: str) -> bool:
    groups = [False]  # for each group that is open: does it hold a repetition?
    closed = False  # did the group that was closed by the last token hold one?
    for token in _TOKEN.finditer(pattern):
        if token["open"]:
            groups.append(False)
        elif repeat := token["repeat"]:
            often = repeat in ("*", "+") or (repeat != "?" and _most(repeat) > _MANY)
            if closed and repeat != "?" and _most(repeat) > 1:
                return True
            groups[-1] = groups[-1] or often
        # A comment within the pattern may hold brackets of no meaning; then there is nothing left to close.
        closed = token["close"] is not None and len(groups) > 1 and groups.pop()
        groups[-1] = groups[-1] or closed
    return False


def _most(repeat: str) -> float:
    most = repeat.strip("{}").rpartition(",")[2]
    return int(most) if most.isdecimal() else float("inf")
