"""Files that are not what they should be: wrong types everywhere, and damage."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf

from tests.hostile.base import (
    Case,
    appended_pdf,
    base_docx,
    base_pdf,
    changed,
    form_data,
    opened,
    packed_pdf,
    private,
    saved,
    widget,
    widgets,
    wrong_values,
)

Owner = Callable[[Pdf], Object]

#: What is looked into, with the keys that are looked up. The truth stays: a box's value and appearance both say it.
OWNERS: dict[str, tuple[Owner, tuple[str, ...]]] = {
    "ticked": (
        lambda pdf: widget(pdf, "steuerungskreis"),
        ("V", "AS", "AP", "FT", "T", "Parent", "Kids", "Subtype", "Rect"),
    ),
    "open": (lambda pdf: widget(pdf, "mvp"), ("V", "AS", "AP", "T")),
    "appearances": (lambda pdf: widget(pdf, "steuerungskreis").AP, ("N", "D")),
    "states": (lambda pdf: widget(pdf, "steuerungskreis").AP.N, ("Yes", "Off")),
    "text": (lambda pdf: widget(pdf, "projekt"), ("V", "FT", "T")),
    "form": (lambda pdf: pdf.Root.AcroForm, ("Fields", "DA", "XFA")),
    "group": (lambda pdf: pdf.Root.AcroForm.Fields[0].Kids[1], ("T", "Kids", "Parent", "V")),
    "carried": (
        lambda pdf: next(private(pdf)),
        ("checklist", "version", "content", "layout", "instance", "definition", "page", "places", "drawn", "record"),
    ),
    "page": (
        lambda pdf: pdf.pages[0].obj,
        ("Annots", "PieceInfo", "MediaBox", "Rotate", "Contents", "Resources", "Type"),
    ),
    "root": (lambda pdf: pdf.Root, ("AcroForm", "Metadata", "StructTreeRoot", "Names")),
}


def wrong_types() -> Iterator[Case]:
    for owner, (find, keys) in OWNERS.items():
        for key in keys:
            for kind in wrong_values(opened()):

                def put(pdf: Pdf, find: Owner = find, key: str = key, kind: str = kind) -> None:
                    value = wrong_values(pdf)[kind]
                    where = find(pdf)
                    if value is not None:
                        where[f"/{key}"] = value
                    elif f"/{key}" in where:
                        del where[f"/{key}"]

                yield Case("wrong types", f"{owner}-{key}-{kind}", changed(put))


def every(key: str, value: object) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        for one in widgets(pdf):
            one[f"/{key}"] = value

    return change


def no_page(pdf: Pdf) -> None:
    pdf.Root.Pages.Kids = Array()
    pdf.Root.Pages.Count = 0


def some_pages(pdf: Pdf) -> None:
    del pdf.pages[0]


def null_page(pdf: Pdf) -> None:
    pdf.Root.Pages.Kids.append(pdf.make_indirect(Dictionary()))


def box_gone(pdf: Pdf) -> None:
    page, one = pdf.pages[0].obj, widget(pdf, "steuerungskreis")
    page.Annots = Array([other for other in page.Annots if other.objgen != one.objgen])
    group = one.Parent
    group.Kids = Array([kid for kid in group.Kids if kid.objgen != one.objgen])


def box_empty(pdf: Pdf) -> None:
    one = widget(pdf, "steuerungskreis")
    for key in ("/V", "/AS", "/AP"):
        del one[key]


def copies_differ(pdf: Pdf) -> None:
    one = widget(pdf, "steuerungskreis")
    other = pdf.make_indirect(Dictionary(one))
    other.V = other.AS = Name.Off
    one.Parent.Kids.append(other)


def fields_only(pdf: Pdf) -> None:
    for page in pdf.pages:
        del page.obj["/Annots"]


def widgets_only(pdf: Pdf) -> None:
    del pdf.Root["/AcroForm"]


def other_state(pdf: Pdf) -> None:
    one = widget(pdf, "steuerungskreis")
    one.V = one.AS = Name("/Perhaps")


def opposite(pdf: Pdf) -> None:
    widget(pdf, "steuerungskreis").AS = Name.Off


def wrong_trees() -> Iterator[Case]:
    """Structures that contradict themselves, and values that no program can write but a person can."""

    for recipe in (
        *(no_page, some_pages, null_page, box_gone, box_empty, copies_differ, fields_only, widgets_only),
        *(other_state, opposite),
    ):
        yield Case("contradictions", recipe.__name__, changed(recipe))
    for key, value in (("Rect", Array([0, 0, 0, 0])), ("F", 2), ("Ff", 1 << 16), ("Opt", Array(["x"])), ("H", 7)):
        yield Case("contradictions", f"every-{key}", changed(every(key, value)))
    for name, old, new in (
        ("mediabox-nan", rb"/MediaBox \[[^\]]*\]", b"/MediaBox [ NaN 0 1e400 -1e400 ]"),
        ("mediabox-huge", rb"/MediaBox \[[^\]]*\]", b"/MediaBox [ 0 0 999999999 999999999 ]"),
        ("mediabox-empty", rb"/MediaBox \[[^\]]*\]", b"/MediaBox [ 0 0 0 0 ]"),
        ("rotate", rb"/Rotate 0", b"/Rotate -9223372036854775808"),
        ("length-long", rb"/Length \d+", b"/Length 999999999"),
        ("length-short", rb"/Length \d+", b"/Length 1"),
        ("length-negative", rb"/Length \d+", b"/Length -1"),
        ("value-twice", rb"/V /Yes", b"/V /Off /V /Yes"),
        ("value-twice-turned", rb"/V /Yes", b"/V /Yes /V /Off"),
        ("count", rb"/Count \d+", b"/Count -5"),
        ("count-large", rb"/Count \d+", b"/Count 2147483648"),
        ("startxref", rb"startxref\s+\d+", b"startxref\n99999999999999999999"),
        ("trailer", rb"trailer", b"trailer << /Root 999 0 R >> trailer"),
        ("header", rb"%PDF-1.7", b"%PDF-9.9"),
        ("no-header", rb"%PDF-1.7", b""),
        ("late-header", rb"%PDF-1.7", b"x" * 500 + b"%PDF-1.7"),
        ("names-not-utf8", rb"/Yes", b"/Y\xff\xfes"),
        ("references", rb"(\d+) 0 R", rb"\1 65535 R"),
    ):
        says = "" if name == "no-header" else None
        yield Case("contradictions", name, re.sub(old, new, saved(opened())), says=says)


# ------------------------------------------------------------------------------------------------------------ damage


def bases() -> dict[str, bytes]:
    checked = {"plain": base_pdf(), "packed": packed_pdf(), "appended": appended_pdf(), "word": base_docx()}
    return {**checked, **form_data()}


#: Files in which nothing but the text itself says what belongs together.
TEXTS = ("fdf", "xfdf", "json")


def cut() -> Iterator[Case]:
    """Files whose end is missing, as broken transfers leave them."""
    for kind, data in bases().items():
        parts = [(0, len(data), 30)]
        if kind == "appended":  # what was entered lies at the end; a cut right before it leaves a sound blank form
            end = data.index(b"%%EOF")
            entered = data.index(b" obj", end) + len(" obj")
            parts = [(0, end, 10), (entered, len(data), 20)]
        places = {first + (last - first) * step // steps for first, last, steps in parts for step in range(steps)}
        places |= {len(data) - rest for rest in (3, 6, 9, 12)}
        for place in sorted(places):
            yield Case("cut off", f"{kind}-{place}", data[:place])


def flipped() -> Iterator[Case]:
    """Files some bytes of which are others."""
    for kind, data in bases().items():
        for seed in range(50):
            chance = random.Random(f"{kind} {seed}")
            damaged = bytearray(data)
            for _ in range(1 + seed % 8 * 4):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            yield Case("bytes changed", f"{kind}-bytes-{seed}", bytes(damaged))


def spliced() -> Iterator[Case]:
    """Files some pieces of which are missing, there twice, or from another file."""
    files = bases()
    for kind, data in files.items():
        if kind in TEXTS:  # one box's name before another one's value is as well-formed as any other
            continue
        for seed in range(15):
            chance = random.Random(f"splice {kind} {seed}")
            start, length = chance.randrange(len(data)), chance.randrange(1, 5_000)
            other = chance.choice(
                [b"", data[:length], bytes(length), chance.choice([*files.values()])[start:][:length]]
            )
            yield Case("bytes changed", f"{kind}-pieces-{seed}", data[:start] + other + data[start + length :])


def word_parts() -> Iterator[Case]:
    """Word files a part of which is missing, empty, cut off, or that of something else."""
    with zipfile.ZipFile(io.BytesIO(base_docx())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        for kind, content in (
            ("missing", None),
            ("empty", b""),
            ("half", part[: len(part) // 2]),
            ("other", b"<x xmlns='urn:x'>text</x>"),
            ("binary", b"\x00\xff\xfe" * 99),
            ("utf-16", part.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
        ):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
                for other, data in parts.items():
                    if other != name:
                        made.writestr(other, data)
                    elif content is not None:
                        made.writestr(other, content)
            yield Case("word parts", f"{kind}-{name.replace('/', '-')}", out.getvalue())
