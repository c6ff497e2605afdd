"""The values of a copy's fields, and whether they contradict each other or the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from pikepdf import Dictionary, Name, String

from ozgdoc.model import Notice
from ozgdoc.pdf.drawn import BoxName
from ozgdoc.pdf.values import Meaning, box_meaning, is_guessed, text_value
from ozgdoc.pdf.widgets import Field, inherited, path, rectangle
from ozgdoc.readers.filled import Box, clean_text
from ozgdoc.readers.pdf.copies import place_of
from ozgdoc.readers.pdf.paper import Paper


@dataclass
class Found:
    """Every occurrence of every box and text, until all are known.

    Attributes:
        damaged: ids of objects that are not sound.
    """

    damaged: frozenset[tuple[int, int]] = frozenset()
    boxes: dict[BoxName, list[bool | None]] = field(default_factory=dict)
    shown: dict[BoxName, Field] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    orphans: list[Field] = field(default_factory=list)

    def take(self, entry: Field) -> None:
        """Keep what a field says, if it is ours."""
        match place_of(entry.name):
            case ("checkpoints", point, state):
                self._take_box((point, state), entry)
            case ("fields", name, _):
                value = inherited(entry.widget, "/V")
                self.texts.setdefault(name, []).append(clean_text(text_value(value)))
                if isinstance(value, String) and is_guessed(bytes(value)):
                    self._say("text-guessed", "it does not say how it is encoded, and was taken for UTF-8", (name,))
            case _ if len(entry.name) == 1:
                self.orphans.append(entry)

    def adopt(self) -> None:
        """Take fields by their last name alone, if no box has its whole name.

        Who copies a file page by page (pdfunite, pypdf's ``add_page``) loses the fields' parents and so their names.
        """
        if self.boxes:
            return
        for entry in self.orphans:
            kind = entry.widget.get("/FT")
            if kind == Name.Btn:
                self._take_box((entry.name[0], None), entry)
            elif kind in (Name.Tx, Name.Ch):
                self.texts.setdefault(entry.name[0], []).append(clean_text(text_value(entry.widget.get("/V"))))

    def _take_box(self, name: BoxName, entry: Field) -> None:
        self.boxes.setdefault(name, []).append(self._ticked(entry))
        if entry.page is not None:
            self.shown[name] = entry

    def _ticked(self, entry: Field) -> bool | None:
        """Return whether a box is ticked, or None if value and appearance say different things."""
        widget = entry.widget
        raw, appearance = inherited(widget, "/V"), widget.get("/AS")
        # What nearly every program writes needs no look at the appearances: they could not say anything else.
        if raw in _PLAIN and raw == appearance and widget.objgen not in self.damaged:
            return bool(raw == Name.Yes)
        normal = path(widget, "/AP", "/N")
        states = {str(key)[1:] for key in normal.keys()} if isinstance(normal, Dictionary) else set()  # noqa: SIM118
        value = box_meaning(raw, states)
        shown = box_meaning(appearance, states)
        if value is None and shown is None and states and widget.objgen not in self.damaged:
            return False  # a box without a value is off (ISO 32000-1, 12.7.4.2.3)
        if (value is None and shown is None) or widget.objgen in self.damaged:
            self._say("damaged-field", "the box is damaged; a person has to look", entry.name)
            return None
        if "unknown" not in (value, shown) and (value is None or shown is None or value is shown):
            return bool(shown if value is None else value)
        given = (("its value", value), ("what it shows", shown))
        said = " and ".join(f"{source} is {WORDS[meaning]}" for source, meaning in given if meaning is not None)
        self._say("value-conflict", f"{said}; a person has to look", entry.name)
        return None

    def compare(self, page: Paper) -> None:
        """Hold the fields against what is drawn in and over their boxes, where that may have changed."""
        for name in page.out_of_place(self.shown):
            self.boxes[name] = [None]
            self._say("box-moved", "the box is hidden, or not where the form has it; a person has to look", name)
        if not page.doubtful:
            return
        rects = {
            name: (entry.page, rect)
            for name, entry in self.shown.items()
            if entry.page is not None and (rect := rectangle(entry.widget.get("/Rect")))
        }
        untouched = not any(values.count(False) < len(values) for values in self.boxes.values())
        covered = page.covered(rects)
        for name, marked in page.marks(rects).items():
            values = self.boxes[name]
            over = name in covered
            if not over and (marked is False or (marked and values == [True])):
                continue
            if marked and untouched:  # nobody used the fields: somebody drew over them
                self.boxes[name] = [True]
                self._say("read-from-page", "the tick is drawn on the page, the field is empty", name)
            else:
                self.boxes[name] = [None]
                self._say("mark-over-box", "something is drawn in, over or beside the box; a person has to look", name)

    def _say(self, code: str, message: str, name: tuple[str | None, ...]) -> None:
        self.notices.append(Notice(code, message, ".".join(filter(None, name))))

    def settle(self) -> tuple[tuple[Box, ...], dict[str, str]]:
        """Return the boxes and texts; where a field is there several times with different values, say so."""
        boxes = []
        for (checkpoint, state), values in self.boxes.items():
            agreed = values[0] if len(set(values)) == 1 else None
            if len(set(values)) > 1:
                message = f"the box is there {len(values)} times, ticked and not ticked; a person has to look"
                self._say("value-conflict", message, (checkpoint, state))
            boxes.append(Box(checkpoint, state, agreed))
        fields = {}
        for name, texts in self.texts.items():
            different = list(dict.fromkeys(texts))
            fields[name] = different[0]
            if "\ufffd" in different[0]:  # PDFium keeps half of each letter beyond U+FFFF: many signs, emoji
                self._say("damaged-text", "the program that saved it has damaged a letter, shown as \ufffd", (name,))
            if len(different) > 1:
                shown = ", ".join(f'"{text[:60]}"' for text in different[:5])
                self._say("value-conflict", f"the field is there several times: {shown}", (name,))
        return tuple(boxes), fields


_PLAIN = (Name.Yes, Name.Off)
WORDS: dict[Meaning, str] = {True: "ticked", False: "not ticked", None: "neither", "unknown": "neither on nor off"}
