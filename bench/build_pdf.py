"""How long does the blank form take, beside a form of the same size drawn with ReportLab alone?"""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from bench import Benchmark
from ozgdoc import api
from ozgdoc.resources import data_folder


def prepare() -> Benchmark:
    """Return the benchmark on the OZG-Umsetzungscheckliste."""
    checklist = api.load(data_folder() / "umsetzungscheckliste.yaml")
    texts = [point.text.get(checklist.language) for point in checklist.walk()]
    labels = [field.label.get(checklist.language) for field in checklist.fields]
    return Benchmark(
        title=f"one blank PDF form, {len(texts)} check boxes and {len(labels)} text fields",
        contenders={
            "ozgdoc": lambda: api.render(checklist, "pdf"),
            "ReportLab alone, with its own boxes and fields": lambda: plain(texts, labels),
        },
        differs="ReportLab alone embeds no font, wraps no line and writes no tags, metadata or footnotes.",
    )


def plain(texts: list[str], labels: list[str]) -> bytes:
    """Draw check boxes and text fields as ReportLab's acroForm makes them."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4))
    canvas.setFont("Helvetica", 9)
    for number, label in enumerate(labels):
        y = 540 - 20 * number
        canvas.drawString(40, y, label)
        canvas.acroForm.textfield(
            name=f"field-{number}", tooltip=label, x=200, y=y - 4, width=180, height=16, fontSize=9
        )
    for number, text in enumerate(texts):
        column, row = divmod(number, 15)
        x, y = 40 + 390 * column, 400 - 24 * row
        canvas.acroForm.checkbox(name=f"box-{number}", tooltip=text, x=x, y=y, size=12)
        canvas.drawString(x + 18, y + 2, text)
    canvas.save()
    return out.getvalue()
