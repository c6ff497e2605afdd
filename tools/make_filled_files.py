"""Run every program that fills PDF forms, write how its copies are read into docs/reading.md, keep files of each.

Run it as ``python -m tools.make_filled_files`` where every program of the tests is installed (``make test`` does that).
"""

from __future__ import annotations

import os

from ozgdoc import api
from ozgdoc.files import write_file
from tests.fillers import PROGRAMS
from tests.fillers.results import first, result, small
from tests.fillers.table import FOLDER, NOT_KEPT, TABLE, kept_files, write_table
from tests.sheets import ozg, ozg_pdf


def main() -> None:
    """Write the table, the kept files and the list of them."""
    os.environ["CI"] = "true"  # a missing program is an error
    blank = api.render(small(), "pdf")
    results, files = [], []
    for path in kept_files():
        path.unlink()
    for name, program in PROGRAMS.items():
        done = program.title, program.version(), program.how
        results.append((f"`{name}`", *done, result(program, ozg(), ozg_pdf())))
        print(name, results[-1][-1])
        if name not in NOT_KEPT:
            write_file(FOLDER / f"{name}.pdf", program(blank, first(small()).values()))
            files.append((f"`{name}.pdf`", *done, "fields" if program.kind == "form" else "a picture of them"))
    write_table(TABLE, ("Name", "Program", "Version", "What was done", "Result"), results)
    write_table(FOLDER / "README.md", ("File", "Program", "Version", "How it was made", "What it holds"), files)


if __name__ == "__main__":
    main()
