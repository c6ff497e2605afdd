"""HTML: one self-contained page without scripts and without requests, for the screen and for paper.

How it looks is up to ``templates/html/document.html.j2`` and ``templates/html/style.css``; this module computes what a
template can't: the numbers of a bar, the hash that lets the page's one style sheet through its own security policy.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from ozgdoc import resources
from ozgdoc.document import Bar, Box, Chart, Document, Field, Form, Part
from ozgdoc.identity import box_name, control_tag, field_name
from ozgdoc.templating import environment, rendered
from ozgdoc.theme import Theme


def write(document: Document, theme: Theme) -> bytes:
    """Return the document as one HTML file in UTF-8.

    Raises:
        TemplateError: the page's template can't be rendered.
    """
    style = _style(theme)
    digest = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    values = {
        "document": document,
        "words": document.words,
        # The style sheet is the template folder's own, not data: it goes in as it is.
        "style": Markup(style),  # noqa: S704
        "style_hash": f"sha256-{digest}",
        "anchors": _Anchors(),
        "names": _InputNames(document.form),
        "charts": any(isinstance(block, Chart) for block in document.walk()),
    }
    return rendered(_environment(theme.templates), "html/document.html.j2", values).encode()


@cache
def _environment(templates: Path | None) -> Environment:
    env = environment(templates, places=False)
    env.filters.update(kind=_kind, spans=_spans, kinds=_kinds, date_value=_date_value)
    return env


class _Anchors:
    """The ids of the places that refer to a note, so that the note can lead back to each."""

    def __init__(self) -> None:
        self._places: dict[str, list[str]] = {}

    def add(self, note: str) -> str:
        """Return a new id for a reference to this note."""
        places = self._places.setdefault(note, [])
        places.append(f"ref-{note}-{len(places) + 1}")
        return places[-1]

    def of(self, note: str) -> list[str]:
        """Return the ids of all references to this note so far."""
        return self._places.get(note, [])


def _style(theme: Theme) -> str:
    """Return the style sheet, the theme's values before it."""
    colours = theme.colours
    family = re.sub(r'["\\<>\s]+', " ", theme.family)
    names = ("text", "muted", "accent", "band", "rule", "done", "open", "unclear", "exempt")
    variables = [f"--theme-{name}: {getattr(colours, name)};" for name in names]
    variables += [f'--family: "{family}", system-ui, sans-serif;', f"--size: {theme.size:g}pt;"]
    page = f"@page {{ size: {theme.width:g}pt {theme.height:g}pt; }}"
    sheet = resources.find("html/style.css", theme.templates).read_text("utf-8")
    # Nothing in a style sheet may end the element that it stands in.
    return f":root {{ {' '.join(variables)} }}\n{page}\n{sheet}".replace("</", "<\\/")


class _InputNames:
    """Names of inputs: the same as those of Word's content controls."""

    def __init__(self, form: Form | None) -> None:
        self._checklist = form.identity.checklist if form else ""

    def field(self, field: Field) -> str:
        """Return the name of a field's input."""
        return control_tag(field_name(self._checklist, field.id))

    def box(self, box: Box) -> str:
        """Return the name of a box's input."""
        return control_tag(box_name(self._checklist, box.checkpoint, box.state, box.only))


def _kind(node: object) -> str:
    """Return the name by which the template knows a node."""
    return type(node).__name__.lower()


def _date_value(text: str) -> str | None:
    """Return a date as HTML's date input wants it, None if the text is no date."""
    for spelling in ("%d.%m.%Y", "%Y-%m-%d"):
        try:
            found: date = datetime.strptime(text.strip(), spelling).date()
        except ValueError:
            continue
        return found.isoformat()
    return None


def _spans(bar: Bar) -> list[tuple[Part, float, float]]:
    """Return the parts of a bar that are not empty, with start and width in per cent."""
    total = sum(part.count for part in bar.parts)
    spans, start = [], 0
    for part in bar.parts:
        if part.count:
            spans.append((part, round(start * 100 / total, 3), round(part.count * 100 / total, 3)))
        start += part.count
    return spans


def _kinds(chart: Chart) -> dict[str, str]:
    """Return kind → label of everything that a chart counts."""
    return {part.kind: part.label for bar in chart.bars for part in bar.parts}
