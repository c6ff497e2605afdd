"""YAML is read with the line of everything, and whatever is wrong is told in plain words."""

from __future__ import annotations

import pytest

from ozgdoc.errors import DataError
from ozgdoc.yamlfile import MAX_BYTES, Foreign, read


def complaints(data: bytes) -> list[str]:
    try:
        return [str(problem) for problem in read(data, "x.yaml").problems]
    except DataError as error:
        return [str(problem) for problem in error.problems]


def test_every_path_has_its_line() -> None:
    tree = read(b"# a comment\na: 1\nb:\n  - c: x\n\n  - d: >\n      folded\n      text\n", "x.yaml")
    assert tree.value == {"a": 1, "b": [{"c": "x"}, {"d": "folded text\n"}]}
    assert tree.lines == {
        (): 2,
        ("a",): 2,
        ("b",): 3,
        ("b", 0): 4,
        ("b", 0, "c"): 4,
        ("b", 1): 6,
        ("b", 1, "d"): 6,
    }
    assert tree.line(("b", 1, "d", "e", "f")) == 6


def test_scalars_keep_their_type_and_their_spelling() -> None:
    tree = read(b"a: 1.10\nb: no\nc: 2024-01-01\nd: ~\ne: '1'\nf: .nan\ng: 2024-99-99\nh: 0x10", "x.yaml")
    assert tree.value == {
        "a": 1.1,
        "b": False,
        "c": Foreign("date", "2024-01-01"),
        "d": None,
        "e": "1",
        "f": Foreign("number", ".nan"),
        "g": Foreign("date", "2024-99-99"),
        "h": 16,
    }
    assert tree.raw["a",] == "1.10"


def test_an_integer_of_thousands_of_digits_is_no_crash() -> None:
    assert isinstance(read(b"a: " + b"9" * 6000, "x.yaml").value["a"], Foreign)


def test_a_byte_order_mark_is_accepted() -> None:
    assert read("\ufeffä: ö".encode(), "x.yaml").value == {"ä": "ö"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x.yaml: the file is empty. Fill it, or name another."),
        (b"# only a comment\n---\n", "x.yaml: the file is empty. Fill it, or name another."),
        (b"a: 1\nb: \xe4", "x.yaml:2: byte 9 of the file (0xe4) is not UTF-8. Save the file as UTF-8."),
        ("a: 1".encode("utf-16"), "x.yaml:1: the file is in UTF-16, not in UTF-8. Save it as UTF-8."),
        (b"a: 1\nb: x\0y", "x.yaml:2: the control character U+0000 stands in this line. Remove it."),
        (b'a: 1\nb: "x\\by"', "x.yaml:2: the control character U+0008 is in this text. Remove it."),
        (b"a:\n\tb: 1", "x.yaml:2: the line is indented with a tab. Indent it with spaces."),
        (
            b'a: 1\nb: "x\nc: d\n',
            "x.yaml:2: a quote is opened here and never closed. Close it, or write a quote within the text twice.",
        ),
        (b'a: "\\d"', "x.yaml:1: a backslash stands in double quotes. Use single quotes, or write two backslashes."),
        (b"a: b: c", 'x.yaml:1: a ":" stands where none is expected. Put the text into quotes.'),
        (
            b"a:\n  b: 1\nc",
            'x.yaml:3: this line has no ":" after its key. Write key: value, or indent it below its key.',
        ),
        (
            b"a:\n  b: 1\n c: 2",
            "x.yaml:3: this line does not fit to those around it. "
            "Line it up with them, or put texts with signs in quotes.",
        ),
        (
            b"a: 1\nb: [1, 2\nc: 3",
            "x.yaml:2: a bracket is opened here and never closed, or a comma is missing. "
            "Close it, or put the text into quotes.",
        ),
        (b"a: 1\n---\nb: 2", 'x.yaml:2: a second document begins here. Remove the "---".'),
        (b"a: 1\nb: 2\na: 3", 'x.yaml:3: the key "a" is given twice, first in line 1. Remove one of them.'),
        (b"no: x", 'x.yaml:1: the key no is no, which means false, not text. Write it in quotes: "no".'),
        (b"9: x", 'x.yaml:1: the key 9 is the number 9, not text. Write it in quotes: "9".'),
        (b"? [a]\n: b", "x.yaml:1: a list or a group of keys stands where a key is expected. Write key: value."),
        (b"a: &b c", "x.yaml:1: the anchor &b stands here. Remove it, or put the text into quotes."),
        (b"a: *b", "x.yaml:1: the alias *b stands here. Remove it, or put the text into quotes."),
        (
            b"a: !!python/name:os.system x",
            'x.yaml:1: the tag "tag:yaml.org,2002:python/name:os.system" stands here. '
            "Remove it, or put the text into quotes.",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_remedy(data: bytes, said: str) -> None:
    assert complaints(data) == [said]


@pytest.mark.parametrize("part", ["[", "- ", "{a: ", "? "])
def test_nesting_without_end_is_refused(part: str) -> None:
    assert complaints(part.encode() * 10_000) == [
        "x.yaml:1: the file is nested too deeply. Remove some of the nesting."
    ]


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    assert complaints(b"[" * (MAX_BYTES + 1)) == ["x.yaml: the file is larger than 5 MB. Split it into several."]


def test_a_file_of_too_many_values_is_refused() -> None:
    assert complaints(b"- 1\n" * 200_000) == ["x.yaml:100000: the file is too long. Split it into several."]


def test_a_billion_laughs_stay_a_few_complaints() -> None:
    data = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (c, c, c - 1, c - 1) for c in b"bcdefgh")
    said = complaints(data)
    assert len(said) == 8 + 14
    assert said[1] == "x.yaml:2: the anchor &b stands here. Remove it, or put the text into quotes."


def test_all_mistakes_are_told_at_once() -> None:
    assert [line.split(":")[1] for line in complaints(b"a: &x 1\nb: !y 2\n3: c\na: 4\nd: *x\n")] == list("12345")
