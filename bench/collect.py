"""How fast are filled copies collected, end to end, beside pypdf listing their fields?"""

from __future__ import annotations

import atexit
import itertools
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from pypdf import PdfReader

from bench import Benchmark
from bench.read_pdf import filled_copies
from ozgdoc import api
from ozgdoc.collect import collect
from ozgdoc.store import open_store

COPIES = 400


def prepare() -> Benchmark:
    """Put filled copies of the OZG-Umsetzungscheckliste into a folder, and return the benchmark."""
    known = api.checklists()
    folder = Path(tempfile.mkdtemp(prefix="ozgdoc-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copies = filled_copies(pikepdf.ObjectStreamMode.disable)[:COPIES]
    files = [folder / f"{number:04}.pdf" for number in range(COPIES)]
    for file, copy in zip(files, copies, strict=True):
        file.write_bytes(copy)
    runs = itertools.count()

    def collected(workers: int) -> None:
        place = folder / f"run-{next(runs)}"
        with open_store(str(place)) as store:
            collect(files, store, folder / f"{place.name}.files", known=known, clock=lambda: now, workers=workers)
            if store.counts()["read"] != COPIES:
                raise SystemExit(f"not all copies were read: {store.counts()}")

    now = datetime.now(UTC)
    return Benchmark(
        title=f"{COPIES} filled copies of {len(copies[0]) // 1000} kB, in a folder",
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
