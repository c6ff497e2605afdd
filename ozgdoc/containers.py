"""Files in files: what a zip file, an e-mail, a PDF with attachments and a file of JSON lines hold.

Each file inside is returned by itself. Names inside are labels for people and nothing else: nothing is ever written
under them.
"""

from __future__ import annotations

import binascii
import email
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.errors import MessageError
from email.header import decode_header, make_header

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, Stream

from ozgdoc.errors import UnreadableError
from ozgdoc.pdf.plain import PlainFile
from ozgdoc.pdf.syntax import NotPlainError
from ozgdoc.pdf.values import bounded_bytes, text_value
from ozgdoc.readers.filled import clean_text
from ozgdoc.zips import Zip

MAX_DEPTH = 3  #: files in files in files
MAX_MEMBERS = 1_000  #: in all of them together
MAX_UNPACKED = 500_000_000  #: bytes in all of them together
MAX_MEMBER = 50_000_000  #: bytes of one of them

_MAX_NAME = 200
_HEADER_END = 65_536

#: What systems and mail programs put beside the files that people send.
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.(?!\.?/)|thumbs\.db$|desktop\.ini$|winmail\.dat$)", re.IGNORECASE)
_UNNAMED = "attachment"  #: programs that send a file without its name give its kind at least
_SIGNATURES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}

#: The head of an e-mail (RFC 5322, 2.2; RFC 2045, 4).
_MAIL = re.compile(rb"\A[!-9;-~]+:[ \t]")
_MIME = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Member:
    """One file, or why it can't be had.

    Attributes:
        name: the outer names and its own, with slashes.
        cover: whether it is a PDF that has other files attached: it may be a form itself, or only their cover sheet.
        attached: whether it is attached to a PDF, where anything may be.
    """

    name: str
    data: bytes
    error: UnreadableError | None = None
    cover: bool = False
    attached: bool = False


class _Budget:
    """How much more may be unpacked."""

    def __init__(self) -> None:
        self.members = MAX_MEMBERS
        self.unpacked = MAX_UNPACKED

    def spend(self, size: int) -> None:
        self.members -= 1
        self.unpacked -= size
        if self.members < 0 or self.unpacked < 0:
            limit = f"{MAX_MEMBERS} files or {MAX_UNPACKED // 1_000_000} MB"
            raise _SpentError(
                f"what follows was not read: there are more than {limit} in it. Send the filled forms alone."
            )


class _SpentError(UnreadableError):
    """The bounds of a whole file are reached."""


def unpack(name: str, data: bytes) -> Iterator[Member]:
    """Yield the files in a file, or the file itself if it holds no others.

    Args:
        name: what the file is called.
        data: its content; the caller bounds its size.
    """
    try:
        yield from _unpack(name, data, _Budget(), 0)
    except _SpentError as error:
        yield Member(name, b"", error)


def _unpack(name: str, data: bytes, budget: _Budget, depth: int) -> Iterator[Member]:
    if is_lines(data):
        lines = enumerate(data.splitlines(), 1)
        yield from (Member(f"{name}:{number}", line) for number, line in lines if line.strip())
        return
    try:
        inside = _inside(data)
        if inside is None:
            yield Member(name, data)
            return
        if depth == MAX_DEPTH:
            raise UnreadableError(f"it lies more than {MAX_DEPTH} files deep. Send the filled forms alone.")
        is_pdf = _kind(data) == "pdf"
        if is_pdf:
            yield Member(name, data, cover=True)
        empty = not is_pdf
        for inner, content in inside:
            empty = False
            whole = f"{name}/{label(inner)}"
            budget.spend(0 if isinstance(content, UnreadableError) else len(content))
            if isinstance(content, UnreadableError):
                yield Member(whole, b"", content)
                continue
            members = _unpack(whole, content, budget, depth + 1)
            yield from map(_attached_to_pdf, members) if is_pdf else members
        if empty:
            raise UnreadableError("it holds no file that could be a form. Send the filled forms.")
    except _SpentError:
        raise
    except UnreadableError as error:
        yield Member(name, b"", error)


def _attached_to_pdf(member: Member) -> Member:
    return replace(member, attached=True)


def label(name: str) -> str:
    """Return the name of a file inside another for people: no way up, no drive, no controls, at most 200 characters."""
    steps = clean_text(name).replace("\n", " ").replace("\t", " ").replace("\\", "/").split("/")
    steps = [step.strip() for step in steps]
    kept = [step for step in steps if step not in ("", ".", "..") and not re.fullmatch("[A-Za-z]:", step)]
    return "/".join(kept)[-_MAX_NAME:] or "unnamed"


def is_lines(data: bytes) -> bool:
    """Return whether a file holds several JSON objects, each on a line of its own."""
    if not data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return False
    first, _, rest = data.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    return first.rstrip().endswith(b"}") and bool(rest.strip())


#: What documents that are packed as zip files hold, mostly as the first of their members.
_DOCUMENTS = (b"[Content_Types].xml", b"mimetype")
_FIRST_NAME = 30  #: where the name of the first member stands (APPNOTE.TXT, 4.3.7)

Inside = Iterator[tuple[str, bytes | UnreadableError]]


