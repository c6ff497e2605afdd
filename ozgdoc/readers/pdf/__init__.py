"""Filled PDF forms, as viewers and programs leave them.

A value is taken from the field (/V, inherited), from the widget (/AS against the widget's own appearances) and, where
the page was changed since it was made, from the page itself: where several are there they must agree. A copy whose
fields are gone is read from what is drawn. Nothing in the file is executed, resolved outside of it, or trusted to be of
its kind.
"""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
from pikepdf import Pdf, Stream

from ozgdoc.errors import UnknownFormError, UnreadableError
from ozgdoc.model import Notice
from ozgdoc.pdf.values import stream_bytes
from ozgdoc.readers.filled import Filled, from_record
from ozgdoc.readers.pdf.archived import compared, print_fields
from ozgdoc.readers.pdf.copies import Copy, copies_in
from ozgdoc.readers.pdf.damage import Damage, damage_of, is_cut_off, refuse_doubtful, was_updated
from ozgdoc.readers.pdf.fields import Found
from ozgdoc.readers.pdf.paper import Paper
from ozgdoc.readers.pdf.straight import CHANNEL, read_straight

ARCHIVE_CHANNEL = "pdf-archive"
DRAWN_CHANNEL = "pdf-flat"


def read(data: bytes) -> list[Filled]:
    """Read the filled copies in a PDF.

    Args:
        data: the file; the caller bounds its size.

    Raises:
        UnreadableError: it is damaged, or needs a password.
        UnknownFormError: it is a sound PDF, but carries no form of ours.
    """
    if filled := read_straight(data):
        return [filled]
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        raise UnreadableError("it is protected by a password. Save it without one and send it again.") from None
    except (pikepdf.PdfError, ValueError) as error:  # ValueError: of numbers that fit no machine word
        if copies := _rescued(data):
            return copies
        reason = str(error).partition("\n")[0].rpartition(": ")[2][:120]  # without the name of our own stream
        raise UnreadableError(f"it is no sound PDF ({reason}). Ask for the file again.") from None
    return _read(pdf, data)


def _read(pdf: Pdf, data: bytes) -> list[Filled]:
    with pdf:
        copies = copies_in(pdf)
        damage = damage_of(pdf)
        refuse_doubtful(data, damage)
        if not copies:
            raise UnknownFormError(
                "it is a PDF without a form of ours, or a picture of one. Send the form itself, filled in a PDF viewer."
            )
        alone = len(copies) == 1
        beside = len(pdf.pages) - sum(len(copy.pages) for copy in copies)
        found = [
            replace(_filled(pdf, data, copy, damage, alone=alone), pages=tuple(copy.pages.values()), beside=beside)
            for copy in copies
        ]
    if damage.rebuilt and alone:
        from ozgdoc.readers.second import held_against, second_opinion

        return [held_against(copy, second_opinion(data)) for copy in found]
    return found


def _rescued(data: bytes) -> list[Filled]:
    """Return the copies in a file that pypdf can open and qpdf can't; none if there is any doubt."""
    from ozgdoc.readers.second import rebuilt

    again = None if is_cut_off(data) or was_updated(data) else rebuilt(data)
    if again is None:
        return []
    try:
        pdf = pikepdf.open(io.BytesIO(again))
    except pikepdf.PdfError:
        return []
    notice = Notice(
        "damaged-file", "the file is damaged, and only one of two programs can read it; look at it yourself"
    )
    return [replace(copy, notices=(*copy.notices, notice)) for copy in _read(pdf, again)]


def _filled(pdf: Pdf, data: bytes, copy: Copy, damage: Damage, *, alone: bool) -> Filled:
    definition = stream_bytes(copy.definition) if isinstance(copy.definition, Stream) else None
    if isinstance(copy.record, Stream):
        filled = from_record(stream_bytes(copy.record), copy.identity, definition, ARCHIVE_CHANNEL)
        return compared(filled, print_fields(pdf)) if alone else filled
    found = Found(damage.objects)
    for entry in copy.fields:
        found.take(entry)
    found.adopt()
    page = Paper(pdf, data, copy)
    if found.boxes:
        found.compare(page)
        boxes, fields = found.settle()
        return Filled(CHANNEL, copy.identity, definition, fields, boxes, tuple(found.notices))
    boxes, fields, notices = page.read()
    return Filled(DRAWN_CHANNEL, copy.identity, definition, fields, boxes, notices)
