"""Word files of every kind that ozgdoc writes, each made once per process."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ozgdoc import api
from ozgdoc.model import Checklist, Submission
from ozgdoc.status import assess, combine
from ozgdoc.templating import compose_report
from ozgdoc.theme import load_theme
from ozgdoc.wire import checklist_from_json
from ozgdoc.writers import docx
from tests.documents import REPORT, several_states
from tests.sheets import ozg

LEVELS = [
    {"id": "muss", "label": "Muss", "colour": "#b3261e", "shape": "disc"},
    {"id": "kann", "label": "Kann", "colour": "#1f6f43", "shape": "triangle"},
]


def checklist(**parts: Any) -> Checklist:
    """Return a checklist of these parts; what is not given is short."""
    return checklist_from_json({"id": "x", "version": "1", "title": "Liste", "language": "de", **parts})


def filler(length: int, end: str) -> str:
    """Return words of so many letters in all, the last of which is known."""
    return ("Wort " * (length // 5))[: length - len(end) - 1] + " " + end


def at_the_limits() -> Checklist:
    """Return a checklist whose texts, ids and lists of states and levels are as long as the schema allows."""
    levels = [
        {"id": f"l{i}", "label": filler(60, f"ENDL{i}."), "colour": "#000000", "shape": "disc"} for i in range(12)
    ]
    points: list[dict[str, Any]] = [
        {"id": f"p{i}" + "-lang" * 12, "text": filler(4000, f"ENDP{i}."), "level": f"l{i}", "draft": i == 1}
        for i in range(3)
    ]
    points[0]["help"] = filler(3900, "ENDH.") + "[^n0][^n1]"
    points[1]["checkpoints"] = [{"id": "unten", "text": filler(4000, "ENDU."), "level": "l11"}]
    return checklist(
        title=filler(300, "ENDT."),
        levels=levels,
        states=[{"id": f"s{i}", "label": filler(60, f"ENDS{i}.")} for i in range(8)],
        fields=[
            {"id": f"f{i}", "label": filler(300, f"ENDF{i}."), "hint": filler(300, f"ENDG{i}."), "required": i % 2 == 0}
            for i in range(7)
        ],
        sections=[{"id": "s", "title": filler(300, "ENDC."), "checkpoints": points}],
        footnotes={f"n{i}": filler(4000, f"ENDN{i}.") for i in range(2)},
    )


def long_words() -> Checklist:
    """Return a checklist of words that are longer than a line."""
    word = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 6 + "ENDE"
    point = {"id": "p", "text": word, "help": word, "level": "muss", "checkpoints": [{"id": "q", "text": word}]}
    return checklist(
        title=word,
        levels=LEVELS,
        fields=[{"id": f"f{i}", "label": word, "hint": word} for i in range(3)],
        states=[{"id": "ja", "label": "j" * 60}, {"id": "nein", "label": "n" * 60}],
        sections=[{"id": "s", "title": word, "checkpoints": [point]}],
    )


def notes() -> Checklist:
    """Return nested points, subsections, drafts and help with notes of which some are shared, some meet."""
    points = [
        {
            "id": f"p{i}",
            "text": f"Punkt {i}[^a][^b] mit Noten[^n{i}]",
            "draft": i % 4 == 0,
            "level": LEVELS[i % 2]["id"],
            "help": f"Siehe **hier**, [BITV 2.0](https://www.gesetze-im-internet.de/bitv_2_0/)[^n{i}]",
            "checkpoints": [{"id": f"q{i}", "text": f"Darunter {i}[^b]", "draft": i % 3 == 0}] if i % 2 else [],
        }
        for i in range(12)
    ]
    return checklist(
        draft=True,
        levels=LEVELS,
        sections=[
            {"id": "s", "title": "Oben[^a]", "checkpoints": points[:4]},
            {
                "id": "t",
                "title": "Mit Teilen",
                "sections": [
                    {"id": "t1", "title": "Erster Teil", "checkpoints": points[4:8]},
                    {"id": "t2", "title": "Zweiter Teil", "checkpoints": points[8:]},
                ],
            },
        ],
        footnotes={"a": "Geteilt", "b": "Auch geteilt", **{f"n{i}": f"Nur bei Punkt {i}" for i in range(12)}},
    )


def languages() -> Checklist:
    """Return a checklist that is offered in English although only its title and one point are English."""
    return checklist(
        title={"de": "Prüfliste", "en": "Checklist"},
        levels=[{**LEVELS[0], "label": "Notwendig"}, {**LEVELS[1], "label": {"de": "Kann", "en": "Optional"}}],
        states=[{"id": "ja", "label": "erledigt"}, {"id": "nein", "label": {"de": "nein", "en": "no"}}],
        fields=[
            {"id": "a", "label": "Behörde", "hint": "Amtlicher Name"},
            {"id": "b", "label": {"de": "Vorhaben", "en": "Project"}, "hint": "Kurz", "required": True},
        ],
        sections=[
            {
                "id": "s",
                "title": "Umsetzung",
                "checkpoints": [
                    {"id": "p", "text": {"de": "Fertig", "en": "Finished"}, "level": "kann"},
                    {"id": "q", "text": "Nur auf Deutsch[^n]", "help": "Das **auch**", "level": "muss"},
                ],
            }
        ],
        footnotes={"n": "Diese Anmerkung ebenso"},
    )


def many(count: int) -> Checklist:
    """Return a checklist of so many points in ten sections."""
    sections = [
        {
            "id": f"s{s}",
            "title": f"Abschnitt {s}",
            "checkpoints": [
                {"id": f"p{i}", "text": f"Punkt {i}", "level": "muss"} for i in range(s, count, 10)
            ],
        }
        for s in range(10)
    ]  # fmt: skip
    fields = [{"id": f"f{i}", "label": f"Angabe {i}"} for i in range(50)]
    return checklist(levels=LEVELS, fields=fields, sections=sections)


def _prefilled() -> bytes:
    answers = {point.id: "done" for point in list(ozg().walk())[::2]}
    return api.render(ozg(), "docx", submission=Submission("x", fields={"projekt": "Straße  & Łódź"}, answers=answers))


def _report(count: int) -> bytes:
    answers = {point.id: ("done", "open")[i % 2] for i, point in enumerate(ozg().walk())}
    given = [Submission(f"{i}.pdf", fields={"projekt": f"Amt {i}"}, answers=answers) for i in range(count)]
    portfolio = combine([assess(ozg(), one, language="de") for one in given])
    return docx.write(compose_report(portfolio), load_theme())


_MADE: Mapping[str, Callable[[], bytes]] = {
    "sheet": lambda: api.render(ozg(), "docx"),
    "english": lambda: api.render(ozg(), "docx", language="en"),
    "prefilled": _prefilled,
    "states": lambda: api.render(several_states(), "docx"),
    "limits": lambda: api.render(at_the_limits(), "docx"),
    "long-words": lambda: api.render(long_words(), "docx"),
    "notes": lambda: api.render(notes(), "docx"),
    "languages": lambda: api.render(languages(), "docx", language="en"),
    "many": lambda: api.render(many(400), "docx"),
    "nodes": lambda: docx.write(REPORT, load_theme()),
    "report": lambda: _report(1),
    "portfolio": lambda: _report(3),
}
NAMES = tuple(_MADE)


@functools.cache
def word(name: str) -> bytes:
    """Return the Word file of this name; see `NAMES`."""
    return _MADE[name]()
