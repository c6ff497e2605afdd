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


def refuse_cut_off(data: bytes) -> None:
    """Refuse a file whose end is missing: what was entered may have been there.

    Raises:
        UnreadableError: no cross-reference stands behind its last object.
    """
    last = data.rfind(b"startxref")
    if last < 0 or _OBJECT.search(data, last):
        raise UnreadableError("its end is missing, and with it perhaps what was entered. Send the file again.")


def refuse_stale(data: bytes, damage: Damage) -> None:
    """Refuse a damaged file that was updated: what it says may be from before the update.

    Raises:
        UnreadableError: it is one.
    """
    if damage.rebuilt and data.count(b"startxref") > 1:
        raise UnreadableError("it is damaged, and older entries may be all that is left. Send the file again.")
