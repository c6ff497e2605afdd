"""The XML vocabulary that templates render, parsed into the nodes of `ozgdoc.document`.

Every element carries the place in the template that it came from (`PLACE`, put there by `ozgdoc.templating`), so that a
mistake is told with the template's name and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from lxml import etree

from ozgdoc import document as d
from ozgdoc.errors import Problem, TemplateError

#: Attribute that holds ``template name:line``.
PLACE = "_at"

_SHAPES = ("disc", "ring", "target", "square", "diamond", "triangle")
_ROLES = ("", "lead", "draft", "warning", "small", "foot")
_KINDS = ("done", "open", "unclear", "exempt")
_TYPES = ("text", "date", "choice")


def parse(xml: str, template: str) -> tuple[str, str, tuple[d.Block, ...]]:
    """Parse what a template rendered.

    Args:
        xml: the rendered text; its root is ``document``.
        template: name to blame where no element is at fault.

    Returns:
        title, subject and blocks of the document.

    Raises:
        TemplateError: not well-formed, or not of the vocabulary.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(xml.encode(), parser)
    except etree.XMLSyntaxError as error:
        _malformed(xml, template, error)
    if root.tag != "document":
        _refuse(root, f"the outermost element is <{root.tag}>", "A template renders one <document>.")
    values = _attributes(root, "title", subject="")
    notes = {note.get("id") for note in root.iter("note")}
    for reference in root.iter("ref"):
        if (note := reference.get("note")) not in notes:
            _refuse(reference, f'<ref> leads to the note "{note}", which is not there', "Render it inside <notes>.")
    return values["title"], values["subject"], _blocks(root)


# ------------------------------------------------------------------------------------------------------------- errors


def _malformed(xml: str, template: str, error: etree.XMLSyntaxError) -> NoReturn:
    line, column = error.position
    before = "\n".join((*xml.split("\n")[: line - 1], xml.split("\n")[line - 1][:column] if line else ""))
    _, found, tail = before.rpartition(f' {PLACE}="')
    file, _, number = (tail.partition('"')[0] if found else f"{template}:0").rpartition(":")
    raise TemplateError(
        Problem(
            "not-well-formed",
            file,
            int(number),
            f"what the template renders is not well-formed XML near here ({_reason(error)})",
            "Close every element that is opened.",
        )
    ) from None


def _reason(error: etree.XMLSyntaxError) -> str:
    """Return the parser's words without its own line numbers: they count lines that nobody has written."""
    return re.sub(r",? line \d+(, column \d+)?", "", error.msg or "syntax error")


def _refuse(element: etree._Element, message: str, remedy: str) -> NoReturn:
    places = (node.get(PLACE) for node in (element, *element.iterancestors()))  # what a filter made has none of its own
    file, _, line = next(filter(None, places), "template:0").rpartition(":")
    raise TemplateError(Problem("unknown-markup", file, int(line), message, remedy))


def _attributes(element: etree._Element, *required: str, **optional: str) -> dict[str, str]:
    """Return the element's attributes, completed by defaults; refuse missing and unknown ones."""
    given = {str(name): str(value) for name, value in element.attrib.items() if name != PLACE}
    for name in required:
        if name not in given:
            _refuse(element, f"<{element.tag}> lacks the attribute {name}", f'Write {name}="…".')
    for name in given:
        if name not in required and name not in optional:
            known = ", ".join((*required, *optional)) or "none"
            _refuse(element, f"<{element.tag}> has no attribute {name}", f"It takes: {known}.")
    return {**optional, **given}


def _choice(element: etree._Element, name: str, value: str, allowed: Iterable[str]) -> Any:
    if value not in allowed:
        _refuse(element, f'{name}="{value}" is not known', f"It is one of: {', '.join(filter(None, allowed))}.")
    return value


def _flag(element: etree._Element, name: str, value: str) -> bool:
    return bool(_choice(element, name, value, ("true", "false")) == "true")


def _number(element: etree._Element, name: str, value: str, low: int, high: int) -> int:
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        _refuse(element, f'{name}="{value}" is out of range', f"It is a number from {low} to {high}.")
    return int(value)


