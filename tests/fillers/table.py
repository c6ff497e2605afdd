"""The table "program × result" in docs/reading.md, and the files that are kept of each program."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.files import ROOT

TABLE = ROOT / "docs" / "reading.md"
FOLDER = ROOT / "tests" / "real" / "files"

#: Whose files would show nothing that another one's doesn't: they are run, but not kept.
NOT_KEPT = {
    "pypdf-no-regenerate",
    "pikepdf-form",
    "pikepdf-add-pages-from",
    "pymupdf-objstms",
    "mupdfjs-incremental",
    "mutool-clean-linear",
    "mutool-clean-sanitize",
    "pdf-lib-no-appearances",
    "pdftk-need-appearances",
    "pypdfform-flatten",
    "qpdf-rc4-128",
}

_BEGIN, _END = "<!-- made by tools/make_filled_files.py -->", "<!-- end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """What one program's copies are read as.

    Attributes:
        name: of the program in tests, and of its kept file.
        title: for people.
        version: of the run that wrote the table.
        how: what was done with the program.
        result: ``read exactly`` or ``refused: …``.
    """

    name: str
    title: str
    version: str
    how: str
    result: str


def read_table(path: Path = TABLE) -> dict[str, Row]:
    """Return the rows of a table by name."""
    table = path.read_text("utf-8").partition(_BEGIN)[2].partition(_END)[0]
    lines = [line for line in table.splitlines() if line.startswith("|")][2:]
    rows = [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]
    return {row.name.strip("`"): row for row in rows}


def write_table(path: Path, heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> None:
    """Replace a file's table."""
    before, _, rest = path.read_text("utf-8").partition(_BEGIN)
    cells = [heads, tuple("-" * len(head) for head in heads), *lines]
    table = "\n".join(f"| {' | '.join(line)} |" for line in cells)
    path.write_text(f"{before}{_BEGIN}\n\n{table}\n\n{_END}{rest.partition(_END)[2]}", "utf-8")


def kept_files() -> list[Path]:
    """Return the kept files."""
    return sorted(FOLDER.glob("*.pdf"))
