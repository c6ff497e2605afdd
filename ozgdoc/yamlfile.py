"""YAML that people write by hand: read with the line of everything.

PyYAML finds the tokens; the values are built here, because a file may come from anybody, and every mistake in it is to
be told at once. YAML's traps are refused, not guessed around: anchors, tags, several documents, keys given twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path as File
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from ozgdoc.errors import DataError, Problem

#: Where a value stands: keys and positions from the top, such as ``("sections", 0, "title")``.
Path = tuple[str | int, ...]

MAX_BYTES = 5_000_000
MAX_NODES = 100_000
MAX_DEPTH = 24
MAX_PROBLEMS = 500

#: What neither XML nor a line of text can hold, and line ends that editors don't count.
CONTROL = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"

# What YAML's parser says → what is wrong, what to do. The first fitting one counts.
_SYNTAX = (
    ("escape", "a backslash stands in double quotes", "Use single quotes, or write two backslashes."),
    ("quoted scalar", "a quote is opened here and never closed", "Close it, or write a quote within the text twice."),
    ("cannot start any token", "this character can't begin a value", "Put the text into quotes."),
    ("mapping values are not allowed", 'a ":" stands where none is expected', "Put the text into quotes."),
    ("expected ':'", 'this line has no ":" after its key', "Write key: value, or indent it below its key."),
    (
        "flow",
        "a bracket is opened here and never closed, or a comma is missing",
        "Close it, or put the text into quotes.",
    ),
    (
        "block",
        "this line does not fit to those around it",
        "Line it up with them, or put texts with signs in quotes.",
    ),
)
_KINDS = {
    "sections": "section",
    "checkpoints": "checkpoint",
    "levels": "level",
    "states": "state",
    "fields": "field",
    "footnotes": "footnote",
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """A YAML value that JSON doesn't have, such as a date; ``kind`` is empty if it was complained about already."""

    kind: str
    text: str


_TOLD = Foreign("", "")


@dataclass(slots=True)
class Tree:
    """A file's values, and where they stand.

    Attributes:
        value: None, bool, int, float, str, list, dict (keys are strings) or `Foreign`.
        lines: path → 1-based line of the key or the list's entry.
        raw: path of a value that is no text → what was written for it.
        problems: what was wrong with the YAML itself.
    """

    file: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    raw: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest thing around it; 0 if no line is known."""
        return next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 0)

    def name(self, path: Path) -> str:
        """Return what messages call a path, such as ``checkpoint "mvp": text: en``; empty for the whole file."""
        parts: list[str] = []
        value = self.value
        for parent, step in zip(("", *path), path, strict=False):
            value = _child(value, step)
            if isinstance(step, int):
                own = value.get("id") if isinstance(value, dict) else None
                label = f"{_KINDS.get(str(parent), parent)} {quote(own) if isinstance(own, str) else step + 1}"
                # Whatever has an id is known by it: the sections around a checkpoint need not be said.
                parts = [label] if parent in _KINDS else [*parts[:-1], label]
            elif parent == "footnotes":
                parts = [f"footnote {quote(step)}"]
            else:
                parts.append(step if re.fullmatch(r"[\w-]{1,40}", step) else quote(step))
        return ": ".join(parts)

    def problem(self, code: str, path: Path, wrong: str, remedy: str, *, warning: bool = False) -> Problem:
        """Return a problem at a path; the message begins with the path's name."""
        message = ": ".join(part for part in (self.name(path), wrong) if part)
        return Problem(code, self.file, self.line(path), message, remedy, "warning" if warning else "error")


def _child(value: Any, step: str | int) -> Any:
    if isinstance(value, list) and isinstance(step, int):
        return value[step] if step < len(value) else None
    return value.get(str(step)) if isinstance(value, dict) else None


# --------------------------------------------------------------------------------------------------------------- read


def read(data: bytes, file: str) -> Tree:
    """Return the values of a YAML file with their lines.

    Args:
        data: the file, in UTF-8, with or without a byte order mark.
        file: how messages name it.

    Raises:
        DataError: it can't be read as one YAML document; mistakes that leave a readable rest are in ``problems``.
    """
    text = _decode(data, file)
    builder = _Builder(file, text)
    try:
        return builder.build()
    except yaml.MarkedYAMLError as error:
        raise DataError([*builder.tree.problems, _syntax(error, text, file)]) from error


def read_file(path: File) -> Tree:
    """Return the values of a YAML file with their lines; see `read`."""
    try:
        with path.open("rb") as file:
            # No more than is needed to see that it is too large: the path may lead to an endless device.
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        wrong = f"the file can't be read ({error.strerror})"
        raise DataError([Problem("no-file", str(path), 0, wrong, "Check its name and its permissions.")]) from error
    return read(data, str(path))


