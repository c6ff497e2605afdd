"""Content controls: what a person fills in in Word (ISO/IEC 29500-1, 17.5.2; check boxes [MS-DOCX] 2.5.4).

A control is known by its tag; its alias, which Word shows as its title and screen readers say, starts with the same
id. LibreOffice 7.4 loses the tag and keeps the alias. There is no data binding on purpose: Word takes the value of a
bound control from the custom XML part when it opens a file. LibreOffice keeps that part but never updates it, so ticks
set in LibreOffice would vanish in Word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from lxml import etree

from ozgdoc.ooxml.xml import element, run

#: Word allows no longer tag or alias, in UTF-16 units; Microsoft's Open XML SDK reports longer ones as errors.
LONGEST = 64
#: A longer key is shortened in an alias that would say nothing else.
LONGEST_KEY = 32
_SOME = 8  #: letters of a label at least; with fewer nobody knows it

CHECKED = "\u2611"
UNCHECKED = "\u2610"
#: Comes with Windows and holds both signs; elsewhere a program takes another font that has them.
SIGNS = "Segoe UI Symbol"

#: What an empty control shows: room to click into that prints as nothing.
PLACEHOLDER = "\u2003" * 6

_DATE_FORMATS = {"de": "dd.MM.yyyy", "en": "dd/MM/yyyy"}


def fit(tag: str, longest: int = LONGEST) -> str:
    """Return a tag that Word accepts: itself, or its beginning and a digest of the whole if it is too long."""
    if _units(tag) <= longest:
        return tag
    return f"{_cut(tag, longest - 17).rstrip('.')}~{hashlib.sha256(tag.encode()).hexdigest()[:16]}"


def title(key: str, label: str, *ends: str) -> str:
    """Return the alias of a control: its key, then as much of the label as Word's limit leaves room for.

    Args:
        key: the id, with the state if there are several.
        label: what it is for.
        ends: what must not be lost where the label is cut, such as the level, which is told by colour and shape
            elsewhere; the first that leaves room for some of the label is taken.
    """
    label = " ".join(label.split())
    whole = f"{key}: {label}{ends[0] if ends and not label.endswith(ends[0]) else ''}"
    if _units(whole) <= LONGEST:
        return whole
    shown = fit(key, LONGEST_KEY)
    for end in (*filter(None, ends), ""):
        if (room := LONGEST - _units(f"{shown}: …{end}")) >= _SOME:
            break
    return f"{shown}: {_cut(label, room).rstrip()}…{end}"


def check_box(number: int, tag: str, alias: str, checked: bool) -> etree._Element:
    """Return a box to tick, as content of a paragraph.

    Args:
        number: a number that no other control of the document has, from 1.
        tag: its name, at most `LONGEST` UTF-16 units, see `fit`.
        alias: what people are told, as long at most, see `title`.
        checked: it is ticked.
    """
    fonts = element("w:rFonts", ascii=SIGNS, hAnsi=SIGNS, eastAsia=SIGNS, cs=SIGNS)
    box = element(
        "w14:checkbox",
        element("w14:checked", val=int(checked)),
        element("w14:checkedState", val=f"{ord(CHECKED):04X}", font=SIGNS),
        element("w14:uncheckedState", val=f"{ord(UNCHECKED):04X}", font=SIGNS),
    )
    return _control(number, tag, alias, (box,), run(CHECKED if checked else UNCHECKED, fonts))


def plain_text(number: int, tag: str, alias: str, value: str) -> etree._Element:
    """Return a control for text of one or more lines."""
    return _filled(number, tag, alias, element("w:text", multiLine=1), value)


def date(number: int, tag: str, alias: str, value: str, language: str) -> etree._Element:
    """Return a control with a calendar. The value is shown as it is given.

    Its language (BCP 47) decides in which form Word writes a date that is picked. For the others see `check_box`.
    """
    kind = element(
        "w:date",
        element("w:dateFormat", val=_DATE_FORMATS.get(language.split("-", maxsplit=1)[0], "yyyy-MM-dd")),
        element("w:lid", val=language),
        element("w:storeMappedDataAs", val="dateTime"),
        element("w:calendar", val="gregorian"),
    )
    return _filled(number, tag, alias, kind, value)


def drop_down(number: int, tag: str, alias: str, value: str, options: Sequence[str]) -> etree._Element:
    """Return a control that offers a choice; a value that is not among the options is offered first."""
    offered = dict.fromkeys(option for option in (*([value] if value else []), *options) if option)
    items = [element("w:listItem", displayText=option, value=option) for option in offered]
    return _filled(number, tag, alias, element("w:dropDownList", *items), value)


def group(number: int, *blocks: etree._Element) -> etree._Element:
    """Return blocks of which only the controls can be changed (``w:group`` with locked content, 17.5.2.16).

    Preferred to ``w:documentProtection`` for forms, which keeps screen readers from moving through the protected text.
    """
    properties = element("w:sdtPr", element("w:id", val=number), element("w:lock", val="contentLocked"))
    properties.append(element("w:group"))
    return element("w:sdt", properties, element("w:sdtContent", *blocks))


def _filled(number: int, tag: str, alias: str, kind: etree._Element, value: str) -> etree._Element:
    if value:
        return _control(number, tag, alias, (kind,), run(value))
    shown = run(PLACEHOLDER, element("w:rStyle", val="PlaceholderText"))
    return _control(number, tag, alias, (element("w:showingPlcHdr"), kind), shown)


def _control(
    number: int, tag: str, alias: str, kind: Sequence[etree._Element], shown: etree._Element
) -> etree._Element:
    properties = element(
        "w:sdtPr",
        element("w:alias", val=alias),
        element("w:tag", val=tag),
        element("w:id", val=number),
        element("w:lock", val="sdtLocked"),
        *kind,
    )
    return element("w:sdt", properties, element("w:sdtContent", shown))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, units: int) -> str:
    return text.encode("utf-16-le", "surrogatepass")[: 2 * max(units, 0)].decode("utf-16-le", "ignore")
