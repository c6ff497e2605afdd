"""THE table: what can be written and read. Whoever adds a format adds a module and a line here.

Modules are imported when they are used: importing every library took `ozgdoc --help` 1.5 s.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from ozgdoc.errors import MissingPartError, UnreadableError
from ozgdoc.readers.filled import Filled

Takes = Literal["document", "portfolio"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format that can be written.

    Attributes:
        takes: what the writer gets: a Document with a theme, or the figures of a Portfolio.
        form, report: what can be written in it.
        module: whose function ``write`` does it.
        extra: the optional part of the package that it needs, or None.
    """

    name: str
    suffix: str
    media_type: str
    module: str
    takes: Takes
    form: bool
    report: bool
    extra: str | None = None

    def writer(self) -> Callable[..., bytes]:
        """Return the function that writes this format.

        Raises:
            MissingPartError: its optional part is not installed.
        """
        return _function(self.module, "write", self.extra)


WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FORMATS = {
    format_.name: format_
    for format_ in (
        Format("pdf", ".pdf", "application/pdf", "ozgdoc.writers.pdf", "document", form=True, report=False),
        Format("docx", ".docx", WORD_TYPE, "ozgdoc.writers.docx", "document", form=True, report=False),
        Format("html", ".html", "text/html", "ozgdoc.writers.html", "document", form=True, report=True),
        Format("md", ".md", "text/markdown", "ozgdoc.writers.markdown", "document", form=True, report=True),
        Format("json", ".json", "application/json", "ozgdoc.writers.json", "portfolio", form=False, report=True),
        Format("csv", ".csv", "text/csv", "ozgdoc.writers.csv", "portfolio", form=False, report=True),
    )
}


@dataclass(frozen=True, slots=True)
class Reader:
    """One format that can be read; it is recognised by its content.

    Attributes:
        signature: what such a file holds.
        within: how many bytes from its start the signature is looked for; 0 if it begins with it, but for a byte order
            mark and spaces.
    """

    name: str
    module: str
    signature: bytes
    within: int

    def knows(self, data: bytes) -> bool:
        """Return whether a file is of this format."""
        if self.within:
            return self.signature in data[: self.within]
        head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
        return head.startswith(self.signature) and not head.startswith(_RTF)

    def read(self, data: bytes) -> list[Filled]:
        """Read a file of this format; errors are the reader's."""
        found: list[Filled] = _function(self.module, "read", None)(data)
        return found


_RTF = b"{\\rtf"  #: begins like JSON

#: In the order in which they are tried: what a file begins with says more than what stands somewhere in it.
READERS = (
    Reader("JSON", "ozgdoc.readers.saved", b"{", 0),
    Reader("XFDF", "ozgdoc.readers.fdf", b"http://ns.adobe.com/xfdf/", 4096),
    Reader("OpenDocument", "ozgdoc.readers.odt", b"mimetypeapplication/vnd.oasis.opendocument.text", 128),
    Reader("Word", "ozgdoc.readers.docx", b"PK", 2),
    Reader("Word", "ozgdoc.readers.docx", bytes.fromhex("D0CF11E0A1B11AE1"), 8),
    Reader("PDF", "ozgdoc.readers.pdf", b"%PDF-", 1024),
    Reader("FDF", "ozgdoc.readers.fdf", b"%FDF-", 1024),
)

#: The head of our web form, which a browser saves as it was sent out: without what was entered.
_WEB_FORM = b"ozgdoc:checklist"


def reader(data: bytes) -> Reader:
    """Return the reader for a file, found by its content.

    Raises:
        UnreadableError: the file is empty or of a kind that can't be read.
    """
    if not data:
        raise UnreadableError("it is empty. Ask for the file again.")
    for candidate in READERS:
        if candidate.knows(data):
            return candidate
    if data[:1024].lstrip().startswith(b"<") and _WEB_FORM in data[:4096]:
        raise UnreadableError("it is the web form itself, without answers. Send the file that its button saves.")
    raise UnreadableError("it is of no kind that can be read. Send the filled form as PDF or Word file.")


def is_known(data: bytes) -> bool:
    """Return whether a file is of a kind that can be read."""
    return any(candidate.knows(data) for candidate in READERS)


def _function(module: str, name: str, extra: str | None) -> Callable[..., Any]:
    try:
        return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]
    except ModuleNotFoundError as error:
        if extra is None or (error.name or "").startswith("ozgdoc"):
            raise
        raise MissingPartError(f'this needs an optional part. Install it: pip install "ozgdoc[{extra}]"') from error
