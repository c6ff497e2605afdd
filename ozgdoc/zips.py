"""Opening a zip file of a stranger: nothing is unpacked before everything that it says about its sizes is checked."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib

from ozgdoc.errors import UnreadableError

MAX_RATIO = 250  #: unpacked to packed; repetitive XML of real forms comes to 40
_SMALL = 1_000_000  #: below this a ratio says nothing
_ENTRY = b"PK\x01\x02"
_HEADER = 30  #: bytes before a member's name (APPNOTE.TXT, 4.3.7)
_ENCRYPTED = 0x1


class Zip:
    """An open zip file within bounds.

    Args:
        data: the file.
        members: how many there may be.
        unpacked: how many bytes they may have in all.

    Attributes:
        members: name → entry, in the order of the file; folders are left out.

    Raises:
        UnreadableError: it is damaged or exceeds a bound.
    """

    def __init__(self, data: bytes, *, members: int, unpacked: int) -> None:
        # Before its list is parsed, which takes 500 bytes and more for each entry. Files inside have lists, too.
        if data.count(_ENTRY) > 4 * members:
            raise _too_large(f"it holds more than {members} files")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise UnreadableError("the zip file is damaged. Ask for it again.") from None
        infos = self._archive.infolist()
        if len(infos) > members:
            raise _too_large(f"it holds more than {members} files")
        if sum(info.file_size for info in infos) > unpacked:
            raise _too_large(f"it unpacks to more than {unpacked // 1_000_000} MB")
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise UnreadableError("the zip file is damaged: its files lie over each other. Ask for it again.")
            end = info.header_offset + _HEADER + info.compress_size
            if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                raise _too_large(f"a file in it unpacks to more than {MAX_RATIO} times its size")
        self.members = {info.filename: info for info in infos if not info.is_dir()}
        if len(self.members) < sum(not info.is_dir() for info in infos):
            raise UnreadableError("the zip file holds two files of the same name. Ask for it again.")

    def read(self, name: str) -> bytes:
        """Return a member's content; it is never longer than was announced.

        Raises:
            UnreadableError: it is damaged, has a password, or is packed in an unusual way.
        """
        info = self.members[name]
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableError("it is protected by a password. Save it without one and send it again.")
        try:
            return self._archive.read(info)
        except _UNREADABLE:
            raise UnreadableError("it can't be unpacked: it is damaged. Ask for it again.") from None


#: What zipfile raises for damage; UnicodeDecodeError for a name that is spelt differently beside the file itself.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, NotImplementedError),
    UnicodeDecodeError,
)


def _too_large(why: str) -> UnreadableError:
    return UnreadableError(f"the zip file is too large: {why}. Send the filled forms alone.")
