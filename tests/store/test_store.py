"""One store, in SQLite and in PostgreSQL alike: a file counts once, the newest return counts, what was stays."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from ozgdoc.errors import MissingPartError, StoreError
from ozgdoc.model import Checklist, Notice, Submission
from ozgdoc.store import Collected, Store, open_store
from ozgdoc.store.database import VERSION_TABLE, Database
from ozgdoc.store.tables import metadata
from tests.portfolios import answered, states
from tests.postgres import new_database
from tests.sheets import OZG, ozg

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
KNOWN = {OZG: ozg()}


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "store.sqlite") if request.param == "sqlite" else new_database()


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    with open_store(place) as opened:
        yield opened


def content(number: int) -> str:
    return f"{number:064x}"


def a_return(number: int, instance: str | None = None, *, unclear: bool = False) -> Collected:
    """Return a file with one submission."""
    found = answered(ozg(), f"{number}.pdf", {"fim": "unclear"} if unclear else {}, projekt=f"Projekt {number}")
    found = Submission(found.source, "pdf-form", OZG, "1.0", instance, found.fields, found.answers, found.warnings)
    return Collected(content(number), 100, [f"{number}.pdf"], [found])


def failed(number: int, error: str = "it is empty. Ask for the file again.") -> Collected:
    name = f"{number}.pdf"
    return Collected(content(number), 0, [name], [Submission(name, error=error, error_code="unreadable")])


def counting(store: Store) -> list[str]:
    return [one.submission.source for one in store.submissions()]


def test_what_was_put_in_comes_out(store: Store) -> None:
    own = answered(states(), "b\x00\ud800.zip/ä.docx", {"a": "ja"}, art="=1+1 \x85\u202e")
    own = Submission(
        own.source, "docx", "grundschutz", "2", "i\x00" * 5000, own.fields, own.answers,
        (Notice("value-conflict", "zwei Werte", "fim"),), definition=states(),
    )  # fmt: skip
    plain = a_return(1)
    store.add([plain, Collected(content(2), 7, ["b.zip"], [own])], NOW, KNOWN)
    first, second = store.submissions()
    assert (first.id, first.file, first.number, first.superseded_by) == (1, content(1), 1, None)
    assert first.received_at == NOW
    assert first.submission.answers == plain.submissions[0].answers
    assert first.submission.fields == {"projekt": "Projekt 1"}
    assert first.submission.definition == ozg()
    assert second.submission.source == "b\ufffd\ufffd.zip/ä.docx"
    assert second.submission.instance == "i\ufffd" * 5000
    assert second.submission.fields == own.fields
    assert second.submission.warnings == own.warnings
    assert second.submission.definition == states()


def test_a_file_counts_once_under_all_its_names(store: Store) -> None:
    store.add([a_return(1)], NOW, KNOWN)
    again = Collected(content(1), 100, ["copy of 1.pdf", "x" * 4000], a_return(1).submissions)
    store.add([again], NOW, KNOWN, [(content(1), "1.pdf"), (content(1), "third\ud800")])
    assert counting(store) == ["1.pdf"]
    assert store.file_names(content(1)) == ["1.pdf", "copy of 1.pdf", "third\ufffd", "x" * 4000]


def test_the_newest_return_counts_whatever_the_clock_says(store: Store) -> None:
    store.add([a_return(1, "kiel"), a_return(2, "bonn"), a_return(3)], NOW, KNOWN)
    store.add([a_return(4, "kiel")], NOW - timedelta(days=400), KNOWN)
    assert counting(store) == ["2.pdf", "3.pdf", "4.pdf"]
    store.add([a_return(5, "kiel"), a_return(6, "kiel")], NOW - timedelta(days=800), KNOWN)
    assert counting(store) == ["2.pdf", "3.pdf", "6.pdf"]
    whole = list(store.submissions(history=True))
    assert [one.superseded_by for one in whole] == [4, None, None, 6, 6, None]
    assert [one.submission.fields["projekt"][-1] for one in whole] == list("123456")


def test_an_older_return_that_comes_again_changes_nothing(store: Store) -> None:
    for number in (1, 2, 1):
        store.add([a_return(number, "kiel")], NOW, KNOWN)
    assert counting(store) == ["2.pdf"]


def test_the_same_instance_of_another_checklist_is_another_copy(store: Store) -> None:
    other = answered(states(), "other.pdf", {})
    other = Submission("other.pdf", "pdf-form", "grundschutz", "2", "kiel", {}, other.answers, definition=states())
    store.add([a_return(1, "kiel"), Collected(content(2), 1, ["other.pdf"], [other])], NOW, KNOWN)
    assert counting(store) == ["1.pdf", "other.pdf"]
    assert [one.submission.source for one in store.submissions(checklist=OZG)] == ["1.pdf"]


def test_every_file_is_in_one_place(store: Store) -> None:
    mixed = Collected(content(4), 9, ["d.zip"], [*a_return(4, unclear=True).submissions, *failed(5).submissions])
    store.add([a_return(1), a_return(2, unclear=True), failed(3), mixed], NOW, KNOWN)
    assert store.counts() == {"read": 1, "review": 1, "failed": 2}
    assert [store.outcome(content(number)) for number in range(1, 6)] == ["read", "review", "failed", "failed", None]
    assert [one.submission.source for one in store.failures()] == ["3.pdf", "5.pdf"]
    assert [one.submission.source for one in store.unclear()] == ["2.pdf", "4.pdf"]
    store.add([a_return(6)], NOW, KNOWN)  # the lists let go of the store


def test_what_failed_may_be_read_later_and_what_was_read_stays(store: Store) -> None:
    good = a_return(1).submissions[0]
    error = failed(2).submissions[0]
    store.add([Collected(content(1), 9, ["a.zip"], [good, error, error])], NOW, KNOWN)
    late = a_return(2, "kiel").submissions[0]
    store.add([Collected(content(1), 9, ["a.zip"], [late, late])], NOW, KNOWN)
    assert counting(store) == ["1.pdf", "2.pdf"]
    assert store.counts() == {"read": 1, "review": 0, "failed": 0}
    store.add([failed(1)], NOW, KNOWN)  # it was read, so there is nothing to read again
    assert store.counts() == {"read": 1, "review": 0, "failed": 0}


def test_what_was_asked_is_kept_as_it_stood(store: Store) -> None:
    draft = Checklist(**{name: getattr(ozg(), name) for name in Checklist.__slots__} | {"version": "1.1"})
    store.add([a_return(1)], NOW, KNOWN)
    store.add([a_return(2)], NOW, {OZG: draft})
    assert store.definitions() == {OZG: [ozg(), draft]}
    assert [one.submission.definition for one in store.submissions()] == [ozg(), draft]


def test_a_batch_that_fails_leaves_nothing(store: Store) -> None:
    unfit = Collected(content(2), 1, ["b"], [Submission("b", error="x", error_code="?" * 21)])  # type: ignore[arg-type]
    unfit.sha256 = None  # type: ignore[assignment]
    with pytest.raises(StoreError, match="the store can't be used"):
        store.add([a_return(1), unfit], NOW, KNOWN)
    assert store.counts() == {"read": 0, "review": 0, "failed": 0}
    store.add([a_return(1)], NOW, KNOWN)
    assert counting(store) == ["1.pdf"]


def test_a_store_of_a_newer_version_is_refused(place: str) -> None:
    with open_store(place):
        pass
    database = Database(place)
    with database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    database.close()
    with (
        pytest.raises(StoreError, match=r"of version 9999, newer than \d{4}, .*Install a newer ozgdoc"),
        open_store(place),
    ):
        pass


def test_a_database_of_somebody_else_is_refused(place: str) -> None:
    database = Database(place)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE songs (name TEXT)")
    database.close()
    with pytest.raises(StoreError, match="holds something else"), open_store(place):
        pass


def test_migrations_lead_to_the_tables(place: str) -> None:
    with open_store(place):
        pass
    database = Database(place)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
    database.close()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with open_store(str(path)) as store:
        store.add([a_return(number) for number in range(50)], NOW, KNOWN)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 4096] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(StoreError, match=r"damaged|malformed"), open_store(str(path)):
        pass
    path.write_bytes(b"no database at all " * 100)
    with pytest.raises(StoreError, match="not a database"), open_store(str(path)):
        pass


def test_how_the_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "store.sqlite"
    with open_store(f"sqlite:///{path}") as store, store._database.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        ]
    assert settings == ["wal", 1, 2]
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    plain.close()


def test_a_new_store_waits_for_another_that_is_just_being_made(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE x (y)")  # rolled back
        timer = threading.Timer(0.3, other.rollback)
        timer.start()
        with open_store(str(path)) as store:
            assert not timer.is_alive()
            assert sum(store.counts().values()) == 0
        timer.join()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("mysql://host/name", "no such kind of store"),
        ("sqlite://", "no such kind of store"),
        ("postgresql://user:secret@host:x/name", "can't be understood"),
        ("postgresql://user:secret@127.0.0.1:1/name", r"user:\*\*\*@127.0.0.1:1/name: the store can't be used"),
        ("/proc/none/store.sqlite", "it can't be made"),
    ],
)
def test_places_that_are_no_store(place: str, said: str) -> None:
    with pytest.raises(StoreError, match=said) as raised, open_store(place):
        pass
    assert "secret" not in str(raised.value)


def test_reading_makes_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such store"), open_store(str(tmp_path / "x"), create=False):
        pass
    assert list(tmp_path.iterdir()) == []


def test_postgresql_is_an_optional_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    with pytest.raises(MissingPartError, match=r'pip install "ozgdoc\[postgresql\]"'), open_store("postgresql://h/n"):
        pass
