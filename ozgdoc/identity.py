"""The only contract between what is printed and what is read: digests, field names, the text of the printed code.

Writers and readers both depend on this module and never on each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from ozgdoc.model import Checklist, Identity, Text
from ozgdoc.wire import canonical, checklist_to_json

#: Where a form's identity stands in a PDF's XMP packet and in Word's custom properties.
NAMESPACE = "urn:ozgdoc:form:1:"

#: Key of a form's own data in a PDF's /PieceInfo, and stem of Word's custom property names.
APPLICATION = "ozgdoc"

#: XML namespace of the part in which a Word form carries its definition and its values.
WORD_NAMESPACE = "urn:ozgdoc:word:1"

#: Which kind of file the HTML form saves: the value of its key ``ozgdoc``.
SAVED_ANSWERS = 1


# ------------------------------------------------------------------------------------------------------------ digests


def identify(checklist: Checklist, instance: str | None = None) -> Identity:
    """Return the identity of a checklist's form; the writer that places the boxes adds the layout digest."""
    known = _identities.get(id(checklist))
    if known is None or known[0] is not checklist:  # a whole return is of a few checklists
        known = checklist, _identify(checklist)
        if len(_identities) >= _MOST_IDENTITIES:
            _identities.clear()
        _identities[id(checklist)] = known
    return replace(known[1], instance=instance)


_MOST_IDENTITIES = 64
_identities: dict[int, tuple[Checklist, Identity]] = {}


def _identify(checklist: Checklist) -> Identity:
    notes = {note.id: note.text for note in checklist.footnotes}
    states = [[state.id, _variants(state.label)] for state in checklist.states]

    def digest(text: Text, help_text: Text | None) -> str:
        # What a tick was given for: the words, the guidance, the notes and the choice of answers. Not the level: an
        # answer stays true when a proposal for its level is confirmed.
        used = dict.fromkeys((*text.marks(), *(help_text.marks() if help_text else ())))
        return _sha256(
            {
                "text": _variants(text),
                "help": _variants(help_text) if help_text else None,
                "notes": [_variants(notes[name]) for name in used if name in notes],
                "states": states,
            }
        )

    return Identity(
        checklist=checklist.id,
        version=checklist.version,
        content=_sha256(checklist_to_json(checklist)),
        checkpoints={point.id: digest(point.text, point.help) for point in checklist.walk()},
    )


def layout_digest(boxes: Iterable[tuple[int, str, float, float, float, float]]) -> str:
    """Return the SHA-256 (hex) of where boxes stand.

    Args:
        boxes: ``(page from 0, field name, left, bottom, width, height)``, in points from the page's bottom left corner.
    """
    return _sha256([[page, name, *(round(value, 2) for value in place)] for page, name, *place in boxes])


def _variants(text: Text) -> dict[str, str]:
    return dict(text.variants)


def _sha256(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


# -------------------------------------------------------------------------------------------------------- field names


def field_name(checklist: str, field: str) -> tuple[str, ...]:
    """Return the parts of the PDF field name of a text, date or choice field."""
    return (checklist, "fields", field)


def box_name(checklist: str, checkpoint: str, state: str, only: bool) -> tuple[str, ...]:
    """Return the parts of the PDF field name of a check box; ``only`` if the checkpoint has no other."""
    return (checklist, "checkpoints", checkpoint) if only else (checklist, "checkpoints", checkpoint, state)


def control_tag(name: tuple[str, ...]) -> str:
    """Return the tag of the Word content control that stands for a PDF field name."""
    return ".".join(name[1:])


# ------------------------------------------------------------------------------------------------------- printed code

#: RFC 4648 base 32 without the letters that people confuse; all of it lies in QR's alphanumeric mode.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGN = "Z"


@dataclass(frozen=True, slots=True)
class PageCode:
    """What the code printed on a page says, in 16 characters (a QR code of version 1, correction level Q).

    Attributes:
        form: 5 characters of the form's digest: content and layout.
        instance: 7 characters, ``0000000`` for a form that was issued to nobody.
        page: from 1, below 1024.
        corner: which corner the code is printed in.
    """

    form: str
    instance: str
    page: int
    corner: Literal["A", "B"]

    def __str__(self) -> str:
        return f"{_SIGN}{self.form}{self.instance}{_base32(self.page, 2)}{self.corner}"

    @classmethod
    def parse(cls, text: str) -> PageCode | None:
        """Return what a code says, given with or without its corner and in groups or not; None if it is none."""
        text = "".join(text.split())
        if len(text) not in (15, 16) or text[0] != _SIGN or not set(text) <= set(_ALPHABET):
            return None
        page = 32 * _ALPHABET.index(text[13]) + _ALPHABET.index(text[14])
        return cls(text[1:6], text[6:13], page, "B" if text[15:] == "B" else "A")

    def readable(self) -> str:
        """Return the text that stands beside the code for people: without the corner, in groups."""
        text = str(self)
        return f"{text[:6]} {text[6:13]} {text[13:15]}"


def page_codes(identity: Identity, page: int) -> tuple[PageCode, PageCode]:
    """Return the codes of a page's top left and bottom right corner; ``page`` counts from 1."""
    digest = hashlib.sha256(f"{identity.content} {identity.layout}".encode()).digest()
    form = _base32(int.from_bytes(digest[:4], "big") >> 7, 5)
    instance = "0" * 7
    if identity.instance is not None:
        digest = hashlib.sha256(identity.instance.encode()).digest()
        instance = _base32(int.from_bytes(digest[:5], "big") >> 5, 7)
    return PageCode(form, instance, page, "A"), PageCode(form, instance, page, "B")


def _base32(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return digits
