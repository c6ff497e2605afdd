"""Collecting loses nothing and counts nothing twice, whatever happens: every file ends in exactly one place."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from ozgdoc.collect import Counts, Watched, collect, original, shard
from ozgdoc.errors import OutputError
from ozgdoc.limits import Limits
from ozgdoc.store import Store, open_store
from tests.files import ROOT
from tests.hostile import shapes, strangers
from tests.hostile.base import KNOWN, TEXTS, TRUTH, base_docx, light_pdf
from tests.postgres import new_database
from tests.sheets import OZG, ozg

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"}


def record(number: int, **more: object) -> bytes:
    """Return a filled form as JSON, another one for each number."""
    fields = {**TEXTS, "projekt": f"Projekt {number}"}
    return json.dumps({"checklist": OZG, "version": ozg().version, "fields": fields, "answers": TRUTH, **more}).encode()


def fill(folder: Path, count: int) -> list[Path]:
    folder.mkdir(exist_ok=True)
    paths = [folder / f"{number:04}.json" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(record(number))
    return paths


def take(paths: Iterator[Path] | list[Path], store: Store, folder: Path, **more: object) -> Counts:
    return collect(paths, store, folder, known=KNOWN, clock=lambda: NOW, workers=2, **more)  # type: ignore[arg-type]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def command(*words: str | Path, cwd: Path) -> list[str]:
    return [sys.executable, "-m", "ozgdoc", "collect", *map(str, words)]


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words, cwd=cwd), cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False
    )


def check_sums(place: str, folder: Path, files: list[Path]) -> dict[str, int]:
    """Check that each file is in exactly one place; return how many contents are where."""
    contents = {hashlib.sha256(path.read_bytes()).hexdigest(): path.read_bytes() for path in files}
    with open_store(place) as store:
        counts = store.counts()
        outcomes = {digest: store.outcome(digest) for digest in contents}
        named = [name for digest in contents for name in store.file_names(digest)]
        failing = {one.file for one in store.failures()}
        stored = list(store.submissions(history=True))
    assert sum(counts.values()) == len(contents)
    assert None not in outcomes.values()
    assert sorted(Path(name).name for name in named) == sorted(path.name for path in files)
    assert failing == {digest for digest, outcome in outcomes.items() if outcome == "failed"}
    assert {one.file for one in stored} == contents.keys()
    assert len({(one.file, one.number) for one in stored}) == len(stored)
    assert all(original(folder, digest).read_bytes() == content for digest, content in contents.items())
    assert {row["sha256"] for row in rows(folder / "quarantine.csv")} == failing
    aside = {row["copy"]: row["sha256"] for row in rows(folder / "quarantine.csv")}
    assert {path.name for path in (folder / "quarantine").glob("*")} == aside.keys()
    assert all((folder / "quarantine" / name).read_bytes() == contents[digest] for name, digest in aside.items())
    return {**counts}


def test_some_hundred_files_of_which_five_in_a_hundred_are_hostile(tmp_path: Path) -> None:
    place = str(tmp_path / "store.sqlite")
    files = fill(tmp_path / "in", 400)
    good = {"light.pdf": light_pdf(), "base.docx": base_docx(), "twin.json": record(7), "=2+3.json": record(8)}
    cases = [*strangers.locked(), *islice(shapes.flipped(), 2), *islice(shapes.cut(), 2)]
    hostile = {f"hostile {number}": case.data for number, case in enumerate(cases)}
    assert len(hostile) / (len(files) + len(hostile)) >= 0.05
    for name, data in (good | hostile).items():
        path = tmp_path / "in" / name
        path.write_bytes(data)
        files.append(path)
    twins = len(files) - len({path.read_bytes() for path in files})
    with open_store(place) as store:
        counts = take([*files, tmp_path / "gone.pdf"], store, tmp_path / "out")
        again = take(files, store, tmp_path / "out")
    assert counts.total == len(files) + 1
    assert (counts.known, counts.unopened) == (twins, 1)
    refused = sum(case.says is not None for case in cases)
    assert refused <= counts.failed <= len(cases)
    assert counts.read >= 402
    assert (again.known, again.failed_before, again.total) == (len(files), counts.failed, len(files))
    assert check_sums(place, tmp_path / "out", files) == {
        "read": counts.read,
        "review": counts.review,
        "failed": counts.failed,
    }


def test_the_lists(tmp_path: Path) -> None:
    """What strangers wrote is no formula; a file that is gone is told, too."""
    unclear = {**TRUTH, "fim": "unclear"}
    contents = {"=1+1.pdf": b"%PDF-1.4", "b.json": record(1, answers=unclear), "c.json": record(2), "d.pdf": b""}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    paths = [Path(name) for name in ("=1+1.pdf", "b.json", "c.json", "d.pdf", "gone.pdf", ".")]
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        with open_store("store.sqlite") as store:
            counts = take(paths, store, Path("out"))
    finally:
        os.chdir(here)
    assert (counts.read, counts.review, counts.failed, counts.unopened) == (1, 1, 2, 2)
    first, second, gone, folder = rows(tmp_path / "out/quarantine.csv")
    assert first["file"] == "'=1+1.pdf"
    assert first["copy"].endswith("-_1_1.pdf")
    assert (second["file"], second["reason"], second["remedy"]) == ("d.pdf", "it is empty", "Ask for the file again.")
    assert (gone["file"], gone["reason"]) == ("gone.pdf", "it can't be opened (No such file or directory)")
    assert (folder["file"], folder["reason"]) == (".", "it can't be opened (it is no file)")
    [review] = rows(tmp_path / "out/review.csv")
    assert (review["file"], review["unclear"], review["checklist"]) == ("b.json", "fim", OZG)


def test_names_of_files_in_files_and_of_bytes_that_are_no_text(tmp_path: Path) -> None:
    """They are named after the file as it came, not after the copy that is read."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.json", record(1))
        archive.writestr("b.pdf", b"")
    outer = tmp_path / os.fsdecode(b"mail \xff.zip")
    outer.write_bytes(packed.getvalue())
    with open_store(str(tmp_path / "s")) as store:
        counts = take([outer], store, tmp_path / "out")
        sources = [one.submission.source for one in store.submissions()]
    assert (counts.failed, counts.total) == (1, 1)
    assert sources == [f"{tmp_path}/mail \ufffd.zip/a.json", f"{tmp_path}/mail \ufffd.zip/b.pdf"]
    [row] = rows(tmp_path / "out/quarantine.csv")
    assert (row["file"], row["copy"][16:]) == (sources[1], "-mail_.zip")


