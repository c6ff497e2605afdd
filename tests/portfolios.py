"""Small checklists and what came back on them, with every trap that a report can step into."""

from __future__ import annotations

from collections.abc import Mapping

from ozgdoc.model import Checklist, Notice, Portfolio, Submission
from ozgdoc.status import assess, combine
from ozgdoc.wire import checklist_from_json
from tests.sheets import ozg

#: Texts that are markup somewhere.
NASTY = "<b>fett</b> & {{ x }} =1+1 *Stern* `Code` | [x] [y](z)"

FAILED = Submission(
    source="mail.zip/<foto>.docx", error="gehört zu keiner bekannten Checkliste", error_code="unknown-form"
)


def states() -> Checklist:
    """Return a checklist with four states, subsections, nested checkpoints and nasty texts, but without levels."""
    answers = {"ja": "done", "teilweise": "open", "nein": "open", "entbehrlich": "exempt"}
    points = [
        {"id": "a", "text": NASTY, "help": "Siehe [BSI](https://example.org/a_b) oder [dies](javascript:alert(1))"},
        {"id": "b", "text": "# Zwei[^n]", "draft": True, "checkpoints": [{"id": "b1", "text": "1. Unterpunkt[^n]"}]},
    ]
    return checklist_from_json(
        {
            "id": "grundschutz",
            "version": "2",
            "title": "IT-Grundschutz <Check>",
            "language": "de",
            "states": [{"id": name, "label": name, "counts_as": meaning} for name, meaning in answers.items()],
            "fields": [{"id": "art", "label": "Art", "type": "choice", "options": ["A", "B"]}],
            "sections": [
                {
                    "id": "s",
                    "title": "Teil",
                    "checkpoints": points,
                    "sections": [{"id": "t", "title": "Unterteil", "checkpoints": [{"id": "c", "text": "Drei"}]}],
                }
            ],
            "footnotes": {"n": "Eine Fußnote mit <i> & [Klammern]"},
        }
    )


def answered(checklist: Checklist, source: str, answers: Mapping[str, str], **values: str) -> Submission:
    """Return a submission in which what is not answered is open."""
    return Submission(
        source=source,
        channel="pdf-form",
        checklist=checklist.id,
        version=checklist.version,
        fields=values,
        answers={point.id: answers.get(point.id, "open") for point in checklist.walk()},
        warnings=(Notice("value-conflict", "Wert und Darstellung widersprechen sich", "fim"),) if answers else (),
    )


def one() -> Portfolio:
    """Return one submission of the OZG checklist: two done, one unclear."""
    answers = {"steuerungskreis": "done", "projektteam": "done", "fim": "unclear"}
    return combine([assess(ozg(), answered(ozg(), "a.pdf", answers, projekt=NASTY, ars="05"))])


def several() -> Portfolio:
    """Return two submissions of the OZG checklist, one of another, and a file that gave none."""
    first = answered(ozg(), "a.pdf", {"steuerungskreis": "done", "fim": "unclear"}, projekt=NASTY)
    other = answered(states(), "c.pdf", {"a": "ja", "b": "entbehrlich", "c": "teilweise"})
    return combine(
        [
            assess(ozg(), first),
            assess(ozg(), answered(ozg(), "=b.pdf", {"fim": "done"})),
            assess(states(), other),
        ],
        [FAILED],
    )
