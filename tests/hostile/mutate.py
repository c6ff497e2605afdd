"""Damage without a plan: bytes, pieces, structure."""

from __future__ import annotations

import io
import random
import re
import zipfile

from pikepdf import Array, Dictionary, Object

from tests.hostile.base import Case, base_docx, opened, saved, wrong_values
from tests.hostile.shapes import TEXTS, bases

_STRUCTURE = re.compile(rb"\d+ 0 obj|0000\d+ 00000 n|startxref|/Length|stream|<<|/Kids|/AS|/V")


def bytes_changed(data: bytes, chance: random.Random) -> bytes:
    """Return a copy in which some bytes are others."""
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 30))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def piece_gone(data: bytes, chance: random.Random) -> bytes:
    """Return a copy in which a piece is missing, or another one stands in its place."""
    start, length = chance.randrange(len(data)), chance.randrange(1, 3_000)
    other = chance.randrange(len(data))
    return data[:start] + chance.choice((b"", data[other : other + length])) + data[start + length :]


def structure_hit(data: bytes, chance: random.Random) -> bytes:
    """Return a copy with other letters in what holds the file together."""
    damaged = bytearray(data)
    spots = [found.start() for found in _STRUCTURE.finditer(data)] or [0]
    for _ in range(chance.randint(1, 4)):
        damaged[min(chance.choice(spots) + chance.randrange(6), len(damaged) - 1)] = chance.choice(b"0123456789 /x<>")
    return bytes(damaged)


def end_gone(data: bytes, chance: random.Random) -> bytes:
    """Return the beginning of a file."""
    return data[: chance.randrange(len(data))]


DAMAGES = (bytes_changed, piece_gone, structure_hit, end_gone)


def objects_changed(chance: random.Random) -> bytes:
    """Return the filled PDF with some values in random objects replaced, at most one in each object."""
    pdf = opened()
    numbers = [number for number in range(1, len(pdf.objects)) if _holder(pdf.get_object(number, 0))]
    for number in chance.sample(numbers, chance.randint(1, 6)):
        holder = pdf.get_object(number, 0)
        value = wrong_values(pdf)[chance.choice([*wrong_values(pdf)])]
        if isinstance(holder, Array):
            holder[chance.randrange(len(holder))] = 0 if value is None else value
        else:
            key = chance.choice(sorted(holder.keys()))
            if value is None and key not in ("/Length", "/Kids"):
                del holder[key]
            elif value is not None and key != "/Length":
                holder[key] = value
    return saved(pdf)


def _holder(value: Object) -> bool:
    return isinstance(value, Array | Dictionary) and len(value) > 0


def parts_changed(chance: random.Random) -> bytes:
    """Return the filled Word form with some letters of one part changed, packed anew so that its sums are right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base_docx())) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        hit = chance.choice(archive.namelist())
        for name in archive.namelist():
            data = archive.read(name)
            made.writestr(name, chance.choice(DAMAGES)(data, chance) if name == hit else data)
    return out.getvalue()


#: What is damaged: bytes of each base file, the values of a PDF's objects, the parts of a Word file.
FUZZED = ("plain", "packed", "appended", "word", "objects", "parts", "fdf", "xfdf", "json", "zip")


def fuzzed(kind: str, chance: random.Random) -> Case:
    """Return a damaged file of a kind."""
    if kind == "objects":
        data = objects_changed(chance)
    elif kind == "parts":
        data = parts_changed(chance)
    else:
        damages = (bytes_changed, end_gone) if kind in TEXTS else DAMAGES
        data = chance.choice(damages)(bases()[kind], chance)
    return Case("fuzzed", kind, data)
