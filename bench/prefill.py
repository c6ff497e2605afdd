"""How long do prefilled copies take, beside the plain libraries that fill one blank again and again?

Every contender makes the same number of copies, so the slow ones decide how many there are.
"""

from __future__ import annotations

import io
from bisect import bisect
from collections.abc import Callable
from itertools import accumulate

import docx
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter

from bench import Benchmark
from ozgdoc import api
from ozgdoc.identity import control_tag, field_name
from ozgdoc.model import Checklist
from ozgdoc.resources import data_folder

COPIES, WORD_COPIES = 20, 200
MARK = b"(ozgMark)"
Values = dict[str, str]


def prepare_pdf() -> Benchmark:
    """Return the benchmark for PDF."""
    checklist, rows = _recipients(COPIES)
    fill, blank = api.prefill(checklist, "pdf"), api.render(checklist, "pdf")
    template = bare(fill(dict.fromkeys(rows[0], MARK[1:-1].decode()), "x"))
    return Benchmark(
        title=f"{COPIES} prefilled PDF copies of {len(blank) // 1000} kB, {len(rows[0])} values each",
        contenders={
            "ozgdoc": lambda: [fill(values, str(number)) for number, values in enumerate(rows)],
            "a bare byte template": lambda: [template(values) for values in rows],
            "pypdf, clone and update": lambda: [with_pypdf(blank, checklist, values) for values in rows],
        },
        differs="The bare template joins bytes and a new table: no appearance, code or digest follows the values.",
    )


def _recipients(copies: int) -> tuple[Checklist, list[Values]]:
    checklist = api.load(data_folder() / "umsetzungscheckliste.yaml")
    return checklist, [
        {field.id: f"Straße {number} in München, {field.id}" for field in checklist.fields} for number in range(copies)
    ]


def bare(marked: bytes) -> Callable[[Values], bytes]:
    """Return what joins the bytes of a file with values, and moves the places in its table."""
    start, end = marked.rindex(b"xref\n0 "), marked.rindex(b"startxref")
    table, _, trailer = marked[start:end].partition(b"trailer")
    head, rows = table.splitlines()[1:3], table.splitlines()[3:]
    parts = marked[:start].split(MARK)
    edges = list(accumulate(len(part) + len(MARK) for part in parts))
    places = [(int(row[:10]), bisect(edges, int(row[:10]))) for row in rows]

    def fill(values: Values) -> bytes:
        written = [b"<FEFF" + value.encode("utf-16-be").hex().encode() + b">" for value in values.values()]
        shifts = [0, *accumulate(len(value) - len(MARK) for value in written)]
        moved = [b"%010d 00000 n " % (place + shifts[part]) for place, part in places]
        body = [piece for pair in zip(parts, [*written, b""], strict=True) for piece in pair]
        lines = b"\n".join((b"xref", *head, *moved, b"trailer"))
        return b"".join((*body, lines, trailer, b"startxref\n%d\n%%%%EOF\n" % (start + shifts[-1])))

    return fill


def with_pypdf(blank: bytes, checklist: Checklist, values: Values) -> bytes:
    """Return a copy of the form with these values, as pypdf fills it."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(blank)))
    wanted = {".".join(field_name(checklist.id, field)): value for field, value in values.items()}
    writer.update_page_form_field_values(None, wanted, auto_regenerate=None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def prepare_word() -> Benchmark:
    """Return the benchmark for Word."""
    checklist, rows = _recipients(WORD_COPIES)
    fill, blank = api.prefill(checklist, "docx"), api.render(checklist, "docx")
    return Benchmark(
        title=f"{WORD_COPIES} prefilled Word copies of {len(blank) // 1000} kB, {len(rows[0])} values each",
        contenders={
            "ozgdoc": lambda: [fill(values, str(number)) for number, values in enumerate(rows)],
            "python-docx, open, fill, save": lambda: [with_docx(blank, checklist, values) for values in rows],
        },
        differs="python-docx knows no content controls: the text of each is set in its XML. It writes no id.",
    )


def with_docx(blank: bytes, checklist: Checklist, values: Values) -> bytes:
    """Return a copy of the form with these values, as python-docx fills it."""
    document = docx.Document(io.BytesIO(blank))
    tags = {control_tag(field_name(checklist.id, field)): value for field, value in values.items()}
    for control in document.element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is not None and (value := tags.get(tag.get(qn("w:val")))):
            next(control.iter(qn("w:t"))).text = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
