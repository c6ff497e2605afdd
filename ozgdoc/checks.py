"""Does a data file fit together? What the schema can't say: references, uniqueness, languages, patterns.

The checks look only at what is of the right kind and leave the rest to the schema, so that a mistake in one place
doesn't hide those in others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ozgdoc.contrast import GRAPHIC, PAPER, contrast, shown
from ozgdoc.errors import Problem
from ozgdoc.model import MARK, OPEN, UNCLEAR
from ozgdoc.patterns import mistake
from ozgdoc.schema import nearest
from ozgdoc.yamlfile import Path, Tree, quote

MAX_CHECKPOINTS = 999

_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_LIKE_A_MARK = re.compile(r"\[\^[^\]\n]*\]")


def check(tree: Tree) -> Iterator[Problem]:
    """Yield what doesn't fit together in a checklist's data file, in no particular order."""
    if isinstance(tree.value, dict):
        for part in (_check_ids, _check_checkpoints, _check_notes, _check_fields, _check_levels, _check_states):
            yield from part(tree, tree.value)
        yield from _check_languages(tree, tree.value)


def _check_ids(tree: Tree, value: dict[str, Any]) -> Iterator[Problem]:
    kinds = (
        _sections(value),
        _all_checkpoints(value),
        *(_entries(value, key) for key in ("levels", "states", "fields")),
    )
    for entries in kinds:
        first: dict[str, Path] = {}
        for path, entry in entries:
            name = entry.get("id")
            if isinstance(name, str) and first.setdefault(name, path) != path:
                line = tree.line((*first[name], "id"))
                wrong = f"this id stands in line {line} already" if line else "this id is given twice"
                yield tree.problem("duplicate-id", (*path, "id"), wrong, "Give each an id of its own.")


def _check_checkpoints(tree: Tree, value: dict[str, Any]) -> Iterator[Problem]:
    levels = [entry["id"] for _, entry in _entries(value, "levels") if isinstance(entry.get("id"), str)]
    points = list(_all_checkpoints(value))
    for path, point in points:
        level = point.get("level")
        if isinstance(level, str) and level not in levels:
            wrong = f"{quote(level)} is not defined"
            remedy = nearest(level, levels) if levels else "Add it under levels: or remove the key."
            yield tree.problem("unknown-level", (*path, "level"), wrong, remedy)
    if isinstance(value.get("sections"), list):
        if not points:
            yield tree.problem("no-checkpoints", ("sections",), "there are no checkpoints", "Write at least one.")
        if len(points) > MAX_CHECKPOINTS:
            wrong = f"there are {len(points)} checkpoints, at most {MAX_CHECKPOINTS} are allowed"
            yield tree.problem("too-many", ("sections",), wrong, "Split the checklist into several.")
        for path, section in _sections(value):
            if points and not section.get("sections") and not section.get("checkpoints"):
                wrong = "the section has no checkpoints"
                yield tree.problem("empty-section", path, wrong, "Write some, or remove it.", warning=True)


def _check_notes(tree: Tree, value: dict[str, Any]) -> Iterator[Problem]:
    notes = _footnotes(value)
    used: set[str] = set()
    for path, variants in text_paths(value):
        marks = {language: MARK.findall(text) for language, text in variants.items()}
        names = list(dict.fromkeys(name for found in marks.values() for name in found))
        owner = path[:-1] if path[-1] == "text" else path
        if names and path[0] != "sections":
            yield tree.problem("misplaced-mark", path, f"a footnote mark [^{names[0]}] can't stand here", "Remove it.")
            continue
        used.update(names)
        for mark in dict.fromkeys(_LIKE_A_MARK.findall("\n".join(variants.values()))):
            if not MARK.fullmatch(mark):
                wrong = f"{quote(mark)} is no footnote mark and will be printed as it is"
                remedy = "Use lower-case letters, digits and hyphens."
                yield tree.problem("odd-mark", path, wrong, remedy, warning=True)
        for name in names:
            if name not in notes:
                wrong = f"footnote [^{name}] is not defined"
                problem = tree.problem("unknown-footnote", owner, wrong, "Add it under footnotes: or remove the mark.")
                yield replace(problem, line=tree.line(path))
        if len({tuple(sorted(found)) for found in marks.values()}) > 1:
            wrong = "the languages don't have the same footnote marks"
            yield tree.problem("uneven-marks", path, wrong, "Give each language the same ones.", warning=True)
    for name in notes:
        if name not in used and MARK.fullmatch(f"[^{name}]"):
            remedy = f"Remove it, or write [^{name}] in a text."
            yield tree.problem("unused-footnote", ("footnotes", name), "it is used nowhere", remedy, warning=True)


def _check_fields(tree: Tree, value: dict[str, Any]) -> Iterator[Problem]:
    for path, entry in _entries(value, "fields"):
        kind, pattern = entry.get("type", "text"), entry.get("pattern")
        if kind == "choice" and "options" not in entry:
            yield tree.problem("no-options", path, "a choice needs options", "Add options: to it.")
        if kind in ("text", "date") and "options" in entry:
            wrong = f"a field of type {kind} has no options"
            yield tree.problem("useless-key", (*path, "options"), wrong, "Write type: choice, or remove them.")
        if kind in ("choice", "date") and "pattern" in entry:
            wrong = f"a field of type {kind} has no pattern"
            yield tree.problem("useless-key", (*path, "pattern"), wrong, "Write type: text, or remove it.")
        elif isinstance(pattern, str) and (wrong := mistake(pattern)):
            yield tree.problem("bad-pattern", (*path, "pattern"), wrong, "Correct the regular expression.")
        options = entry.get("options")
        own = [
            option.get(str(value.get("language"))) if isinstance(option, dict) else option
            for option in (options if isinstance(options, list) else ())
        ]
        for option, count in Counter(option for option in own if isinstance(option, str)).items():
            if count > 1:
                wrong = f"{quote(option)} is offered {count} times"
                yield tree.problem("duplicate-option", (*path, "options"), wrong, "Offer it once.")


def _check_levels(tree: Tree, value: dict[str, Any]) -> Iterator[Problem]:
    shapes: dict[str, Any] = {}
    for path, entry in _entries(value, "levels"):
        shape = entry.get("shape")
        if isinstance(shape, str) and shapes.setdefault(shape, path) != path:
            wrong = f"{shape} is another level's shape already, and colour alone does not reach everybody"
            yield tree.problem("same-shape", (*path, "shape"), wrong, "Choose another shape.", warning=True)
        colour = entry.get("colour")
        if isinstance(colour, str) and _COLOUR.fullmatch(colour) and (ratio := contrast(colour, PAPER)) < GRAPHIC:
            wrong = f"{colour} on white has a contrast of {shown(ratio)}, but marks need {GRAPHIC:g}:1 (WCAG 2.2 AA)"
            yield tree.problem("low-contrast", (*path, "colour"), wrong, "Choose a darker colour.", warning=True)
    if value.get("levels_confirmed") is False and value.get("levels"):
        wrong = "the levels are a proposal that nobody has confirmed"
        remedy = "Have them confirmed, then write levels_confirmed: true."
        yield tree.problem("levels-unconfirmed", ("levels_confirmed",), wrong, remedy, warning=True)


def _check_states(tree: Tree, value: dict[str, Any]) -> Iterator[Problem]:
    states = list(_entries(value, "states"))
    for path, entry in states:
        if entry.get("id") in (OPEN, UNCLEAR):
            wrong = f"{quote(entry['id'])} is reserved"
            yield tree.problem("reserved-id", (*path, "id"), wrong, "Choose another id.")
    meanings = [entry.get("counts_as", "open" if position else "done") for position, (_, entry) in enumerate(states)]
    if states and "done" not in meanings:
        wrong = "no state counts as done, so nothing ever will be"
        yield tree.problem("never-done", ("states",), wrong, "Write counts_as: done at one of them.", warning=True)


def _check_languages(tree: Tree, value: dict[str, Any]) -> Iterator[Problem]:
    own = value.get("language")
    if not isinstance(own, str):
        return
    missing: dict[str, list[Path]] = {}
    found = list(text_paths(value))
    languages = dict.fromkeys(language for _, variants in found for language in variants if language != own)
    for path, variants in found:
        if variants and own not in variants:
            wrong = f"the text is missing in {own}, the language of the sheet"
            yield tree.problem("missing-language", path, wrong, f"Add {own}: to it.")
        for language in languages:
            if variants and language not in variants:
                missing.setdefault(language, []).append(path)
    for language, paths in missing.items():
        if ("title",) in paths:
            wrong = f"the sheet is not offered in {language}, because its title is missing in it"
            yield tree.problem("missing-title", ("title",), wrong, f"Add {language}: to it.", warning=True)
        else:
            wrong = f"{len(paths)} texts are missing in {language}, this is the first of them"
            yield tree.problem("untranslated", paths[0], wrong, f"Add {language}: to them.", warning=True)


# ----------------------------------------------------------------------------------------------------------- walking


def _entries(value: Any, key: str, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the mappings in the list under a key of a mapping; whatever is of another kind is the schema's business."""
    entries = value.get(key) if isinstance(value, dict) else None
    for position, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield (*path, key, position), entry


