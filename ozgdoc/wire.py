"""Model values as plain JSON values and back.

Two things cross the wire: the checklist that a form carries inside itself, and the submission that ``read --json``
prints. Both are contracts: their keys don't change.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from ozgdoc.model import Checklist, Checkpoint, Field, Footnote, Level, Section, State, Submission, Text


def canonical(value: object) -> bytes:
    """Return the one JSON spelling of a value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def shown(value: object, indent: int | None = None) -> str:
    """Return a value as JSON for files and terminals: what turns a text around or moves the cursor is escaped."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False, indent=indent))


#: C1 controls, marks of direction (Unicode UAX 9) and lone surrogates, which `json` writes as they are.
_UNSEEN = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


# ---------------------------------------------------------------------------------------------------------- checklist


def checklist_to_json(checklist: Checklist) -> dict[str, Any]:
    """Return a checklist in the shape of its data file; texts always name their languages."""
    return {
        "id": checklist.id,
        "version": checklist.version,
        "title": _text(checklist.title),
        "language": checklist.language,
        "draft": checklist.draft,
        "levels_confirmed": checklist.levels_confirmed,
        "levels": [
            {"id": v.id, "label": _text(v.label), "colour": v.colour, "shape": v.shape, "required": v.required}
            for v in checklist.levels
        ],
        "states": [{"id": v.id, "label": _text(v.label), "counts_as": v.counts_as} for v in checklist.states],
        "fields": [
            {
                "id": v.id,
                "label": _text(v.label),
                "type": v.type,
                "required": v.required,
                **({"pattern": v.pattern} if v.pattern else {}),
                **({"options": [_text(option) for option in v.options]} if v.options else {}),
                **({"hint": _text(v.hint)} if v.hint else {}),
            }
            for v in checklist.fields
        ],
        "sections": [_section(section) for section in checklist.sections],
        "footnotes": {note.id: _text(note.text) for note in checklist.footnotes},
    }


def checklist_from_json(data: Mapping[str, Any]) -> Checklist:
    """Return the checklist that `checklist_to_json` described.

    The data must be of that shape; whoever takes it from a stranger validates it against the schema first
    (`ozgdoc.source.parse`).
    """
    own = data["language"]

    def text(value: Any) -> Text:
        if isinstance(value, str):
            return Text(((own, value),))
        return Text(tuple(sorted(value.items(), key=lambda pair: (pair[0] != own, pair[0]))))

    def maybe(value: Any) -> Text | None:
        return None if value is None else text(value)

    def checkpoint(value: Mapping[str, Any]) -> Checkpoint:
        return Checkpoint(
            value["id"],
            text(value["text"]),
            value.get("level"),
            value.get("draft", False),
            maybe(value.get("help")),
            tuple(checkpoint(child) for child in value.get("checkpoints", ())),
        )

    def section(value: Mapping[str, Any]) -> Section:
        return Section(
            value["id"],
            text(value["title"]),
            tuple(checkpoint(child) for child in value.get("checkpoints", ())),
            tuple(section(child) for child in value.get("sections", ())),
        )

    done = {"de": "Erledigt", "en": "Done"}
    states = data.get("states") or [{"id": "done", "label": {own: done.get(own, "Done"), **done}}]
    return Checklist(
        id=data["id"],
        version=data["version"],
        title=text(data["title"]),
        language=own,
        sections=tuple(section(value) for value in data["sections"]),
        # Unless it is said, the first state is the one that counts as done.
        states=tuple(
            State(v["id"], text(v["label"]), v.get("counts_as", "open" if position else "done"))
            for position, v in enumerate(states)
        ),
        levels=tuple(
            Level(v["id"], text(v["label"]), v["colour"].lower(), v["shape"], v.get("required", False))
            for v in data.get("levels", ())
        ),
        fields=tuple(
            Field(
                v["id"],
                text(v["label"]),
                v.get("type", "text"),
                v.get("pattern"),
                v.get("required", False),
                tuple(text(option) for option in v.get("options", ())),
                maybe(v.get("hint")),
            )
            for v in data.get("fields", ())
        ),
        footnotes=tuple(Footnote(name, text(value)) for name, value in data.get("footnotes", {}).items()),
        draft=data.get("draft", False),
        levels_confirmed=data.get("levels_confirmed", True),
    )


def _text(text: Text) -> dict[str, str]:
    return dict(text.variants)


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": _text(section.title),
        "checkpoints": [_checkpoint(checkpoint) for checkpoint in section.checkpoints],
        "sections": [_section(child) for child in section.sections],
    }


def _checkpoint(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "id": checkpoint.id,
        "text": _text(checkpoint.text),
        "draft": checkpoint.draft,
        **({"level": checkpoint.level} if checkpoint.level else {}),
        **({"help": _text(checkpoint.help)} if checkpoint.help else {}),
        **({"checkpoints": [_checkpoint(child) for child in checkpoint.checkpoints]} if checkpoint.checkpoints else {}),
    }


# --------------------------------------------------------------------------------------------------------- submission


def submission_to_json(submission: Submission) -> dict[str, Any]:
    """Return a submission as ``ozgdoc read --json`` prints it."""
    return {
        "source": submission.source,
        "channel": submission.channel,
        "checklist": submission.checklist,
        "version": submission.version,
        "instance": submission.instance,
        "fields": dict(submission.fields),
        "answers": dict(submission.answers),
        "warnings": [{"code": w.code, "message": w.message, "where": w.where} for w in submission.warnings],
        "error": submission.error,
    }
