"""Who gets a copy: a table is held against a checklist, and each recipient gets an id and a file name.

Everything here is derived from the list, so that issuing twice gives the same ids, the same names and the same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ozgdoc.answers import malformed
from ozgdoc.errors import DataError, Problem
from ozgdoc.identity import identify
from ozgdoc.model import Checklist, Field
from ozgdoc.pdf.fonts import FieldFont, unprintable
from ozgdoc.schema import nearest
from ozgdoc.tables import Row, Table, more
from ozgdoc.wire import canonical
from ozgdoc.writers.csv import guarded

#: Columns that tell recipients apart, if none is named.
KEYS = ("key", "schluessel", "schlüssel", "id", "kennung")
MAX_TEXT = 1_000  #: letters of a value
MAX_NAME = 150  #: bytes of a file's name, without its suffix

_UNSAFE = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
#: What no name begins with: options of programs, and formulas in the list of copies.
_LEADING = ("-", "+", "=", "@", "~", "\uff1d", "\uff0b", "\uff0d", "\uff20")
#: Names of devices, which Windows takes for no file whatever their suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One copy to be issued.

    Attributes:
        key: what tells recipients apart.
        instance: id of the copy.
        values: field id → text, only what there is.
        name: of the file, without suffix.
    """

    key: str
    instance: str
    values: Mapping[str, str]
    name: str


def match(
    checklist: Checklist,
    table: Table,
    *,
    issue: str,
    key: str | None = None,
    file_name: str | None = None,
    font: FieldFont | None = None,
) -> list[Recipient]:
    """Return the recipients that a table names.

    Args:
        checklist: whose fields the columns are, by id or by label in any language; case does not matter.
        table: the list.
        issue: name of the whole; the same key gets another id in another issue.
        key: the column that tells recipients apart; by default the first that is called like one of KEYS, else all
            values together do.
        file_name: pattern of the file names with ``{key}``, ``{instance}``, ``{row}`` and ``{<field id>}``.
        font: if given, values must have letters that it has.

    Raises:
        DataError: with everything that is wrong with the list.
    """
    problems = list(table.problems)
    fields, key_column = _columns(checklist, table, key, problems)
    pattern = file_name or ("{instance}" if key_column is None else "{key}")
    _check_pattern(pattern, checklist, table.file, problems)
    if not table.rows:
        problems.append(Problem("no-rows", table.file, 0, "it names no recipients", "Give each of them a row."))
    keys: dict[str, Row] = {}
    for row in table.rows:
        for place, field in fields.items():
            faults = _faults(checklist, field, row.cells[place], font)
            problems += (_problem(table, row, place, *fault) for fault in faults)
        name = row.cells[key_column] if key_column is not None else canonical(_values(fields, row)).decode()
        if fault := _key_fault(name, keys.setdefault(name, row), row):
            problems.append(_problem(table, row, key_column, *fault))
    if problems:
        raise DataError(more(sorted(problems, key=lambda problem: problem.line)))
    copies = {name: (row.number, _values(fields, row)) for name, row in keys.items()}
    return list(_recipients(checklist, issue, pattern, copies))


def _recipients(
    checklist: Checklist, issue: str, pattern: str, copies: Mapping[str, tuple[int, Mapping[str, str]]]
) -> Iterator[Recipient]:
    """Yield who gets a copy; ``copies`` is key → row and values."""
    names: set[str] = set()
    content = identify(checklist).content
    for name, (row, values) in copies.items():
        instance = hashlib.sha256(canonical([content, issue, name])).hexdigest()[:32]
        shown = {field.id: values.get(field.id, "") for field in checklist.fields}
        file = safe_name(pattern.format_map({**shown, "key": name, "instance": instance, "row": row}))
        if file.casefold() in names:
            file = f"{file}-{instance[:12]}"
        names.add(file.casefold())
        yield Recipient(name, instance, values, file)


def manifest(checklist: Checklist, issued: Iterable[tuple[Recipient, str, str]]) -> bytes:
    """Return the list of what was issued to whom as CSV, separated and guarded as `ozgdoc.writers.csv` does it.

    Args:
        checklist: what was issued.
        issued: recipient, file name, and the file's SHA-256 (hex), for each file.
    """
    columns = ("key", "instance", "file", "sha256", "checklist", "version")
    out = io.StringIO(newline="")
    rows = csv.DictWriter(
        out, (*columns, *(f"field:{field.id}" for field in checklist.fields)), restval="", delimiter=";"
    )
    rows.writeheader()
    for recipient, file, digest in issued:
        start = (recipient.key, recipient.instance, file, digest, checklist.id, checklist.version)
        values = ((f"field:{name}", value) for name, value in recipient.values.items())
        rows.writerow(guarded((*zip(columns, start, strict=True), *values)))
    return out.getvalue().encode("utf-8-sig")


