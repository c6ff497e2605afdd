"""Any valid checklist survives JSON, and survives YAML as people would write it."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgdoc.model import Checklist, Checkpoint, Field, Footnote, Level, Section, State, Text
from ozgdoc.source import parse, parse_definition
from ozgdoc.wire import canonical, checklist_from_json, checklist_to_json

# No "[": a mark would need its footnote. No "\r": YAML reads it as a line's end. The x keeps white space off the ends.
_words = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="[") | st.sampled_from(" \n\u00a0"), max_size=12
).map(lambda text: unicodedata.normalize("NFC", f"x{text}x"))
_ids = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)
_colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def _unique(ids: st.SearchStrategy[str], low: int, high: int) -> st.SearchStrategy[list[str]]:
    return st.lists(ids, min_size=low, max_size=high, unique=True)


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    pool = draw(_unique(_words, 1, 6))
    word = st.sampled_from(pool)

    def text(mark: str = "") -> Text:
        foreign = ("en", draw(word) + mark)
        return Text((("de", draw(word) + mark), *((foreign,) if draw(st.booleans()) else ())))

    def maybe() -> Text | None:
        return text() if draw(st.booleans()) else None

    notes = draw(_unique(_ids, 0, 3))
    levels = draw(_unique(_ids, 0, 3))
    points = draw(_unique(_ids, 1, 8))
    sections = draw(_unique(_ids, 4, 4))
    level = st.sampled_from([None, *levels])

    def point(name: str, children: tuple[Checkpoint, ...] = (), mark: str = "") -> Checkpoint:
        return Checkpoint(name, text(mark), draw(level), draw(st.booleans()), maybe(), children)

    first, rest = points[0], points[1:]
    children = tuple(point(name) for name in rest[:2])
    marks = "".join(f"[^{name}]" for name in notes)
    inner = Section(sections[1], text(), tuple(point(name) for name in rest[2:4]))
    outer = Section(sections[0], text(), (point(first, children, marks),), (inner,))
    last = Section(sections[2], text(), tuple(point(name) for name in rest[4:]))
    kinds = st.sampled_from(["text", "date", "choice"])
    fields = []
    for name in draw(_unique(_ids, 0, 3)):
        kind = draw(kinds)
        options = tuple(Text((("de", option),)) for option in pool) if kind == "choice" else ()
        pattern = draw(st.sampled_from([None, r"\d{2}", "[^x]+ "])) if kind == "text" else None
        fields.append(Field(name, text(), kind, pattern, draw(st.booleans()), options, maybe()))
    meanings = st.sampled_from(["done", "open", "exempt"])
    shapes = st.sampled_from(["disc", "ring", "target", "square", "diamond", "triangle"])
    states = draw(_unique(_ids.filter(lambda name: name not in ("open", "unclear")), 1, 4))
    return Checklist(
        id=draw(_ids),
        version=draw(word),
        title=text(),
        language="de",
        sections=(outer, last),
        states=tuple(State(name, text(), draw(meanings)) for name in states),
        levels=tuple(Level(name, text(), draw(_colours), draw(shapes), draw(st.booleans())) for name in levels),
        fields=tuple(fields),
        footnotes=tuple(Footnote(name, text()) for name in notes),
        draft=draw(st.booleans()),
        levels_confirmed=draw(st.booleans()),
    )


def _short(value: Any) -> Any:
    """Write texts in one language as people do: as plain strings."""
    if isinstance(value, list):
        return [_short(child) for child in value]
    if not isinstance(value, dict):
        return value
    return value["de"] if value.keys() == {"de"} else {key: _short(child) for key, child in value.items()}


@given(checklists())
def test_json_gives_the_same_checklist(checklist: Checklist) -> None:
    assert checklist_from_json(json.loads(json.dumps(checklist_to_json(checklist)))) == checklist


@given(checklists())
def test_a_form_s_definition_gives_the_same_checklist(checklist: Checklist) -> None:
    # Canonical JSON sorts the footnotes by id; their order on the sheet comes from their use.
    again = parse_definition(canonical(checklist_to_json(checklist)))
    assert checklist_to_json(again) == checklist_to_json(checklist)
    assert again.numbering() == checklist.numbering()


@settings(deadline=None)
@given(checklists(), st.booleans(), st.booleans())
def test_yaml_gives_the_same_checklist(checklist: Checklist, unicode: bool, flow: bool) -> None:
    value = _short(checklist_to_json(checklist))
    data = yaml.safe_dump(value, allow_unicode=unicode, default_flow_style=flow, sort_keys=False).encode()
    assert parse(data, "x.yaml").checklist == checklist
