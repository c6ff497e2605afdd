"""Reading strangers' files: in processes of their own, with limits, several at a time.

    for submissions in read_files(paths):
        ...

`ozgdoc.read` does the same work in the caller's own process, without limits of time and memory.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from ozgdoc import api, formats
from ozgdoc.api import Archived
from ozgdoc.batch.pool import run
from ozgdoc.batch.worker import Lost
from ozgdoc.limits import DEFAULT, Limits
from ozgdoc.model import Checklist, Submission
from ozgdoc.theme import Theme

_Result = TypeVar("_Result")


def read_files(
    paths: Iterable[Path],
    known: Mapping[str, Checklist] | None = None,
    limits: Limits = DEFAULT,
    workers: int | None = None,
) -> Generator[list[Submission], None, None]:
    """Yield what stands in each file, in the order of the files; see `ozgdoc.read`.

    Files are taken and read ahead only as far as results are asked for. A file that takes too much gives one
    submission whose ``error`` says so. Whoever stops before the end closes the iterator.

    Args:
        paths: files; they are opened in the processes that read them.
        known: checklists by id; the built-in ones by default.
        limits: for each file.
        workers: processes that read; one for each core by default.
    """
    known = api.checklists() if known is None else known
    job = partial(_read, known=known, limits=limits)
    modules = tuple(reader.module for reader in formats.READERS)
    for path, result in _each(job, paths, modules, limits, workers):
        yield [_failed(path, result)] if isinstance(result, Lost) else result


def archive_files(
    paths: Iterable[Path],
    *,
    when: datetime,
    known: Mapping[str, Checklist] | None = None,
    language: str | None = None,
    templates: Path | None = None,
    theme: Theme | None = None,
    limits: Limits = DEFAULT,
    workers: int | None = None,
) -> Generator[list[Archived], None, None]:
    """Yield an archive copy of each filled copy in each file; see `ozgdoc.archive` and `read_files`.

    Raises:
        TemplateError: a template can't be rendered.
    """
    known = api.checklists() if known is None else known
    job = partial(_archive, when=when, known=known, language=language, templates=templates, theme=theme, limits=limits)
    modules = (*(reader.module for reader in formats.READERS), formats.FORMATS["pdf"].module)
    for path, result in _each(job, paths, modules, limits, workers):
        yield [Archived(_failed(path, result))] if isinstance(result, Lost) else result


def _each(
    job: Callable[[Path], _Result],
    paths: Iterable[Path],
    modules: tuple[str, ...],
    limits: Limits,
    workers: int | None,
) -> Iterator[tuple[Path, _Result | Lost]]:
    """Yield each path with its result, see `run`; modules are loaded before memory is limited."""
    return run(job, paths, limits, workers, partial(_load, modules))


# ---------------------------------------------------------------------------------------- what runs in the workers


def _load(modules: tuple[str, ...]) -> None:
    for module in modules:
        importlib.import_module(module)


def _read(path: Path, known: Mapping[str, Checklist], limits: Limits) -> list[Submission]:
    return api.read(path, name=file_name(path), known=known, limits=limits)


def _archive(
    path: Path,
    when: datetime,
    known: Mapping[str, Checklist],
    language: str | None,
    templates: Path | None,
    theme: Theme | None,
    limits: Limits,
) -> list[Archived]:
    return api.archive(
        path,
        when=when,
        name=file_name(path),
        known=known,
        language=language,
        templates=templates,
        theme=theme,
        limits=limits,
    )


# ------------------------------------------------------------------------------------------------------------ names


def file_name(path: Path) -> str:
    """Return how results name a file: file names are bytes, and what is no text in them becomes U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def _failed(path: Path, lost: Lost) -> Submission:
    return Submission(file_name(path), error=lost.reason, error_code="unreadable")