def _children(element: etree._Element, *allowed: str) -> list[etree._Element]:
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            shown = " ".join(text.split())[:40]
            _refuse(element, f'<{element.tag}> holds the bare text "{shown}"', f"It holds: {', '.join(allowed)}.")
    for child in element:
        if child.tag not in allowed:
            _refuse(child, f"<{child.tag}> can't stand in <{element.tag}>", f"It holds: {', '.join(allowed)}.")
    return list(element)


# ------------------------------------------------------------------------------------------------------------ inlines


def _inlines(element: etree._Element) -> tuple[d.Inline, ...]:
    """Return mixed content. Bare text is folded like HTML's; ``<text>`` is taken to the letter."""
    nodes: list[d.Inline] = []

    def bare(text: str | None) -> None:
        if not text:
            return
        # XML's white space alone: a no-break space is there on purpose.
        nodes.append(d.Text(re.sub("[ \t\r\n]+", " ", text)))

    bare(element.text)
    for child in element:
        nodes.append(_inline(child))
        bare(child.tail)
    return _trim(nodes)


def _trim(nodes: list[d.Inline]) -> tuple[d.Inline, ...]:
    """Drop white space at both ends and join neighbouring texts of one language."""
    joined: list[d.Inline] = []
    for node in nodes:
        last = joined[-1] if joined else None
        if isinstance(node, d.Text) and isinstance(last, d.Text) and node.language == last.language:
            joined[-1] = d.Text(last.text + node.text, node.language)
        else:
            joined.append(node)
    if joined and isinstance(first := joined[0], d.Text):
        joined[0] = d.Text(first.text.lstrip(" "), first.language)
    if joined and isinstance(last := joined[-1], d.Text):
        joined[-1] = d.Text(last.text.rstrip(" "), last.language)
    return tuple(node for node in joined if not (isinstance(node, d.Text) and not node.text))


def _inline(element: etree._Element) -> d.Inline:
    match element.tag:
        case "text":
            language = _attributes(element, language="")["language"]
            return d.Text(element.text or "", language or None)
        case "strong":
            _attributes(element)
            return d.Strong(_inlines(element))
        case "link":
            return d.Link(_attributes(element, "target")["target"], _inlines(element))
        case "ref":
            values = _attributes(element, "note", "mark")
            return d.NoteReference(values["note"], values["mark"])
        case "break":
            _attributes(element)
            return d.Break()
    _refuse(element, f"<{element.tag}> can't stand in a text", "A text holds: text, strong, link, ref, break.")


# ------------------------------------------------------------------------------------------------------------- blocks


def _blocks(element: etree._Element, *, skip: int = 0) -> tuple[d.Block, ...]:
    return tuple(_BLOCKS[str(child.tag)](child) for child in _children(element, *_BLOCKS)[skip:])


def _heading(element: etree._Element) -> d.Heading:
    level = _number(element, "level", _attributes(element, "level")["level"], 1, 4)
    return d.Heading(level, _inlines(element))


def _paragraph(element: etree._Element) -> d.Paragraph:
    role = _choice(element, "role", _attributes(element, role="")["role"], _ROLES)
    return d.Paragraph(_inlines(element), role)


def _level(element: etree._Element) -> d.Level:
    values = _attributes(element, "id", "label", "colour", "shape", language="")
    shape = _choice(element, "shape", values["shape"], _SHAPES)
    return d.Level(values["id"], values["label"], values["colour"], shape, values["language"] or None)


def _legend(element: etree._Element) -> d.Legend:
    draft = _attributes(element, draft="")["draft"]
    return d.Legend(tuple(_level(child) for child in _children(element, "level")), draft or None)


def _field(element: etree._Element) -> d.Field:
    optional = {"type": "text", "value": "", "hint": "", "required": "false", "language": "", "hint_language": ""}
    v = _attributes(element, "id", "label", **optional)
    options = tuple(child.text or "" for child in _children(element, "option"))
    kind = _choice(element, "type", v["type"], _TYPES)
    required = _flag(element, "required", v["required"])
    return d.Field(
        v["id"],
        v["label"],
        kind,
        v["value"],
        v["hint"] or None,
        required,
        options,
        v["language"] or None,
        v["hint_language"] or None,
    )


