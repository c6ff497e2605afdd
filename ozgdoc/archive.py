"""What an archive copy of a filled form shows: the values as they were found, and what there is to say about them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ozgdoc.answers import Understood
from ozgdoc.model import Notice
from ozgdoc.pdf.fonts import face, unprintable
from ozgdoc.readers.filled import Filled, clean_text, record_of
from ozgdoc.templating import Archive
from ozgdoc.theme import Theme

_TICKS = {True: "true", False: "false", None: "unclear"}


def gather(found: Understood, copy: Filled, original: str, when: datetime, theme: Theme) -> Archive:
    """Return what an archive copy shows. What a font can't print is shown as far as it goes, and said.

    Args:
        found: what the copy says, in its own terms.
        copy: its raw values, which the archive copy carries.
        original: SHA-256 (hex) of the file.
        when: the time of reading, with a time zone.
    """
    submission, states = found.submission, found.checklist.states
    faces = [face(path) for path in (theme.fonts.regular, theme.fonts.bold)]
    ticks = {(point.id, state.id): "unclear" for point in found.checklist.walk() for state in states}
    for box in copy.boxes:
        ticks[box.checkpoint, box.state or states[0].id] = _TICKS[box.value]
    warnings = list(submission.warnings)
    for name, text in submission.fields.items():
        if missing := "".join(dict.fromkeys(letter for face_ in faces for letter in face_.missing(text))):
            wrong, _ = unprintable(missing)
            warnings.append(Notice("unprintable", f"{wrong}; the text itself is kept whole", name))

    def shown(text: str) -> str:
        for face_ in faces:
            text = face_.printable(text)
        return " ".join(clean_text(text).split())

    return Archive(
        source=shown(Path(submission.source).name)[:120],
        original=original,
        read=when,
        warnings=tuple(Notice(notice.code, shown(notice.message), shown(notice.where)) for notice in warnings),
        fields=submission.fields,
        ticks=ticks,
        values=record_of(copy),
    )
