# ruff: noqa: E501  (a table of mistakes is read best with one in a line)
"""A data file becomes a checklist, or every mistake in it is told at once with its line."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ozgdoc.errors import DataError, UnreadableError
from ozgdoc.identity import identify
from ozgdoc.model import Checklist
from ozgdoc.patterns import mistake
from ozgdoc.resources import data_folder
from ozgdoc.schema import schema
from ozgdoc.source import load, parse, parse_definition, texts
from ozgdoc.wire import canonical, checklist_to_json

BASE = """id: a
version: "1"
title: T
language: en
sections:
  - id: s
    title: S
    checkpoints:
      - {id: c, text: x}
"""

# Typed from the sheet, with the marks where they stand.
POINTS = {
    "konzeption-1": (
        "Aufbau Steuerungskreis",
        "Schaffung Projektteam",
        "Erstellung Umsetzungsplanung für Umsetzungsprojekt",
        "Validierung und ggf. Anpassung LeiKa-Zuordnung ¹",
        "Priorisierung von Leistungen und Validierung LeiKas",
        "Erarbeitung FIM-Informationen",
        "Analyse IST-Situation und Entwicklung Zielvision ²",
        "Erstellung OZG-Referenzinformationen ³",
        "Entscheidung Nachnutzungsmodell und Portaleinbindung ⁴",
        "Identifizierung und ggf. Anmeldung Rechtsprüf- und Rechtsänderungsbedarfe",
        "Klärung Vorgehensmodell für die Konzeption",
        "Schaffung technischer Rahmenbedingungen",
        "Klärung finanzielle und personeller Grundlagen",
        "Finanzierungsausgestaltung für Länderkooperationen",
    ),
    "konzeption-2": (
        "Ergebnisdokument Konzeptionsphase",
        "FIM-Informationen",
        "OZG-Referenzinformationen",
        "Ggf. Klick-Prototypen und Antragsprozess ⁵",
    ),
    "umsetzung": (
        "On-boarding Projektteam ggf. mit IT-Dienstleister",
        "Detaillierung MVP ⁶ Fachkonzept und technisches Konzept",
        "Planung und Priorisierung Ausbaustufen ⁷",
        "Beauftragung IT-Dienstleister",
        "Durchführung IT-Sicherheitsbetrachtung",
        "Implementierung",
        "Beta-Tests MVP bzw. Referenzimplementierung in Testkommunen",
        "Go-Live MVP bzw. Referenzimplementierung",
        "Erweiterung um Geschäftsvorfälle/LeiKas",
        "Kontinuierliche Anpassung",
        "Funktionale Erweiterungen ⁸",
    ),
}
NOTES = (
    "Leistungsabhängig, aufbauend auf Themenfeldplanung",
    "inkl. Klick-Prototyp für Laborkandidaten",
    "Falls OZG-Referenzinformationen über FIM-Informationen hinaus benötigt werden",
    "Empfehlungen zum Nachnutzungsmodell und zur Portaleinbindung befinden sich für jede Leistung im Umsetzungspaket",
    "Klick-Prototyp als FIM-modellierter Prozess",
    "„Minimal Viable Product“ = Minimalprodukt",
    "Z. B. Erweiterung technischer Funktionalitäten, Geschäftsvorfälle/LeiKas/Nutzergruppen, "
    "Verknüpfung mit anderen Leistungen",
    "Anbindung an Fachverfahren, Registerschnittstellen etc.",
)


def complaints(text: str) -> list[str]:
    try:
        return [str(problem) for problem in parse(text.encode(), "x.yaml").problems]
    except DataError as error:
        return [str(problem) for problem in error.problems]


@pytest.fixture(scope="module")
def ozg() -> Checklist:
    return load(data_folder() / "umsetzungscheckliste.yaml").checklist


# ---------------------------------------------------------------------------------------------------------- our data


def test_the_ozg_checklist_says_what_the_sheet_says(ozg: Checklist) -> None:
    marks = {f"[^{name}]": " " + "¹²³⁴⁵⁶⁷⁸"[number - 1] for name, number in ozg.numbering().items()}

    def shown(text: str) -> str:
        for mark, sign in marks.items():
            text = text.replace(mark, sign)
        return text

    assert {
        section.id: tuple(shown(point.text.get("de")) for point in section.checkpoints) for section in ozg.sections
    } == POINTS
    notes = {note.id: note.text.get("de") for note in ozg.footnotes}
    assert tuple(notes[name] for name in ozg.numbering()) == NOTES
    assert [section.title.get("de") for section in ozg.sections] == [
        "Konzeption (1/2)",
        "Konzeption (2/2)",
        "Umsetzung",
    ]
    assert [level.label.get("de") for level in ozg.levels] == ["Notwendig", "Empfohlen", "Beginn, dann fortlaufend"]
    assert ozg.draft
    assert not ozg.levels_confirmed


def test_the_ozg_checklist_is_complete_in_both_languages() -> None:
    source = load(data_folder() / "umsetzungscheckliste.yaml")
    assert [problem.code for problem in source.problems] == ["levels-unconfirmed"]
    assert source.checklist.languages() == ("de", "en")
    spots = list(texts(source))
    assert [spot.language for spot in spots if spot.line].count("en") == 1 + 3 + (5 + 3) + 3 + 29 + 8
    lines = Path(source.file).read_text(encoding="utf-8").splitlines()
    assert all(spot.text in lines[spot.line - 1] for spot in spots if spot.line)


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("99123456789012", True),
        ("urn:de:fim:leika:leistung:99123456789012", True),
        ("99123456789012, 99123456789013; 99123456789014", True),
        ("9912345678901", False),
    ],
)
def test_service_keys(ozg: Checklist, value: str, fits: bool) -> None:
    pattern = next(field.pattern for field in ozg.fields if field.id == "leistungsschluessel")
    assert pattern
    assert bool(re.fullmatch(pattern, value)) is fits


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("05", True),
        ("051", True),
        ("05111", True),
        ("051110000", True),
        ("051110000000", True),
        ("17", False),
        ("00", False),
        ("0511", False),
        ("5", False),
        ("0511100000", False),
    ],
)
def test_regional_keys(ozg: Checklist, value: str, fits: bool) -> None:
    pattern = next(field.pattern for field in ozg.fields if field.id == "ars")
    assert pattern
    assert bool(re.fullmatch(pattern, value)) is fits


def test_the_example_is_sound_and_long_enough_for_two_pages() -> None:
    source = load(data_folder() / "examples" / "release-readiness.yaml")
    assert source.problems == ()
    assert 45 <= len(list(source.checklist.walk())) <= 60
    assert any(point.checkpoints for point in source.checklist.walk())
    assert any(section.sections for section in source.checklist.sections)


@pytest.mark.parametrize("name", ["checklist", "theme"])
def test_our_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


# ---------------------------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: a\n", "id: 1\n", '1: id: text expected, found the number 1. Write it in quotes: "1".'),
        ('"1"', "1.10", '2: version: text expected, found the number 1.10. Write it in quotes: "1.10".'),
        ("language: en", "language: no", '4: language: text expected, found no, which means false. Write it in quotes: "no".'),
        ("title: T", "titel: T", '3: unknown key "titel". Did you mean "title"?'),
        ("title: T\n", "", "1: title is missing. Add title: to it."),
        ("text: x", "text: x, hlep: y", '9: checkpoint "c": unknown key "hlep". Did you mean "help"?'),
        ("id: c, text", "text", '9: checkpoint 1: id is missing. Add id: to it.'),
        ("text: x", "text: 2024-01-01", '9: checkpoint "c": text: text or keys with values expected, found the date 2024-01-01. Write it in quotes: "2024-01-01".'),
        ("text: x", "text: ' '", '9: checkpoint "c": text: the text is empty. Write one, or remove the key.'),
        ("text: x", "text: 'x[^9]'", '9: checkpoint "c": footnote [^9] is not defined. Add it under footnotes: or remove the mark.'),
        ("text: x", "text: x, level: b", '9: checkpoint "c": level: "b" is not defined. Add it under levels: or remove the key.'),
        ("text: x", "text: x, checkpoints: [{id: d, text: y, checkpoints: [{id: e, text: z}]}]", '9: checkpoint "d": checkpoints: nothing can be nested here any further. Move the entries one step up.'),
        ("text: x}", "text: x}\n      - {id: c, text: y}", '10: checkpoint "c": id: this id stands in line 9 already. Give each an id of its own.'),
        ("text: x}", "text: x}\n      - just text", '10: checkpoint 2: keys with values expected, found the text "just text". Write key: value below it, indented.'),
        ("title: S", "title:", '7: section "s": title: text or keys with values expected, found nothing. Write a value (in quotes if it begins with #), or remove the key.'),
        ("id: s", 'id: "s\\n"', '6: section "s\\n": id: "s\\n" is not allowed here. An id starts with a lower-case letter and goes on with lower-case letters, digits and hyphens. It stays when texts change.'),
        ("title: S", "title: " + "S" * 301, '7: section "s": title: the text has 301 characters, at most 300 are allowed. Shorten it.'),
        ("      - {id: c, text: x}", "      []", "5: sections: there are no checkpoints. Write at least one."),
        ("  - id: s\n    title: S\n    checkpoints:\n      - {id: c, text: x}", "  a: b", '5: sections: a list expected, found keys with values. Begin each entry with "- ".'),
        ("sections:", "draft: 'yes'\nsections:", '5: draft: true or false expected, found the text "yes". Write true or false, without quotes.'),
        ("sections:", "states: [{id: open, label: O}]\nsections:", '5: state "open": id: "open" is reserved. Choose another id.'),
        ("sections:", "states: []\nsections:", "5: states: it has no entries. Write some, or remove the key."),
        ("sections:", "levels: [{id: a, label: A, colour: red, shape: disc}]\nsections:", '5: level "a": colour: "red" is not allowed here. A colour is written as "#rrggbb", in quotes.'),
        ("sections:", "levels: [{id: a, label: A, colour: '#ff0000', shape: dics}]\nsections:", '5: level "a": shape: "dics" is not allowed here. Did you mean "disc"?'),
        ("sections:", "fields: [{id: f, label: F, type: choice}]\nsections:", '5: field "f": a choice needs options. Add options: to it.'),
        ("sections:", "fields: [{id: f, label: F, options: [a]}]\nsections:", '5: field "f": options: a field of type text has no options. Write type: choice, or remove them.'),
        ("sections:", "fields: [{id: f, label: F, type: choice, options: [a, a]}]\nsections:", '5: field "f": options: "a" is offered 2 times. Offer it once.'),
        ("sections:", "fields: [{id: f, label: 'F[^n]'}]\nfootnotes: {}\nsections:", '5: field "f": label: a footnote mark [^n] can\'t stand here. Remove it.'),
        ("sections:", "footnotes: {N: x}\nsections:", '5: footnote "N": this key is not allowed here. A footnote\'s id has only lower-case letters, digits and hyphens.'),
        ("sections:", "footnotes: {n: x}\nsections:", '5: footnote "n": it is used nowhere. Remove it, or write [^n] in a text.'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_once_with_its_line_and_a_remedy(old: str, new: str, said: str) -> None:
    assert old in BASE
    assert complaints(BASE.replace(old, new, 1)) == [f"x.yaml:{said}"]


@pytest.mark.parametrize("data", ["- a", "a", "12", "{}"])
def test_no_checklist_at_all(data: str) -> None:
    assert all(line.startswith("x.yaml:1: ") for line in complaints(data))


def test_mistakes_of_all_kinds_are_told_together_in_the_order_of_lines() -> None:
    text = BASE.replace('"1"', "1").replace("id: s", "id: S").replace("text: x", "text: 'x[^9]', level: &b l, tetx: y")
    with pytest.raises(DataError) as caught:
        parse(text.encode(), "x.yaml")
    assert [(problem.line, problem.code) for problem in caught.value.problems] == [
        (2, "type"),
        (6, "bad-value"),
        (9, "anchor"),
        (9, "unknown-key"),
        (9, "unknown-level"),
        (9, "unknown-footnote"),
    ]


def test_a_thousand_checkpoints_are_too_many() -> None:
    text = BASE + "".join(f"      - {{id: c{number}, text: x}}\n" for number in range(999))
    assert complaints(text) == [
        "x.yaml:5: sections: there are 1000 checkpoints, at most 999 are allowed. Split the checklist into several."
    ]


def test_the_nearest_level_is_named() -> None:
    text = BASE.replace("text: x", "text: x, level: empfolen").replace(
        "sections:", "levels: [{id: empfohlen, label: E, colour: '#000000', shape: disc}]\nsections:"
    )
    assert complaints(text) == [
        'x.yaml:10: checkpoint "c": level: "empfolen" is not defined. Did you mean "empfohlen"?'
    ]


def test_warnings_do_not_stop_the_work() -> None:
    text = BASE.replace("text: x", "text: {en: 'x[^n]', de: 'y [^N]'}") + "  - {id: e, title: E}\nfootnotes: {n: N}\n"
    source = parse(text.encode(), "x.yaml")
    assert [(problem.line, problem.code, problem.severity) for problem in source.problems] == [
        (3, "missing-title", "warning"),
        (9, "odd-mark", "warning"),
        (9, "uneven-marks", "warning"),
        (10, "empty-section", "warning"),
    ]


def test_a_text_needs_the_language_of_the_sheet() -> None:
    assert complaints(BASE.replace("text: x", "text: {de: x}")) == [
        "x.yaml:3: title: the sheet is not offered in de, because its title is missing in it. Add de: to it.",
        'x.yaml:9: checkpoint "c": text: the text is missing in en, the language of the sheet. Add en: to it.',
    ]


def test_an_incomplete_translation_is_told_once() -> None:
    text = BASE.replace("title: T", "title: {en: T, de: T}")
    assert complaints(text) == [
        'x.yaml:7: section "s": title: 2 texts are missing in de, this is the first of them. Add de: to them.'
    ]


@pytest.mark.parametrize("pattern", [r"(a+)+", r"(?:\d*x?)*y", r"((ab){2,})+", r"([(]\w+\))*", r"(a{1,50}){9}"])
def test_a_pattern_that_may_never_end_is_refused(pattern: str) -> None:
    assert mistake(pattern).startswith("the pattern repeats a group")


@pytest.mark.parametrize(
    "pattern", [r"\d{14}", r"(ab){3}c+", r"[(+*]+", r"(a+)?b", r"\(a+\)+", r"(\d{2}){0,3}", r"(?#()(a)"]
)
def test_other_patterns_are_fine(pattern: str) -> None:
    assert mistake(pattern) == ""


@pytest.mark.parametrize("pattern", ["(", "[a", "a{99999999999}", "*"])
def test_a_pattern_that_is_none_is_refused(pattern: str) -> None:
    assert mistake(pattern).startswith("the pattern is no regular expression (")


# --------------------------------------------------------------------------------------------------------------- texts


def test_texts_are_normalised() -> None:
    decomposed = unicodedata.normalize("NFD", "Prüfung")
    source = parse(BASE.replace("title: S", f"title: >\n      {decomposed}\n").encode(), "x.yaml")
    assert source.checklist.sections[0].title.get("en") == "Prüfung"


def test_texts_are_data() -> None:
    source = parse(BASE.replace("text: x", "text: '<b>&amp; {{ x }} =1+1 ${y}'").encode(), "x.yaml")
    assert next(source.checklist.walk()).text.get("en") == "<b>&amp; {{ x }} =1+1 ${y}"


def test_each_text_is_given_with_its_line() -> None:
    source = parse(BASE.replace("text: x", "text: {en: x, de: y}").encode(), "x.yaml")
    assert [tuple(spot) for spot in texts(source)] == [
        (3, "title: en", "en", "T"),
        (0, 'state "done": label: en', "en", "Done"),
        (0, 'state "done": label: de', "de", "Erledigt"),
        (7, 'section "s": title: en', "en", "S"),
        (9, 'checkpoint "c": text: en', "en", "x"),
        (9, 'checkpoint "c": text: de', "de", "y"),
    ]


# --------------------------------------------------------------------------------------------------------- definitions


def test_a_definition_gives_the_checklist_back(ozg: Checklist) -> None:
    again = parse_definition(canonical(checklist_to_json(ozg)))
    assert identify(again) == identify(ozg)


SOUND = {
    "id": "a",
    "version": "1",
    "title": "T",
    "language": "en",
    "sections": [{"id": "s", "title": "S", "checkpoints": [{"id": "c", "text": "x"}]}],
}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no valid JSON"),
        (b"\xff", "no valid JSON"),
        (b" " * 2_000_001, "larger than 2 MB"),
        (b"[" * 100_000, "no valid JSON"),
        (b"[" * 500 + b"]" * 500, "nested too deeply"),
        (b'{"a": NaN}', "NaN is no JSON value"),
        (b'{"a": 1, "a": 2}', "a key is given twice"),
        (b'{"a": ' + b"9" * 5000 + b"}", "no valid JSON"),
        (b"[]", "keys with values expected, found a list"),
        (b"null", "keys with values expected, found nothing"),
        (json.dumps({**SOUND, "title": "\ud800"}).encode(), "holds control characters"),
        (json.dumps({**SOUND, "title": "\0"}).encode(), "holds control characters"),
        (json.dumps({**SOUND, "id": "../x"}).encode(), 'id: "../x" is not allowed here'),
        (json.dumps({**SOUND, "sections": SOUND["sections"] * 2}).encode(), "this id is given twice (and 1 more)"),
    ],
)
def test_a_stranger_s_definition_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse_definition(data)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300
