"""How fast are filled copies read, beside the bare libraries that only list the fields?"""

from __future__ import annotations

import io

import pikepdf
from pypdf import PdfReader, PdfWriter

from bench import Benchmark
from ozgdoc import api
from ozgdoc.identity import box_name
from ozgdoc.resources import data_folder

COPIES, DIFFERENT = 1_000, 20


def prepare() -> Benchmark:
    """Fill copies of the OZG-Umsetzungscheckliste with pypdf, and return the benchmark."""
    checklist = api.load(data_folder() / "umsetzungscheckliste.yaml")
    known = api.checklists()  # once for all files, as the command line does
    blank = api.render(checklist, "pdf")
    names = [
        ".".join(box_name(checklist.id, point.id, checklist.states[0].id, only=True)) for point in checklist.walk()
    ]
    # Filling takes longer than reading: a few copies with other boxes each, several times over.
    copies = [fill(blank, names[number % 7 :: 2 + number % 3]) for number in range(DIFFERENT)] * (COPIES // DIFFERENT)
    return Benchmark(
        title=f"{COPIES} filled copies of {len(copies[0]) // 1000} kB",
        contenders={
            "ozgdoc": lambda: [api.read(copy, name="copy.pdf", known=known) for copy in copies],
            "pypdf, get_fields": lambda: [PdfReader(io.BytesIO(copy)).get_fields() for copy in copies],
            "pikepdf, a walk over the fields": lambda: [walk(copy) for copy in copies],
        },
        differs="Only ozgdoc identifies the form, compares each value with its appearance and returns answers.",
    )


def fill(blank: bytes, names: list[str]) -> bytes:
    """Return a copy of the form with these boxes ticked."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(blank)))
    states = {name: field["/_States_"] for name, field in (writer.get_fields() or {}).items() if "/_States_" in field}
    wanted = {name: next(state for state in states[name] if state != "/Off") for name in names}
    writer.update_page_form_field_values(None, wanted, auto_regenerate=None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def walk(copy: bytes) -> dict[str, str]:
    """Return every field's value by its fully qualified name, with nothing checked."""
    values: dict[str, str] = {}

    def visit(field: pikepdf.Object, prefix: str) -> None:
        name = f"{prefix}.{field.T}".removeprefix(".") if "/T" in field else prefix
        if "/Kids" in field:
            for kid in field.Kids:
                visit(kid, name)
        else:
            values[name] = str(field.get("/V", ""))

    with pikepdf.open(io.BytesIO(copy)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            visit(field, "")
    return values
