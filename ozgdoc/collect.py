"""Files into a store: each content once, originals kept, what can't be read put aside; interrupted, it goes on.

In this order, so that nothing is lost whenever the process ends: a file's content is copied under its digest, read in
processes of their own from that copy, and put into the store with some others in one transaction. A copy without a row
is taken again by the next run. The lists are made from the store and nothing else.

    DIR/originals/ab/abcd…   every content, named by its SHA-256
    DIR/quarantine/          copies of those that could not be read, or not altogether
    DIR/quarantine.csv       why, and what to do
    DIR/review.csv           submissions with answers that a person has to look at
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import stat
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from ozgdoc.api import too_large
from ozgdoc.batch import file_name, read_files
from ozgdoc.files import write_file
from ozgdoc.limits import DEFAULT, Limits
from ozgdoc.model import UNCLEAR, Checklist, Submission
from ozgdoc.store import Collected, Store, Stored
from ozgdoc.writers.csv import guarded

#: Files, or seconds, after which what was read goes into the store.
_BATCH, _PAUSE = 100, 1.0
#: Names of known files that are kept at once; they cost a row each.
_NAMES = 1000

_QUARANTINE = ("file", "reason", "remedy", "copy", "sha256")
_REVIEW = ("file", "checklist", "version", "instance", "unclear", "warnings", "sha256")
#: How copies in quarantine are named: what else lies there is left alone.
_OURS = re.compile(r"[0-9a-f]{16}-")


@dataclass(slots=True)
class Counts:
    """What became of the files that a run has met: each is counted once, but for those of ``failed_before``.

    Attributes:
        read: new, read, nothing unclear.
        review: new, and something in it is unclear.
        failed: new, and it could not be read, or not all of it.
        known: the content was in the store already, or has come in this run under another name.
        failed_before: how many of the known ones are in the store as failed.
        unopened: they are gone, or must not be read.
        size: bytes of those that were new.
    """

    read: int = 0
    review: int = 0
    failed: int = 0
    known: int = 0
    failed_before: int = 0
    unopened: int = 0
    size: int = 0

    @property
    def total(self) -> int:
        """All files that were met."""
        return self.read + self.review + self.failed + self.known + self.unopened


def collect(
    paths: Iterable[Path],
    store: Store,
    folder: Path,
    *,
    known: Mapping[str, Checklist],
    clock: Callable[[], datetime],
    limits: Limits = DEFAULT,
    workers: int | None = None,
    again: bool = False,
    told: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """Read files into a store, and write the lists.

    Args:
        paths: files.
        folder: for originals, quarantine and lists.
        known: checklists by id.
        clock: tells the time of receipt, with a zone.
        limits, workers: see `ozgdoc.batch.read_files`.
        again: read files once more that failed before.
        told: is called with what was counted so far, from time to time.

    Raises:
        StoreError: the store can't be used.
        OutputError: the folder can't be written. What is in the store already stays there.
    """
    run = _Run(store, folder, known, clock, limits, again, told)
    try:
        run.read(paths, workers)
    except KeyboardInterrupt:
        run.commit()
        write_lists(store, folder, run.unopened)
        raise
    write_lists(store, folder, run.unopened)
    return run.counts


def shard(paths: Iterable[Path], number: int, count: int) -> Iterator[Path]:
    """Yield the part of the paths that one of several collectors takes, 1 ≤ number ≤ count.

    Which one takes a path depends on nothing but its name: all must be given the same names.
    """
    for path in paths:
        digest = hashlib.sha256(file_name(path).encode()).digest()
        if int.from_bytes(digest[:8], "big") % count == number - 1:
            yield path


class Watched:
    """Knows which files are complete: those whose size and time were the same when it last looked."""

    def __init__(self) -> None:
        self._before: dict[Path, tuple[int, int]] = {}
        self._taken: dict[Path, tuple[int, int]] = {}

    def ready(self, paths: Iterable[Path]) -> list[Path]:
        """Return the complete ones among some files, each once, and once more when it has changed."""
        before, self._before = self._before, {}
        ready = []
        for path in paths:
            try:
                found = path.stat()
            except OSError:
                continue  # it was there a moment ago, and may come back
            state = found.st_size, found.st_mtime_ns
            if self._taken.get(path) == state:
                continue
            if before.get(path) == state:
                self._taken[path] = state
                ready.append(path)
            else:
                self._before[path] = state
        return ready


class _Run:
    """One run: in one thread, that of whoever asks for the next result.

    Attributes:
        _waiting: files whose content is with the readers, in that order.
        _fresh: those and the ones that were read, by digest, until they are in the store.
    """

    def __init__(
        self,
        store: Store,
        folder: Path,
        known: Mapping[str, Checklist],
        clock: Callable[[], datetime],
        limits: Limits,
        again: bool,
        told: Callable[[Counts], None],
    ) -> None:
        self.counts, self.unopened = Counts(), list[tuple[str, str]]()
        self._store, self._folder, self._known, self._clock = store, folder, known, clock
        self._limits, self._again, self._told = limits, again, told
        self._waiting: deque[tuple[Path, Collected]] = deque()
        self._fresh: dict[str, Collected] = {}
        self._read: list[Collected] = []
        self._seen_again: list[tuple[str, str]] = []
        self._committed = time.monotonic()

    def read(self, paths: Iterable[Path], workers: int | None) -> None:
        """Take in all files."""
        with closing(read_files(self._taken(paths), self._known, self._limits, workers)) as results:
            for submissions in results:
                path, one = self._waiting.popleft()
                one.submissions = [_renamed(found, file_name(path), one.names[0]) for found in submissions]
                self._read.append(one)
                if len(self._read) >= _BATCH or time.monotonic() > self._committed + _PAUSE:
                    self.commit()
        self.commit()

    def commit(self) -> None:
        """Put into the store what was read so far."""
        done, names = self._read, self._seen_again
        if done or names:
            self._store.add(done, self._clock(), self._known, names)
        for one in done:
            del self._fresh[one.sha256]
            setattr(self.counts, one.outcome, getattr(self.counts, one.outcome) + 1)
            self.counts.size += one.size
        self._read, self._seen_again, self._committed = [], [], time.monotonic()
        self._told(self.counts)

    def _taken(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Yield what is to be read: for each new content the copy that is kept of it."""
        for path in paths:
            name = file_name(path)
            try:
                digest, size, content = _content(path, self._limits.size)
            except OSError as error:
                self.counts.unopened += 1
                self.unopened.append((name, f"it can't be opened ({error.strerror or error})"))
                continue
            if digest in self._fresh:
                self._fresh[digest].names.append(name)
                self.counts.known += 1
                continue
            before = self._store.outcome(digest)
            if before is None or (before == "failed" and self._again):
                one = self._fresh[digest] = Collected(digest, size, [name])
                if content is None:
                    large = str(too_large(self._limits))
                    one.submissions = [Submission(name, error=large, error_code="unreadable")]
                    self._read.append(one)
                    continue
                kept = self._keep(digest, content)
                self._waiting.append((kept, one))
                yield kept
                continue
            self._seen_again.append((digest, name))
            self.counts.known += 1
            self.counts.failed_before += before == "failed"
            if len(self._seen_again) >= _NAMES:
                self.commit()

    def _keep(self, digest: str, content: bytes) -> Path:
        path = original(self._folder, digest)
        if not path.exists():
            write_file(path, content)
        return path


