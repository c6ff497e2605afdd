"""Page codes without a QR encoder: a code of fixed size and mask is linear in what it says (ISO/IEC 18004, 7.4 to 7.8).

Each pair of letters is 11 bits; Reed-Solomon words are sums of data words, and the mask is added at the end. So a code
is that of a constant text, and for each bit of its letters a pattern that never changes is added (exclusive or).
"""

from __future__ import annotations

from functools import cache, lru_cache

from ozgdoc.pdf.marks import code_modules

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  #: QR's alphanumeric mode, by value
_LENGTH = 16


def fast_modules(payload: str) -> int:
    """Return what `ozgdoc.pdf.marks.code_modules` returns for 16 letters, some hundred times faster."""
    modules = _zero()
    for start in range(0, _LENGTH, 2):
        modules ^= _pair(start, payload[start : start + 2])
    return modules


@cache
def _zero() -> int:
    return code_modules("0" * _LENGTH)


@lru_cache(maxsize=16_384)
def _pair(start: int, letters: str) -> int:
    """Return what a pair of letters adds at its place."""
    value = len(_LETTERS) * _LETTERS.index(letters[0]) + _LETTERS.index(letters[1])
    added = 0
    for bit in range(11):
        if value >> bit & 1:
            added ^= _bit(start, bit)
    return added


@cache
def _bit(start: int, bit: int) -> int:
    first, second = divmod(1 << bit, len(_LETTERS))
    text = "0" * start + _LETTERS[first] + _LETTERS[second]
    return code_modules(text.ljust(_LENGTH, "0")) ^ _zero()
