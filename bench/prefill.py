"""How long do prefilled copies take, beside the plain libraries that fill one blank again and again?

Every contender makes the same number of copies, so the slow ones decide how many there are.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter

from bench import Benchmark
from ozgdoc import api
from ozgdoc.identity import control_tag, field_name
from ozgdoc.model import Checklist
from ozgdoc.resources import data_folder

COPIES, WORD_COPIES = 20, 200
Values = dict[str, str]


def prepare_pdf() -> Benchmark:
    """Return the benchmark for PDF."""
    checklist, rows = _recipients(COPIES)
    fill, blank = api.prefill(checklist, "pdf"), api.render(checklist, "pdf")
    template = bare(fill(dict.fromkeys(rows[0], "ozgMark"), "x"))
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
    parts = marked[: marked.rindex(b"xref\n0 ")].split(b"(ozgMark)")
    rows = marked[marked.rindex(b"xref\n0 ") : marked.rindex(b"trailer")].splitlines()[3:]
    edges = [len(b"(ozgMark)".join(parts[: number + 1])) for number in range(len(parts))]
    places = sorted(int(row[:10]) for row in rows)
    groups = [
        [place for place in places if (edges[number - 1] if number else 0) <= place < edge]
        for number, edge in enumerate(edges)
    ]
    trailer = marked[marked.rindex(b"trailer") : marked.rindex(b"startxref")]

    def fill(values: Values) -> bytes:
        out: list[bytes] = []
        table, shift, position = [b"xref\n"], 0, 0
        for number, (part, group, value) in enumerate(zip(parts, groups, [*values.values(), ""], strict=True)):
            table += [b"%010d 00000 n \n" % (place + shift) for place in group]
            written = b"<FEFF" + value.encode("utf-16-be").hex().encode() + b">" if number < len(parts) - 1 else b""
            out += part, written
            shift += len(written) - len(b"(ozgMark)")
            position += len(part) + len(written)
        return b"".join((*out, *table, trailer, b"startxref\n%d\n%%%%EOF\n" % position))

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