def original(folder: Path, digest: str) -> Path:
    """Return where the content with this SHA-256 (hex) is kept."""
    return folder / "originals" / digest[:2] / digest


def _content(path: Path, most: int) -> tuple[str, int, bytes | None]:
    """Return digest, size and bytes of a file; no bytes, if it is larger than what is read."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError("it is no file")  # opening some of what is none waits for ever
    with path.open("rb") as file:
        data = file.read(most + 1)
        if len(data) <= most:
            return hashlib.sha256(data).hexdigest(), len(data), data
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell(), None


def _renamed(found: Submission, kept: str, name: str) -> Submission:
    """Return a submission under the name that its file came under."""
    return replace(found, source=name + found.source.removeprefix(kept))


# --------------------------------------------------------------------------------------------------------------- lists


def write_lists(store: Store, folder: Path, unopened: Iterable[tuple[str, str]] = ()) -> None:
    """Write quarantine and review list as the store has them now.

    Args:
        store: what to list.
        folder: where originals are, and where the lists go.
        unopened: ``(name, reason)`` of files that are not in the store.

    Raises:
        StoreError: the store can't be used.
        OutputError: the folder can't be written.
    """
    with store.alone():
        copies: set[str] = set()
        failures = (_failure(one, store, folder, copies) for one in store.failures())
        gone = (
            {"file": name, "reason": reason, "remedy": "See whether it is there and may be read."}
            for name, reason in unopened
        )
        write_file(folder / "quarantine.csv", _csv(_QUARANTINE, chain(failures, gone)))
        for path in (folder / "quarantine").glob("*"):
            if _OURS.match(path.name) and path.name not in copies:
                path.unlink()  # it could be read after all
        write_file(folder / "review.csv", _csv(_REVIEW, map(_to_review, store.unclear())))


def _failure(one: Stored, store: Store, folder: Path, copies: set[str]) -> dict[str, str]:
    """Return a row of the quarantine's list; the file is copied there, unless it is there."""
    kept, copy = original(folder, one.file), ""
    if kept.exists():  # else it is larger than what is read
        name = store.file_names(one.file)[0].rpartition("/")[2]
        copy = f"{one.file[:16]}-" + re.sub(r"[^\w.-]+", "_", name).encode()[:100].decode(errors="ignore")
        if copy not in copies and not (place := folder / "quarantine" / copy).exists():
            write_file(place, kept.read_bytes())
        copies.add(copy)
    reason, _, remedy = (one.submission.error or "").partition(". ")
    return {
        "file": one.submission.source,
        "reason": reason.removesuffix("."),
        "remedy": remedy or "Ask for the file again.",
        "copy": copy,
        "sha256": one.file,
    }


def _to_review(one: Stored) -> dict[str, str]:
    found = one.submission
    return {
        "file": found.source,
        "checklist": found.checklist or "",
        "version": found.version or "",
        "instance": found.instance or "",
        "unclear": " ".join(point for point, answer in found.answers.items() if answer == UNCLEAR),
        "warnings": " ".join(dict.fromkeys(warning.code for warning in found.warnings)),
        "sha256": one.file,
    }


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> Iterator[bytes]:
    """Yield a table as `ozgdoc.writers.csv` writes them: nothing in it is taken for a formula."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, columns, restval="", delimiter=";")
    table.writeheader()
    yield b"\xef\xbb\xbf"
    for row in rows:
        table.writerow(guarded(row.items()))
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()
