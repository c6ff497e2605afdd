"""TrueType fonts: the faces that pages are set in, and the font that viewers set typed text in."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz
from fontTools import subset
from fontTools.ttLib import TTFont as FontFile
from fontTools.ttLib import TTLibError
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ozgdoc.errors import DataError, Problem

#: What people may type into a field: Latin with all of DIN 91379, Greek, Cyrillic, punctuation and common signs.
TYPED = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x25A),
    *(0x268, 0x292, *range(0x2B9, 0x2BD), *range(0x2BE, 0x2C0), 0x2C6, 0x2C7, 0x2C8, 0x2CC, *range(0x2D8, 0x2DE)),
    *range(0x300, 0x334),
    *(0x2B0, 0x2B3, 0x2E2, 0x35F, 0x361, 0x1D48, 0x1D57),
    *range(0x370, 0x460),
    *range(0x490, 0x492),
    *range(0x1E00, 0x1F00),
    *range(0x2010, 0x2028),
    *(0x202F, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A, 0x2044),
    *range(0x2070, 0x208F),
    *(0x20AC, 0x2116, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x221E, 0x2260, 0x2264, 0x2265),
)

#: Tables that neither a page nor a viewer needs; dropped before the font is cut down.
_UNUSED_TABLES = ("FFTM", "PCLT", "kern", "GPOS", "GSUB", "GDEF", "DSIG", "STAT", "meta")

#: Letters that are never drawn: they only say where a line may or may not break.
INVISIBLE = "\u00ad\u200b\u2060\ufeff"

#: What is drawn instead of letters that have no glyph: nothing, or a space.
UNDRAWN = {**dict.fromkeys(map(ord, INVISIBLE)), **dict.fromkeys(map(ord, "\t\r\n"), " ")}


#: A letter with the combining marks that follow it (Unicode blocks of combining diacritical marks, Cyrillic's own).
_MARKED = re.compile("([^\n\t ][\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+)")

#: Scripts whose letters join, reorder or stack; a line of single glyphs, as it is drawn here, does not show them right.
_JOINED = ((0x0700, 0x109F), (0x1780, 0x18AF), (0x1900, 0x1CFF), (0xA800, 0xABFF), (0x10A00, 0x11FFF))

_OTHER_FONT = "Take them out, or name a font that has them under fonts: in a theme (--theme FILE)."
_OTHER_SCRIPT = "Write them in Latin, Greek or Cyrillic letters."


@lru_cache(maxsize=4096)
def unsettable(letter: str) -> bool:
    """Tell whether a letter belongs to a script that can't be set here: from right to left, or joined (see _JOINED)."""
    joined = any(first <= ord(letter) <= last for first, last in _JOINED)
    return joined or unicodedata.bidirectional(letter) in ("R", "AL", "AN", "RLE", "RLO", "RLI")


def unprintable(letters: str) -> tuple[str, str]:
    """Return what is wrong with letters that can't be printed, and the remedy.

    Returns:
        such as ``the font can't print "→" (U+2192)`` and which setting brings another font.
    """
    scripts = "".join(letter for letter in letters if unsettable(letter))
    others = "".join(letter for letter in letters if not unsettable(letter))
    wrong, remedies = [], []
    if others:
        wrong.append(f"the font can't print {_named(others)}")
        remedies.append(_OTHER_FONT)
    if scripts:
        wrong.append(f"a PDF can't show the right-to-left or joined script of {_named(scripts)}")
        remedies.append(_OTHER_SCRIPT)
    return "; ".join(wrong), " ".join(remedies)


def _named(letters: str) -> str:
    shown = ", ".join(f'"{letter}" (U+{ord(letter):04X})' for letter in letters[:5])
    return f"{shown} and {len(letters) - 5} more" if len(letters) > 5 else shown


@dataclass(frozen=True, slots=True)
class Face:
    """A TrueType file that pages can be set in.

    Attributes:
        name: ReportLab's name for it.
        ascent, descent: of the face, as a fraction of the size; the descent is negative.
    """

    name: str
    path: Path
    letters: frozenset[int]
    ascent: float
    descent: float

    def require(self, text: str) -> None:
        """Refuse a text that this face can't print in full.

        Raises:
            DataError: it lacks letters; they are named.
        """
        if missing := self.missing(text):
            raise DataError([Problem("missing-letter", self.path.name, 0, *unprintable(missing))])

    def width(self, text: str, size: float) -> float:
        """Return the width of a text in points."""
        return float(pdfmetrics.stringWidth(text, self.name, size))

    def missing(self, text: str) -> str:
        """Return the letters of a text that this face can't print, each once, in order."""
        return "".join(
            dict.fromkeys(c for c in text if not self._prints(c) and c not in INVISIBLE and c not in "\n\t\r")
        )

    def printable(self, text: str) -> str:
        """Return a text in which what this face can't print is the replacement character, or a question mark."""
        instead = "\ufffd" if self._prints("\ufffd") else "?"
        kept = (c if ord(c) in UNDRAWN or self._prints(c) else instead for c in text)
        return "".join(kept)

    def _prints(self, letter: str) -> bool:
        return ord(letter) in self.letters and not unsettable(letter)

    def place(self, text: str) -> Iterator[tuple[str, tuple[Glyph, ...]]]:
        """Yield a text in pieces with the glyphs of each.

        A piece without combining marks is one glyph run at its start. One letter with its marks is a piece of several:
        few fonts draw such marks where they belong without being told, and not every letter has a sign of its own
        (DIN 91379 has some 200 that are sequences).
        """
        for number, piece in enumerate(_MARKED.split(text)):
            if number % 2:
                yield piece, _marked(self.path, piece)
            elif piece:
                yield piece, (Glyph(piece, 0, 0),)


