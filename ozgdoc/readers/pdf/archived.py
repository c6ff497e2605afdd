"""Archive copies: the values that they carry, against what their structure says that they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pikepdf import Array, Dictionary, Name, Pdf

from ozgdoc.model import Notice
from ozgdoc.pdf.values import text_value
from ozgdoc.pdf.widgets import MAX_FIELDS, path
from ozgdoc.readers.filled import Filled, clean_text
from ozgdoc.readers.pdf.fields import WORDS


def compared(copy: Filled, shown: Mapping[str, bool | str | None]) -> Filled:
    """Return the values that an archive copy carries, each against what its structure says that it shows."""
    notices = list(copy.notices)
    boxes = []
    for box in copy.boxes:
        name = f"checkpoints.{'.'.join(filter(None, (box.checkpoint, box.state)))}"
        said = shown.get(name, box.value)
        if said is not box.value:
            message = f"the archive copy shows {WORDS.get(said, said)}, and carries {WORDS[box.value]}"
            notices.append(Notice("value-conflict", f"{message}; a person has to look", name))
        boxes.append(box if said is box.value else replace(box, value=None))
    for entry, text in copy.fields.items():
        if isinstance(said := shown.get(f"fields.{entry}"), str) and text and said != text:
            message = f'the archive copy shows "{said[:60]}", and carries "{text[:60]}"; the latter was taken'
            notices.append(Notice("value-conflict", message, entry))
    return replace(copy, boxes=tuple(boxes), notices=tuple(notices))


def print_fields(pdf: Pdf) -> dict[str, bool | str | None]:
    """Return what the fields of an archive copy say in the structure tree, by name without the checklist's id."""
    found: dict[str, bool | str | None] = {}
    names = path(pdf.Root, "/StructTreeRoot", "/IDTree", "/Names")
    for element in list(names)[1 : 2 * MAX_FIELDS : 2] if isinstance(names, Array) else ():
        attributes, key = path(element, "/A"), path(element, "/ID")
        if not isinstance(attributes, Dictionary) or attributes.get("/O") != Name.PrintField:
            continue
        name = text_value(key).partition(".")[2]
        if attributes.get("/Role") == Name.cb:
            found[name] = _STATES.get(str(attributes.get("/checked")))
        else:
            found[name] = clean_text(text_value(path(element, "/ActualText")))
    return found


#: The states of a check box that can't be changed any more (ISO 32000-1, table 348).
_STATES = {"/on": True, "/off": False}
