"""Markdown as pandoc and GitHub read it: task lists, footnotes, pipe tables.

Texts are data: whatever would be markup in them is escaped, for CommonMark, GitHub's extensions and pandoc's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from ozgdoc import document as d
from ozgdoc.theme import Theme

#: What may stand in an address as it is; everything else is percent-encoded.
_URL = "%:/?#[]@!$&'()*+,;=-._~"

#: What is markup wherever it stands. Also quotes, dashes and dots, of which pandoc makes typographic ones, and what
#: GitHub makes an emoji or a link of by itself.
_MARKUP = re.compile(
    r"""[\\`*_{}\[\]<>|~^$@"']|&(?=[#A-Za-z])|(?<=-)-|\.(?=\.\.)|(?<=www)\.|:(?=//|[a-z0-9_+-]+:)""", re.IGNORECASE
)
#: What is markup at the beginning of a line: headings, rules, definitions, titles and lists of all kinds. After a
#: capital and a dot pandoc wants two spaces, so that "Z. B." is none.
_LINE_START = re.compile(
    r"[#+\-=:%]|\(?(?:[0-9]+|[a-z]|[ivxlcdm]{2,}|[IVXLCDM]{2,})[.)](?=\s|$)|\(?[A-Z](?:\)(?=\s|$)|\.(?=\s\s|$))"
)

_BREAK = "\\\n"


def write(document: d.Document, theme: Theme) -> bytes:
    """Return the document as Markdown in UTF-8; the theme has no say in it."""
    del theme
    return ("\n\n".join(_blocks(document.blocks, document.words)) + "\n").encode()


# ------------------------------------------------------------------------------------------------------------- blocks


def _blocks(blocks: Iterable[d.Block], words: Any) -> Iterable[str]:
    """Yield the blocks' Markdown; checkpoints side by side become one list."""
    tasks: list[str] = []
    for block in blocks:
        if isinstance(block, d.Checkpoint):
            tasks.append(_checkpoint(block, words))
            continue
        if tasks:
            yield "\n".join(tasks)
            tasks = []
        match block:
            case d.Section(heading=heading, blocks=children):
                yield _heading(heading, words)
                yield from _blocks(children, words)
            case d.Columns(blocks=children):
                yield from _blocks(children, words)
            case _:
                yield _WRITERS[type(block)](block, words)
    if tasks:
        yield "\n".join(tasks)


def _heading(heading: d.Heading, words: Any) -> str:
    # Number signs at the end would close the heading and vanish.
    return re.sub(r" (#*)#$", r" \1\#", f"{'#' * heading.level} {_inlines(heading.content, ' ')}")


def _paragraph(paragraph: d.Paragraph, words: Any) -> str:
    text = _inlines(paragraph.content)
    match paragraph.role:
        case "warning":
            return "> " + text.replace("\n", "\n> ")
        case "draft":
            return f"*{text}*"
        case _:
            return text


def _legend(legend: d.Legend, words: Any) -> str:
    entries = [_escape(level.label) for level in legend.levels]
    if legend.draft:
        entries.append(f"*{_escape(words['draft_sample'])}* = {_escape(legend.draft)}")
    return f"{_escape(words['legend'])}: {' · '.join(entries)}"


def _fields(fields: d.Fields, words: Any) -> str:
    rows = []
    for field in fields.fields:
        hints = (words["required"] if field.required else "", field.hint or "", " / ".join(field.options))
        hint = "; ".join(filter(None, hints))
        rows.append((_escape(f"{field.label} ({hint})" if hint else field.label), _escape(field.value)))
    return _grid((_escape(words["fields"]), ""), rows)


def _checkpoint(point: d.Checkpoint, words: Any, indent: str = "") -> str:
    """Return a task, or with several boxes an item that holds one task per box."""
    asides = [point.level.label] if point.level else []
    asides += [words["draft"]] if point.draft else []
    inner = f"{indent}  "
    text = _inlines(point.content, f"{_BREAK}{inner}") + "".join(f" ({_escape(aside)})" for aside in asides)
    only = len(point.boxes) == 1 and point.boxes[0].only
    lines = [f"{indent}- {_tick(point.boxes[0]) if only else ''}{text}"]
    if point.help:
        lines[0] += f"{_BREAK}{inner}{_inlines(point.help, f'{_BREAK}{inner}')}"
    if not only:
        lines += [f"{inner}- {_tick(box)}{_start(_escape(box.caption))}" for box in point.boxes]
    return "\n".join([*lines, *(_checkpoint(child, words, inner) for child in point.checkpoints)])


def _tick(box: d.Box) -> str:
    return "[x] " if box.checked else "[ ] "


def _notes(notes: d.Notes, words: Any) -> str:
    return "\n".join(f"[^{note.id}]: {_inlines(note.content, ' ')}" for note in notes.notes)


def _table(table: d.Table, words: Any) -> str:
    header = [_escape(column.label) for column in table.columns]
    rows = [[_inlines(cell, "<br>") for cell in row] for row in table.rows]
    right = [column.align == "right" for column in table.columns]
    return f"**{_escape(table.caption)}**\n\n{_grid(header, rows, right)}"


def _chart(chart: d.Chart, words: Any) -> str:
    kinds = {part.kind: part.label for bar in chart.bars for part in bar.parts}
    rows = []
    for bar in chart.bars:
        counts = {part.kind: str(part.count) for part in bar.parts}
        rows.append((_escape(bar.label), _escape(bar.value), *(counts.get(kind, "") for kind in kinds)))
    header = ("", "", *map(_escape, kinds.values()))
    return f"**{_escape(chart.title)}**\n\n{_grid(header, rows, [False, *[True] * (len(kinds) + 1)])}"


def _pagebreak(pagebreak: d.PageBreak, words: Any) -> str:
    return "* * *"


def _grid(header: Iterable[str], rows: Iterable[Iterable[str]], right: Iterable[bool] | None = None) -> str:
    header = tuple(header)
    rules = [("---:" if end else "---") for end in (right or [False] * len(header))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rules, *rows))


_WRITERS: dict[type, Callable[[Any, Any], str]] = {
    d.Heading: _heading,
    d.Paragraph: _paragraph,
    d.Legend: _legend,
    d.Fields: _fields,
    d.Notes: _notes,
    d.Table: _table,
    d.Chart: _chart,
    d.PageBreak: _pagebreak,
}


# ------------------------------------------------------------------------------------------------------------ inlines


def _inlines(content: Iterable[d.Inline], line_break: str = _BREAK) -> str:
    """Return inlines as one text, in which a line break is what fits the place."""
    return line_break.join(_start(line) for line in _lines(content).split("\n"))


def _lines(content: Iterable[d.Inline]) -> str:
    """Return inlines, with a line feed for each break that is meant."""
    out = []
    for node in content:
        match node:
            case d.Text(text=text):
                out.append(_escape(text))
            case d.Strong(content=inner):
                out.append(_strong(_lines(inner)))
            case d.NoteReference(note=note):
                out.append(f"[^{note}]")
            case d.Link(content=inner):
                text, address = _lines(inner), node.address
                out.append(f"[{text}](<{quote(address, safe=_URL)}>)" if address else text)
            case d.Break():
                out.append("\n")
    return "".join(out)


def _strong(text: str) -> str:
    # White space inside of the marks would make them literal.
    words = text.strip()
    before, _, after = text.partition(words) if words else (text, "", "")
    return f"{before}**{words}**{after}" if words else text


def _escape(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.splitlines()))


def _start(line: str) -> str:
    """Return a line without white space at its ends, and with what would be markup at its beginning escaped."""
    line = line.strip(" \t")
    if found := _LINE_START.match(line):
        last = found.end() - 1
        return f"{line[:last]}\\{line[last:]}"
    return line