@dataclass(frozen=True, slots=True)
class Glyph:
    """What is drawn, and its distance from the place where the piece starts, as fractions of the size."""

    text: str
    x: float
    y: float


@lru_cache(maxsize=4096)
def _marked(path: Path, cluster: str) -> tuple[Glyph, ...]:
    """Return where HarfBuzz puts a letter and its combining marks.

    The glyphs are named by the characters that have them; a dotted letter may have been changed for its dotless one.
    """
    font, letters = _shaper(path)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(cluster)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer, {"kern": False, "liga": False, "clig": False, "calt": False})
    scale, x, glyphs = font.face.upem, 0.0, []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        letter = letters.get(info.codepoint)
        if letter is None:  # a glyph without a character of its own: the letters as they come are better than none
            return (Glyph(cluster, 0, 0),)
        glyphs.append(Glyph(letter, (x + place.x_offset) / scale, place.y_offset / scale))
        x += place.x_advance
    return tuple(glyphs)


@cache
def _shaper(path: Path) -> tuple[uharfbuzz.Font, dict[int, str]]:
    """Return HarfBuzz's view of a font, and glyph id → character."""
    with FontFile(path, lazy=True) as file:
        ids = file.getReverseGlyphMap()
        letters = {ids[glyph]: chr(code) for code, glyph in sorted(file.getBestCmap().items(), reverse=True)}
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))), letters


@cache
def face(path: Path) -> Face:
    """Load a TrueType file and make it known to ReportLab.

    Raises:
        DataError: the file is no TrueType font.
    """
    name = f"ozgdoc-{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    try:
        font = TTFont(name, str(path), shapable=False)
        with FontFile(path, lazy=True) as file:
            letters = frozenset(file.getBestCmap())
    except (TTFError, TTLibError, OSError) as error:
        problem = Problem(
            "font", str(path), 0, f"this is no TrueType font that can be embedded ({error})", "Use a .ttf."
        )
        raise DataError([problem]) from error
    pdfmetrics.registerFont(font)
    return Face(name, path, letters, font.face.ascent / 1000, font.face.descent / 1000)


@dataclass(frozen=True, slots=True)
class FieldFont:
    """A font program with every letter that may be typed, for a Type0 font with Identity-H.

    Attributes:
        face: the font that it was cut from.
        program: the TrueType file, cut down to those letters.
        widths: of every glyph, in thousandths of the size.
        glyphs: code point → glyph id.
        box: the font's bounding box, in thousandths.
        codes: code point → glyph id in hexadecimal digits; None for any letter that the font lacks.
    """

    name: str
    face: Face
    program: bytes
    widths: tuple[int, ...]
    glyphs: dict[int, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    codes: Mapping[int, str | None]

    def encode(self, text: str) -> str:
        """Return the text as a hexadecimal string operand; what can't be set is left out."""
        return text.translate(self.codes)


@cache
def field_font(path: Path) -> FieldFont:
    """Cut a font down to what may be typed, keeping its cmap so that viewers can set text in it."""
    font = FontFile(path, recalcTimestamp=False)
    for table in _UNUSED_TABLES:
        if table in font:
            del font[table]
    options = subset.Options(
        hinting=False, layout_features=[], notdef_outline=True, glyph_names=False, name_IDs=[1, 2, 4, 6]
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=TYPED)
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out)
    scale = 1000 / font["head"].unitsPerEm
    order = font.getReverseGlyphMap()
    head, hhea = font["head"], font["hhea"]
    glyphs = {code: order[glyph] for code, glyph in sorted(font.getBestCmap().items())}
    codes: defaultdict[int, str | None] = defaultdict(lambda: None, {c: f"{glyph:04X}" for c, glyph in glyphs.items()})
    return FieldFont(
        name="OZGDOC+" + font["name"].getDebugName(6),
        face=face(path),
        program=out.getvalue(),
        widths=tuple(round(font["hmtx"][glyph][0] * scale) for glyph in font.getGlyphOrder()),
        glyphs=glyphs,
        box=_scaled((head.xMin, head.yMin, head.xMax, head.yMax), scale),
        ascent=round(hhea.ascent * scale),
        descent=round(hhea.descent * scale),
        codes=codes,
    )


def _scaled(values: Iterable[int], scale: float) -> Any:
    return tuple(round(value * scale) for value in values)