def _fields(element: etree._Element) -> d.Fields:
    _attributes(element)
    return d.Fields(tuple(_field(child) for child in _children(element, "field")))


def _box(element: etree._Element, checkpoint: str) -> d.Box:
    v = _attributes(element, "state", "caption", "label", checked="false", only="true", language="")
    checked = _choice(element, "checked", v["checked"], ("true", "false", "unclear"))
    ticked, only = None if checked == "unclear" else checked == "true", _flag(element, "only", v["only"])
    return d.Box(checkpoint, v["state"], v["caption"], v["label"], ticked, only, v["language"] or None)


def _checkpoint(element: etree._Element) -> d.Checkpoint:
    values = _attributes(element, "id", draft="false")
    children = _children(element, "level", "content", "help", "box", "checkpoint")
    some: Callable[[str], list[etree._Element]] = lambda tag: [child for child in children if child.tag == tag]  # noqa: E731
    if len(some("content")) != 1 or len(some("level")) > 1 or len(some("help")) > 1 or not some("box"):
        remedy = "It holds one content, one box or more, at most one level and one help, and checkpoints."
        _refuse(element, f'checkpoint "{values["id"]}" lacks a part or has it twice', remedy)
    return d.Checkpoint(
        id=values["id"],
        content=_inlines(some("content")[0]),
        boxes=tuple(_box(child, values["id"]) for child in some("box")),
        level=next(map(_level, some("level")), None),
        draft=_flag(element, "draft", values["draft"]),
        help=next(map(_inlines, some("help")), ()),
        checkpoints=tuple(_checkpoint(child) for child in some("checkpoint")),
    )


def _section(element: etree._Element) -> d.Section:
    name = _attributes(element, "id")["id"]
    if not len(element) or element[0].tag != "heading":
        _refuse(element, f'section "{name}" has no heading', "Its first element is a <heading>.")
    return d.Section(name, _heading(element[0]), _blocks(element, skip=1))


def _columns(element: etree._Element) -> d.Columns:
    count = _number(element, "count", _attributes(element, "count")["count"], 1, 4)
    return d.Columns(count, _blocks(element))


def _notes(element: etree._Element) -> d.Notes:
    _attributes(element)
    notes = []
    for child in _children(element, "note"):
        values = _attributes(child, "id", "mark")
        notes.append(d.Note(values["id"], values["mark"], _inlines(child)))
    return d.Notes(tuple(notes))


def _table(element: etree._Element) -> d.Table:
    caption = _attributes(element, "caption")["caption"]
    columns, rows = [], []
    for child in _children(element, "column", "row"):
        if child.tag == "column":
            values = _attributes(child, "label", align="left")
            columns.append(d.Column(values["label"], _choice(child, "align", values["align"], ("left", "right"))))
        else:
            rows.append(tuple(_inlines(cell) for cell in _children(child, "cell")))
            if len(rows[-1]) != len(columns):
                remedy = "Every row has one cell per column."
                _refuse(child, f"a row has {len(rows[-1])} cells, the table {len(columns)} columns", remedy)
    return d.Table(caption, tuple(columns), tuple(rows))


def _bar(element: etree._Element) -> d.Bar:
    values = _attributes(element, "label", "value")
    parts = []
    for child in _children(element, "part"):
        v = _attributes(child, "kind", "label", "count")
        kind = _choice(child, "kind", v["kind"], _KINDS)
        parts.append(d.Part(kind, v["label"], _number(child, "count", v["count"], 0, 10**12)))
    return d.Bar(values["label"], values["value"], tuple(parts))


def _chart(element: etree._Element) -> d.Chart:
    values = _attributes(element, "title", "summary")
    return d.Chart(values["title"], values["summary"], tuple(_bar(child) for child in _children(element, "bar")))


def _pagebreak(element: etree._Element) -> d.PageBreak:
    _attributes(element)
    return d.PageBreak()


_BLOCKS: dict[str, Callable[[etree._Element], d.Block]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "legend": _legend,
    "fields": _fields,
    "columns": _columns,
    "section": _section,
    "checkpoint": _checkpoint,
    "notes": _notes,
    "table": _table,
    "chart": _chart,
    "pagebreak": _pagebreak,
}
