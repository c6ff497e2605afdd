"""The verbs: load, render, read, archive, assess, report. Bytes or paths in, values out; nothing is printed.

The command line and the web page call these and nothing below.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from ozgdoc import containers, formats, resources, source, status
from ozgdoc.answers import Understood, carried_over, understand
from ozgdoc.document import Document
from ozgdoc.errors import DataError, OutputError, Problem, UnknownFormError, UnreadableError
from ozgdoc.limits import DEFAULT, MEGABYTE, Limits
from ozgdoc.model import Checklist, Portfolio, Status, Submission
from ozgdoc.returned import copies_in
from ozgdoc.templating import compose_form, compose_report
from ozgdoc.theme import Theme, load_theme

# --------------------------------------------------------------------------------------------------------------- load


def load(data: Path | bytes, *, name: str = "data") -> Checklist:
    """Return the checklist of a data file.

    Args:
        data: the file's path or its content.
        name: how messages name it, if it is content.

    Raises:
        DataError: with everything that is wrong.
    """
    found = source.parse(data, name) if isinstance(data, bytes) else source.load(data)
    return found.checklist


def check(data: Path | bytes, *, name: str = "data", theme: Theme | None = None) -> tuple[Problem, ...]:
    """Return what there is to say about a sound data file: warnings, and letters that the fonts can't print.

    Raises:
        DataError: with everything that is wrong, if it is not sound.
    """
    from ozgdoc.pdf.fonts import face, unprintable

    found = source.parse(data, name) if isinstance(data, bytes) else source.load(data)
    theme = theme or load_theme()
    faces = [face(path) for path in (theme.fonts.regular, theme.fonts.bold, theme.fonts.italic)]
    letters = []
    for spot in source.texts(found):
        if missing := "".join(dict.fromkeys(letter for f in faces for letter in f.missing(spot.text))):
            wrong, remedy = unprintable(missing)
            letters.append(Problem("missing-letter", found.file, spot.line, f"{spot.name}: {wrong}", remedy))
    return tuple(sorted((*found.problems, *letters), key=lambda problem: problem.line))


def checklists(folder: Path | None = None) -> dict[str, Checklist]:
    """Return the known checklists by id: those of a folder, then the built-in ones.

    Raises:
        DataError: a data file is wrong, or two files of the folder have the same id.
    """
    known: dict[str, Checklist] = {}
    files: dict[str, Path] = {}
    for path in resources.data_files(folder) if folder else ():
        checklist = load(path)
        if (first := files.setdefault(checklist.id, path)) is not path:
            message = f'it has the id "{checklist.id}", and so has {first.name}'
            raise DataError([Problem("same-id", str(path), 0, message, "Keep one version in the folder.")])
        known[checklist.id] = checklist
    for checklist in _built_in():
        known.setdefault(checklist.id, checklist)
    return known


@cache
def _built_in() -> tuple[Checklist, ...]:
    """Return the built-in checklists, loaded once: who reads many files asks for them with each."""
    return tuple(map(load, resources.data_files()))


# ------------------------------------------------------------------------------------------------------------- render


def render(
    checklist: Checklist,
    format: str = "pdf",  # noqa: A002  # the field's word
    *,
    language: str | None = None,
    templates: Path | None = None,
    theme: Theme | None = None,
    submission: Submission | None = None,
    instance: str | None = None,
) -> bytes:
    """Return the form of a checklist.

    Args:
        checklist: what to put on it.
        format: a name in `ozgdoc.formats.FORMATS` whose ``form`` is true.
        language: BCP 47 tag; the checklist's own by default.
        templates: folder whose files replace built-in templates of the same name.
        theme: how it looks; the built-in theme by default.
        submission: values and answers to fill in; a blank form without.
        instance: id of the copy, if it is issued to somebody.

    Raises:
        DataError: a letter can't be printed.
        TemplateError: a template can't be rendered.
        OutputError: there is no such format for forms.
    """
    document = compose_form(checklist, language=language, templates=templates, submission=submission, instance=instance)
    chosen = formats.FORMATS.get(format)
    if chosen is None or not chosen.form:
        raise _no_format(format, "forms", (f.name for f in formats.FORMATS.values() if f.form))
    return _write(document, chosen, templates, theme)


def prefill(
    checklist: Checklist,
    format: str = "pdf",  # noqa: A002  # the field's word
    *,
    language: str | None = None,
    templates: Path | None = None,
    theme: Theme | None = None,
) -> Callable[[Mapping[str, str], str], bytes]:
    """Compile a form once, for many copies; the arguments and errors are those of `render`.

    Returns:
        a function that takes field id → text and the id of the copy, and returns what `render` would make of them.

    Raises:
        TemplateError: also if a template shows a value elsewhere than in its field.
    """
    from ozgdoc.prefill import compiled

    return compiled(checklist, format, language, templates, theme or load_theme())


def _write(document: Document, chosen: formats.Format, templates: Path | None, theme: Theme | None) -> bytes:
    theme = theme or load_theme()
    return chosen.writer()(document, replace(theme, templates=templates) if templates else theme)


def _no_format(name: str, kind: str, known: Iterable[str]) -> OutputError:
    return OutputError(f'there is no format "{name}" for {kind}. Use one of: {", ".join(known)}.')


# --------------------------------------------------------------------------------------------------------------- read


@dataclass(frozen=True, slots=True)
class Archived:
    """What `archive` made of one filled copy.

    Attributes:
        submission: what was read; see `read`.
        data: the archive copy, or None if there is none because of the submission's error.
        name: of a file for it: that of the source, and the first digits of the source's SHA-256.
    """

    submission: Submission
    data: bytes | None = None
    name: str = ""


def read(
    data: Path | bytes,
    *,
    name: str | None = None,
    known: Mapping[str, Checklist] | None = None,
    limits: Limits = DEFAULT,
) -> list[Submission]:
    """Return what stands in a returned file: one submission for each filled copy in it.

    A file that can't be read gives one submission whose ``error`` says why; nothing is raised for it. The file is read
    in this process: for strangers' files, which may take any time and memory, there is `ozgdoc.batch.read_files`.

    Args:
        data: the file's path or its content. Its kind is found by content.
        name: how the submission names its source; the path by default.
        known: checklists by id; the built-in ones by default.
        limits: only the size counts here.
    """
    known = checklists() if known is None else known
    submissions: list[Submission] = []
    for file in _files(data, name, known, limits):
        submissions += map(carried_over, file.copies)
        submissions += [file.failed] if file.failed else []
    return submissions


@dataclass(frozen=True, slots=True)
class _File:
    """What was found in one file, alone or inside of another: filled copies, or why there are none."""

    name: str
    content: bytes
    copies: tuple[Understood, ...] = ()
    failed: Submission | None = None


def _files(data: Path | bytes, name: str | None, known: Mapping[str, Checklist], limits: Limits) -> Iterator[_File]:
    """Yield what stands in a returned file, or in each of the files that it holds."""
    name = name or (str(data) if isinstance(data, Path) else "data")
    try:
        content = _content(data, limits)
    except UnreadableError as error:
        yield _File(name, b"", failed=_failed(name, error))
        return
    covers: list[_File] = []
    read_any = False
    for member in containers.unpack(name, content):
        if member.attached and not member.error and not formats.is_known(member.data):
            continue
        try:
            if member.error:
                raise member.error
            copies = tuple(understand(member.name, copy, known) for copy in copies_in(member.data, known))
        except (UnreadableError, UnknownFormError) as error:
            file = _File(member.name, member.data, failed=_failed(member.name, error))
            if member.cover and isinstance(error, UnknownFormError):
                covers.append(file)  # a cover sheet is no failure, if what it covers can be read
                continue
        else:
            file, read_any = _File(member.name, member.data, copies), True
        yield file
    if not read_any:
        yield from covers


def archive(
    data: Path | bytes,
    *,
    when: datetime,
    name: str | None = None,
    known: Mapping[str, Checklist] | None = None,
    language: str | None = None,
    templates: Path | None = None,
    theme: Theme | None = None,
    limits: Limits = DEFAULT,
) -> list[Archived]:
    """Return an archive copy of each filled copy in a returned file: PDF/A-2a, nothing on it can be changed any more.

    It shows the form in the version that was filled in, what was entered, and what there was to say about it. It
    carries the raw values, so `read` gives the same for it as for the file.

    Args:
        data: the file's path or its content. Its kind is found by content.
        when: the time of reading, with a time zone.
        name, known, limits: as in `read`.
        language, templates, theme: as in `render`.

    Raises:
        TemplateError: a template can't be rendered.
    """
    known = checklists() if known is None else known
    theme = theme or load_theme()
    made: list[Archived] = []
    for file in _files(data, name, known, limits):
        if file.failed:
            made.append(Archived(file.failed))
        original = hashlib.sha256(file.content).hexdigest()
        stem = re.sub(r"[^\w.-]+", "_", Path(file.name).stem).encode()[:100].decode(errors="ignore")
        stem += f".{original[:12]}"
        for number, found in enumerate(file.copies, 1):
            try:
                pdf = _archive_copy(found, original, when, language, templates, theme)
            except DataError as error:  # a form of another version, or of somebody else, may have letters no font has
                unprintable = UnreadableError(f"its own text can't be printed: {error}")
                made.append(Archived(_failed(file.name, unprintable)))
            else:
                which = f"-{number}" if len(file.copies) > 1 else ""
                made.append(Archived(carried_over(found), pdf, f"{stem}{which}.pdf"))
    return made


def _archive_copy(
    found: Understood,
    original: str,
    when: datetime,
    language: str | None,
    templates: Path | None,
    theme: Theme,
) -> bytes:
    from ozgdoc.archive import gather

    shown = gather(found, found.copy, original, when, theme)
    instance = found.submission.instance
    if language not in found.checklist.languages():
        language = None
    document = compose_form(found.checklist, language=language, templates=templates, instance=instance, archive=shown)
    return _write(document, formats.FORMATS["pdf"], templates, theme)


def _failed(name: str, error: UnreadableError | UnknownFormError) -> Submission:
    code: Literal["unreadable", "unknown-form"] = "unreadable" if isinstance(error, UnreadableError) else "unknown-form"
    return Submission(name, error=str(error), error_code=code)


def _content(data: Path | bytes, limits: Limits) -> bytes:
    try:
        if isinstance(data, Path):
            with data.open("rb") as file:
                data = file.read(limits.size + 1)
    except OSError as error:
        raise UnreadableError(f"it can't be opened ({error.strerror or error}).") from None
    if len(data) > limits.size:
        raise too_large(limits)
    return data


def too_large(limits: Limits) -> UnreadableError:
    """Return that a file has more bytes than are read."""
    return UnreadableError(f"it is larger than {limits.size / MEGABYTE:g} MB. Send the filled form alone.")


# --------------------------------------------------------------------------------------------------- assess and report


def assess(
    submissions: Iterable[Submission], *, known: Mapping[str, Checklist] | None = None, language: str | None = None
) -> Portfolio:
    """Return what submissions mean together.

    Args:
        submissions: what `read` gave; those with an error are kept as failed.
        known: checklists by id; the built-in ones by default.
        language: of labels and texts; each checklist's own by default.

    Raises:
        UnknownFormError: a submission answers a checklist that is not among the known ones.
    """
    known = checklists() if known is None else known
    failed: list[Submission] = []
    statuses: list[Status] = []
    for submission in submissions:
        if submission.error is not None:
            failed.append(submission)
            continue
        checklist = submission.definition or known.get(submission.checklist or "")
        if checklist is None:
            raise UnknownFormError(f'{submission.source}: the checklist "{submission.checklist}" is not known here.')
        statuses.append(status.assess(checklist, submission, language))
    return status.combine(statuses, failed)


def report(
    portfolio: Portfolio,
    format: str = "html",  # noqa: A002  # the field's word
    *,
    language: str | None = None,
    templates: Path | None = None,
    theme: Theme | None = None,
) -> bytes:
    """Return a status report.

    Args:
        portfolio: what `assess` gave.
        format: a name in `ozgdoc.formats.FORMATS` whose ``report`` is true.
        language: BCP 47 tag; German by default.
        templates: folder whose files replace built-in templates of the same name.
        theme: how it looks; the built-in theme by default.

    Raises:
        TemplateError: a template can't be rendered.
        OutputError: there is no such format for reports.
    """
    chosen = formats.FORMATS.get(format)
    if chosen is None or not chosen.report:
        raise _no_format(format, "reports", (f.name for f in formats.FORMATS.values() if f.report))
    if chosen.takes == "portfolio":
        return chosen.writer()(portfolio)
    document = compose_report(portfolio, language=language, templates=templates)
    return _write(document, chosen, templates, theme)
