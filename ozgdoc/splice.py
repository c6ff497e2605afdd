"""Deflated data with gaps (RFC 1951): what is the same in every copy is packed once, the rest is put in as it is."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

_LONGEST = 0xFFFF  #: bytes that a stored block can hold
_END = b"\x03\x00"  #: an empty last block


class Spliced:
    """Constant parts and the gaps between them.

    Args:
        parts: what stands before, between and after the gaps.
    """

    def __init__(self, parts: Sequence[bytes]) -> None:
        self.parts = tuple(parts)
        self.packed = tuple(map(_block, parts))

    def fill(self, values: Sequence[bytes]) -> tuple[bytes, bytes]:
        """Return the whole data, plain and as a raw deflate stream. There is one value for each gap.

        The beginning is always ``parts[0]`` and ``packed[0]``.
        """
        plain, packed = [self.parts[0]], [self.packed[0]]
        for value, part, block in zip(values, self.parts[1:], self.packed[1:], strict=True):
            plain += value, part
            packed += stored(value), block
        packed.append(_END)
        return b"".join(plain), b"".join(packed)


def stored(data: bytes) -> bytes:
    """Return data as stored blocks of a deflate stream, which must be at a byte's edge."""
    pieces: list[bytes] = []
    for start in range(0, len(data), _LONGEST):
        piece = data[start : start + _LONGEST]
        pieces += b"\0", len(piece).to_bytes(2, "little"), (len(piece) ^ _LONGEST).to_bytes(2, "little"), piece
    return b"".join(pieces)


def _block(part: bytes) -> bytes:
    """Compress a part so that it ends at a byte's edge and nothing after it refers to it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(part) + packer.flush(zlib.Z_FULL_FLUSH)
