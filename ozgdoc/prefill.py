"""Copies of one form, issued to many: the form is compiled once, then each copy is put together from its bytes.

A copy means the same as what the format's writer makes of the same values and the same id; it is made much faster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from ozgdoc import formats
from ozgdoc.document import Document
from ozgdoc.errors import OutputError, Problem, TemplateError
from ozgdoc.model import Checklist, Submission
from ozgdoc.templating import compose_form
from ozgdoc.theme import Theme

#: Returns a copy for values by field id and the copy's id.
Fill = Callable[[Mapping[str, str], str], bytes]

#: Formats that copies can be made in.
FORMATS = ("pdf", "docx")

_MARK = "ozgdocMark"  #: begins what stands where copies differ


def compiled(
    checklist: Checklist,
    name: str,
    language: str | None,
    templates: Path | None,
    theme: Theme,
) -> Fill:
    """Compile a form; see `ozgdoc.api.prefill`. ``name`` is the format's."""
    if name not in FORMATS:
        raise OutputError(f'copies can\'t be issued as "{name}". Use one of: {", ".join(FORMATS)}.')
    instance = f"{_MARK}Instance"
    marks = {field.id: f"{_MARK}Field{number:03}" for number, field in enumerate(checklist.fields)}
    look = replace(theme, templates=templates) if templates else theme

    def composed(values: Mapping[str, str]) -> Document:
        filled = Submission("", fields=values)
        return compose_form(checklist, language=language, templates=templates, submission=filled, instance=instance)

    document, write = composed(marks), formats.FORMATS[name].writer()
    _require_once(document, (instance, *marks.values()))
    if name == "docx":
        from ozgdoc.ooxml.prefill import WordTemplate

        return WordTemplate(write(document, look), write(composed({}), look), instance, marks).fill
    from ozgdoc.pdf.fonts import field_font
    from ozgdoc.pdf.prefill import PdfTemplate

    return PdfTemplate(write(document, look), instance, marks, field_font(theme.fonts.regular)).fill


def _require_once(document: Document, marks: tuple[str, ...]) -> None:
    """Refuse a template that shows a value elsewhere than in its field, or not at all."""
    text = repr(document)
    if any(text.count(mark) != 1 for mark in marks):
        wrong = "a copy's values stand elsewhere than in their fields, or not in the form at all"
        raise TemplateError(Problem("not-filled", "form.xml.j2", 0, wrong, "Show each value once, in a <field>."))
