"""The letters of DIN 91379:2022-08, from which names of people and places in Europe are written.

What the standard allows, in composed form: Latin with its sequences, Greek and Cyrillic of the EU, and signs.
"""

from __future__ import annotations

#: Code points, first and last of each run.
_RUNS = """
21-7E A1-AC AE-17E 187-188 18F 192 197 1A0-1A1 1AF-1B0 1B7 1CD-1DC 1DE-1DF 1E2-1F0 1F4-1F5 1F8-1FF 212-213 218-21B
21E-21F 227-233 259 268 292 2B0 2B3 2B9-2BA 2BE-2BF 2C6 2C8 2CC 2DC 2E2 1D48 1D57 1E02-1E03 1E06-1E07 1E0A-1E11 1E17
1E1C-1E2B 1E2F-1E37 1E3A-1E3B 1E40-1E49 1E52-1E5B 1E5E-1E63 1E6A-1E6F 1E80-1E87 1E8C-1E97 1E9E 1EA0-1EF9
2018-201A 201C-201E 2020-2021 2026 2030 2032-2033 2039-203A 2070 2074-2079 207F-2089 20AC 2122
386 388-38A 38C 38E-3A1 3A3-3CE 40D 410-42A 42C 42E-44A 44C 44E-44F 45D
"""

#: Letters that take a mark which Unicode has no composed letter for, by the mark's code points.
_MARKED = {
    "0300": "CFGKMPSTZcfgkmpstz",
    "0301": "JjÿĪī",
    "0302": "DKLMNdklmn",
    "0304": "CFHKNPSTZcfhknpstzÛûḲḳṢṣṬṭỤụ",
    "0306": "CMNRZcmnrzÇç",
    "0307": "KUku",
    "0308": "CTZczẠạỌọỤụ",
    "030B": "Aa",
    "030C": "J",
    "030D": "ēō",
    "0310": "Mm",
    "0315": "CKPTckptČč",
    "031B": "KTkt",
    "031B 0304": "Ss",
    "0323": "CPcpČč",
    "0325": "LRlr",
    "0325 0304": "LRlr",
    "0326": "CHKLNchklnŽž",
    "0327": "ZzŽž",
    "0328 0306": "Cc",
    "0331": "HSs",
    "035F 0048": "K",
    "035F 0068": "Kk",
}

#: The standard allows these signs in continuous text; Noto Sans, the built-in face, does not have them.
NOT_IN_NOTO = "∞≤≥"


def _run(run: str) -> list[str]:
    first, _, last = run.partition("-")
    return [chr(code) for code in range(int(first, 16), int(last or first, 16) + 1)]


#: Every letter, sequence and sign that the built-in face has to print.
DIN_91379 = (
    *(letter for run in _RUNS.split() for letter in _run(run)),
    *(
        letter + "".join(chr(int(code, 16)) for code in codes.split())
        for codes, letters in _MARKED.items()
        for letter in letters
    ),
)