def _decode(data: bytes, file: str) -> str:
    def fail(code: str, line: int, message: str, remedy: str) -> DataError:
        return DataError([Problem(code, file, line, message, remedy)])

    if len(data) > MAX_BYTES:
        raise fail("too-large", 0, f"the file is larger than {MAX_BYTES // 1_000_000} MB", "Split it into several.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise fail("not-utf-8", 1, "the file is in UTF-16, not in UTF-8", "Save it as UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        wrong = f"byte {error.start + 1} of the file (0x{error.object[error.start]:02x}) is not UTF-8"
        raise fail("not-utf-8", line, wrong, "Save the file as UTF-8.") from error
    if found := CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        wrong = f"the control character U+{ord(found[0]):04X} stands in this line"
        raise fail("control-character", line, wrong, "Remove it.")
    return text


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    said = f"{error.context} {error.problem}"
    mark = error.context_mark if "quoted scalar" in said or "flow" in said else error.problem_mark
    mark = mark or error.problem_mark
    lines = text.splitlines()
    line = min(mark.line + 1 if mark else 1, len(lines) or 1)
    if lines and re.match(r" *\t", lines[line - 1]):
        return Problem("syntax", file, line, "the line is indented with a tab", "Indent it with spaces.")
    for part, wrong, remedy in _SYNTAX:
        if part in said:
            return Problem("syntax", file, line, wrong, remedy)
    wrong = f"this is not valid YAML ({error.problem})"
    return Problem("syntax", file, line, wrong, "Look at this line and the one above.")


class _Builder:
    """Builds the values of one document from the parser's events.

    Events come one after the other, so depth and number are bounded before anything grows; composing nodes as PyYAML
    does would recurse without a bound and follow aliases.
    """

    def __init__(self, file: str, text: str) -> None:
        self.tree = Tree(file)
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self._resolve: Callable[..., str] = Resolver().resolve
        self._constructor = SafeConstructor()
        self._nodes = 0

    def build(self) -> Tree:
        """Return the tree of the first document."""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.tree.lines:
                    self._complain("several-documents", event, "a second document begins here", 'Remove the "---".')
                    break
                self.tree.value = self._node(next(self._events), ())
        if self.tree.value is None and not self.tree.problems:
            wrong = Problem("empty-file", self.tree.file, 0, "the file is empty", "Fill it, or name another.")
            raise DataError([wrong])
        return self.tree

    def _complain(self, code: str, event: Any, message: str, remedy: str) -> None:
        line = event.start_mark.line + 1
        self.tree.problems.append(Problem(code, self.tree.file, line, message, remedy))
        if len(self.tree.problems) >= MAX_PROBLEMS:
            raise DataError(self.tree.problems)

    def _node(self, event: Any, path: Path) -> Any:
        self._bound(event, path)
        self.tree.lines.setdefault(path, event.start_mark.line + 1)
        remedy = "Remove it, or put the text into quotes."
        if isinstance(event, yaml.AliasEvent):
            self._complain("alias", event, f"the alias *{event.anchor} stands here", remedy)
            return _TOLD
        if event.anchor is not None:
            self._complain("anchor", event, f"the anchor &{event.anchor} stands here", remedy)
        if event.tag is not None:
            self._complain("tag", event, f"the tag {quote(event.tag)} stands here", remedy)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _bound(self, event: Any, path: Path) -> None:
        self._nodes += 1
        if len(path) > MAX_DEPTH:
            self._complain("too-large", event, "the file is nested too deeply", "Remove some of the nesting.")
        elif self._nodes > MAX_NODES:
            self._complain("too-large", event, "the file is too long", "Split it into several.")
        else:
            return
        raise DataError(self.tree.problems)

    def _list(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, (*path, ""))
            self.tree.lines.pop((*path, ""), None)
            if not isinstance(key, str):
                self._bad_key(event, key)
                self._node(next(self._events), (*path, ""))
                continue
            first = self.tree.lines.setdefault((*path, key), event.start_mark.line + 1)
            value = self._node(next(self._events), (*path, key))
            if key in entries:
                wrong = f"the key {quote(key)} is given twice, first in line {first}"
                self._complain("duplicate-key", event, wrong, "Remove one of them.")
            entries.setdefault(key, value)
        return entries

    def _bad_key(self, event: Any, key: Any) -> None:
        if isinstance(event, yaml.ScalarEvent) and key is not _TOLD:
            wrong = f"the key {event.value[:40]} is {found(key, event.value)}, not text".replace("  ", " ")
            self._complain("key", event, wrong, f"Write it in quotes: {quote(event.value)}.")
        elif key is not _TOLD:
            self._complain(
                "key", event, "a list or a group of keys stands where a key is expected", "Write key: value."
            )

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> Any:
        if control := CONTROL.search(event.value):
            wrong = f"the control character U+{ord(control[0]):04X} is in this text"
            self._complain("control-character", event, wrong, "Remove it.")
            return _TOLD
        kind = self._resolve(yaml.ScalarNode, event.value, event.implicit).removeprefix(_TAG)
        if kind == "str" or event.tag is not None:
            return event.value
        self.tree.raw.setdefault(path, event.value)
        return None if kind == "null" else self._typed(kind, event.value)

    def _typed(self, kind: str, text: str) -> Any:
        node = yaml.ScalarNode(_TAG + kind, text)
        try:
            if kind == "bool":
                return self._constructor.construct_yaml_bool(node)
            if kind == "int":
                return self._constructor.construct_yaml_int(node)
            if kind == "float" and isfinite(number := self._constructor.construct_yaml_float(node)):
                return number
        except (ValueError, OverflowError):
            pass  # Python refuses integers of thousands of digits, and so do we: see below.
        return Foreign({"int": "number", "float": "number", "timestamp": "date"}.get(kind, "sign"), text)


# -------------------------------------------------------------------------------------------------------------- words


def found(value: object, raw: str = "") -> str:
    """Return what a value is called in messages; ``raw`` is what was written for it."""
    shown = (raw or str(value))[:40]
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{shown}, which means {'true' if value else 'false'}"
        case int() | float():
            return f"the number {shown}"
        case Foreign():
            return f"the {value.kind} {value.text[:40]}"
        case str():
            return f"the text {quote(value)}"
        case _:
            return "a list" if isinstance(value, list) else "keys with values"


def quote(text: str) -> str:
    """Return a text for a message: in quotes, on one line, shortened if it is long."""
    return json.dumps(text if len(text) <= 60 else text[:59] + "…", ensure_ascii=False)
