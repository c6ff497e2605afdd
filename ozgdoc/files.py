"""Writing results: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ozgdoc.errors import OutputError


def write_file(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Write a file beside its place and move it there, so that nobody ever sees half of it.

    Args:
        path: its place; the folder is made.
        data: the content, or its pieces.

    Raises:
        OutputError: the folder can't be made or written.
    """
    beside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.writelines([data] if isinstance(data, bytes) else data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for their owner alone; a result gets the permissions of any new file.
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o666 & ~umask)
        beside.replace(path)
        beside = None
    except OSError as error:
        remedy = "Name another place with -o."
        raise OutputError(f"{path}: it can't be written ({error.strerror or error}). {remedy}") from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)
