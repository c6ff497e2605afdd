"""Alembic runs this to bring a store up to date, on the connection and in the transaction that `ozgdoc.store` made."""

from __future__ import annotations

from alembic import context

from ozgdoc.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=context.config.attributes["version_table"],
)
context.run_migrations()
