"""Lists of recipients: how they are read, what is wrong with them, what is derived from them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
import zipfile
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from random import Random

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgdoc import api
from ozgdoc.cli import main
from ozgdoc.errors import DataError
from ozgdoc.model import Checklist
from ozgdoc.recipients import Recipient, manifest, match, safe_name
from ozgdoc.tables import MAX_PROBLEMS, Row, Table, read_table
from tests import shapes
from tests.roundtrip.test_issued import fill
from tests.roundtrip.test_pdf import TEXTS
from tests.sheets import OZG, ozg

COLUMNS, ROW = ["key", "Straße"], ["A;1", "Nürnberger „Weg“, 3"]


def encoded(delimiter: str, coding: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([COLUMNS, ROW, [], ["b"]])
    return out.getvalue().encode(coding)


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_as_programs_write_it(delimiter: str, coding: str) -> None:
    table = read_table(encoded(delimiter, coding), "x.csv")
    assert table == Table("x.csv", tuple(COLUMNS), (Row(2, tuple(ROW)), Row(4, ("b", ""))))


def excel(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_excel_gives_texts() -> None:
    table = read_table(
        excel(
            ["key", "a", "b", "c", "d", None],
            [7, 99001001000000, 1.5, datetime(2026, 3, 1), True],  # a sheet's days have no time zone
            [None, None],
            ["x ", "=1+1", 2.0, date(2026, 3, 2), "Mu\u0308ller"],
        ),
        "x.xlsx",
    )
    assert table.columns == ("key", "a", "b", "c", "d")
    assert table.rows == (
        Row(2, ("7", "99001001000000", "1.5", "2026-03-01", "TRUE")),
        Row(4, ("x", "", "2", "2026-03-02", "Müller")),  # nobody has calculated the formula
    )


def test_numbers_that_excel_has_rounded_are_told() -> None:
    [problem] = read_table(excel(["key"], [123456789012345678]), "x.xlsx").problems
    assert (problem.line, 'column "key": Excel has rounded' in problem.message) == (2, True)


def test_json_keeps_rows_and_refuses_what_is_no_text() -> None:
    table = read_table(json.dumps([{"key": "a", "n": 5}, {"m": None}, {"key": [1]}, {"n": 1.5}]).encode(), "x.json")
    assert table.rows == (Row(2, ("a", "5", "")),)
    assert [problem.line for problem in table.problems] == [4, 5]


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b'{"a": "b"}', b"[1]", b"[{", b'a;b\n"c', b"PK\x03\x04rest", b"[" * 100_000, b"\xff\xfea", b"\x81"],
)
def test_what_is_no_table_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(DataError, match="x: it is no table that can be read"):
        read_table(data, "x")


@given(st.randoms(use_true_random=False))
def test_damaged_excel_files_are_refused_by_name(random: Random) -> None:
    with zipfile.ZipFile(io.BytesIO(excel(["key", "a"], ["1", 3.5]))) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    name = random.choice(list(parts))
    for _ in range(random.randrange(1, 4)):
        parts[name][random.randrange(len(parts[name]))] = random.randrange(256)
    if random.random() < 0.2:
        del parts[name]
    elif random.random() < 0.3:
        del parts[name][random.randrange(len(parts[name])) :]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member, data in parts.items():
            archive.writestr(member, bytes(data))
    with suppress(DataError):
        assert read_table(out.getvalue(), "x").columns


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(";,"))
def test_what_stands_in_a_list_comes_back(texts: list[str], delimiter: str) -> None:
    out = io.StringIO(newline="")
    rows = [["projekt", "key"], *([text, f"k{number}"] for number, text in enumerate(texts))]
    csv.writer(out, delimiter=delimiter).writerows(rows)
    found = match(ozg(), read_table(out.getvalue().encode(), "x.csv"), issue="i")
    for text, recipient in zip(texts, found, strict=True):
        [submission] = api.read(fill("pdf")(recipient.values, recipient.instance), known={OZG: ozg()})
        assert submission.fields["projekt"] == text.strip()
        assert submission.instance == recipient.instance


def table(*rows: tuple[str, ...]) -> Table:
    columns, *rest = rows
    return Table("x.csv", columns, tuple(Row(number, cells) for number, cells in enumerate(rest, 2)))


def told(checklist: Checklist, *rows: tuple[str, ...], **options: str) -> list[tuple[int, str]]:
    with pytest.raises(DataError) as caught:
        match(checklist, table(*rows), issue="i", **options)  # type: ignore[arg-type]
    return [(problem.line, problem.message) for problem in caught.value.problems]


def test_columns_are_fields_by_id_or_by_label_in_any_language() -> None:
    rows = ("Kennung", "PROJEKT", "Service key (LeiKa)", "behörde"), ("1", "p", "99001001000000", "b")
    [recipient] = match(ozg(), table(*rows), issue="i")
    assert recipient.values == {"projekt": "p", "leistungsschluessel": "99001001000000", "behoerde": "b"}
    assert (recipient.key, recipient.name) == ("1", "1")


def test_a_field_can_be_the_key_and_be_filled_in() -> None:
    [recipient] = match(ozg(), table(("Behörde", "projekt"), ("b", "p")), issue="i", key="behoerde")
    assert (recipient.key, recipient.values) == ("b", {"behoerde": "b", "projekt": "p"})


def test_everything_that_is_wrong_is_told_at_once() -> None:
    rows = (
        ("key", "projekt", "Implementation project", "stichtag", "farbe", ""),
        ("a", "x\ny", "", "31.02.2026", "", ""),
        ("a", "", "", "", "", ""),
        ("", "z" * 1001, "", "", "", ""),
    )
    lines = told(ozg(), *rows)
    assert [line for line, _ in lines] == [1, 1, 1, 2, 2, 3, 4, 4]
    assert 'the column "farbe" is no field of the checklist' in lines[1][1]
    assert "row 2 has the same" in lines[5][1]


def test_no_more_problems_are_told_than_somebody_can_read() -> None:
    lines = told(ozg(), ("key", "stichtag"), *[(str(number), "nie") for number in range(500)])
    assert len(lines) == MAX_PROBLEMS + 1
    assert lines[-1][1] == "400 more mistakes"


def test_an_empty_list_and_a_wrong_pattern_are_refused() -> None:
    assert told(ozg(), ("key",)) == [(0, "it names no recipients")]
    for pattern in ("{key", "{0}", "{key.__class__}", "{key!r}", "{key:>9}"):
        [(line, message)] = told(ozg(), ("key",), ("a",), file_name=pattern)
        assert (line, "pattern for file names" in message) == (0, True)


def test_ids_come_from_checklist_issue_and_key_alone() -> None:
    def instance(key: str, issue: str, checklist: Checklist, value: str = "") -> str:
        return match(checklist, table(("key", "projekt"), (key, value)), issue=issue)[0].instance

    other = shapes.checklist(fields=[{"id": "projekt", "label": "Projekt"}])
    ids = [instance("a", "i", ozg()), instance("b", "i", ozg()), instance("a", "j", ozg()), instance("a", "i", other)]
    assert len(set(ids)) == 4
    assert instance("a", "i", ozg(), "value") == ids[0]


def test_names_differ_for_systems_that_take_no_notice_of_case() -> None:
    found = match(ozg(), table(("key",), ("a/b",), ("A:B",), ("a?b",)), issue="i")
    names = [recipient.name for recipient in found]
    assert names[0] == "a_b"
    assert names[1].startswith("A_B-")
    assert len({name.casefold() for name in names}) == 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "_"),
        ("", "_"),
        ("nul.txt", "_nul.txt"),
        ("Com1", "_Com1"),
        ("console", "console"),
        ("-rf", "_-rf"),
        ("=1", "_=1"),
        ("a. ", "a"),
        ("a\u202efdp.exe", "a_fdp.exe"),
        ("Ä" * 200, "Ä" * 75),
    ],
)
def test_file_names_are_safe(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text())
def test_any_text_gives_a_name_without_a_path(text: str) -> None:
    name = safe_name(text)
    assert not set('/\\:*?"<>|\0') & set(name)
    assert name == name.strip(". ")
    assert 0 < len(name.encode()) <= 151
    assert safe_name(name) in (name, f"_{name}"[:150])
    assert unicodedata.is_normalized("NFC", name)


def test_the_list_of_copies_is_safe_to_open() -> None:
    data = manifest(ozg(), [(Recipient("=1", "i", {"projekt": "@x;y"}, "n"), "n.pdf", "00")])
    [row] = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")
    assert (row["key"], row["field:projekt"], row["field:behoerde"]) == ("'=1", "'@x;y", "")


def issued(folder: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["issue", "ozg-umsetzungscheckliste", *arguments, "-o", str(folder / "out")])
    return done.exit_code, done.output


def test_the_list_names_each_file_s_digest(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("key\na\nb\n")
    assert issued(tmp_path, str(tmp_path / "list.csv"))[0] == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out/manifest.csv").read_text("utf-8-sig")), delimiter=";"))
    assert [hashlib.sha256((tmp_path / "out" / row["file"]).read_bytes()).hexdigest() for row in rows] == [
        row["sha256"] for row in rows
    ]
    assert [row["key"] for row in rows] == ["a", "b"]


def test_what_stands_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("key\na\nb\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/b.pdf").write_bytes(b"a return")
    code, said = issued(tmp_path, str(tmp_path / "list.csv"))
    assert (code, "b.pdf: it is there already and says something else" in said) == (8, True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["b.pdf"]


def test_nothing_is_written_if_something_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("key,stichtag\na,nie\n")
    assert issued(tmp_path, str(tmp_path / "list.csv"))[0] == 3
    assert not (tmp_path / "out").exists()


def test_half_a_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ozgdoc import files
    from ozgdoc.errors import OutputError

    write = files.write_file

    def full(path: Path, data: bytes) -> None:
        if path.name == "b.pdf":
            raise OutputError("the disk is full")
        write(path, data)

    monkeypatch.setattr(files, "write_file", full)
    (tmp_path / "list.csv").write_text("key\na\nb\nc\n")
    code, said = issued(tmp_path, str(tmp_path / "list.csv"))
    assert (code, "1 of 3 copies are written, without a list" in said) == (8, True)
    monkeypatch.undo()
    assert "3 copies (there already: 1)" in issued(tmp_path, str(tmp_path / "list.csv"))[1]
