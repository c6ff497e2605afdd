"""Opening a store: SQLite or PostgreSQL, brought up to date, or refused by name. No SQL of its own but for settings."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from ozgdoc.errors import MissingPartError, StoreError

#: Which version a store is of; a name of our own, because a database may be shared.
VERSION_TABLE = "ozgdoc_version"
#: Seconds to wait for another collector that writes at this moment.
_PATIENCE = 60
#: Any number, the same in every collector: PostgreSQL's name for the lock of whoever writes.
_LOCK = 0x6F7A67646F63


class Database:
    """One database, with everything that can go wrong told as `StoreError`.

    Whoever writes is alone: what two collectors found at once comes one after the other, and so do the numbers that say
    which return is the newer one.

    Attributes:
        name: for messages, without a password.
        path: of the file, or None for PostgreSQL.
    """

    def __init__(self, place: str) -> None:
        url = _url(place)
        self.name = url.render_as_string() if url.get_backend_name() == "postgresql" else str(url.database)
        self.path = None if url.get_backend_name() == "postgresql" else Path(str(url.database))
        self._engine = _engine(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees the store as it is at this moment."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes all happen at the end, or not at all."""
        with self._told(), self._engine.connect() as connection:
            connection = connection.execution_options(ozgdoc_writes=True)  # noqa: PLW2901
            with connection.begin():
                if self.path is None:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                yield connection

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def check(self) -> None:
        """See whether the file is sound; PostgreSQL sees to that itself.

        Raises:
            StoreError: it is damaged.
        """
        if self.path is not None:
            with self.reading() as connection:
                found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
            if found != "ok":
                raise StoreError(f"{self.name}: the store is damaged ({found}). Take the last copy that was sound.")

    def update(self) -> None:
        """Bring the store to the newest version, from nothing if need be.

        Raises:
            StoreError: it is of a version that is not known here, or it is no store.
        """
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
        newest = ScriptDirectory.from_config(config)
        with self.writing() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
            version = context.get_current_revision()
            if version is None and inspect(connection).get_table_names():
                raise StoreError(f"{self.name}: this database holds something else. Name one that is empty.")
            if version is not None and version not in {script.revision for script in newest.walk_revisions()}:
                raise StoreError(
                    f"{self.name}: the store is of version {version}, newer than {newest.get_current_head()}, the last "
                    "one known here. Install a newer ozgdoc."
                )
            config.attributes.update(connection=connection, version_table=VERSION_TABLE)
            command.upgrade(config, "head")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split())
            raise StoreError(f"{self.name}: the store can't be used ({reason}).") from error


def _url(place: str) -> URL:
    if "://" not in place:
        return URL.create("sqlite", database=place)
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        raise StoreError("the store's URL can't be understood. It looks like postgresql://user@host/name.") from None
    if url.drivername in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or not url.database:
        raise StoreError(
            f"{url.render_as_string()}: no such kind of store. Name a file or postgresql://user@host/name."
        )
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        try:
            return create_engine(url, json_serializer=_json)
        except ModuleNotFoundError as error:
            message = 'a store in PostgreSQL needs an optional part. Install it: pip install "ozgdoc[postgresql]"'
            raise MissingPartError(message) from error
    engine = create_engine(url, connect_args={"timeout": _PATIENCE}, json_serializer=_json)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()  # no lone surrogates


def _set_up(connection: sqlite3.Connection, _: Any) -> None:
    """Make SQLite careful. Python's own idea of when a transaction begins is switched off: see `_begin`."""
    connection.isolation_level = None
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:  # here SQLite does not wait for others, as it does everywhere else
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    """Begin a transaction. One that writes says so at once: it could not wait for another one later."""
    writes = connection.get_execution_options().get("ozgdoc_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
