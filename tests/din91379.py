"""The Latin letters and signs of DIN 91379 (data type C), as sets of characters and of sequences.

Facts from the standard's data type C as published with XÖV's String.Latin+ 1.2 (KoSIT). Greek, Cyrillic and some signs
are the standard's extended letters.
"""

from __future__ import annotations

_RANGES = """
20-7E A0-AC AE-17E 187-188 18F 197 1A0-1A1 1AF-1B0 1B7 1CD-1DC 1DE-1DF 1E2-1F0 1F4-1F5 1F8-1FF 212-213 218-21B 21E-21F
227-233 259 268 292 2B9-2BA 2BE-2BF 2C8 2CC 1E02-1E03 1E06-1E07 1E0A-1E11 1E17 1E1C-1E2B 1E2F-1E37 1E3A-1E3B 1E40-1E49
1E52-1E5B 1E5E-1E63 1E6A-1E6F 1E80-1E87 1E8C-1E97 1E9E 1EA0-1EF9 2019 2021 20AC
"""

#: Letters that have no sign of their own in Unicode: a base, and each set of marks that it is combined with.
_SEQUENCES = """
A 30B|C 300 304 306 308 315 323 326 328+306|D 302|F 300 304|G 300|H 304 326 331|J 301 30C|K 300 302 304 307 315 31B 326
35F+48 35F+68|L 302 325 325+304 326|M 300 302 306 310|N 302 304 306 326|P 300 304 315 323|R 306 325 325+304
|S 300 304 31B+304 331|T 300 304 308 315 31B|U 307|Z 300 304 306 308 327|a 30B|c 300 304 306 308 315 323 326 328+306
|d 302|f 300 304|g 300|h 304 326|j 301|k 300 302 304 307 315 31B 326 35F+68|l 302 325 325+304 326|m 300 302 306 310
|n 302 304 306 326|p 300 304 315 323|r 306 325 325+304|s 300 304 31B+304 331|t 300 304 315 31B|u 307
|z 300 304 306 308 327|Ç 306|Û 304|ç 306|û 304|ÿ 301|Č 315 323|č 315 323|ē 30D|Ī 301|ī 301|ō 30D|Ž 326 327|ž 326 327
|Ḳ 304|ḳ 304|Ṣ 304|ṣ 304|Ṭ 304|ṭ 304|Ạ 308|ạ 308|Ọ 308|ọ 308|Ụ 304 308|ụ 304 308
"""


def _characters(ranges: str) -> str:
    found = []
    for entry in ranges.split():
        first, _, last = entry.partition("-")
        found += [chr(code) for code in range(int(first, 16), int(last or first, 16) + 1)]
    return "".join(found)


def _sequences() -> tuple[str, ...]:
    found = []
    for entry in _SEQUENCES.split("|"):
        base, *marks = entry.split()
        found += [base + "".join(chr(int(code, 16)) for code in mark.split("+")) for mark in marks]
    return tuple(found)


CHARACTERS = _characters(_RANGES)
SEQUENCES = _sequences()
GREEK = _characters("386 388-38A 38C 38E-3A1 3A3-3CE")
CYRILLIC = _characters("400-45F 490-491")

#: Signs for continuous text (extended, E1), but for ∞, ≤ and ≥, which Noto Sans does not have.
SIGNS = _characters(
    "192 2B0 2B3 2C6 2DC 2E2 1D48 1D57 2018 201A 201C-201E 2020 2026 2030 2032-2033 2039-203A"
    " 2070 2074-2079 207F-2089 2122"
)
SIGNS = _characters(
    "192 2B0 2B3 2C6 2DC 2E2 1D48 1D57 2018 201A 201C-201E 2020 2026 2030 2032-2033 2039-203A 2070 2074-2079 207F-2089"
    " 2122 221E 2264-2265"
)
