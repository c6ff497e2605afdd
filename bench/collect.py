"""How fast are filled copies collected, end to end, beside pypdf listing their fields?"""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pypdf import PdfReader

from bench import Benchmark
from bench.read_pdf import fill
from ozgdoc import api
from ozgdoc.collect import collect
from ozgdoc.identity import box_name
from ozgdoc.resources import data_folder
from ozgdoc.store import open_store

COPIES, DIFFERENT = 400, 20


def prepare() -> Benchmark:
    """Fill copies of the OZG-Umsetzungscheckliste with pypdf, put them into a folder, and return the benchmark."""
    checklist = api.load(data_folder() / "umsetzungscheckliste.yaml")
    known = api.checklists()
    folder = Path(tempfile.mkdtemp(prefix="ozgdoc-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    blank = api.render(checklist, "pdf")
    names = [
        ".".join(box_name(checklist.id, point.id, checklist.states[0].id, only=True)) for point in checklist.walk()
    ]
    filled = [fill(blank, names[number % 7 :: 2 + number % 3]) for number in range(DIFFERENT)]
    files = [folder / f"{number:04}.pdf" for number in range(COPIES)]
    for number, file in enumerate(files):  # a comment behind the end makes each another content
        file.write_bytes(filled[number % DIFFERENT] + b"%% copy %d\n" % number)
    runs = itertools.count()

    def collected(workers: int) -> None:
        place = folder / f"run-{next(runs)}"
        with open_store(str(place)) as store:
            collect(files, store, folder / f"{place.name}.files", known=known, clock=lambda: now, workers=workers)
            if store.counts()["read"] != COPIES:
                raise SystemExit(f"not all copies were read: {store.counts()}")

    now = datetime.now(UTC)
    return Benchmark(
        title=f"{COPIES} filled copies of {len(filled[0]) // 1000} kB, in a folder",
        contenders={
            "ozgdoc collect, one worker": lambda: collected(1),
            "ozgdoc collect, two workers": lambda: collected(2),
            "pypdf, get_fields": lambda: [PdfReader(file).get_fields() for file in files],
        },
        differs=(
            "Only ozgdoc keeps the originals, written through to the disk, identifies the form, compares each value "
            "with its appearance and stores the answers. One more process hands out the files and writes."
        ),
    )
