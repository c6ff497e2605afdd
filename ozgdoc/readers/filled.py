"""What a reader hands over: the raw values of one filled copy, and who that copy says it is.

Readers know their format and nothing about checklists. `ozgdoc.api.read` finds the checklist that the identity names
and turns values into a `Submission`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ozgdoc.errors import UnreadableError
from ozgdoc.model import Checklist, Identity, Notice
from ozgdoc.wire import canonical

MAX_TEXT = 10_000

#: C0 and C1 controls but for line feed and tab; marks that turn the direction of text around (Unicode UAX 9).
_STRIPPED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Box:
    """One box of one checkpoint as it was found.

    Attributes:
        checkpoint: id of the checkpoint.
        state: id of the state that it stands for; None if it is the checkpoint's only box.
        value: ticked or not; None if the evidence contradicts itself.
    """

    checkpoint: str
    state: str | None
    value: bool | None


@dataclass(frozen=True, slots=True)
class Filled:
    """What one reader found in one filled copy: raw values, the evidence, and the identity that the copy carries.

    Attributes:
        channel: how it came: ``pdf-form``, ``docx``, ….
        identity: as the copy carries it, with an empty mapping of checkpoints; None if it carries none.
        definition: the canonical JSON of the checklist that the form carries, or None.
        fields: field id → text, see `clean_text`.
        boxes: in the order in which they were found.
        notices: what a person should know.
        resolve: for data that only means something beside its checklist, such as boxes without names: returns the
            copy with its boxes and fields once the checklist is known. None if the copy has them already.
    """

    channel: str
    identity: Identity | None
    definition: bytes | None
    fields: Mapping[str, str]
    boxes: tuple[Box, ...]
    notices: tuple[Notice, ...]
    resolve: Callable[[Checklist], Filled] | None = None


def record_of(copy: Filled) -> bytes:
    """Return the raw values of a copy as canonical JSON, for an archive copy to carry."""
    return canonical(
        {
            "channel": copy.channel,
            "fields": dict(copy.fields),
            "boxes": [[box.checkpoint, box.state, box.value] for box in copy.boxes],
            "notices": [[notice.code, notice.message, notice.where] for notice in copy.notices],
        }
    )


def from_record(data: bytes, identity: Identity, definition: bytes | None, channel: str) -> Filled:
    """Return the copy that `record_of` described. Anybody may have written the record.

    Raises:
        UnreadableError: it is none.
    """
    try:
        record: dict[str, Any] = json.loads(data)
        return Filled(
            channel,
            identity,
            definition,
            {_known(name, str): clean_text(_known(text, str)) for name, text in record["fields"].items()},
            tuple(
                Box(_known(point, str), _known(state, str | None), _known(value, bool | None))
                for point, state, value in record["boxes"]
            ),
            tuple(Notice(*(clean_text(_known(part, str)) for part in notice)) for notice in record["notices"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnreadableError("the record that the archive copy carries is damaged. Ask for the copy again.") from None


def _known(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.20} is no {kind}")
    return value


def clean_text(value: str) -> str:
    """Return a text as it may be kept: NFC, line feeds for line ends, no other controls but tabs, 10,000 characters.

    Lone surrogates, which some programs write instead of an emoji, and non-characters become U+FFFD; overrides of the
    writing direction, with which a text can be made to look like another, are taken out.
    """
    value = _SURROGATE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    # Cut before and after: normalising is what costs, and it can lengthen a text.
    return unicodedata.normalize("NFC", _STRIPPED.sub("", value[: 2 * MAX_TEXT]))[:MAX_TEXT]
