"""The tables of a store, as its newest version has them; `ozgdoc.store.migrations` leads there.

What strangers wrote may be of any length, and an index has room for 2,700 bytes in PostgreSQL: indexed are digests.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """A time with its zone. SQLite has none and gets UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what is stored."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what was stored."""
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


#: A number that only grows. SQLite gives such only to columns that are called INTEGER.
SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
DIGEST = String(64)

metadata = MetaData()

#: What was asked, as it stood when answers were collected. digest: SHA-256 (hex) of the definition.
checklists = Table(
    "checklists",
    metadata,
    Column("digest", DIGEST, primary_key=True),
    Column("definition", JSON, nullable=False),
)

#: One row for each content. outcome: ``read``, ``review`` (an answer is unclear) or ``failed`` (all or a part of it).
files = Table(
    "files",
    metadata,
    Column("sha256", DIGEST, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("outcome", String(6), nullable=False, index=True),
    CheckConstraint("outcome IN ('read', 'review', 'failed')", name="outcome_is_known"),
)

#: Under which names a content came. digest: SHA-256 (hex) of the name.
names = Table(
    "names",
    metadata,
    Column("file", DIGEST, ForeignKey("files.sha256"), primary_key=True),
    Column("digest", DIGEST, primary_key=True),
    Column("name", Text, nullable=False),
)

#: One row for each filled copy, and for each file inside that could not be read. id: grows with each return, whatever
#: the clock says. series: SHA-256 (hex) of checklist and instance, null if the form was issued to nobody; of a series
#: the row with the highest id counts, and the others name in superseded_by what came after them.
submissions = Table(
    "submissions",
    metadata,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("file", DIGEST, ForeignKey("files.sha256"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("channel", Text),
    Column("checklist", Text),
    Column("version", Text),
    Column("instance", Text),
    Column("series", DIGEST),
    Column("received_at", Moment, nullable=False),
    Column("definition", DIGEST, ForeignKey("checklists.digest")),
    Column("fields", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("error", Text),
    Column("error_code", String(20)),
    Column("superseded_by", SEQUENCE, ForeignKey("submissions.id")),
    UniqueConstraint("file", "number", name="one_row_for_each_copy"),
    Index("submissions_series", "series"),
    sqlite_autoincrement=True,
)
