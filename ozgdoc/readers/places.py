"""Controls that are known by their place in the form: which ones a form has, in which order, beside which text."""

from __future__ import annotations

from collections.abc import Iterator

from ozgdoc.identity import box_name, control_tag, field_name
from ozgdoc.model import MARK, Checklist, Text


def labels(checklist: Checklist) -> Iterator[tuple[str, Text]]:
    """Yield tag and label of every control in the order of the form."""
    for field in checklist.fields:
        yield control_tag(field_name(checklist.id, field.id)), field.label
    only = len(checklist.states) == 1
    for point in checklist.walk():
        for state in checklist.states:
            yield control_tag(box_name(checklist.id, point.id, state.id, only)), point.text


def says(shown: str, label: Text) -> bool:
    """Return whether a text holds a label in one of its languages, whatever the spaces."""
    words = "".join(shown.split())
    return any("".join(MARK.sub("", text).split()) in words for _, text in label.variants)
