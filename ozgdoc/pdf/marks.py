"""Drawn marks: the levels' shapes, and what makes a page known again on paper."""

from __future__ import annotations

import math
import re
from functools import cache

import segno
from reportlab.lib.colors import HexColor, black
from reportlab.pdfgen.canvas import Canvas

from ozgdoc.model import Shape

MM = 72 / 25.4

#: QR code of version 1: 21 modules of 0.5 mm; needs 4 modules of white around it.
CODE_SIZE = 21 * 0.5 * MM
QUIET = 4 * 0.5 * MM

#: Diameter of the dots in the two other corners.
DOT = 3 * MM


#: A check mark in a unit square; drawn with the width of a felt pen so that a scan of a print shows it too.
TICK = ((0.20, 0.50), (0.42, 0.26), (0.82, 0.80))
TICK_LINE = 0.14


def draw_tick(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Draw a check mark into a square with its bottom left corner at x, y."""
    canvas.setStrokeColor(black)
    canvas.setLineWidth(TICK_LINE * size)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    for number, (right, up) in enumerate(TICK):
        (path.lineTo if number else path.moveTo)(x + right * size, y + up * size)
    canvas.drawPath(path)
    canvas.setLineCap(0)
    canvas.setLineJoin(0)


def draw_level(canvas: Canvas, shape: Shape, colour: str, x: float, y: float, size: float) -> None:
    """Draw a level's mark, told apart by shape as well as by colour.

    Args:
        x, y: its middle, in points.
        size: its diameter, in points.
    """
    radius, line = size / 2, size * 0.17
    canvas.setFillColor(HexColor(colour))
    canvas.setStrokeColor(HexColor(colour))
    canvas.setLineWidth(line)
    match shape:
        case "disc":
            canvas.circle(x, y, radius, stroke=0, fill=1)
        case "ring":
            canvas.circle(x, y, radius - line / 2, stroke=1, fill=0)
        case "target":
            canvas.circle(x, y, radius - line / 2, stroke=1, fill=0)
            canvas.circle(x, y, radius * 0.38, stroke=0, fill=1)
        case "square":
            side = radius * 0.9
            canvas.rect(x - side, y - side, 2 * side, 2 * side, stroke=0, fill=1)
        case "diamond":
            _polygon(canvas, x, y, radius * 1.1, 4)
        case "triangle":
            _polygon(canvas, x, y - radius * 0.15, radius * 1.1, 3)


def _polygon(canvas: Canvas, x: float, y: float, radius: float, corners: int) -> None:
    path = canvas.beginPath()
    for number in range(corners):
        angle = math.pi / 2 + 2 * math.pi * number / corners
        (path.lineTo if number else path.moveTo)(x + radius * math.cos(angle), y + radius * math.sin(angle))
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def draw_code(canvas: Canvas, payload: str, left: float, bottom: float) -> None:
    """Draw a QR code as vectors.

    Args:
        payload: 16 characters of QR's alphanumeric mode.
        left, bottom: corner of the symbol itself, its white margin lies outside.
    """
    canvas.setFillColor(black)
    canvas.addLiteral(f"q {CODE_SIZE / 21:.6f} 0 0 {CODE_SIZE / 21:.6f} {left:.4f} {bottom:.4f} cm")
    canvas.addLiteral(code_path(code_modules(payload)))
    canvas.addLiteral("f Q")


def code_modules(payload: str) -> int:
    """Return the 21 × 21 modules of a QR code as bits, row by row from the top left one, which is the highest.

    The mask is always the same, so that codes are linear in what they say (see `ozgdoc.pdf.codes`). Any reader
    undoes whichever mask the symbol names (ISO/IEC 18004, 7.8).
    """
    code = segno.make_qr(payload, version=1, error="q", mode="alphanumeric", mask=_MASK, boost_error=False)
    return int("".join("01"[bool(module)] for line in code.matrix for module in line), 2)


def code_path(modules: int) -> str:
    """Return the path of a QR code whose modules are one unit wide; the origin is its bottom left corner."""
    halves: list[str] = []
    for up in range(21):  # the middle column belongs to both halves, so that runs through it stay in one piece
        halves += _runs(0, up, modules >> 10 & 0x7FF), _runs(10, up, modules & 0x7FF)
        modules >>= 21
    return " ".join(filter(None, halves))


_MASK = 3
_DARK = re.compile("1+")


@cache
def _runs(left: int, up: int, bits: int) -> str:
    """Return the path of eleven modules of a row.

    Neighbouring ones are one rectangle, so that no hairline shows between them.
    """
    runs = _DARK.finditer(f"{bits:011b}")
    return " ".join(f"{left + run.start()} {up} {run.end() - run.start()} 1 re" for run in runs)


def draw_dot(canvas: Canvas, x: float, y: float) -> None:
    """Draw a corner dot with its middle at x, y."""
    canvas.setFillColor(black)
    canvas.circle(x, y, DOT / 2, stroke=0, fill=1)
