"""Submissions, kept: which files came, what stood in them, which return of a copy counts. SQLite or PostgreSQL.

    with open_store("returns.sqlite") as store:
        store.add([Collected(digest, size, ["a.pdf"], submissions)], when)

A file is its content: it is kept once, under all the names that it came under. A newer return of the same copy (same
checklist, same instance) supersedes the older one, which stays in the store. Newer is what was added later, whatever
the clock says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ozgdoc.errors import StoreError
from ozgdoc.model import UNCLEAR, Checklist, Notice, Submission
from ozgdoc.store.database import Database
from ozgdoc.store.tables import checklists, files, names, submissions
from ozgdoc.wire import canonical, checklist_from_json, checklist_to_json

Outcome = Literal["read", "review", "failed"]
_Text = TypeVar("_Text", str, str | None)

#: What PostgreSQL takes for no text; strangers' file names may hold both.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
#: Rows that are fetched at once.
_ROWS = 1000


@dataclass(slots=True)
class Collected:
    """One content with what was read from it.

    Attributes:
        sha256: of the content, hex.
        size: in bytes.
        names: under which it came.
        submissions: as `ozgdoc.read` gives them, at least one.
    """

    sha256: str
    size: int
    names: list[str]
    submissions: Sequence[Submission] = ()

    @property
    def outcome(self) -> Outcome:
        """Where the file belongs: failed if a part of it could not be read, review if an answer is unclear."""
        if not self.submissions or any(one.error is not None for one in self.submissions):
            return "failed"
        return "review" if any(UNCLEAR in one.answers.values() for one in self.submissions) else "read"


@dataclass(frozen=True, slots=True)
class Stored:
    """One submission with what the store knows of it.

    Attributes:
        submission: as it was read. Its ``definition`` is the checklist as it stood then.
        id: grows with each submission.
        file: SHA-256 (hex) of the content it stands in.
        number: in that file, from 1.
        superseded_by: id of the return that counts instead, or None.
    """

    submission: Submission
    id: int
    file: str
    number: int
    received_at: datetime
    superseded_by: int | None


class Store:
    """An open store. Several processes may use one at the same time; one object belongs to one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._digests: dict[int, tuple[Checklist, str]] = {}
        self._definitions: dict[str, Checklist] = {}

    @property
    def name(self) -> str:
        """How messages name it."""
        return self._database.name

    @property
    def path(self) -> Path | None:
        """The file of a store in SQLite."""
        return self._database.path

    def close(self) -> None:
        """Let go of it."""
        self._database.close()

    # --------------------------------------------------------------------------------------------------------- writing

    def add(
        self,
        found: Sequence[Collected],
        when: datetime,
        known: Mapping[str, Checklist],
        seen_again: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Keep what was read, all of it or nothing.

        A file that is in the store already gets new names only; but if it failed before, what can be read of it now is
        added.

        Args:
            found: files, in the order in which they came.
            when: the time, with its zone.
            known: the checklists by id that they were read with.
            seen_again: ``(sha256, name)`` of files that are in the store already.

        Raises:
            StoreError: nothing was kept.
        """
        asked: dict[str, Checklist] = {}
        named = [*((one.sha256, name) for one in found for name in one.names), *seen_again]
        with self._database.writing() as connection:
            before = _outcomes(connection, [one.sha256 for one in found])
            rows: list[dict[str, Any]] = []
            for one in found:
                its = [
                    _row(one, number, copy, when, self._digest_of(copy, known, asked))
                    for number, copy in enumerate(one.submissions, 1)
                ]
                if one.sha256 not in before:
                    row = {"sha256": one.sha256, "size": one.size, "first_seen": when, "outcome": one.outcome}
                    connection.execute(insert(files), row)
                    rows += its
                elif before[one.sha256] == "failed":
                    rows += _read_after_all(connection, one, its)
            _insert_new(
                connection,
                checklists,
                [{"digest": digest, "definition": checklist_to_json(one)} for digest, one in asked.items()],
            )
            if rows:
                connection.execute(insert(submissions), rows)
                _supersede(connection, {row["series"] for row in rows if row["series"]})
            _insert_new(
                connection,
                names,
                [{"file": file, "digest": _digest(_clean(name)), "name": _clean(name)} for file, name in named],
            )

    def _digest_of(self, found: Submission, known: Mapping[str, Checklist], asked: dict[str, Checklist]) -> str | None:
        """Return the digest of what a submission answers, and put that into ``asked``."""
        own = found.definition
        checklist = own or known.get(found.checklist or "")
        if checklist is None:
            return None
        held = self._digests.get(id(checklist))
        digest = held[1] if held else _digest(checklist_to_json(checklist))
        if own is None:  # one of the few that are known all the time; it is held, so that its id stays its own
            self._digests[id(checklist)] = checklist, digest
        asked[digest] = checklist
        return digest

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all others from writing, so that what is made of the store meanwhile is the newest."""
        with self._database.writing():
            yield

    # --------------------------------------------------------------------------------------------------------- reading

    def outcome(self, sha256: str) -> Outcome | None:
        """Return what came of a content, or None if it is new."""
        with self._database.reading() as connection:
            return _outcomes(connection, [sha256]).get(sha256)

    def counts(self) -> dict[Outcome, int]:
        """Return how many files are where. Each is in exactly one place."""
        with self._database.reading() as connection:
            rows = connection.execute(select(files.c.outcome, func.count()).group_by(files.c.outcome))
            found: dict[Outcome, int] = {"read": 0, "review": 0, "failed": 0}
            return found | {row[0]: row[1] for row in rows}

    def file_names(self, sha256: str) -> list[str]:
        """Return all names that a content came under, sorted."""
        with self._database.reading() as connection:
            return sorted(connection.scalars(select(names.c.name).where(names.c.file == sha256)))

    def submissions(self, *, history: bool = False, checklist: str | None = None) -> Iterator[Stored]:
        """Yield submissions in the order in which they came.

        Args:
            history: those too that were superseded.
            checklist: only those of this one.
        """
        wanted = select(submissions)
        if not history:
            wanted = wanted.where(submissions.c.superseded_by.is_(None))
        if checklist is not None:
            wanted = wanted.where(submissions.c.checklist == checklist)
        yield from self._stream(wanted)

    def failures(self) -> Iterator[Stored]:
        """Yield what could not be read: files, and files inside of files."""
        yield from self._stream(select(submissions).where(submissions.c.error.is_not(None)))

    def unclear(self) -> Iterator[Stored]:
        """Yield the submissions that count and have an unclear answer."""
        found = select(submissions).join(files).where(files.c.outcome != "read", submissions.c.superseded_by.is_(None))
        for one in self._stream(found):
            if UNCLEAR in one.submission.answers.values():
                yield one

    def _stream(self, wanted: Select[Any]) -> Iterator[Stored]:
        with self._database.reading() as connection:
            streamed = connection.execution_options(yield_per=_ROWS)
            for row in streamed.execute(wanted.order_by(submissions.c.id)):
                yield self._stored(connection, row)

    def definitions(self, *, history: bool = False) -> dict[str, list[Checklist]]:
        """Return what was asked in the submissions, by checklist id, the last one that came in last."""
        last = select(submissions.c.definition, func.max(submissions.c.id)).group_by(submissions.c.definition)
        last = last.where(submissions.c.error.is_(None)).order_by(func.max(submissions.c.id))
        if not history:
            last = last.where(submissions.c.superseded_by.is_(None))
        found: dict[str, list[Checklist]] = {}
        with self._database.reading() as connection:
            for digest, _ in connection.execute(last).all():
                if definition := self._definition(connection, digest):
                    found.setdefault(definition.id, []).append(definition)
        return found

    def _stored(self, connection: Connection, row: Row[Any]) -> Stored:
        submission = Submission(
            row.source,
            row.channel,
            row.checklist,
            row.version,
            row.instance,
            row.fields,
            row.answers,
            tuple(Notice(**notice) for notice in row.warnings),
            row.error,
            row.error_code,
            self._definition(connection, row.definition),
        )
        return Stored(submission, row.id, row.file, row.number, row.received_at, row.superseded_by)

    def _definition(self, connection: Connection, digest: str | None) -> Checklist | None:
        if digest is not None and digest not in self._definitions:
            row = connection.execute(select(checklists.c.definition).where(checklists.c.digest == digest)).one()
            self._definitions[digest] = checklist_from_json(row.definition)
        return self._definitions[digest] if digest else None


@contextmanager
def open_store(place: str, *, create: bool = True) -> Iterator[Store]:
    """Open a store, and bring it up to date.

    Args:
        place: a path or ``sqlite:///path``, or ``postgresql://user@host/name``.
        create: make it if there is none.

    Raises:
        StoreError: it is damaged, of a newer version or no store, or it can't be reached or written.
        MissingPartError: what PostgreSQL needs is not installed.
    """
    database = Database(place)
    with closing(Store(database)) as store:
        if database.path and not database.path.exists():
            if not create:
                raise StoreError(f"{database.name}: there is no such store. Make it with: ozgdoc collect")
            try:
                database.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise StoreError(
                    f"{database.name}: it can't be made ({error.strerror}). Name another place."
                ) from error
        database.check()
        database.update()
        yield store


def _outcomes(connection: Connection, digests: Sequence[str]) -> dict[str, Outcome]:
    wanted = select(files.c.sha256, files.c.outcome).where(files.c.sha256.in_(digests))
    return {row.sha256: row.outcome for row in connection.execute(wanted)}


def _supersede(connection: Connection, changed: set[str]) -> None:
    """Let the last return of each of these series count, and no other."""
    newer = submissions.alias()
    last = select(func.max(newer.c.id)).where(newer.c.series == submissions.c.series).scalar_subquery()
    connection.execute(
        update(submissions)
        .where(submissions.c.series.in_(changed), submissions.c.superseded_by.is_(None), submissions.c.id < last)
        .values(superseded_by=last)
    )


def _row(one: Collected, number: int, found: Submission, when: datetime, definition: str | None) -> dict[str, Any]:
    instance = _clean(found.instance)
    return {
        "file": one.sha256,
        "number": number,
        "source": _clean(found.source),
        "channel": found.channel,
        "checklist": _clean(found.checklist),
        "version": _clean(found.version),
        "instance": instance,
        "series": _digest([_clean(found.checklist), instance]) if instance else None,
        "received_at": when,
        "definition": definition,
        "fields": dict(found.fields),
        "answers": dict(found.answers),
        "warnings": [{"code": w.code, "message": w.message, "where": w.where} for w in found.warnings],
        "error": _clean(found.error),
        "error_code": found.error_code,
    }


def _read_after_all(connection: Connection, one: Collected, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return which rows of a file that failed before are new; what was read of it before stays as it is."""
    here = submissions.c.file == one.sha256
    connection.execute(delete(submissions).where(here, submissions.c.error.is_not(None)))
    kept = set(connection.scalars(select(submissions.c.number).where(here)))
    connection.execute(update(files).where(files.c.sha256 == one.sha256).values(outcome=one.outcome))
    return [row for row in rows if row["number"] not in kept]


def _insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, but for those whose key is there already."""
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


def _digest(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def _clean(text: _Text) -> _Text:
    return _NO_TEXT.sub("\ufffd", text) if isinstance(text, str) else text
