"""How fast are filled copies read, beside the bare libraries that only list the fields?"""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pypdf import PdfReader

from bench import Benchmark
from ozgdoc import api
from ozgdoc.identity import box_name
from ozgdoc.readers.pdf.straight import read_straight
from ozgdoc.resources import data_folder

COPIES = 1_000


def prepare() -> Benchmark:
    """Fill copies of the OZG-Umsetzungscheckliste, plain as most programs leave them."""
    return _benchmark(
        "as most programs write it (cross-reference table)", pikepdf.ObjectStreamMode.disable, straight=True
    )


def prepare_packed() -> Benchmark:
    """Fill copies whose objects are packed, so that the full reader has to read them."""
    return _benchmark("with object streams", pikepdf.ObjectStreamMode.generate, straight=True)


def _benchmark(spelling: str, mode: pikepdf.ObjectStreamMode, *, straight: bool) -> Benchmark:
    known = api.checklists()  # once for all files, as the command line does
    copies = filled_copies(mode)
    if any((read_straight(copy) is not None) != straight for copy in copies):
        raise AssertionError("the copies are not read in the way that is to be measured")
    return Benchmark(
        title=f"{COPIES} filled copies of {len(copies[0]) // 1000} kB, {spelling}",
        contenders={
            "ozgdoc": lambda: [api.read(copy, name="copy.pdf", known=known) for copy in copies],
            "pypdf, get_fields": lambda: [PdfReader(io.BytesIO(copy)).get_fields() for copy in copies],
            "pikepdf, a walk over the fields": lambda: [walk(copy) for copy in copies],
        },
        differs="Only ozgdoc identifies the form, compares each value with its appearance and returns answers.",
    )


def filled_copies(mode: pikepdf.ObjectStreamMode) -> list[bytes]:
    """Return copies that differ in every text and in many boxes, written by pikepdf."""
    checklist = api.load(data_folder() / "umsetzungscheckliste.yaml")
    boxes = {
        ".".join(box_name(checklist.id, point.id, checklist.states[0].id, only=True)) for point in checklist.walk()
    }
    blank = api.render(checklist, "pdf")
    with pikepdf.open(io.BytesIO(blank)) as pdf:
        fields: dict[str, pikepdf.Object] = {}
        for field in pdf.Root.AcroForm.Fields:
            visit(field, "", fields.__setitem__)
        made = []
        for number in range(COPIES):
            for place, (name, field) in enumerate(fields.items()):
                if name in boxes:
                    ticked = number % 7 <= place and place % (2 + number % 3) == 0
                    field.V = field.AS = pikepdf.Name.Yes if ticked else pikepdf.Name.Off
                else:
                    field.V = pikepdf.String(f"Eintrag {number}, Größe {place}")
            out = io.BytesIO()
            pdf.save(out, object_stream_mode=mode)
            made.append(out.getvalue())
    return made


def visit(field: pikepdf.Object, prefix: str, found: Callable[[str, pikepdf.Object], None]) -> None:
    """Hand over each field that has none below it, with its fully qualified name."""
    name = f"{prefix}.{field.T}".removeprefix(".") if "/T" in field else prefix
    if "/Kids" in field:
        for kid in field.Kids:
            visit(kid, name, found)
    else:
        found(name, field)


def walk(copy: bytes) -> dict[str, str]:
    """Return every field's value by its fully qualified name, with nothing checked."""
    values: dict[str, str] = {}

    def keep(name: str, field: pikepdf.Object) -> None:
        values[name] = str(field.get("/V", ""))

    with pikepdf.open(io.BytesIO(copy)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            visit(field, "", keep)
    return values
