"""From raw values to answers: which checklist a filled copy belongs to, in which version, and what is ticked on it.

A copy is understood by what it carries: the digest of the text that it was filled in, and that text itself. Its answers
are then carried over to the version at hand, checkpoint by checkpoint, where both say the same. Nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.identity import identify
from ozgdoc.model import OPEN, UNCLEAR, Checklist, Field, Identity, Notice, Submission
from ozgdoc.readers.filled import Box, Filled
from ozgdoc.source import parse_definition

#: Data alone names the checklist and not its text; a form that does not say what it asked was changed.
NAMED_CHANNELS = ("fdf", "xfdf", "json")

_MAX_MATCHED = 1_000  #: letters of an entry that a pattern is matched against


@dataclass(frozen=True, slots=True)
class Understood:
    """A filled copy in its own terms.

    Attributes:
        checklist: what was asked, in the version that was filled in.
        submission: the answers to exactly that.
        copy: its raw values.
        current: the version at hand, if it is another one; else None.
    """

    checklist: Checklist
    submission: Submission
    copy: Filled
    current: Checklist | None = None


def understand(source: str, copy: Filled, known: Mapping[str, Checklist]) -> Understood:
    """Turn raw values into answers to the checklist that the copy was made from.

    Args:
        source: how the submission names its file.
        known: checklists by id.

    Raises:
        UnknownFormError: the copy names no checklist that is known or that it carries.
        UnreadableError: what it carries is not what it names, or none of its boxes is left.
    """
    identity = copy.identity
    if identity is None:
        raise UnknownFormError(
            "it belongs to no checklist that it names, so it is not known here. Send the form that you were given."
        )
    registered = known.get(identity.checklist)
    notices = [] if copy.resolve else list(copy.notices)
    asked = _asked(copy, identity, registered)
    current = None if registered is asked else registered
    if registered is None:
        message = f'the checklist "{identity.checklist}" is not registered here; read by the text that the copy carries'
        notices.append(Notice("unregistered", message))
    if copy.resolve:
        copy = copy.resolve(asked)
        notices.extend(copy.notices)
    if not identity.content and copy.channel in NAMED_CHANNELS:
        _refuse_unknown_names(copy, asked)
    if not copy.boxes:
        raise UnreadableError("its fields are gone: it was printed or flattened. Send the file that was filled.")
    boxes: dict[str, list[Box]] = {}
    for box in copy.boxes:
        boxes.setdefault(box.checkpoint, []).append(box)
    answers = {point.id: _answer(point.id, boxes.get(point.id, ()), asked, notices) for point in asked.walk()}
    fields = {field.id: copy.fields.get(field.id, "") for field in asked.fields}
    if registered:  # a stranger's patterns are not matched
        rules = (field for field in registered.fields if field.id in fields)
        notices += filter(None, (malformed(field, fields[field.id], registered.language) for field in rules))
    submission = Submission(
        source=source,
        channel=copy.channel,
        checklist=identity.checklist,
        version=identity.version if identity.content else asked.version,
        instance=identity.instance,
        fields=fields,
        answers=answers,
        warnings=tuple(notices),
        definition=None if registered else asked,
    )
    return Understood(asked, submission, copy, current)


def carried_over(understood: Understood) -> Submission:
    """Return the answers to the version at hand: carried over where a checkpoint says the same in both.

    The rest is to be answered again, and said so.
    """
    current, asked, submission = understood.current, understood.checklist, understood.submission
    if current is None:
        return submission
    message = f'the form is of version "{asked.version}", the data file of "{current.version}"'
    notices = [*submission.warnings, Notice("other-version", message)]
    before, now = identify(asked).checkpoints, identify(current).checkpoints
    answers: dict[str, str] = {}
    for point, digest in now.items():
        if before.get(point) == digest:
            answers[point] = submission.answers[point]
        else:
            changed = "was changed since" if point in before else "was not asked in that version"
            notices.append(Notice("re-check", f"the checkpoint {changed}; it has to be answered again", point))
            answers[point] = UNCLEAR
    for point, answer in submission.answers.items():
        if point not in now and answer != OPEN:
            message = f'this version has no such checkpoint any more; its answer was "{answer}"'
            notices.append(Notice("checkpoint-gone", message, point))
    fields = {field.id: submission.fields.get(field.id, "") for field in current.fields}
    for name, value in submission.fields.items():
        if value and name not in fields:
            notices.append(
                Notice("field-gone", f'this version has no such field any more; it said "{value[:200]}"', name)
            )
    return replace(submission, answers=answers, fields=fields, warnings=tuple(notices))


def _asked(copy: Filled, identity: Identity, registered: Checklist | None) -> Checklist:
    """Return the checklist in the version that was filled in."""
    if not identity.content and copy.channel in NAMED_CHANNELS:
        return _named(copy, identity, registered)
    if registered and identity.content == identify(registered).content:
        return registered
    return _own_definition(copy, identity, registered)


def _own_definition(copy: Filled, identity: Identity, registered: Checklist | None) -> Checklist:
    """Return the checklist that a copy carries, if it is what the copy claims."""
    if copy.definition is None:
        if registered is None:
            raise UnknownFormError(
                f'it belongs to "{identity.checklist[:80]}", which is not known here. '
                "Name the folder of its data file (--data DIR)."
            )
        raise UnknownFormError(
            f'it is another version of "{registered.id}" and doesn\'t carry its own text. '
            "Add that version's data file."
        )
    own = parse_definition(copy.definition)
    if own.id != identity.checklist or identify(own).content != identity.content:
        raise UnreadableError("the text that it carries is not the one it names: it was changed. Ask for it again.")
    return own


def _named(copy: Filled, identity: Identity, registered: Checklist | None) -> Checklist:
    """Return the version at hand for data that names a checklist and not its text, unless it names another version."""
    if registered is None:
        raise UnknownFormError(
            f'it answers "{identity.checklist[:80]}", which is not known here. Name the folder of its data file '
            "(--data DIR)."
        )
    # Answers that were carried over are those to the version that was at hand then.
    carried = any(notice.code == "other-version" for notice in copy.notices)
    if identity.version not in ("", registered.version) and not carried:
        raise UnknownFormError(
            f'it answers version "{identity.version[:40]}" of "{registered.id}" without its text, and only version '
            f'"{registered.version}" is known here. Send the form itself.'
        )
    return registered


def _refuse_unknown_names(copy: Filled, asked: Checklist) -> None:
    """Refuse data that names what the checklist does not have: it is of another version."""
    points, states = {point.id for point in asked.walk()}, {state.id for state in asked.states}
    allowed = {None, *states} if len(states) == 1 else states
    unknown = [box.checkpoint for box in copy.boxes if box.checkpoint not in points or box.state not in allowed]
    unknown += set(copy.fields) - {field.id for field in asked.fields}
    if unknown:
        raise UnknownFormError(
            f'it names "{unknown[0][:80]}", which "{asked.id}" as it is known here does not have: it is of another '
            "version. Send the form itself."
        )


def malformed(field: Field, value: str, language: str) -> Notice | None:
    """Return what is wrong with an entry, with the rule; the value itself is kept as it is."""
    if not value.strip():
        return None
    rule = field.hint.get(language) if field.hint else field.pattern or ""
    if field.type == "date" and not _is_date(value):
        rule = rule or "a date such as 30.09.2026 or 2026-09-30"
    elif field.options and not any(value == text for option in field.options for _, text in option.variants):
        rule = "one of the options"
    elif not field.pattern or (len(value) <= _MAX_MATCHED and re.fullmatch(field.pattern, value)):
        return None
    return Notice("malformed-field", f'"{value[:60]}" does not fit the rule: {rule}', field.id)


def _is_date(value: str) -> bool:
    for spelling in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            datetime.strptime(value.strip(), spelling)  # a day has no time zone
        except ValueError:
            continue
        return True
    return False


def _answer(point: str, boxes: Sequence[Box], checklist: Checklist, notices: list[Notice]) -> str:
    """Return a checkpoint's answer: what is ticked, if it is clear."""
    states = [state.id for state in checklist.states]
    only = len(states) == 1
    values = {states[0] if box.state is None and only else box.state: box.value for box in boxes}
    if missing := [state for state in states if state not in values]:
        where = point if only else f"{point}.{missing[0]}"
        notices.append(Notice("box-missing", "the box is missing in this copy; a person has to look", where))
        return UNCLEAR
    ticked = [state for state in states if values[state]]
    if any(values[state] is None for state in states):
        return UNCLEAR  # the reader has said why
    if len(ticked) > 1:
        notices.append(Notice("several-answers", f"ticked at once: {', '.join(ticked)}", point))
        return UNCLEAR
    return ticked[0] if ticked else OPEN
