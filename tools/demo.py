"""Run the main job on the real checklist: blank forms, filled samples, a report. Everything lands in output/.

The samples are filled with plain pypdf and lxml, as any program outside would do it, and not with ozgdoc.
"""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

from lxml import etree
from pypdf import PdfReader, PdfWriter

from ozgdoc import assess, load, read, render, report
from ozgdoc.files import write_file
from ozgdoc.formats import FORMATS

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "output"

PDF_TEXTS = {
    "projekt": "Elterngeld online",
    "leistungsschluessel": "99041001017000",
    "behoerde": "Jugendamt",
    "ars": "05",
    "stichtag": "30.09.2026",
}
WORD_TEXTS = {
    "projekt": "Wohngeld digital",
    "leistungsschluessel": "99107025017000",
    "behoerde": "Wohngeldbehörde",
    "ars": "09",
    "stichtag": "30.09.2026",
}
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CHECKBOX = "{http://schemas.microsoft.com/office/word/2010/wordml}"


def fill_pdf(blank: bytes, form: str, ticked: list[str], texts: dict[str, str]) -> bytes:
    """Fill a form as a PDF viewer does: by the names of its fields."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(blank)))
    values = {f"{form}.checkpoints.{point}": "/Yes" for point in ticked}
    values |= {f"{form}.fields.{field}": text for field, text in texts.items()}
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=False)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def fill_word(blank: bytes, ticked: list[str], texts: dict[str, str]) -> bytes:
    """Fill a form as Word does: state and sign of each check box, text of each control."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        for item in package.infolist():
            data = package.read(item)
            copy.writestr(item, _filled(data, ticked, texts) if item.filename == "word/document.xml" else data)
    return out.getvalue()


def _filled(document: bytes, ticked: list[str], texts: dict[str, str]) -> bytes:
    root = etree.fromstring(document)
    for control in root.iter(f"{WORD}sdt"):
        tag = control.find(f"{WORD}sdtPr/{WORD}tag")
        kind, _, name = (tag.get(f"{WORD}val") if tag is not None else "").partition(".")
        runs = control.findall(f"{WORD}sdtContent//{WORD}t")
        if kind == "checkpoints" and name in ticked:
            control.find(f".//{CHECKBOX}checked").set(f"{CHECKBOX}val", "1")
            runs[0].text = "\u2611"
        elif kind == "fields" and name in texts:
            for placeholder in control.findall(f"{WORD}sdtPr/{WORD}showingPlcHdr"):
                placeholder.getparent().remove(placeholder)
            for run in runs:
                run.text = ""
            runs[0].text = texts[name]
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def main() -> None:
    """Make everything and say what was made."""
    started = time.monotonic()
    checklist = load(ROOT / "data" / "umsetzungscheckliste.yaml")
    points = [point.id for point in checklist.walk()]
    stem = OUTPUT / checklist.id
    made: dict[str, Path] = {}

    def keep(what: str, path: Path, data: bytes) -> None:
        write_file(path, data)
        made[what] = path

    for name, format_ in FORMATS.items():
        if format_.form:
            keep(f"blank form, {name}", Path(f"{stem}{format_.suffix}"), render(checklist, name))
    blank = {name: Path(f"{stem}.{name}").read_bytes() for name in ("pdf", "docx")}
    keep("filled PDF", Path(f"{stem}-filled.pdf"), fill_pdf(blank["pdf"], checklist.id, points[:17], PDF_TEXTS))
    keep("filled Word file", Path(f"{stem}-filled.docx"), fill_word(blank["docx"], points[:9], WORD_TEXTS))
    submissions = [
        submission
        for what in ("filled PDF", "filled Word file")
        for submission in read(made[what], name=made[what].name)
    ]
    keep("status report", OUTPUT / "report.html", report(assess(submissions), "html"))

    width = max(map(len, made))
    for what, path in made.items():
        print(f"  {what:{width}}  {path.relative_to(ROOT)}  ({path.stat().st_size / 1000:.0f} kB)")
    print(f"Made in {time.monotonic() - started:.1f} s. Next, try:")
    print("  .venv/bin/ozgdoc read output/*-filled.*                    what stands in the filled copies")
    print("  .venv/bin/ozgdoc report output/*-filled.* -o output/all.md  the same report in another format")
    print("  .venv/bin/ozgdoc --help")


if __name__ == "__main__":
    main()
