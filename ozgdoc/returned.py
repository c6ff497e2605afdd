"""The filled copies in a returned file: by their fields, and where these are gone, by what is drawn on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ozgdoc import formats
from ozgdoc.errors import UnknownFormError
from ozgdoc.model import Checklist, Notice
from ozgdoc.readers.filled import Filled


def copies_in(content: bytes, known: Mapping[str, Checklist]) -> list[Filled]:
    """Return the filled copies in a file that holds no other files.

    Raises:
        UnreadableError: it is damaged, protected, or of a kind that can't be read.
        UnknownFormError: it is sound, but no form that is known here.
    """
    reader = formats.reader(content)
    if reader.name != "PDF":
        return reader.read(content)
    copies: list[Filled] = []
    reason: UnknownFormError | None = None
    try:
        copies = reader.read(content)
    except UnknownFormError as error:
        reason = error
    whole = [copy for copy in copies if copy.boxes]
    if copies and len(whole) == len(copies) and not copies[0].beside:
        return copies
    from ozgdoc.printed import read_printed

    more, strays = read_printed(content, known, {page for copy in whole for page in copy.pages})
    if not whole and not more:
        if strays:
            raise UnknownFormError(
                "it shows a form of ours without fields that can't be read: its data file, in that version, is not "
                "known here (--data DIR), or the page was changed. Send the file that was filled."
            )
        if reason:
            raise reason
        return copies
    if strays:
        pages = ", ".join(str(page + 1) for page in strays)
        notice = Notice("pages-not-read", f"pages of the file show a form, but could not be read: {pages}")
        return [replace(copy, notices=(*copy.notices, notice)) for copy in (*whole, *more)]
    return [*whole, *more]
