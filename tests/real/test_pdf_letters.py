"""Every letter of DIN 91379, Greek and Cyrillic may be typed: the copy shows it, conforms, and reads back exactly.

A letter without a glyph would be drawn as .notdef, which PDF/A forbids (ISO 19005-2, 6.2.11.8).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ozgdoc import api
from ozgdoc.identity import field_name
from tests import verapdf
from tests.din91379 import CHARACTERS, CYRILLIC, GREEK, SEQUENCES, SIGNS
from tests.fillers import PROGRAMS
from tests.sheets import OZG, ozg, ozg_pdf

#: A no-break space at an end, or a tab, is no letter.
LETTERS = [*(letter for letter in CHARACTERS if letter.strip() or letter == " "), *SEQUENCES, *GREEK, *CYRILLIC, *SIGNS]


def texts() -> Iterator[tuple[str, str]]:
    """Spread all letters over the sheet's text fields."""
    names = [field.id for field in ozg().fields if field.type == "text"]
    size = -(-len(LETTERS) // len(names))
    for number, name in enumerate(names):
        yield name, "x" + "".join(LETTERS[number * size : (number + 1) * size]) + "x"


@pytest.mark.parametrize("program", ["pypdf", "pdfjs", "poppler"])
def test_a_copy_with_every_letter_typed_in_conforms_and_reads_back(program: str) -> None:
    values = dict(texts())
    copy = PROGRAMS[program](ozg_pdf(), {".".join(field_name(OZG, name)): text for name, text in values.items()})
    for flavour in ("ua1", "2a"):
        result = verapdf.check(copy, flavour)
        assert result.compliant, result
    [submission] = api.read(copy)
    assert {name: submission.fields[name] for name in values} == values
