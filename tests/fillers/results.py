"""What is entered into a form, and what must come back: the same for every program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ozgdoc import api
from ozgdoc.identity import box_name, field_name
from ozgdoc.model import OPEN, UNCLEAR, Checklist, Field, Submission
from tests.fillers.common import Program, Values

#: What is said of a copy that gives back all that was entered, by the channel that it came by.
READ = {"pdf-form": "read exactly", "pdf-flat": "ticks read exactly, texts as far as they are seen"}

#: What is said of a drawn copy of a form into which nothing was entered: no tick is seen, so none is called empty.
UNSEEN = "unclear"

#: What a copy may come back as, by what survived in it.
EXPECTED = {
    "form": {READ["pdf-form"]},
    "drawn": {f"filled: {READ['pdf-flat']}; unfilled: {UNSEEN}", READ["pdf-flat"], "refused: unknown-form"},
}

#: Letters of DIN 91379 with and without marks of their own, signs of German texts, and what PDF strings must escape.
TEXTS = (
    "Şükrü Łódź – „Größe“ & ‚Übermaß‘ … € § <b> {{ x }} (1)\\",
    ", ".join(str(99001001000000 + number) for number in range(20)),
    "Amt „Ä“: ĀǍȂḂẂ M\u0302 N\u0306 K\u0332 ſ ǣ ș ț Ș ’ — ) (( \\n \\( %",
)
DATE = "2027-03-01"


@cache
def small() -> Checklist:
    """Return a checklist of eight points; the kept files are its forms."""
    return api.load(Path(__file__).parent.parent / "real" / "small.yaml")


@dataclass(frozen=True, slots=True)
class Entered:
    """Answers (checkpoint → state, or open) and texts (field → text) of one checklist."""

    checklist: Checklist
    answers: Mapping[str, str]
    texts: Mapping[str, str]

    def values(self) -> Values:
        """Return it as fillers take it; an open checkpoint's boxes are unticked."""
        checklist = self.checklist
        states = [state.id for state in checklist.states]

        def values() -> Iterator[tuple[str, bool | str]]:
            for point, answer in self.answers.items():
                for state in states if answer == OPEN else [answer]:
                    yield ".".join(box_name(checklist.id, point, state, only=len(states) == 1)), answer != OPEN
            for field, text in self.texts.items():
                yield ".".join(field_name(checklist.id, field)), text

        return dict(values())

    def then(self, change: Entered) -> Entered:
        """Return what stands in the form after a change."""
        return replace(self, answers={**self.answers, **change.answers}, texts={**self.texts, **change.texts})

    def found_in(self, pdf: bytes) -> str:
        """Return how a copy is read: a word of READ, ``refused: …``, or what is wrong."""
        [copy] = api.read(pdf, known={self.checklist.id: self.checklist})
        if copy.error is not None:
            return f"refused: {copy.error_code}"
        if copy.channel == "pdf-flat":
            return self._seen_in(copy)
        said = [warning for warning in copy.warnings if warning.code != "malformed-field"]  # the texts are no keys
        wrong = [f"{warning.code}: {warning.message}" for warning in said]
        for point in self.checklist.walk():
            if copy.answers[point.id] != self.answers.get(point.id, OPEN):
                wrong.append(f"{point.id} is {copy.answers[point.id]}")
        for field, text in copy.fields.items():
            if text != self.texts.get(field, ""):
                wrong.append(f"{field} is {text!r}")
        return "; ".join(wrong) or READ[str(copy.channel)]

    def _seen_in(self, copy: Submission) -> str:
        """Return how a drawn copy is read: no tick may be wrong, and every text is said to be read from the page."""
        codes = {warning.code for warning in copy.warnings} - {"malformed-field"}
        if not self.answers:
            unseen = set(copy.answers.values()) == {UNCLEAR} and "no-tick-seen" in codes
            return UNSEEN if unseen else f"answers of an empty form: {set(copy.answers.values())}"
        wrong = [point for point, answer in copy.answers.items() if answer != self.answers.get(point, OPEN)]
        said = {w.where for w in copy.warnings if w.code in ("text-from-page", "text-unreadable")}
        wrong += [field for field, text in self.texts.items() if text and field not in said]
        wrong += sorted(codes - {"text-from-page", "text-unreadable"})
        return f"wrong: {', '.join(wrong)}" if wrong else READ["pdf-flat"]


def nothing(checklist: Checklist) -> Entered:
    """Return a form in which nothing was entered."""
    return Entered(checklist, {}, {})


def first(checklist: Checklist) -> Entered:
    """Return every fifth point and the last one ticked, in each of the states in turn, and every field filled."""
    points = [point.id for point in checklist.walk()]
    states = [state.id for state in checklist.states]
    return Entered(
        checklist,
        {point: states[place % len(states)] for place, point in enumerate([*points[::5], points[-1]])},
        {field.id: _entry(field, place) for place, field in enumerate(checklist.fields)},
    )


def _entry(field: Field, place: int) -> str:
    if field.options:
        return field.options[-1].variants[0][1]
    return DATE if field.type == "date" else TEXTS[place % len(TEXTS)]


def second(checklist: Checklist) -> Entered:
    """Return a change of mind: a ticked box is unticked, another one ticked, a text changed, another one cleared."""
    unticked, ticked = [point.id for point in checklist.walk()][:2]
    texts = [field.id for field in checklist.fields if field.type == "text"]
    return Entered(
        checklist,
        {unticked: OPEN, ticked: checklist.states[0].id},
        dict(zip(texts, ("Neu", ""), strict=False)),
    )


def result(program: Program, checklist: Checklist, blank: bytes) -> str:
    """Fill a form with a program, once, twice and not at all, and return how the copies are read.

    It is one answer if they are all read alike; else each says which copy it is of.
    """
    entered, change = first(checklist), second(checklist)
    found = {
        "filled": entered.found_in(program(blank, entered.values())),
        "unfilled": nothing(checklist).found_in(program(blank, {})),
    }
    if program.kind == "form":
        twice = program(blank, entered.values(), change.values())
        found["filled twice"] = entered.then(change).found_in(twice)
    if len(set(found.values())) == 1:
        return found["filled"]
    return "; ".join(f"{copy}: {said}" for copy, said in found.items())
