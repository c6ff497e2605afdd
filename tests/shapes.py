"""Checklists of many shapes, each made into a PDF form once per process: what a form has to cope with."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from ozgdoc import api
from ozgdoc.model import Checklist, Submission, Text
from ozgdoc.theme import Theme, load_theme
from ozgdoc.wire import checklist_from_json
from tests.din91379 import CHARACTERS, CYRILLIC, GREEK, SEQUENCES, SIGNS
from tests.sheets import ozg

DIN_91379 = (*"".join(CHARACTERS.split()), *SEQUENCES, *SIGNS, *GREEK, *CYRILLIC)
LONG = "Die Umsetzung der Leistung wird mit dem IT-Dienstleister abgestimmt. "
MARKS = ("disc", "ring", "target", "square", "diamond", "triangle")
A4, LETTER = (595.28, 841.89), (612.0, 792.0)


@dataclass(frozen=True)
class Shape:
    """A checklist and how its form is made."""

    checklist: Checklist
    options: Mapping[str, Any] = field(default_factory=dict)

    def pdf(self) -> bytes:
        return api.render(self.checklist, "pdf", **self.options)


def points(count: int, text: str = "Punkt", **more: object) -> list[dict[str, Any]]:
    return [{"id": f"p{number}", "text": f"{text} {number}", **more} for number in range(1, count + 1)]


def checklist(checkpoints: Sequence[Mapping[str, Any]] = (), **more: Any) -> Checklist:
    """Return a checklist with these points in one section, or with the sections that are given."""
    section = {"id": "s", "title": "Abschnitt", "checkpoints": checkpoints or points(3)}
    data = {"id": "liste", "version": "1", "title": "Liste", "language": "de", "sections": [section]}
    return checklist_from_json({**data, **more})


def filler(length: int, end: str) -> str:
    """Return a text of some length, in characters, that ends so."""
    return ("Wort " * (length // 5))[: length - len(end) - 1] + " " + end


def at_the_limits() -> Checklist:
    """Return a checklist whose texts are as long as the schema allows."""
    long = [{"id": f"p{i}", "text": filler(4000, f"ENDP{i}."), "level": "l0"} for i in range(3)]
    long[0]["help"] = filler(3900, "ENDH.") + "[^n0] [^n1]"
    return checklist(
        title=filler(300, "ENDT."),
        levels=[
            {"id": f"l{i}", "label": filler(60, f"ENDL{i}."), "colour": "#000000", "shape": "disc"} for i in range(12)
        ],
        states=[{"id": f"s{i}", "label": filler(60, f"ENDS{i}.")} for i in range(8)],
        fields=[{"id": "f", "label": filler(300, "ENDF."), "hint": filler(300, "ENDG.")}],
        sections=[{"id": "s", "title": filler(300, "ENDC."), "checkpoints": long}],
        footnotes={f"n{i}": filler(4000, f"ENDN{i}.") for i in range(2)},
    )


def letters() -> str:
    """Return every letter of DIN 91379 as words of ten."""
    return " ".join("".join(DIN_91379[start : start + 10]) for start in range(0, len(DIN_91379), 10))


def with_texts(source: Any, new: Callable[[Text], Text]) -> Any:
    """Return a checklist, or any part of one, with every text replaced."""
    if isinstance(source, Text):
        return new(source)
    if isinstance(source, tuple):
        return tuple(with_texts(part, new) for part in source)
    if is_dataclass(source) and not isinstance(source, type):
        return replace(source, **{f.name: with_texts(getattr(source, f.name), new) for f in fields(source)})
    return source


def _nested() -> Checklist:
    """Three heading levels, and points within points."""

    def children(name: str) -> list[dict[str, str]]:
        return [{"id": f"{name}-{i}", "text": f"Teil {i} von {name}"} for i in range(1, 4)]

    return checklist(
        sections=[
            {
                "id": f"s{i}",
                "title": f"Abschnitt {i}",
                "checkpoints": [{"id": f"a{i}", "text": f"Oben {i}", "checkpoints": children(f"a{i}")}],
                "sections": [
                    {
                        "id": f"s{i}{j}",
                        "title": f"Unterabschnitt {i}.{j}",
                        "checkpoints": [
                            {"id": f"b{i}{j}", "text": LONG, "help": LONG, "checkpoints": children(f"b{i}{j}")},
                        ],
                    }
                    for j in (1, 2)
                ],
            }
            for i in (1, 2, 3)
        ]
    )


def _states(count: int) -> Checklist:
    labels = ("ja", "teilweise umgesetzt", "nein", "noch nicht bewertbar", "entbehrlich, mit Begründung")
    labels = (*labels, "Donaudampfschifffahrtsgesellschaftsprüfung")
    states = [{"id": f"z{i}", "label": labels[i]} for i in range(count)]
    sections = [{"id": f"s{i}", "title": f"Abschnitt {i}", "checkpoints": _named(points(5, LONG), i)} for i in range(4)]
    return checklist(sections=sections, states=states)


def _named(found: list[dict[str, Any]], section: int) -> list[dict[str, Any]]:
    return [{**point, "id": f"{point['id']}-{section}"} for point in found]


def _notes(length: int, count: int) -> Checklist:
    """Marks in titles, texts and help; several on one point; several that lead to one note; notes on a later page."""
    names = [f"n{i}" for i in range(count)]
    rows = [{"id": f"p{i}", "text": f"Punkt{i}[^{name}] mit Text", "help": LONG} for i, name in enumerate(names)]
    rows[0]["text"] = "Alle" + "".join(f"[^{name}]" for name in names[:4])
    rows[1]["help"] = f"Hilfe[^{names[0]}] und **fett**[^{names[2]}]"
    rows[-1]["text"] = f"Zuletzt[^{names[0]}], [^{names[1]}]"
    section = {"id": "s", "title": f"Abschnitt[^{names[0]}] mit Marke[^{names[-1]}]", "checkpoints": rows}
    return checklist(sections=[section], footnotes={name: f"Zu {name}: {LONG * length}" for name in names})


def _languages() -> Checklist:
    """Texts in two languages, and texts that are there in German only."""
    both = {"de": "In beiden Sprachen[^n]", "en": "In both languages[^n]"}
    rows = [
        {"id": "p1", "text": both, "help": {"de": "Hilfe", "en": "Help"}},
        {"id": "p2", "text": "Nur auf Deutsch[^n]", "help": "Hilfe auf **Deutsch**, [Verweis](https://example.org)"},
        {"id": "p3", "text": {"de": "Zeile eins\nZeile zwei", "en": "Line one\nLine two"}, "draft": True},
    ]
    sections = [{"id": "s", "title": "Abschnitt", "checkpoints": rows}]
    return checklist(
        title={"de": "Liste", "en": "List", "fr": "Liste"}, sections=sections, footnotes={"n": "Fußnote auf Deutsch"}
    )


def _levels(count: int) -> Checklist:
    levels = [{"id": f"l{i}", "label": f"Stufe {i}", "colour": "#b3261e", "shape": MARKS[i]} for i in range(count)]
    rows = [{**point, "level": f"l{i % count}"} for i, point in enumerate(points(12))]
    return checklist(rows, levels=levels, levels_confirmed=False)


def _fields() -> Checklist:
    kinds = ({"type": "text", "hint": "so wie im Ausweis"}, {"type": "date"})
    choice = {"type": "choice", "options": ["Grün", "Rot", "eine recht lange Antwort, die breit ist"]}
    entries = [
        {"id": f"f{i}", "label": f"Angabe {i}", "required": i % 2 == 0, **(*kinds, choice)[i % 3]} for i in range(14)
    ]
    return checklist(fields=[*entries, {"id": "long", "label": LONG * 2, "hint": LONG}])


def _theme(size: tuple[float, float], letters: float = 9) -> Theme:
    return replace(load_theme(), width=size[0], height=size[1], size=letters)


def _filled(source: Checklist) -> Submission:
    """Return the answers with every box ticked that may be, and all letters typed."""
    texts = {f.id: (f.options[-1].get("de") if f.options else letters()) for f in source.fields}
    return Submission("x", fields=texts, answers={point.id: source.states[0].id for point in source.walk()})


def _word(letters: str) -> Checklist:
    """Words that no line can hold, everywhere."""
    word = letters * 40
    return checklist(
        [{"id": "p", "text": word, "help": word, "draft": True}],
        title=word[:300],
        levels=[{"id": "l", "label": word[:60], "colour": "#b3261e", "shape": "ring"}],
        states=[{"id": "a", "label": word[:60]}, {"id": "b", "label": word[:60]}],
        fields=[{"id": "f", "label": word[:100], "hint": word[:100]}],
    )


def _script(text: str) -> Checklist:
    level = {"id": "l", "label": text[:20].strip(), "colour": "#1565c0", "shape": "square"}
    rows = [{"id": "p", "text": text + "[^n]", "help": text, "level": "l", "draft": True}]
    section = {"id": "s", "title": text[:40].strip(), "checkpoints": rows}
    field_ = {"id": "f", "label": text[:20].strip(), "hint": text[:10].strip()}
    title = text[:50].strip()
    return checklist(title=title, levels=[level], fields=[field_], sections=[section], footnotes={"n": text})


_GREEK = "Ψηφιακή διακυβέρνηση για όλους τους πολίτες και τις επιχειρήσεις, άρθρο ένα. "
_CYRILLIC = "Электронное правительство для граждан и предприятий, Їжак, Ђорђе, съгласие. "
_VIETNAMESE = "Nguyễn Thị Phượng, Đặng Hữu Lộc, Trần Ngọc Ẩn, Huỳnh Ửng, Vũ Thuỵ Ỷ Lan. "

#: Every shape by its name.
SHAPES: Mapping[str, Shape] = {
    "points-1": Shape(checklist(points(1))),
    "points-2": Shape(checklist(points(2))),
    "points-100": Shape(checklist(points(100))),
    "points-400": Shape(checklist(points(400))),
    "ozg-en": Shape(ozg(), {"language": "en"}),
    "ozg-issued": Shape(ozg(), {"instance": "3f2a-Kommune-17"}),
    "ozg-filled": Shape(ozg(), {"submission": _filled(ozg())}),
    "ozg-portrait": Shape(ozg(), {"theme": _theme(A4)}),
    "ozg-large": Shape(ozg(), {"theme": _theme(A4, 14)}),
    "ozg-letter": Shape(ozg(), {"theme": _theme((LETTER[1], LETTER[0]))}),
    "nested": Shape(_nested()),
    "nested-letter-portrait": Shape(_nested(), {"theme": _theme(LETTER)}),
    "states-2": Shape(_states(2)),
    "states-3": Shape(_states(3), {"theme": _theme(A4)}),
    "states-6": Shape(_states(6), {"submission": _filled(_states(6))}),
    "notes": Shape(_notes(1, 9)),
    "notes-later": Shape(_notes(12, 30)),
    "limits": Shape(at_the_limits()),
    "limits-portrait": Shape(at_the_limits(), {"theme": _theme(A4, 14)}),
    "words": Shape(_word("Donaudampfschifffahrt")),
    "words-wide": Shape(_word("WM"), {"theme": _theme(LETTER, 12)}),
    "greek": Shape(_script(_GREEK)),
    "cyrillic": Shape(_script(_CYRILLIC)),
    "vietnamese": Shape(_script(_VIETNAMESE)),
    "din-91379": Shape(_script(letters())),
    "languages-de": Shape(_languages()),
    "languages-en": Shape(_languages(), {"language": "en"}),
    "languages-fr": Shape(_languages(), {"language": "fr"}),
    "draft": Shape(checklist(points(5, draft=True), draft=True)),
    "levels-6": Shape(_levels(6)),
    "fields": Shape(_fields()),
    "fields-filled": Shape(_fields(), {"submission": _filled(_fields())}),
}


@functools.cache
def pdf(name: str) -> bytes:
    """Return the form of a shape."""
    return SHAPES[name].pdf()