def listed(data: bytes) -> set[str]:
    """Return the ids of the copies that a manifest lists; none, if it is no manifest."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""), delimiter=";")
    return {row["instance"] or "" for row in rows} if "instance" in (rows.fieldnames or ()) else set()


def safe_name(text: str) -> str:
    """Return a text as a file name for any system: without parts of a path, and not too long."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text)).strip(" .")
    name = name.encode()[:MAX_NAME].decode(errors="ignore").rstrip(" .")
    return f"_{name}" if not name or name.startswith(_LEADING) or _DEVICE.fullmatch(name) else name


def _columns(
    checklist: Checklist, table: Table, key: str | None, problems: list[Problem]
) -> tuple[dict[int, Field], int | None]:
    """Return which column is which field, and which is the key."""
    names: dict[str, Field] = {}
    for field in checklist.fields:
        for name in (field.id, *(text for _, text in field.label.variants)):
            names.setdefault(_folded(name), field)
    columns = [_folded(name) for name in table.columns]
    wanted = [_folded(key)] if key else KEYS
    key_column = next((place for place, name in enumerate(columns) if name in wanted), None)
    if key and key_column is None and (chosen := names.get(_folded(key))):
        key_column = next((place for place, name in enumerate(columns) if names.get(name) == chosen), None)
    if key and key_column is None:
        _complain(table, f'there is no column "{key}" for the key', nearest(key, table.columns), problems)
    fields: dict[int, Field] = {}
    for place, (name, shown) in enumerate(zip(columns, table.columns, strict=True)):
        found = names.get(name)
        if found is None and place != key_column:
            known = [word for field in checklist.fields for word in (field.id, field.label.get(checklist.language))]
            wrong = f'the column "{shown}" is no field of the checklist' if shown else f"column {place + 1} has no name"
            _complain(table, wrong, nearest(shown, known), problems)
        elif found and found in fields.values():
            _complain(table, f'the column "{shown}" is there twice', "Leave one out.", problems)
        elif found:
            fields[place] = found
    return fields, key_column


def _complain(table: Table, wrong: str, remedy: str, problems: list[Problem]) -> None:
    problems.append(Problem("column", table.file, 1, wrong, remedy))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


_CONTROLS = ("it holds line ends or control characters", "Write it on one line.")


def _faults(checklist: Checklist, field: Field, value: str, font: FieldFont | None) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a value, and the remedies."""
    if len(value) > MAX_TEXT:
        yield f"it has {len(value)} letters", f"At most {MAX_TEXT} can be filled in."
    elif _CONTROL.search(value):
        yield _CONTROLS
    elif notice := malformed(field, value, checklist.language):
        yield notice.message, "Correct it."
    elif font and (missing := "".join(dict.fromkeys(letter for letter in value if ord(letter) not in font.glyphs))):
        yield unprintable(missing)


def _problem(table: Table, row: Row, place: int | None, wrong: str, remedy: str) -> Problem:
    where = f'column "{table.columns[place]}": ' if place is not None else ""
    return Problem("cell", table.file, row.number, where + wrong, remedy)


def _key_fault(key: str, first: Row, row: Row) -> tuple[str, str] | None:
    if not key:
        return "there is no key", "Give every row one."
    if _CONTROL.search(key):
        return _CONTROLS
    return None if first is row else (f"row {first.number} has the same", "Every copy needs a key of its own.")


def _values(fields: Mapping[int, Field], row: Row) -> dict[str, str]:
    """Return a row's values by field id; an option, given in any language, as the form has it."""
    values = {}
    for place, field in fields.items():
        if value := row.cells[place]:
            own = (option.variants[0][1] for option in field.options if value in dict(option.variants).values())
            values[field.id] = next(own, value)
    return values


def _check_pattern(pattern: str, checklist: Checklist, file: str, problems: list[Problem]) -> None:
    known = ["key", "instance", "row", *(field.id for field in checklist.fields)]
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as error:
        problems.append(Problem("file-name", file, 0, f"the pattern for file names is wrong: {error}", _PATTERN))
        return
    for _, name, form, conversion in parts:
        if name is not None and (name not in known or form or conversion):
            wrong = f'the pattern for file names has "{{{name}}}", which means nothing'
            problems.append(Problem("file-name", file, 0, wrong, nearest(name, known)))


_PATTERN = "Write it like {key}, or {{ for a brace itself."
