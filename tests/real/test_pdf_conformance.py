"""The blank form is PDF/UA-1 and PDF/A-2a at once, by veraPDF; and veraPDF would tell if it were not.

A checker that says yes to everything proves nothing. So the good file is broken in one place at a time, and each time
the rule that forbids just this must be named.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from pikepdf import Name

from ozgdoc.identity import box_name, field_name
from tests import verapdf
from tests.fillers import PROGRAMS
from tests.sheets import OZG, ozg_pdf

Mutation = Callable[[pikepdf.Pdf], None]


@pytest.mark.parametrize("flavour", ["ua1", "2a"])
def test_the_ozg_sheet_conforms(flavour: str) -> None:
    result = verapdf.check(ozg_pdf(), flavour)
    assert result.compliant, result
    assert result.checks > 1000  # an empty file would conform too


def annotations(pdf: pikepdf.Pdf, subtype: Name) -> Iterator[pikepdf.Object]:
    for page in pdf.pages:
        yield from (annotation for annotation in page.get("/Annots", []) if annotation.Subtype == subtype)


def no_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def no_tooltip(pdf: pikepdf.Pdf) -> None:
    del next(annotations(pdf, Name.Widget))["/TU"]


def untagged_text(pdf: pikepdf.Pdf) -> None:
    """Take the tag from the title, but leave its words on the page."""
    page = pdf.pages[0]
    page.contents_coalesce()
    tagged = re.compile(rb"/\w+\s*<<\s*/MCID 0\s*>>\s*BDC(.*?)EMC", re.DOTALL)
    content, count = tagged.subn(rb"\1", page.Contents.read_bytes(), count=1)
    assert count == 1
    page.Contents.write(content)


def need_appearances(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.NeedAppearances = True


def appearance_without_normal(pdf: pikepdf.Pdf) -> None:
    next(annotations(pdf, Name.Widget)).AP = pikepdf.Dictionary()


def link_without_contents(pdf: pikepdf.Pdf) -> None:
    del next(annotations(pdf, Name.Link))["/Contents"]


def no_output_intent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/OutputIntents"]


def no_struct_parent(pdf: pikepdf.Pdf) -> None:
    del next(annotations(pdf, Name.Widget))["/StructParent"]


@pytest.mark.parametrize(
    ("mutation", "flavour", "rule"),
    [
        (no_language, "ua1", "7.2-"),
        (no_tooltip, "ua1", "7.18.1-3"),
        (untagged_text, "ua1", "7.1-3"),
        (need_appearances, "2a", "6.4.1-3"),
        (appearance_without_normal, "2a", "6.3.3-"),
        (link_without_contents, "ua1", "7.18.5-2"),
        (no_output_intent, "2a", "6.2.4.3-"),
        (no_struct_parent, "ua1", "7.18.4-1"),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_a_broken_sheet_is_caught(mutation: Mutation, flavour: str, rule: str) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(ozg_pdf())) as pdf:
        mutation(pdf)
        pdf.save(out)
    result = verapdf.check(out.getvalue(), flavour)
    assert not result.compliant
    assert any(found.startswith(rule) for found in result.rules), result


def test_saving_alone_breaks_nothing() -> None:
    """The mutations above go through pikepdf; it must not be what veraPDF complains about."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(ozg_pdf())) as pdf:
        pdf.save(out)
    assert [verapdf.check(out.getvalue(), flavour).rules for flavour in ("ua1", "2a")] == [(), ()]


@pytest.mark.parametrize("flavour", ["ua1", "2a"])
@pytest.mark.parametrize("name", ["pypdf", "pdfjs", "poppler"])
def test_filled_copies_still_conform(name: str, flavour: str) -> None:
    """PDFium and MuPDF are not among them: they set texts and ticks in fonts of their own, without embedding those."""
    values = {
        ".".join(box_name(OZG, "steuerungskreis", "done", only=True)): True,
        ".".join(field_name(OZG, "projekt")): "Şükrü Łódź – „Größe“",
    }
    result = verapdf.check(PROGRAMS[name](ozg_pdf(), values), flavour)
    assert result.compliant, result