def _sections(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    for place, section in _entries(value, "sections", path):
        yield place, section
        yield from _sections(section, place)


def _checkpoints(value: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    for place, checkpoint in _entries(value, "checkpoints", path):
        yield place, checkpoint
        yield from _checkpoints(checkpoint, place)


def _all_checkpoints(value: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    for place, section in _sections(value):
        yield from _checkpoints(section, place)


def _footnotes(value: dict[str, Any]) -> dict[str, Any]:
    notes = value.get("footnotes")
    return notes if isinstance(notes, dict) else {}


def _raw_texts(value: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    yield ("title",), value.get("title")
    for key in ("levels", "states", "fields"):
        for path, entry in _entries(value, key):
            yield (*path, "label"), entry.get("label")
            yield (*path, "hint"), entry.get("hint")
            options = entry.get("options")
            for position, option in enumerate(options if isinstance(options, list) else ()):
                yield (*path, "options", position), option
    for path, section in _sections(value):
        yield (*path, "title"), section.get("title")
        for place, checkpoint in _checkpoints(section, path):
            yield (*place, "text"), checkpoint.get("text")
            yield (*place, "help"), checkpoint.get("help")
    for name, note in _footnotes(value).items():
        yield ("footnotes", name), note


def text_paths(value: dict[str, Any]) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield every text as language → text."""
    own = value.get("language")
    for path, raw in _raw_texts(value):
        variants = {str(own): raw} if isinstance(raw, str) else raw if isinstance(raw, dict) else {}
        yield path, {language: text for language, text in variants.items() if isinstance(text, str)}
