"""Answers as JSON: what our HTML form saves, and what ``ozgdoc read --json`` prints.

The first names every box and carries the checklist's own text, as a form does. The second names answers; which boxes
they stand for is known once the checklist is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.identity import SAVED_ANSWERS
from ozgdoc.model import OPEN, UNCLEAR, Checklist, Identity, Notice
from ozgdoc.readers.filled import Box, Filled, clean_text
from ozgdoc.wire import canonical

MAX_SIZE = 8_000_000  #: bytes; ten thousand times a form's answers, and parsed it takes many times as much

_Kind = TypeVar("_Kind")


def read(data: bytes) -> list[Filled]:
    """Return what stands in one JSON object: one copy.

    Raises:
        UnreadableError: it is damaged, too large, or of a newer kind.
        UnknownFormError: it is JSON, but no answers.
    """
    if len(data) > MAX_SIZE:
        raise UnreadableError(f"it has more than {MAX_SIZE // 1_000_000} MB. Send the file that the form saved.")
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
        if "ozgdoc" in value:
            return [_from_form(value)]
        if "answers" in value:
            return [_from_record(value)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = str(error).partition("\n")[0][:80]
        raise UnreadableError(f"its JSON is damaged ({clean_text(reason)}). Ask for the file again.") from None
    raise UnknownFormError("it is JSON, but no answers to a form of ours. Send the file that the form saved.")


def _from_form(value: Mapping[str, Any]) -> Filled:
    if value["ozgdoc"] != SAVED_ANSWERS or isinstance(value["ozgdoc"], bool):
        raise UnreadableError("it was saved by a newer kind of form than this program knows. Update the program.")
    boxes = []
    for name, ticked in _is(value["boxes"], dict).items():
        point, _, state = name.partition(".")
        boxes.append(Box(point, state or None, None if ticked is None else _is(ticked, bool)))
    definition = None if value.get("definition") is None else canonical(_is(value["definition"], dict))
    return Filled("html", _identity(value), definition, _fields(value), tuple(boxes), ())


def _from_record(value: Mapping[str, Any]) -> Filled:
    if value.get("error"):
        raise UnreadableError(f"it says of itself: {clean_text(_is(value['error'], str))[:300]}")
    notices = [_notice(warning) for warning in _is(value.get("warnings", []), list)]
    said = "of which version, and " if not value.get("version") else ""
    message = f"the data doesn't say {said}which text was answered; it was read as the version at hand"
    if all(notice.code != "no-version" for notice in notices):
        notices.append(Notice("no-version", message))
    answers = {name: _is(answer, str) for name, answer in _is(value["answers"], dict).items()}
    copy = Filled("json", _identity({**value, "content": ""}), None, _fields(value), (), tuple(notices))
    return replace(copy, resolve=lambda checklist: replace(copy, boxes=tuple(_boxes(answers, checklist))))


def _identity(value: Mapping[str, Any]) -> Identity:
    instance = value.get("instance")
    return Identity(
        _is(value["checklist"], str),
        _is(value.get("version") or "", str),
        _is(value["content"], str),
        {},
        None if instance is None else clean_text(_is(instance, str)),
    )


def _fields(value: Mapping[str, Any]) -> dict[str, str]:
    return {name: clean_text(_is(text, str)) for name, text in _is(value.get("fields", {}), dict).items()}


def _notice(warning: Mapping[str, Any]) -> Notice:
    return Notice(*(clean_text(_is(warning.get(key, ""), str))[:1000] for key in ("code", "message", "where")))


def _boxes(answers: Mapping[str, str], checklist: Checklist) -> Iterator[Box]:
    states = [state.id for state in checklist.states]
    for point, answer in answers.items():
        if answer not in (OPEN, UNCLEAR, *states):
            yield Box(point, answer, True)  # there is no such box, and that is said
            continue
        for state in states:
            yield Box(point, None if len(states) == 1 else state, None if answer == UNCLEAR else answer == state)


def _is(value: Any, kind: type[_Kind]) -> _Kind:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.40} where {kind.__name__} should be")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError("the same key twice")
    return entries
