"""Copies that are put together from bytes conform, are sound, and show their values in every engine."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pymupdf
import pypdfium2
import pytest

from ozgdoc import api
from ozgdoc.identity import field_name, identify, page_codes
from tests import verapdf
from tests.programs import NODE_FOLDER, node_package, program, run
from tests.sheets import OZG, ozg

VALUES = {
    "projekt": "Şükrü Łódź „Pass“ (neu) ẞ",
    "leistungsschluessel": "99001001000000, 99001001000001",
    "behoerde": "Straßenverkehrsamt Ṡibiu & Söhne",
    "stichtag": "01.03.2026",
}
INSTANCE = "kennung-17"


@functools.cache
def copy() -> bytes:
    return api.prefill(ozg(), "pdf")(VALUES, INSTANCE)


@pytest.mark.parametrize("flavour", ["ua1", "2a"])
def test_it_conforms(flavour: str) -> None:
    result = verapdf.check(copy(), flavour)
    assert result.compliant, result


def test_it_is_a_sound_file(tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(copy())
    assert "No syntax or stream encoding errors" in run([program("qpdf"), "--check", tmp_path / "copy.pdf"]).stdout


def test_poppler_shows_the_values_and_the_code(tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(copy())
    text = run([program("pdftotext"), "-layout", tmp_path / "copy.pdf", "-"]).stdout
    assert [value for value in VALUES.values() if value not in text] == []
    assert text.count(page_codes(identify(ozg(), INSTANCE), 1)[0].instance) == 2


def test_pdfjs_has_the_values(tmp_path: Path) -> None:
    node_package("pdfjs-dist")
    (tmp_path / "copy.pdf").write_bytes(copy())
    shown = json.loads(run([program("node"), NODE_FOLDER / "fields.mjs", tmp_path / "copy.pdf"]).stdout)
    found = {name: shown[".".join(field_name(OZG, name))][0]["value"] for name in VALUES}
    assert found == VALUES


def test_mupdf_shows_the_values() -> None:
    with pymupdf.open(stream=copy()) as document:
        text = document[0].get_text()
        found = {widget.field_name.split(".")[-1]: widget.field_value for widget in document[0].widgets()}
    assert {name: found[name] for name in VALUES} == VALUES
    assert [value for value in VALUES.values() if value not in text] == []


def test_pdfium_draws_the_values() -> None:
    """Where the values stand, the picture with form fields differs from the one of a blank copy, and only there."""
    blank = api.prefill(ozg(), "pdf")({}, INSTANCE)
    pictures = []
    for data in (copy(), blank):
        document = pypdfium2.PdfDocument(data)
        document.init_forms()
        pictures.append(document[0].render(scale=1).to_numpy())
        height = document[0].get_height()
        document.close()
    changed = (pictures[0] != pictures[1]).any(axis=2)
    with pymupdf.open(stream=copy()) as document:
        for widget in document[0].widgets():
            left, top, right, bottom = map(int, widget.rect)
            name = widget.field_name.split(".")[-1]
            inside = changed[top : bottom + 1, left : right + 1]
            assert inside.any() == (name in VALUES)
            inside[:] = False
    assert height > 500
    assert not changed.any()
