"""Submissions of a store as one Parquet file, for DuckDB and everything else that reads columns.

One row a submission. Columns: ``id`` (grows with each submission), ``file`` (SHA-256), ``number`` (in the file),
``source``, ``channel``, ``version``, ``instance``, ``received_at`` (UTC), ``superseded_by`` (id, or null), ``warnings``
(codes), ``field:<id>`` for each field and ``answer:<id>`` for each checkpoint. What a version does not ask is null.

DuckDB writes it. Python hands it the rows in a file of its own, so memory does not grow with their number.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path

from ozgdoc.errors import MissingPartError, OutputError
from ozgdoc.model import Checklist
from ozgdoc.store import Store, Stored

_COLUMNS = {
    "id": "BIGINT",
    "file": "VARCHAR",
    "number": "INTEGER",
    "source": "VARCHAR",
    "channel": "VARCHAR",
    "version": "VARCHAR",
    "instance": "VARCHAR",
    "received_at": "TIMESTAMP",
    "superseded_by": "BIGINT",
    "warnings": "VARCHAR",
}
#: Bytes of a row at most. The readers keep no text that long.
_MOST = 256_000_000


def export(store: Store, path: Path, *, checklist: str | None = None, history: bool = False) -> int:
    """Write the submissions to a checklist as Parquet; return how many.

    Args:
        store: what to take them from.
        path: the file; it is written whole or not at all.
        checklist: its id; not needed if the store holds those of one only.
        history: those too that were superseded.

    Raises:
        MissingPartError: DuckDB is not installed.
        OutputError: it can't be written, or it is not clear for which checklist.
    """
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise MissingPartError('Parquet needs an optional part. Install it: pip install "ozgdoc[data]"') from error
    name, asked = _asked(store, checklist, history=history)
    fields, points = _columns(asked)
    columns = _COLUMNS | {f"field:{v}": "VARCHAR" for v in fields} | {f"answer:{v}": "VARCHAR" for v in points}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name[:40]}.", dir=path.parent) as folder:
            rows, made = Path(folder, "rows.json.gz"), Path(folder, "made.parquet")
            count = _write_rows(rows, _rows(store.submissions(checklist=name, history=history), fields, points))
            settings = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
            with duckdb.connect(config={**settings, "temp_directory": folder}) as connection:
                connection.execute(_statement(columns, rows, made))
            made.replace(path)
    except (OSError, duckdb.Error) as error:
        raise OutputError(f"{path}: it can't be written ({error}). Name another place.") from error
    return count


def _asked(store: Store, checklist: str | None, *, history: bool) -> tuple[str, list[Checklist]]:
    found = store.definitions(history=history)
    if checklist is None and len(found) == 1:
        [checklist] = found
    if checklist not in found:
        names = ", ".join(sorted(found)) or "none at all"
        said = f"holds no submissions to {checklist}" if checklist else "holds not those to one checklist alone"
        raise OutputError(f"{store.name}: the store {said}. Use --checklist with one of: {names}.")
    return checklist, found[checklist]


def _columns(asked: list[Checklist]) -> tuple[list[str], list[str]]:
    """Return the ids of fields and checkpoints of all versions, those of the last one first."""
    newest_first = asked[::-1]
    fields = dict.fromkeys(field.id for one in newest_first for field in one.fields)
    return list(fields), list(dict.fromkeys(point.id for one in newest_first for point in one.walk()))


def _rows(found: Iterable[Stored], fields: list[str], points: list[str]) -> Iterator[list[object]]:
    for one in found:
        if (submission := one.submission).error is None:
            yield [
                one.id,
                one.file,
                one.number,
                submission.source,
                submission.channel,
                submission.version,
                submission.instance,
                one.received_at.astimezone(UTC).replace(tzinfo=None).isoformat(),
                one.superseded_by,
                " ".join(dict.fromkeys(warning.code for warning in submission.warnings)),
                *(submission.fields.get(name) for name in fields),
                *(submission.answers.get(name) for name in points),
            ]


def _write_rows(path: Path, rows: Iterable[list[object]]) -> int:
    count = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        for row in rows:
            file.write(json.dumps({str(number): value for number, value in enumerate(row)}) + "\n")
            count += 1
    return count


def _statement(columns: dict[str, str], rows: Path, made: Path) -> str:
    kinds = ", ".join(f"'{number}': '{kind}'" for number, kind in enumerate(columns.values()))
    named = ", ".join(f'"{number}" AS {_quoted(name, chr(34))}' for number, name in enumerate(columns))
    source = f"read_json({_quoted(str(rows))}, format = 'newline_delimited', columns = {{{kinds}}}"
    return (
        f"COPY (SELECT {named} FROM {source}, maximum_object_size = {_MOST})) "  # noqa: S608  # quoted, all of it
        f"TO {_quoted(str(made))} (FORMAT parquet)"
    )


def _quoted(text: str, mark: str = "'") -> str:
    return mark + text.replace(mark, mark * 2) + mark
