"""Add to the shipped fonts the signs of DIN 91379 that Noto Sans lacks: ∞ ≤ ≥, from Noto Sans Math.

Run once as ``python -m tools.add_signs NotoSansMath-Regular.ttf`` (Debian: fonts-noto-core). Both families have the SIL
Open Font License without reserved names, so a changed font may keep its name. A sign that is there already is left.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

SIGNS = "\u221e\u2264\u2265"
FOLDER = Path(__file__).resolve().parent.parent / "templates" / "fonts"


def main() -> None:
    """Change the fonts in place."""
    source = TTFont(sys.argv[1])
    for path in sorted(FOLDER.glob("NotoSans-*.ttf")):
        font = TTFont(path, recalcTimestamp=False)
        if source["head"].unitsPerEm != font["head"].unitsPerEm:
            raise SystemExit(f"{path.name}: the fonts measure in other units")
        for sign in SIGNS:
            if ord(sign) not in font.getBestCmap():
                add(font, source, ord(sign))
        font.save(path)


def add(font: TTFont, source: TTFont, code: int) -> None:
    """Copy one glyph with its width, and make it known by its code point."""
    name, new = source.getBestCmap()[code], f"uni{code:04X}"
    pen = TTGlyphPen(None)
    source.getGlyphSet()[name].draw(pen)
    font.setGlyphOrder([*font.getGlyphOrder(), new])
    font["glyf"][new] = pen.glyph()
    font["hmtx"][new] = source["hmtx"][name]
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = new


if __name__ == "__main__":
    main()
