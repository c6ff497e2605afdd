"""Run every program that fills PDF forms, write how its copies are read into docs/reading.md, keep files of each.

Run it as ``python -m tools.make_filled_files`` where every program of the tests is installed (``make test`` does that).
With ``--table`` the kept files stay as they are.
"""

from __future__ import annotations

import os
import sys

from ozgdoc import api
from ozgdoc.files import write_file
from tests.fillers import PROGRAMS
from tests.fillers.results import first, result, small
from tests.fillers.table import FOLDER, NOT_KEPT, TABLE, kept_files, write_table
from tests.sheets import ozg, ozg_pdf


def main() -> None:
    """Write the table, the kept files and the list of them."""
    os.environ["CI"] = "true"  # a missing program is an error
    _write_results()
    if "--table" not in sys.argv[1:]:
        _write_files()


def _write_results() -> None:
    rows = []
    for name, program in PROGRAMS.items():
        found = result(program, ozg(), ozg_pdf())
        print(f"{name}: {found}")
        rows.append((f"`{name}`", program.title, program.version(), program.how, found))
    write_table(TABLE, ("Name", "Program", "Version", "What was done", "Result"), rows)


def _write_files() -> None:
    for path in kept_files():
        path.unlink()
    blank = api.render(small(), "pdf")
    rows = []
    for name, program in PROGRAMS.items():
        if name not in NOT_KEPT:
            write_file(FOLDER / f"{name}.pdf", program(blank, first(small()).values()))
            holds = "fields" if program.kind == "form" else "a picture of them"
            rows.append((f"`{name}.pdf`", program.title, program.version(), program.how, holds))
    write_table(FOLDER / "README.md", ("File", "Program", "Version", "How it was made", "What it holds"), rows)


if __name__ == "__main__":
    main()
