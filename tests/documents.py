"""A checklist and a report that have everything a writer must cope with."""

from __future__ import annotations

from ozgdoc import api
from ozgdoc.document import (
    Bar,
    Break,
    Chart,
    Column,
    Document,
    Heading,
    Link,
    Note,
    NoteReference,
    Notes,
    PageBreak,
    Paragraph,
    Part,
    Strong,
    Table,
    Text,
)
from ozgdoc.model import Checklist

#: As long as an id may be; with prefix and state it is too long for Word.
LONG = "ein-" * 15 + "name"
NASTY = "<b>fett</b> & {{ x }} =1+1 ]]> <!-- „Größe“"


def several_states() -> Checklist:
    """Return a checklist of four states, nested and draft checkpoints, help, shared notes, long ids, many pages."""
    points = "".join(
        f"""
      - {{id: punkt-{number}, text: "Punkt {number} {NASTY.replace('"', "")}[^n]", level: basis}}"""
        for number in range(30)
    )
    data = f"""
id: grundschutz
version: "2"
title: Grundschutz-Check
language: de
levels:
  - {{id: basis, label: Basis, colour: "#b3261e", shape: square}}
states:
  - {{id: ja, label: ja}}
  - {{id: teilweise, label: teilweise}}
  - {{id: nein, label: nein}}
  - {{id: entbehrlich, label: entbehrlich, counts_as: exempt}}
fields:
  - {{id: text, label: "Text & Zeichen"}}
  - {{id: wahl, label: Wahl, type: choice, options: [eins, zwei]}}
  - {{id: tag, label: Tag, type: date}}
sections:
  - id: eins
    title: Eins
    checkpoints:{points}
  - id: zwei
    title: Zwei
    checkpoints:
      - id: {LONG}
        text: Oben
        draft: true
        help: "Mit **fett** und [Erläuterung](https://example.org) und [nicht](javascript:alert)"
        level: basis
        checkpoints:
          - {{id: unten, text: Unten}}
footnotes:
  n: Eine geteilte Fußnote
"""
    return api.load(data.encode())


def words(text: str) -> tuple[Text, ...]:
    """Return a text as inlines."""
    return (Text(text),)


REPORT = Document(
    "Bericht",
    "de",
    (
        Heading(1, words("Bericht " + NASTY)),
        Paragraph(words("Stand"), "lead"),
        Paragraph(words("Es fehlt etwas"), "warning"),
        Heading(2, (Text("Figures", "en"), NoteReference("n", "*"))),
        Chart(
            "Nach Abschnitten",
            "3 von 5 sind erledigt.",
            (Bar("Eins", "3 von 5", (Part("done", "erledigt", 3), Part("open", "offen", 2))),),
        ),
        Table(
            "Offene",
            (Column("Punkt"), Column("Zahl", "right")),
            (
                (
                    (Strong(words("Zeile")), Break(), Link("https://example.org/?a=1&b=2", words("Erläuterung"))),
                    words("7"),
                ),
            ),
        ),
        PageBreak(),
        Paragraph(words("Klein"), "small"),
        Notes((Note("n", "*", words("Eine Anmerkung")), Note("o", "2", words("Ohne Verweis")))),
        Paragraph(words("Fußzeile"), "foot"),
    ),
    words={"page": "Seite {page} von {pages}", "entry": "Angabe", "value": "Wert"},
)
