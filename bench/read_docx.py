"""How fast are filled Word copies read, beside the bare libraries that only list the controls?"""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from bench import Benchmark
from ozgdoc import api
from ozgdoc.resources import data_folder

COPIES, DIFFERENT = 1_000, 20

_MAIN = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_CHECKED = f"{_W}sdtPr/{_W14}checkbox/{_W14}checked"


def prepare() -> Benchmark:
    """Fill copies of the OZG-Umsetzungscheckliste by rewriting their text part, and return the benchmark."""
    checklist = api.load(data_folder() / "umsetzungscheckliste.yaml")
    known = api.checklists()  # once for all files, as the command line does
    blank = api.render(checklist, "docx")
    # A few copies with other boxes each, several times over.
    copies = [fill(blank, number % 7, 2 + number % 3) for number in range(DIFFERENT)] * (COPIES // DIFFERENT)
    return Benchmark(
        title=f"{COPIES} filled Word copies of {len(copies[0]) // 1000} kB",
        contenders={
            "ozgdoc": lambda: [api.read(copy, name="copy.docx", known=known) for copy in copies],
            "zipfile and lxml, a walk over the controls": lambda: [walk(copy) for copy in copies],
        },
        differs="Only ozgdoc identifies the form, compares each value with its sign and returns answers.",
    )


def fill(blank: bytes, first: int, step: int) -> bytes:
    """Return a copy of the form in which every so many boxes are ticked, from the first on, and their signs too."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as filled:
        for info in package.infolist():
            content = package.read(info)
            if info.filename == _MAIN:
                root = etree.fromstring(content)
                controls = ((control, control.find(_CHECKED)) for control in root.iter(f"{_W}sdt"))
                boxes = [(control, checked) for control, checked in controls if checked is not None]
                for control, checked in boxes[first::step]:
                    checked.set(f"{_W14}val", "1")
                    next(control.iter(f"{_W}t")).text = "\u2611"
                content = etree.tostring(root, encoding="UTF-8", standalone=True)
            filled.writestr(info.filename, content)
    return out.getvalue()


def walk(copy: bytes) -> list[tuple[str | None, str | None]]:
    """Return tag and state of every control, with nothing checked."""
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        root = etree.fromstring(package.read(_MAIN))
    found: list[tuple[str | None, str | None]] = []
    for properties in root.iter(f"{_W}sdtPr"):
        tag, checked = properties.find(f"{_W}tag"), properties.find(f"{_W14}checkbox/{_W14}checked")
        found.append(
            (None if tag is None else tag.get(f"{_W}val"), None if checked is None else checked.get(f"{_W14}val"))
        )
    return found
