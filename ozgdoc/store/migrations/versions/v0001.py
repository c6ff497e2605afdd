"""The first version of the store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_DIGEST = sa.String(64)
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "checklists",
        sa.Column("digest", _DIGEST, primary_key=True),
        sa.Column("definition", sa.JSON, nullable=False),
    )
    op.create_table(
        "files",
        sa.Column("sha256", _DIGEST, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("first_seen", _MOMENT, nullable=False),
        sa.Column("outcome", sa.String(6), nullable=False),
        sa.CheckConstraint("outcome IN ('read', 'review', 'failed')", name="outcome_is_known"),
    )
    op.create_index("ix_files_outcome", "files", ["outcome"])
    op.create_table(
        "names",
        sa.Column("file", _DIGEST, sa.ForeignKey("files.sha256"), primary_key=True),
        sa.Column("digest", _DIGEST, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "submissions",
        sa.Column("id", _SEQUENCE, primary_key=True, autoincrement=True),
        sa.Column("file", _DIGEST, sa.ForeignKey("files.sha256"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("channel", sa.Text),
        sa.Column("checklist", sa.Text),
        sa.Column("version", sa.Text),
        sa.Column("instance", sa.Text),
        sa.Column("series", _DIGEST),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("definition", _DIGEST, sa.ForeignKey("checklists.digest")),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("error", sa.Text),
        sa.Column("error_code", sa.String(20)),
        sa.Column("superseded_by", _SEQUENCE, sa.ForeignKey("submissions.id")),
        sa.UniqueConstraint("file", "number", name="one_row_for_each_copy"),
        sqlite_autoincrement=True,
    )
    op.create_index("submissions_series", "submissions", ["series"])
