"""The way in: a data file becomes a `Checklist`, or a list of everything that is wrong with it.

Three passes find the mistakes, and none hides what the next would find: is it YAML (`yamlfile`), is it of the right
shape (`schema`), does it fit together (`checks`).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path as File
from typing import Any, NamedTuple

from ozgdoc.checks import check, text_paths
from ozgdoc.errors import DataError, Problem, UnreadableError
from ozgdoc.model import Checklist
from ozgdoc.schema import schema, validate
from ozgdoc.wire import checklist_from_json, checklist_to_json
from ozgdoc.yamlfile import CONTROL, MAX_DEPTH, MAX_PROBLEMS, Path, Tree, read, read_file

MAX_DEFINITION = 2_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A checklist together with the file it came from.

    Attributes:
        file: as the user named it.
        problems: warnings only, in the order of lines.
        lines: path such as ``("sections", 0, "title")`` → 1-based line in the file.
    """

    checklist: Checklist
    file: str
    problems: tuple[Problem, ...]
    lines: Mapping[Path, int]


class Spot(NamedTuple):
    """One text in one language, where it stands in its file.

    Attributes:
        line: 1-based, or 0 if the text is not from the file (such as the label of the default state).
        name: what messages call it, such as ``checkpoint "mvp": text: en``.
    """

    line: int
    name: str
    language: str
    text: str


def load(path: File) -> Source:
    """Return the checklist of a data file; see `parse`."""
    return _source(read_file(path))


def parse(data: bytes, file: str) -> Source:
    """Return the checklist that a data file describes.

    Texts come out in Unicode NFC, without white space at their ends.

    Args:
        data: YAML in UTF-8, at most 5 MB.
        file: how messages name the file.

    Raises:
        DataError: something is wrong; carries all errors and warnings in the order of lines.
    """
    return _source(read(data, file))


def _source(tree: Tree) -> Source:
    problems = [*tree.problems, *validate(tree, schema("checklist")), *islice(check(tree), MAX_PROBLEMS)]
    problems.sort(key=lambda problem: problem.line)
    if any(problem.severity == "error" for problem in problems):
        raise DataError(problems)
    return Source(checklist_from_json(_normal(tree.value)), tree.file, tuple(problems), tree.lines)


def parse_definition(data: bytes) -> Checklist:
    """Return the checklist that a form carries inside itself as canonical JSON. Anybody may have made it.

    Raises:
        UnreadableError: it is too large, no JSON, or no sound checklist.
    """
    if len(data) > MAX_DEFINITION:
        raise UnreadableError(f"the form's definition is larger than {MAX_DEFINITION // 1_000_000} MB")
    try:
        value = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"the form's definition is no valid JSON: {str(error)[:100]}") from error
    if wrong := _unfit(value):
        raise UnreadableError(f"the form's definition {wrong}")
    tree = Tree("definition", value)
    problems = [
        problem
        for problem in (*validate(tree, schema("checklist")), *islice(check(tree), MAX_PROBLEMS))
        if problem.severity == "error"
    ]
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise UnreadableError(f"the form's definition is no sound checklist: {problems[0].message}{more}")
    return checklist_from_json(_normal(value))


def texts(source: Source) -> Iterator[Spot]:
    """Yield every text of a checklist in every language, in the order of the sheet's definition."""
    tree = Tree(source.file, checklist_to_json(source.checklist), dict(source.lines))
    for path, variants in text_paths(tree.value):
        for language, text in variants.items():
            place = (*path, language)
            known = any(place[:n] in tree.lines for n in range(1, len(place) + 1))
            yield Spot(tree.line(place) if known else 0, tree.name(place), language, text)


# ------------------------------------------------------------------------------------------------------------ strangers


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        raise ValueError("a key is given twice")
    return entries


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON value")


def _unfit(value: Any) -> str:
    """Return what keeps a value from being looked at any further, or nothing."""
    level = [value]
    for _ in range(MAX_DEPTH):
        strings = [entry for entry in level if isinstance(entry, str)]
        strings += [key for entry in level if isinstance(entry, dict) for key in entry]
        if any(CONTROL.search(text) for text in strings):
            return "holds control characters"
        lists = [
            entry.values() if isinstance(entry, dict) else entry for entry in level if isinstance(entry, dict | list)
        ]
        level = [child for entry in lists for child in entry]
        if not level:
            return ""
    return "is nested too deeply"


def _normal(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _normal(child, name) for name, child in value.items()}
    if isinstance(value, list):
        return [_normal(child) for child in value]
    if isinstance(value, str):
        # A pattern may end in a blank that it means.
        return unicodedata.normalize("NFC", value if key == "pattern" else value.strip())
    return value
