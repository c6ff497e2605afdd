"""What is in a store comes out of it: as Parquet, read by DuckDB, and as a report."""

from __future__ import annotations

import dataclasses
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from ozgdoc.cli import main
from ozgdoc.model import Submission
from ozgdoc.store import Collected, open_store
from tests.portfolios import answered, states
from tests.sheets import OZG, ozg

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
NASTY = "a\"; DROP TABLE x; --\n'\\N\t=1+1 ä\u202e"


@pytest.fixture
def place(tmp_path: Path) -> str:
    """A store: two returns of one copy, one of nobody's, and a file that failed."""
    first = dataclasses.replace(answered(ozg(), "1.pdf", {}, projekt="alt"), instance="kiel")
    newer = dataclasses.replace(answered(ozg(), "2.pdf", {"fim": "done"}, projekt=NASTY), instance="kiel")
    third = answered(ozg(), "3'\".pdf", {"fim": "unclear", "projektteam": "done"})
    error = Submission("4.pdf", error="it is empty. Ask for it again.", error_code="unreadable")
    found = [Collected(f"{n:064}", 1, [one.source], [one]) for n, one in enumerate((first, newer, third, error))]
    with open_store(str(tmp_path / "s")) as store:
        store.add(found, NOW, {OZG: ozg()})
    return str(tmp_path / "s")


def ozgdoc(*words: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, words)))


def table(path: Path, query: str = "SELECT * FROM t") -> list[dict[str, object]]:
    with duckdb.connect() as connection:
        connection.read_parquet(str(path)).create_view("t")
        found = connection.execute(query)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def test_one_row_a_submission_one_column_a_checkpoint(place: str, tmp_path: Path) -> None:
    path = tmp_path / "new folder's" / "a.parquet"
    done = ozgdoc("export", "--store", place, "--parquet", path)
    assert (done.output, done.exit_code) == (f"{path}: 2 submissions\n", 0)
    second, third = table(path)
    assert second["field:projekt"] == NASTY
    assert (second["id"], second["instance"], second["answer:fim"]) == (2, "kiel", "done")
    assert (third["source"], third["field:projekt"], third["answer:fim"]) == ("3'\".pdf", None, "unclear")
    assert (third["warnings"], third["superseded_by"]) == ("value-conflict", None)
    assert second["received_at"] == NOW.replace(tzinfo=None)
    assert [name for name in second if name.startswith("answer:")] == [f"answer:{point.id}" for point in ozg().walk()]
    assert sorted(path.parent.iterdir()) == [path]


def test_history_and_figures(place: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    assert ozgdoc("export", "--store", place, "--parquet", path, "--history").exit_code == 0
    assert [(row["id"], row["superseded_by"]) for row in table(path)] == [(1, 2), (2, None), (3, None)]
    query = 'SELECT "answer:fim" AS answer, count(*) AS n FROM t WHERE superseded_by IS NULL GROUP BY ALL'
    assert Counter({row["answer"]: row["n"] for row in table(path, query)}) == {"done": 1, "unclear": 1}


def test_versions_and_several_checklists(place: str, tmp_path: Path) -> None:
    """What a version does not ask is null, and nobody's submissions are mixed with those of others."""
    short = dataclasses.replace(ozg(), version="2", sections=ozg().sections[:1], fields=())
    found = [
        answered(short, "short.pdf", {}),
        dataclasses.replace(answered(states(), "c.pdf", {}), definition=states()),
    ]
    with open_store(place) as store:
        store.add([Collected("a" * 64, 1, ["x"], found)], NOW, {OZG: short})
    path = tmp_path / "a.parquet"
    done = ozgdoc("export", "--store", place, "--parquet", path)
    assert (done.exit_code, path.exists()) == (8, False)
    assert f"Use --checklist with one of: grundschutz, {OZG}." in done.output
    assert ozgdoc("export", "--store", place, "--parquet", path, "--checklist", OZG).exit_code == 0
    *_, last = table(path)
    assert len(last) == len(table(path)[0])
    kept = {point.id for point in short.walk()}
    assert {name for name, value in last.items() if name.startswith("answer:") and value is None} == {
        f"answer:{point.id}" for point in ozg().walk() if point.id not in kept
    }
    assert ozgdoc("export", "--store", place, "--parquet", path, "--checklist", "x").exit_code == 8


def test_duckdb_is_an_optional_part(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    done = ozgdoc("export", "--store", place, "--parquet", tmp_path / "a.parquet")
    assert done.exit_code == 7
    assert 'pip install "ozgdoc[data]"' in done.output


def test_where_nothing_can_be_written(place: str) -> None:
    done = ozgdoc("export", "--store", place, "--parquet", "/proc/a.parquet")
    assert done.exit_code == 8
    assert done.output.startswith("error: /proc/a.parquet: it can't be written")


def test_a_report_of_a_store(place: str, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    done = ozgdoc("report", "--store", place, "-o", path)
    assert done.exit_code == 9
    assert f"{path}: 2 of 3 files" in done.output
    lines = path.read_text("utf-8-sig")
    assert "2.pdf" in lines
    assert "1.pdf" not in lines
    assert "4.pdf" in lines


@pytest.mark.parametrize("words", [(), ("a.pdf", "--store", "s")])
def test_files_or_a_store(words: tuple[str, ...]) -> None:
    done = ozgdoc("report", *words)
    assert (done.exit_code, "Name either files or a store." in done.output) == (2, True)


def test_no_store_is_made_by_looking(tmp_path: Path) -> None:
    for words in (("report", "-o", tmp_path / "r.html"), ("export", "--parquet", tmp_path / "x")):
        assert ozgdoc(*words, "--store", tmp_path / "none").exit_code == 8
    assert list(tmp_path.iterdir()) == []
