"""HTML: one self-contained page without requests, for the screen and for paper; a report has no script at all.

How it looks is up to ``templates/html/document.html.j2`` and ``templates/html/style.css``; this module computes what a
template can't: the numbers of a bar, and the hashes that let the page's one style sheet, and a form's one script,
through its own security policy. The script, ``templates/html/form.js``, saves the answers as a file, which
`ozgdoc.readers.saved` reads.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from ozgdoc import resources
from ozgdoc.document import Bar, Box, Chart, Document, Field, Form, Part
from ozgdoc.identity import SAVED_ANSWERS, box_name, control_tag, field_name
from ozgdoc.templating import environment, rendered
from ozgdoc.theme import Theme
from ozgdoc.wire import canonical


def write(document: Document, theme: Theme) -> bytes:
    """Return the document as one HTML file in UTF-8.

    Raises:
        TemplateError: the page's template can't be rendered.
    """
    style = _style(theme)
    values: dict[str, object] = {
        "document": document,
        "words": document.words,
        # The style sheet is the template folder's own, not data: it goes in as it is.
        "style": Markup(style),  # noqa: S704
        "style_hash": _hash(style),
        "anchors": _Anchors(),
        "names": _InputNames(document.form),
        "charts": any(isinstance(block, Chart) for block in document.walk()),
    }
    if document.form:
        script = _script(theme)
        values["script"] = Markup(script)  # noqa: S704  # the template folder's own, too
        values["script_hash"] = _hash(script)
        values["data"] = _data(document.form, document.words)
    return rendered(_environment(theme.templates), "html/document.html.j2", values).encode()


def _hash(text: str) -> str:
    """Return how a Content Security Policy names an element by its text (CSP 3, 2.3.1)."""
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


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


def _script(theme: Theme) -> str:
    """Return the form's script. What could end it stands in one of its texts, where the stroke means nothing."""
    script = resources.find("html/form.js", theme.templates).read_text("utf-8")
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _data(form: Form, words: Mapping[str, str]) -> Markup:
    """Return who the form is and the words of its script as JSON that nothing can break out of."""
    value = {
        "ozgdoc": SAVED_ANSWERS,
        "checklist": form.identity.checklist,
        "version": form.identity.version,
        "content": form.identity.content,
        "instance": form.identity.instance,
        "definition": json.loads(form.definition),
        "words": {name: word for name, word in words.items() if name.startswith("answers_")},
    }
    return Markup(canonical(value).decode().replace("<", "\\u003c"))  # noqa: S704  # this is its escaping


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
