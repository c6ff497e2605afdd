"""What is wrong with a damaged PDF, as far as it touches what was entered. qpdf repairs what it can, without asking.

An update of a file stands behind what it replaces (ISO 32000-1, 7.5.6). Whoever repairs such a file, or reads one whose
end is missing, may find what was there before: a tick that was set later would be read as open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pikepdf import Pdf

from ozgdoc.errors import UnreadableError

_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
_PLACE = re.compile(r"\(object (\d+) (\d+)[,)]")


@dataclass(frozen=True, slots=True)
class Damage:
    """What was found while a file was read.

    Attributes:
        rebuilt: its cross-reference table was made anew, by looking for objects.
        objects: ids of objects that are not sound, such as two halves of different ones.
    """

    rebuilt: bool
    objects: frozenset[tuple[int, int]]


def damage_of(pdf: Pdf) -> Damage:
    """Return what qpdf has complained about so far; it forgets it with that."""
    complaints = [str(warning) for warning in pdf.get_warnings()]
    places = [found for text in complaints for found in _PLACE.findall(text)]
    rebuilt = any("reconstruct" in text for text in complaints)
    return Damage(rebuilt, frozenset((int(number), int(generation)) for number, generation in places))


def refuse_doubtful(data: bytes, damage: Damage) -> None:
    """Refuse a file that may say what was true before somebody filled it in.

    Raises:
        UnreadableError: its end is missing, or it is damaged and was updated.
    """
    if is_cut_off(data):
        raise UnreadableError("its end is missing, and with it perhaps what was entered. Send the file again.")
    if damage.rebuilt and was_updated(data):
        raise UnreadableError("it is damaged, and older entries may be all that is left. Send the file again.")


def is_cut_off(data: bytes) -> bool:
    """Return whether no cross-reference stands behind a file's last object."""
    last = data.rfind(b"startxref")
    return last < 0 or _OBJECT.search(data, last) is not None


def was_updated(data: bytes) -> bool:
    """Return whether a file seems to have more than one version in it; a linearised one seems so too."""
    return data.count(b"startxref") > 1 or data.count(b"%%EOF") > 1 or b"/Prev" in data
