"""A file's values checked against a JSON Schema, every mistake told once, with its line, in plain words."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

from ozgdoc.errors import Problem
from ozgdoc.resources import data_folder
from ozgdoc.yamlfile import MAX_PROBLEMS, Foreign, Path, Tree, found, quote

_TYPES = {
    "string": "text",
    "object": "keys with values",
    "array": "a list",
    "boolean": "true or false",
    "number": "a number",
}


@cache
def schema(name: str) -> Mapping[str, Any]:
    """Return the built-in JSON Schema of this name, ``checklist`` or ``theme``."""
    loaded: dict[str, Any] = json.loads((data_folder() / f"{name}.schema.json").read_bytes())
    return loaded


def validate(tree: Tree, rules: Mapping[str, Any]) -> list[Problem]:
    """Return what a file has against a JSON Schema (2020-12): each mistake once, in the order of lines, at most 500."""
    from jsonschema import Draft202012Validator  # slow to import, and of no use to `--help`

    errors = list(islice(Draft202012Validator(rules).iter_errors(tree.value), MAX_PROBLEMS))
    mistyped = {tuple(error.absolute_path) for error in errors if error.validator == "type"}

    def explained() -> Iterator[Problem]:
        for error in errors:
            path: Path = tuple(error.absolute_path)
            told = isinstance(error.instance, Foreign) and not error.instance.kind
            # A value of the wrong type breaks other rules too; that is one mistake.
            if not told and (error.validator == "type" or path not in mistyped):
                yield from _explain(error, path, tree)

    return sorted(dict.fromkeys(islice(explained(), MAX_PROBLEMS)), key=lambda problem: problem.line)


def nearest(word: object, known: Iterable[str]) -> str:
    """Return a remedy for a word that is not known: the nearest known one, or all of them."""
    words = list(known)
    close = difflib.get_close_matches(word, words, 1) if isinstance(word, str) and len(word) <= 64 else []
    if close:
        return f"Did you mean {quote(close[0])}?"
    return f"Known are: {', '.join(words)}."


def _explain(error: Any, path: Path, tree: Tree) -> Iterator[Problem]:
    """Turn one of jsonschema's errors into ours."""
    if "propertyNames" in error.absolute_schema_path:
        about = error.schema.get("description", "")
        yield tree.problem("bad-key", (*path, error.instance), "this key is not allowed here", about)
    elif error.validator == "additionalProperties":
        known = error.schema["properties"]
        for key in (key for key in error.instance if key not in known):
            yield _unknown_key(key, known, path, tree)
    elif error.validator == "required":
        unknown = [key for key in islice(error.instance, MAX_PROBLEMS) if key not in error.schema["properties"]]
        for key in (key for key in error.validator_value if key not in error.instance):
            # "titel" instead of "title" is one mistake, and told as an unknown key.
            if not difflib.get_close_matches(key, unknown, 1):
                yield tree.problem("missing-key", path, f"{key} is missing", f"Add {key}: to it.")
    elif error.validator == "type":
        wrong, remedy = _wrong_type(error.instance, error.validator_value, tree.raw.get(path, ""))
        yield tree.problem("type", path, wrong, remedy)
    elif error.validator == "enum":
        instance, allowed = error.instance, error.validator_value
        shown = quote(instance) if isinstance(instance, str) else found(instance, tree.raw.get(path, ""))
        wrong = f"{shown} is not allowed here"
        yield tree.problem("unknown-value", path, wrong, nearest(instance, allowed))
    else:
        yield tree.problem(*_out_of_bounds(error, path))


def _out_of_bounds(error: Any, path: Path) -> tuple[str, Path, str, str]:
    instance, bound = error.instance, error.validator_value
    match error.validator:
        case "pattern" if not instance.strip():
            told = "empty-text", "the text is empty", "Write one, or remove the key."
        case "pattern":
            told = "bad-value", f"{quote(instance)} is not allowed here", error.schema.get("description", "")
        case "maxLength":
            wrong = f"the text has {len(instance)} characters, at most {bound} are allowed"
            told = "too-long", wrong, "Shorten it."
        case "maxItems" if bound == 0:
            told = "too-deep", "nothing can be nested here any further", "Move the entries one step up."
        case "maxItems" | "maxProperties":
            told = "too-many", f"it has {len(instance)} entries, at most {bound} are allowed", "Remove some."
        case "minItems" | "minProperties":
            told = "too-few", "it has no entries", "Write some, or remove the key."
        case _:
            side = {"minimum": "below", "maximum": "above"}.get(error.validator, error.validator)
            told = "bad-value", f"{instance} is {side} {bound}", "Choose another value."
    code, wrong, remedy = told
    return code, path, wrong, remedy


def _unknown_key(key: str, known: Iterable[str], path: Path, tree: Tree) -> Problem:
    # The message names what holds the key, the line is the key's own.
    problem = tree.problem("unknown-key", path, f"unknown key {quote(key)}", nearest(key, known))
    return replace(problem, line=tree.line((*path, key)))


def _wrong_type(instance: object, allowed: str | list[str], raw: str) -> tuple[str, str]:
    types = [allowed] if isinstance(allowed, str) else allowed
    remedy = "Write key: value below it, indented."
    if instance is None:
        remedy = "Write a value (in quotes if it begins with #), or remove the key."
    elif "string" in types and not isinstance(instance, dict | list):
        remedy = f"Write it in quotes: {quote(raw or str(instance))}."
    elif "boolean" in types:
        remedy = "Write true or false, without quotes."
    elif "number" in types:
        remedy = "Write a number, without quotes."
    elif "array" in types:
        remedy = 'Begin each entry with "- ".'
    elif isinstance(instance, list):
        remedy = 'Remove the "- ".'
    elif "string" in types:
        remedy = "Write one text there."
    return f"{' or '.join(_TYPES[name] for name in types)} expected, found {found(instance, raw)}", remedy
