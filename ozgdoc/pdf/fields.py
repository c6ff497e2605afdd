"""Form fields: their dictionaries, their appearances, and the tree of their names (ISO 32000-1, 12.7).

No field has an action, and none asks the viewer to make appearances: each has its own, drawn with embedded parts only.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from functools import cached_property
from typing import cast

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NumberObject,
)

from ozgdoc.pdf.fonts import FieldFont
from ozgdoc.pdf.marks import TICK, TICK_LINE
from ozgdoc.pdf.objects import Text, array, dictionary, name, numbers, stream
from ozgdoc.pdf.tagging import CheckBox, TextField

#: Name of the field font in the resources.
FONT = "OzgField"
_REQUIRED, _COMBO = 1 << 1, 1 << 17


#: The parts of the fields' names; at the end of each path stands a field.
_Names = dict[str, "IndirectObject | _Names"]


class Fields:
    """Makes the fields of one file.

    Args:
        writer: the file.
        font: what typed text is set in.
    """

    def __init__(self, writer: PdfWriter, font: FieldFont) -> None:
        self._writer = writer
        self._font = font
        self._box_states: dict[tuple[float, float], DictionaryObject] = {}
        self._tree: _Names = {}

    def check_box(self, box: CheckBox, width: float, height: float) -> DictionaryObject:
        """Return the entries of a check box. All boxes of one size share their two appearances."""
        size = round(width, 2), round(height, 2)
        if size not in self._box_states:
            self._box_states[size] = dictionary(Off=self._drawing(*size, ""), Yes=self._drawing(*size, _tick(*size)))
        state = name("Yes" if box.checked else "Off")
        return dictionary(
            Subtype=name("Widget"),
            FT=name("Btn"),
            TU=Text(box.label),
            V=state,
            AS=state,
            AP=dictionary(N=self._box_states[size]),
        )

    def text_field(self, field: TextField, width: float, height: float) -> DictionaryObject:
        """Return the entries of a text field or a drop-down list."""
        fonts = dictionary(Font=dictionary(**{FONT: self._font_reference}))
        entries = dictionary(
            Subtype=name("Widget"),
            FT=name("Tx" if field.options is None else "Ch"),
            TU=Text(field.label),
            V=_value(field.value),
            DA=Text(f"/{FONT} {field.size:g} Tf 0 g"),
            AP=dictionary(N=self._drawing(width, height, typed(self._font, field.value, field.size, height), fonts)),
        )
        flags = (_REQUIRED if field.required else 0) | (_COMBO if field.options is not None else 0)
        if flags:
            entries[name("Ff")] = NumberObject(flags)
        if field.options is not None:
            entries[name("Opt")] = array(Text(option) for option in field.options)
        return entries

    def add(self, parts: tuple[str, ...], field: IndirectObject) -> None:
        """Hang a field into the tree of names."""
        place = self._tree
        for part in parts[:-1]:
            place = cast("_Names", place.setdefault(part, {}))
        place[parts[-1]] = field

    def form(self) -> IndirectObject | None:
        """Return the interactive form dictionary with every field that was added, or None if there is none."""
        if not self._tree:
            return None
        return self._writer._add_object(
            dictionary(
                Fields=array(self._hang(part, value, None) for part, value in self._tree.items()),
                DR=dictionary(Font=dictionary(**{FONT: self._font_reference})),
                DA=Text(f"/{FONT} 9 Tf 0 g"),
            )
        )

    @cached_property
    def _font_reference(self) -> IndirectObject:
        return _embed(self._writer, self._font)

    def _hang(self, part: str, value: IndirectObject | _Names, parent: IndirectObject | None) -> IndirectObject:
        if isinstance(value, IndirectObject):
            reference, entries = value, cast("DictionaryObject", value.get_object())
        else:
            entries = dictionary()
            reference = self._writer._add_object(entries)
            entries[name("Kids")] = array(self._hang(key, kid, reference) for key, kid in value.items())
        entries[name("T")] = Text(part)
        if parent is not None:
            entries[name("Parent")] = parent
        return reference

    def _drawing(
        self, width: float, height: float, code: str, resources: DictionaryObject | None = None
    ) -> IndirectObject:
        return stream(
            self._writer,
            code.encode(),
            compress=False,
            Type=name("XObject"),
            Subtype=name("Form"),
            BBox=numbers(0, 0, width, height),
            Resources=resources or dictionary(),
        )


def _value(text: str) -> Text:
    """Return a value in UTF-16: PDFDocEncoding could be taken for UTF-8, which some programs write in its place."""
    value = Text(text)
    if not text.isascii():
        value.autodetect_pdfdocencoding, value.autodetect_utf16, value.utf16_bom = False, True, codecs.BOM_UTF16_BE
    return value


def typed(font: FieldFont, value: str, size: float, height: float) -> str:
    """Return the content of a text field's appearance.

    Args:
        font: what it is set in.
        value: what was typed; letters that the font lacks are left out.
        size, height: of the letters and of the field, in points.
    """
    if not value:
        return "/Tx BMC EMC"
    baseline = (height - (font.ascent + font.descent) / 1000 * size) / 2
    shown = []
    left = 2.0
    pieces = list(font.face.place(value))
    for number, (piece, glyphs) in enumerate(pieces, 1):
        for glyph in glyphs:
            x, y = left + glyph.x * size, baseline + glyph.y * size
            shown.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm <{font.encode(glyph.text)}> Tj")
        if number < len(pieces):
            left += font.face.width(piece, size)
    return f"/Tx BMC q BT /{FONT} {size:g} Tf 0 g {' '.join(shown)} ET Q EMC"


def _tick(width: float, height: float) -> str:
    points = [f"{x * width:.2f} {y * height:.2f}" for x, y in TICK]
    return f"q 0 G {width * TICK_LINE:.2f} w 1 J 1 j {points[0]} m {points[1]} l {points[2]} l S Q"


def _embed(writer: PdfWriter, font: FieldFont) -> IndirectObject:
    """Embed the field font as Type0 with Identity-H: a simple font's 220 codes are too few for DIN 91379."""
    program = stream(writer, font.program, Length1=NumberObject(len(font.program)))
    descriptor = dictionary(
        Type=name("FontDescriptor"),
        FontName=name(font.name),
        Flags=NumberObject(4),
        ItalicAngle=NumberObject(0),
        FontBBox=numbers(*font.box),
        Ascent=NumberObject(font.ascent),
        Descent=NumberObject(font.descent),
        CapHeight=NumberObject(700),
        StemV=NumberObject(80),
        FontFile2=program,
    )
    descendant = dictionary(
        Type=name("Font"),
        Subtype=name("CIDFontType2"),
        BaseFont=name(font.name),
        CIDSystemInfo=dictionary(Registry=Text("Adobe"), Ordering=Text("Identity"), Supplement=NumberObject(0)),
        CIDToGIDMap=name("Identity"),
        DW=NumberObject(1000),
        W=ArrayObject((NumberObject(0), array(NumberObject(width) for width in font.widths))),
        FontDescriptor=writer._add_object(descriptor),
    )
    letters: dict[int, int] = {}
    for code, glyph in font.glyphs.items():
        letters.setdefault(glyph, code)
    return writer._add_object(
        dictionary(
            Type=name("Font"),
            Subtype=name("Type0"),
            BaseFont=name(font.name),
            Encoding=name("Identity-H"),
            DescendantFonts=array([writer._add_object(descendant)]),
            ToUnicode=stream(writer, _to_unicode(sorted(letters.items()))),
        )
    )


def _to_unicode(pairs: Iterable[tuple[int, int]]) -> bytes:
    """Return the CMap from glyph ids to code points (ISO 32000-1, 9.10.3)."""
    rows = [f"<{glyph:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for glyph, code in pairs]
    blocks = "".join(
        f"{len(rows[i : i + 100])} beginbfchar\n" + "\n".join(rows[i : i + 100]) + "\nendbfchar\n"
        for i in range(0, len(rows), 100)
    )
    return f"""/CIDInit /ProcSet findresource begin
12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{blocks}endcmap CMapName currentdict /CMap defineresource pop end end""".encode()
