"""Lists as offices keep them: CSV, Excel or JSON, as rows of text. Every mistake is told with its row.

CSV is separated by semicolons, commas or tabs, in UTF-8, UTF-16 with its mark, or Windows' old code page. Of an Excel
file the first sheet is taken. JSON is a list of objects. The row that names the columns is number 1.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from ozgdoc.errors import DataError, Problem

MAX_ROWS, MAX_COLUMNS, MAX_PROBLEMS = 1_000_000, 200, 100
_MAX_UNPACKED = 500_000_000
_EXACT = 10**15  #: above, Excel rounds whole numbers

#: What is wrong with a cell, and the remedy.
_Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet shows it, and its cells in the order of the columns."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A list with named columns. Texts are in Unicode NFC, without spaces around them.

    Attributes:
        problems: cells that are no text, or have no column.
    """

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...] = ()


def read_table(data: bytes, file: str) -> Table:
    """Return the table in a file; its kind is found by its content.

    Raises:
        DataError: it is no table.
    """
    head = data[:64].removeprefix(codecs.BOM_UTF8).lstrip()
    try:
        if data.startswith(b"PK"):
            rows = _excel(data)
        elif head.startswith((b"[", b"{")):
            rows = _json(data)
        else:
            rows = _csv(data)
        return _table(rows, file)
    except (ValueError, csv.Error, zipfile.BadZipFile, KeyError, RecursionError) as error:
        raise DataError([Problem("no-table", file, 0, f"it is no table that can be read ({error})", _KINDS)]) from error


_KINDS = "Save it as CSV (UTF-8), as .xlsx, or as a JSON list of objects."
_Cells = Iterable[str | _Fault]


def more(problems: list[Problem]) -> list[Problem]:
    """Return no more problems than somebody can read."""
    if len(problems) <= MAX_PROBLEMS:
        return problems
    rest = Problem("more", problems[0].file, 0, f"{len(problems) - MAX_PROBLEMS} more mistakes", "Mend these first.")
    return [*problems[:MAX_PROBLEMS], rest]


def _table(rows: Iterator[_Cells], file: str) -> Table:
    columns = tuple(_text(cell) for cell in next(rows, ()))
    while columns and not columns[-1]:
        columns = columns[:-1]
    if not columns or len(columns) > MAX_COLUMNS:
        raise ValueError(f"its first row names no columns, or more than {MAX_COLUMNS}")
    found: list[Row] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, 2):
        if number > MAX_ROWS + 1:
            raise ValueError(f"it has more than {MAX_ROWS} rows")
        cells = list(row)
        problems += (Problem("cell", file, number, *fault) for fault in _faults(cells, columns))
        texts = [_text(cell) for cell in cells[: len(columns)]]
        if any(texts):
            found.append(Row(number, (*texts, *[""] * (len(columns) - len(texts)))))
    return Table(file, columns, tuple(found), tuple(problems))


def _faults(cells: list[str | _Fault], columns: tuple[str, ...]) -> Iterator[_Fault]:
    for place, cell in enumerate(cells):
        if not isinstance(cell, str):
            name = columns[place] if place < len(columns) else f"number {place + 1}"
            yield f'column "{name}": {cell[0]}', cell[1]
        elif place >= len(columns) and cell.strip():
            wrong = f'"{cell.strip()[:40]}" stands right of the last column that has a name'
            yield wrong, "Name its column, or put what holds the separator between quotes."


def _text(cell: str | _Fault) -> str:
    return unicodedata.normalize("NFC", cell).strip() if isinstance(cell, str) else ""


def _csv(data: bytes) -> Iterator[_Cells]:
    text = _decoded(data)
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)  # the semicolon where there is but one column
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _json(data: bytes) -> Iterator[_Cells]:
    entries = json.loads(data)
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("it is no list of objects")
    columns = dict.fromkeys(key for entry in entries for key in entry)
    yield columns
    for entry in entries:
        yield [_of_json(entry.get(column)) for column in columns]


def _of_json(value: object) -> str | _Fault:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return f"{json.dumps(value)[:40]} is no text", "Put it between quotes."


def _excel(data: bytes) -> Iterator[_Cells]:
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _MAX_UNPACKED:
            raise ValueError("it unpacks to more than 500 MB")
    rows: list[_Cells] = []
    try:
        with warnings.catch_warnings(action="ignore"):  # of what a list does not need, such as drop-down lists in cells
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            for row in islice(book.worksheets[0].iter_rows(), MAX_ROWS + 2):
                rows.append([_of_excel(cell.value, cell.data_type) for cell in row])
            book.close()
    # What openpyxl raises on damaged parts.
    except (AttributeError, LookupError, OSError, SyntaxError, TypeError) as error:
        raise ValueError("the Excel file is damaged") from error
    return iter(rows)


def _of_excel(value: Any, kind: str) -> str | _Fault:
    """Return a cell as the text that somebody typed, as far as Excel has kept it."""
    if value is None:
        return ""
    if kind == "e":
        return f"the formula gives an error ({value})", "Mend the formula."
    match value:
        case str():
            return value
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float() if abs(value) >= _EXACT:
            return "Excel has rounded the number", "Format the column as text and enter it again."
        case float() if value.is_integer():
            return str(int(value))
    return str(value)