def test_a_file_that_vanishes_or_changes_meanwhile(tmp_path: Path) -> None:
    """Read is the copy that was taken under its digest, never what came after it."""
    paths = fill(tmp_path / "in", 30)

    def disturbed() -> Iterator[Path]:
        for number, path in enumerate(paths):
            if number == 3:
                path.unlink()
            yield path
            if number % 2:
                path.write_bytes(record(1000 + number))

    with open_store(str(tmp_path / "s")) as store:
        counts = take(disturbed(), store, tmp_path / "out")
        values = [one.submission.fields["projekt"] for one in store.submissions()]
    assert (counts.read, counts.unopened) == (29, 1)
    assert values == [f"Projekt {number}" for number in range(30) if number != 3]


def test_one_content_under_names_that_follow_each_other(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.json" for number in range(6)]
    for number, path in enumerate(paths):
        path.write_bytes(record(number // 3))
    with open_store(str(tmp_path / "s")) as store:
        counts = take(paths, store, tmp_path / "out")
        assert (counts.read, counts.known, counts.total) == (2, 4, 6)
        digest = hashlib.sha256(record(0)).hexdigest()
        assert store.file_names(digest) == [str(path) for path in paths[:3]]


def test_what_is_too_large_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "large.pdf").write_bytes(b"%PDF-1.4" + b" " * 2000)
    (tmp_path / "small.json").write_bytes(record(1))
    limits = Limits(size=len(record(1)))
    with open_store(str(tmp_path / "s")) as store:
        counts = take([tmp_path / "large.pdf", tmp_path / "small.json"], store, tmp_path / "out", limits=limits)
    assert (counts.read, counts.failed) == (1, 1)
    [row] = rows(tmp_path / "out/quarantine.csv")
    assert (row["reason"], row["remedy"], row["copy"]) == (
        f"it is larger than {limits.size / 1e6:g} MB",
        "Send the filled form alone.",
        "",
    )
    assert len(list((tmp_path / "out/originals").rglob("*/*"))) == 1


def test_files_that_failed_can_be_read_again(tmp_path: Path) -> None:
    paths = fill(tmp_path / "in", 3)
    with open_store(str(tmp_path / "s")) as store:
        counts = collect(paths, store, tmp_path / "out", known={}, clock=lambda: NOW)
        assert (counts.failed, len(list((tmp_path / "out/quarantine").iterdir()))) == (3, 3)
        (tmp_path / "out/quarantine/notes.txt").write_text("mine")
        assert take(paths, store, tmp_path / "out").failed_before == 3
        assert take(paths, store, tmp_path / "out", again=True).read == 3
    assert [path.name for path in (tmp_path / "out/quarantine").iterdir()] == ["notes.txt"]
    assert rows(tmp_path / "out/quarantine.csv") == []


def test_shards_are_disjoint_and_leave_nothing_out() -> None:
    paths = [Path(f"in/{number}.pdf") for number in range(1000)]
    parts = [list(shard(paths, number, 3)) for number in (1, 2, 3)]
    assert sorted(path for part in parts for path in part) == sorted(paths)
    assert all(250 < len(part) < 420 for part in parts)
    assert list(shard(paths, 1, 1)) == paths


# ------------------------------------------------------------------------------------------------------ whole processes


@contextmanager
def started(*words: str | Path, cwd: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command(*words, cwd=cwd),
        cwd=cwd,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def stored(path: Path) -> int:
    """Return how many files a store in SQLite holds at this moment."""
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as plain:
            count: int = plain.execute("SELECT count(*) FROM files").fetchone()[0]
        plain.close()
    except sqlite3.OperationalError:  # it is just being made
        return 0
    return count


def await_files(path: Path, count: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 30
    while stored(path) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)


def test_kill_9_at_any_moment_and_go_on(tmp_path: Path) -> None:
    files = fill(tmp_path / "in", 500)
    for count in (0, 1, 100):
        with started("in", "--store", "s", cwd=tmp_path) as process:
            await_files(tmp_path / "s", count, process)
            process.send_signal(signal.SIGKILL)
            process.wait(5)
    before = stored(tmp_path / "s")
    assert 100 <= before < 500
    done = run("in", "--store", "s", cwd=tmp_path)
    assert (done.stdout, done.returncode) == (
        f"500 files: {500 - before} read, {before} known already\n",
        0,
    ), done.stderr
    assert check_sums(str(tmp_path / "s"), tmp_path / "s.files", files) == {"read": 500, "review": 0, "failed": 0}


def test_ctrl_c_keeps_what_was_read_and_ends_cleanly(tmp_path: Path) -> None:
    files = fill(tmp_path / "in", 500)
    with started("in", "--store", "s", cwd=tmp_path) as process:
        await_files(tmp_path / "s", 100, process)
        os.killpg(process.pid, signal.SIGINT)
        shown, told = process.communicate(timeout=10)
    assert (shown, told, process.returncode) == ("", "interrupted\n", 130)
    assert (tmp_path / "s.files/quarantine.csv").exists()
    assert 100 <= stored(tmp_path / "s") < 500
    assert run("in", "--store", "s", cwd=tmp_path).returncode == 0
    assert check_sums(str(tmp_path / "s"), tmp_path / "s.files", files)["read"] == 500


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_collectors_on_one_store_at_once(tmp_path: Path, kind: str) -> None:
    files = fill(tmp_path / "in", 300)
    for number in range(20):
        files[number].write_bytes(record(number, instance="kiel"))
    (tmp_path / "in" / "bad.pdf").write_bytes(b"%PDF-1.4")
    files.append(tmp_path / "in" / "bad.pdf")
    place = str(tmp_path / "s") if kind == "sqlite" else new_database()
    words = ("--store", place, "-o", "out", "--quiet")
    with started("in", *words, cwd=tmp_path) as first, started("in", *words, cwd=tmp_path) as second:
        ends = [(*process.communicate(timeout=60), process.returncode) for process in (first, second)]
    assert [(shown, code) for shown, _, code in ends] == [("", 9), ("", 9)], ends
    assert check_sums(place, tmp_path / "out", files) == {"read": 300, "review": 0, "failed": 1}
    with open_store(place) as store:
        count = [one.submission.instance for one in store.submissions()].count("kiel")
        history = [one.superseded_by for one in store.submissions(history=True) if one.submission.instance == "kiel"]
    assert count == 1
    assert len(history) == 20


def test_progress_on_a_terminal_and_without(tmp_path: Path) -> None:
    fill(tmp_path / "in", 30)
    ours, theirs = pty.openpty()
    words = command("in", "--store", "s", cwd=tmp_path)
    done = subprocess.run(
        words, cwd=tmp_path, env={**ENVIRONMENT, "TERM": "xterm"}, stderr=theirs, timeout=60, check=True
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "30/30" in shown
    assert "/s" in shown
    plain = run("in", "--store", "s", cwd=tmp_path)
    assert (plain.stdout, plain.stderr) == ("30 files: 0 read, 30 known already\n", "")


def test_what_is_complete(tmp_path: Path) -> None:
    """A file that grows is left alone; one that has changed is taken again; one that is gone is no matter."""
    growing, still, gone = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    watched = Watched()
    for path in (growing, still, gone):
        path.write_bytes(b"1")
    looks = []
    for look in range(4):
        looks.append(watched.ready([growing, still, gone]))
        if look < 2:
            growing.write_bytes(b"1" * (look + 2))
        gone.unlink(missing_ok=True)
    assert looks == [[], [still], [], [growing]]
    still.write_bytes(b"22")
    assert [watched.ready([still]) for _ in range(3)] == [[], [still], []]


def test_watching_a_folder(tmp_path: Path) -> None:
    fill(tmp_path / "in", 2)
    with started("in", "--store", "s", "--watch", "0.2", cwd=tmp_path) as process:
        await_files(tmp_path / "s", 2, process)
        (tmp_path / "in/later.json").write_bytes(record(7))
        await_files(tmp_path / "s", 3, process)
        os.killpg(process.pid, signal.SIGINT)
        shown, told = process.communicate(timeout=10)
    assert shown.startswith("2 files: 2 read\n")
    assert (told, process.returncode) == ("interrupted\n", 130)


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """Mount a file system in memory."""
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", folder], check=False, capture_output=True
    ).returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_keeps_what_is_there(tmp_path: Path) -> None:
    files = fill(tmp_path / "in", 400)
    with mounted(tmp_path / "disk", "size=1500k") as disk, open_store(str(disk / "s")) as store:
        with pytest.raises(OutputError, match=r"No space left|disk is full"):
            take(files, store, disk / "out")
        kept = sum(store.counts().values())
        assert 0 < kept < 400
        subprocess.run(["mount", "-o", "remount,size=20m", disk], check=True)
        counts = take(files, store, disk / "out")
        assert (counts.known, counts.read) == (kept, 400 - kept)
        assert check_sums(str(disk / "s"), disk / "out", files)["read"] == 400
        assert not [path for path in disk.rglob(".*") if path.is_file()]


def test_a_folder_that_must_not_be_written(tmp_path: Path) -> None:
    fill(tmp_path / "in", 3)
    with mounted(tmp_path / "disk", "size=1m") as disk:
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        for words in (("--store", "disk/s"), ("--store", "s", "-o", "disk/out"), ("--store", "disk/new/s")):
            done = run("in", *words, cwd=tmp_path)
            assert (done.stdout, done.returncode) == ("", 8), done
            assert done.stderr.startswith("error: disk/"), done.stderr
            assert len(done.stderr.splitlines()) == 1
