"""Line breaking for tagged text.

ReportLab's own paragraphs drop the space at a line's end, so that a screen reader joins the words on either side. Here
every character of the text is drawn, in order, in exactly one fragment.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ozgdoc.pdf.fonts import Face

#: A line may break after white space, and after a hyphen, dash or slash inside a word; never before a digit: "1/2".
_BREAK = re.compile(r"(?<=[ \t\u200b])(?=[^ \t])|(?<=\w[-/–—])(?=[^\W\d])")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set. ``size`` and ``rise`` are in points, ``colour`` is ``#rrggbb``."""

    face: Face
    size: float
    colour: str
    rise: float = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. ``owner`` says which structure element it is content of, by position."""

    text: str
    style: Style
    owner: int


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a span on one line; ``x`` is its distance from the line's start, in points."""

    text: str
    style: Style
    owner: int
    x: float

    @property
    def width(self) -> float:
        """Width without white space at the end, in points."""
        return self.style.face.width(self.text.rstrip(), self.style.size)


Line = tuple[Fragment, ...]
_Piece = tuple[str, Span]


def break_lines(spans: Iterable[Span | None], width: float) -> tuple[Line, ...]:
    """Break spans into lines.

    Args:
        spans: the text in reading order; None is a line break that is meant.
        width: of a line, in points. A single word that is wider is broken anywhere between letters.
    """
    lines: list[Line] = []
    current: list[_Piece] = []
    used = 0.0
    for word in _words(spans):
        if word is None:
            lines.append(_place(current))
            current, used = [], 0.0
            continue
        for part in _fitting(word, width):
            if current and used + _measure(part, trimmed=True) > width:
                lines.append(_place(current))
                current, used = [], 0.0
            current.extend(part)
            used += _measure(part)
    lines.append(_place(current))
    return tuple(lines)


def _words(spans: Iterable[Span | None]) -> Iterator[list[_Piece] | None]:
    """Yield what must stay together on a line; a word may run over several spans."""
    word: list[_Piece] = []
    for span in spans:
        if span is None:
            yield word
            yield None
            word = []
            continue
        text = re.sub("[\t\r\n]+", " ", re.sub("[\u00ad\u2060\ufeff]", "", span.text))
        for position, piece in enumerate(_BREAK.split(text)):
            if word and (position or word[-1][0].endswith((" ", "\u200b"))):
                yield word
                word = []
            if piece:
                word.append((piece.replace("\u200b", ""), span))
    yield word


def _fitting(word: list[_Piece], width: float) -> Iterator[list[_Piece]]:
    """Yield a word whole, or letter by letter if no line can hold it."""
    if _measure(word, trimmed=True) <= width:
        yield word
        return
    for text, span in word:
        cluster = ""
        for letter in text:
            if cluster and not unicodedata.combining(letter):
                yield [(cluster, span)]
                cluster = ""
            cluster += letter
        if cluster:
            yield [(cluster, span)]


def _measure(pieces: list[_Piece], *, trimmed: bool = False) -> float:
    """Return the width of some pieces in points; trimmed is without the white space at their end."""
    total = sum(span.style.face.width(text, span.style.size) for text, span in pieces)
    if trimmed and pieces:
        text, span = pieces[-1]
        total -= span.style.face.width(text[len(text.rstrip()) :], span.style.size)
    return total


def _place(pieces: list[_Piece]) -> Line:
    """Join neighbouring pieces of one span and give every fragment its place."""
    fragments: list[Fragment] = []
    x, last = 0.0, None
    for text, span in pieces:
        if fragments and span is last:
            fragments[-1] = replace(fragments[-1], text=fragments[-1].text + text)
        else:
            fragments.append(Fragment(text, span.style, span.owner, x))
        x += span.style.face.width(text, span.style.size)
        last = span
    return tuple(fragments)
