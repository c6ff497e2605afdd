"""Where built-in templates, data and fonts lie.

An installed wheel holds them in ``ozgdoc/_share``; a checkout has them at its top. The user's own folder comes first.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def share() -> Path:
    """Return the folder that holds the built-in ``templates`` and ``data``."""
    package = Path(__file__).resolve().parent
    installed = package / "_share"
    return installed if installed.is_dir() else package.parent


def template_folders(own: Path | None = None) -> tuple[Path, ...]:
    """Return the folders in which templates are looked up, the user's own first."""
    built_in = share() / "templates"
    return (own, built_in) if own else (built_in,)


def find(name: str, own: Path | None = None) -> Path:
    """Return the first of the template folders' files with this relative name, such as ``word/reference.docx``.

    Raises:
        FileNotFoundError: no template folder has it.
    """
    for folder in template_folders(own):
        if (path := folder / name).is_file():
            return path
    raise FileNotFoundError(f"no template folder holds {name}")


def data_folder() -> Path:
    """Return the built-in data folder."""
    return share() / "data"


def data_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Return the data files of a folder (the built-in one by default), sorted by name."""
    return tuple(sorted((folder or data_folder()).glob("*.yaml")))
