"""Opening a Word file of a stranger: bounded, without entities, without the network.

A package is a zip of XML parts (ISO/IEC 29500-2). Everything that it says about its sizes is checked before anything is
unpacked; Python's `zipfile` reads no more of a member than it has announced. Parts that nobody asks for stay packed.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from lxml import etree

from ozgdoc.errors import UnreadableError

MAX_MEMBERS = 2_000
MAX_PART = 16_000_000  #: of one XML part, unpacked; a form of 999 checkpoints has 5 MB
MAX_UNPACKED = 200_000_000
MAX_RATIO = 250  #: unpacked to packed; repetitive XML of real forms comes to 40
_SMALL = 1_000_000  #: below this a ratio says nothing

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_MAIN_TYPES = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.",
    "application/vnd.ms-word.document.",
    "application/vnd.ms-word.template.",
)
#: Namespaces of "Strict Open XML" (ISO/IEC 29500-1, annex A) → those of the transitional kind that Word usually writes.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", f"{_OFFICE}/relationships".encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/customProperties", f"{_OFFICE}/custom-properties".encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes", f"{_OFFICE}/docPropsVTypes".encode()),
)
#: What the names of all of them begin with.
_STRICT_HOST = b"http://purl.oclc.org/"


class Relationship(NamedTuple):
    """A relationship inside a package.

    Attributes:
        kind: the last part of its type, such as ``customXml``.
        target: name of the member that it leads to.
    """

    kind: str
    target: str


class Package:
    """A Word document's package, opened.

    Attributes:
        relations: the relationships of the package itself.
        main: name of the member with the document's text.
    """

    def __init__(self, archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._members = members
        self.relations = self.relationships()
        self.main = self._find_main()

    def parse(self, member: str) -> etree._Element:
        """Return the root of a member's XML.

        Raises:
            UnreadableError: it is missing, damaged, too large, or declares a document type.
        """
        return parse_part(self.read(member), member)

    def relationships(self, member: str = "") -> list[Relationship]:
        """Return the relationships of a member, or of the package itself, that lead to members that are there."""
        folder, _, file = member.rpartition("/")
        place = f"{folder}/_rels/{file}.rels".lstrip("/")
        if place not in self._members:
            return []
        found = []
        for entry in self.parse(place).iter(f"{{{_RELATIONSHIPS}}}Relationship"):
            target = entry.get("Target", "")
            resolved = _resolve(folder, target)
            if entry.get("TargetMode") != "External" and resolved in self._members:
                found.append(Relationship(entry.get("Type", "").rpartition("/")[2], resolved))
        return found

    def _find_main(self) -> str:
        target = next((one.target for one in self.relations if one.kind == "officeDocument"), None)
        types = self.parse("[Content_Types].xml")
        if target:
            for entry in types:
                if entry.get("PartName") == f"/{target}" and entry.get("ContentType", "").startswith(_MAIN_TYPES):
                    return target
        raise UnreadableError("it is an Office file, but no Word document. Send the .docx that was filled.")

    def read(self, member: str) -> bytes:
        """Return the content of a member.

        Raises:
            UnreadableError: it is missing, damaged or too large.
        """
        info = self._members.get(member)
        if info is None:
            raise _damaged(f"its part {member} is missing")
        if info.file_size > MAX_PART:
            raise _too_large(f"its part {member} has more than {MAX_PART // 1_000_000} MB")
        try:
            return self._archive.read(info)
        # RuntimeError: encrypted, or packed in a way that zip does not have; ValueError: a place before the start.
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise _damaged(f"its part {member} can't be unpacked") from error


def parse_part(data: bytes, member: str) -> etree._Element:
    """Return the root of the XML that a member has; its name is for messages.

    Raises:
        UnreadableError: it is damaged or declares a document type.
    """
    if _STRICT_HOST in data:
        for strict, transitional in _STRICT:
            data = data.replace(strict, transitional)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged(f"its part {member} is no sound XML") from error
    # Word writes none, and they are what attacks with entities need. Nothing of theirs has been resolved so far.
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs say Any
        raise UnreadableError(f"its part {member} declares a document type, which Word never does. Ask for a new copy.")
    return root


def open_package(data: bytes) -> Package:
    """Return a Word file's package.

    Args:
        data: the file; the caller bounds its size.

    Raises:
        UnreadableError: it is empty, too large, encrypted, damaged, a zip bomb or no Word document.
    """
    if not data:
        raise UnreadableError("it is empty. Ask for the file again.")
    if data.startswith(_OLE):
        raise UnreadableError("it has a password or is an old .doc. Save it in Word as .docx without a password.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        if data.startswith(b"PK"):
            raise _damaged("its end is missing or its list of parts is broken") from error
        raise UnreadableError("it is no Word file (.docx). Send the file that was filled.") from error
    return Package(archive, _checked(archive.infolist()))


def _checked(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MAX_MEMBERS:
        raise _too_large(f"it has more than {MAX_MEMBERS} parts")
    for info in infos:
        if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise _too_large(f"its part {info.filename} unpacks to more than {MAX_RATIO} times its size")
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise _too_large(f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB")
    members = {info.filename: info for info in infos}
    if len(members) < len(infos):
        raise _damaged("it holds two parts of the same name")
    if "[Content_Types].xml" not in members:
        raise UnreadableError("it is a zip file, but no Word document. Send the .docx that was filled.")
    return members


def _resolve(folder: str, target: str) -> str:
    """Return the member that a relationship's target names, seen from a folder (ISO/IEC 29500-2, 6.5.3)."""
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step != ".":
            steps.append(step)
    return "/".join(steps)


def _damaged(why: str) -> UnreadableError:
    return UnreadableError(f"the Word file is damaged: {why}. Open and save it in Word, or ask for a new copy.")


def _too_large(why: str) -> UnreadableError:
    return UnreadableError(f"the Word file is too large: {why}. Send the form without pictures and attachments.")