def _inside(data: bytes) -> Inside | None:
    """Return the files in a file, None if it is of a kind that holds none, or holds none."""
    match _kind(data):
        case "zip":
            return _zip(data)
        case "mail":
            return _mail(data)
        case "pdf" if b"/EmbeddedFile" in data or _packs_attachments(data):
            found = list(_attached(data))
            return iter(found) if found else None
    return None


def _kind(data: bytes) -> str | None:
    """Return the kind of a file that may hold others; what it begins with says more than what stands further on."""
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if _MAIL.match(data):
        head = data[:_HEADER_END].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        return "mail" if _MIME.search(head) else None
    return "pdf" if b"%PDF-" in data[:1024] and not data[:1024].lstrip().startswith((b"{", b"<")) else None


# ---------------------------------------------------------------------------------------------------------------- zip


def _zip(data: bytes) -> Inside | None:
    """Return the files in a zip file; None if it is a document that only is packed as one."""
    if data.startswith(_DOCUMENTS, _FIRST_NAME):
        return None
    try:
        archive = Zip(data, members=MAX_MEMBERS, unpacked=MAX_UNPACKED)
    except UnreadableError:
        if b"word/" in data:
            return None  # what is wrong with a Word file is said in its own words
        raise
    if any(name.decode() in archive.members for name in _DOCUMENTS):
        return None

    def files() -> Inside:
        for name, info in archive.members.items():
            if _LITTER.search(name.replace("\\", "/")):
                continue
            try:
                yield name, archive.read(name) if info.file_size <= MAX_MEMBER else _too_large()
            except UnreadableError as error:
                yield name, error

    return files()


def _too_large() -> UnreadableError:
    return UnreadableError(f"it is larger than {MAX_MEMBER // 1_000_000} MB. Send the filled form alone.")


# --------------------------------------------------------------------------------------------------------------- mail


def _mail(data: bytes) -> Inside:
    """Yield the attachments of an e-mail, those of forwarded ones too."""
    try:
        for part in email.message_from_bytes(data).walk():
            kind = part.get_content_type()
            name = part.get_filename() or (_UNNAMED if kind.startswith("application/") else None)
            if name is None or part.is_multipart() or kind in _SIGNATURES or _LITTER.search(name):
                continue
            if kind.startswith("image/") and part.get_content_disposition() != "attachment":
                continue  # a picture in the text
            content = part.get_payload(decode=True)
            yield _spelt(name), content if isinstance(content, bytes) else b""
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise UnreadableError("the e-mail is damaged. Send the filled forms alone.") from None


def _spelt(name: str) -> str:
    """Return a file name as it was meant: many programs encode it as if it were a subject (RFC 2047)."""
    try:
        return str(make_header(decode_header(name)))
    except (MessageError, ValueError, LookupError):
        return name


# ---------------------------------------------------------------------------------------------------------------- pdf


def _packs_attachments(data: bytes) -> bool:
    """Return whether what says that a file is attached may stand in an object stream. The file itself never does."""
    if b"/ObjStm" not in data:
        return False
    try:
        return PlainFile(data).mentions(b"/EF")
    except NotPlainError:
        return True


def _attached(data: bytes) -> Inside:
    """Yield the files that are attached to a PDF or to a place on its pages (ISO 32000-1, 7.11.4 and 12.5.6.15)."""
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PdfError:  # whoever reads it says what is wrong; PasswordError is one
        return
    with pdf:
        yield from attachments(pdf)


def attachments(pdf: Pdf) -> Inside:
    """Yield name and content of each file that a PDF carries; the content is unpacked within bounds."""
    seen: set[tuple[int, int]] = set()
    for file in _specifications(pdf):
        embedded = file.get("/EF")
        streams = [embedded.get(key) for key in ("/UF", "/F")] if isinstance(embedded, Dictionary) else []
        stream = next((one for one in streams if isinstance(one, Stream)), None)
        if stream is None or stream.objgen in seen:
            continue
        seen.add(stream.objgen)
        name = text_value(file.get("/UF")) or text_value(file.get("/F"))
        content = bounded_bytes(stream, MAX_MEMBER)
        if content is None:
            yield name, UnreadableError("the attachment can't be unpacked. Send it by itself.")
        else:
            yield name, content if len(content) <= MAX_MEMBER else _too_large()


def _specifications(pdf: Pdf) -> Iterator[Dictionary]:
    """Yield the file specifications of a PDF: of its name tree, and of the annotations of its pages."""
    names = pdf.Root.get("/Names")
    queue: list[Object | None] = [names.get("/EmbeddedFiles") if isinstance(names, Dictionary) else None]
    for _ in range(4 * MAX_MEMBERS):  # so that a tree that bites its tail comes to an end
        if not queue:
            break
        node = queue.pop()
        if not isinstance(node, Dictionary):
            continue
        leaves, kids = node.get("/Names"), node.get("/Kids")
        for leaf in list(leaves)[1::2] if isinstance(leaves, Array) else ():
            if isinstance(leaf, Dictionary):
                yield leaf
        queue.extend(reversed(list(kids)) if isinstance(kids, Array) else ())
    for page in pdf.pages:
        marks = page.obj.get("/Annots")
        for mark in list(marks) if isinstance(marks, Array) else ():
            if isinstance(mark, Dictionary) and isinstance(file := mark.get("/FS"), Dictionary):
                yield file
