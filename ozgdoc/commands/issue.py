"""The command that issues copies of a form to many."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ozgdoc.commands.common import data_option, find_theme, known_checklists, looks
from ozgdoc.errors import OutputError, UnreadableError
from ozgdoc.formats import FORMATS

if TYPE_CHECKING:
    from ozgdoc.model import Checklist
    from ozgdoc.prefill import Fill
    from ozgdoc.recipients import Recipient

MANIFEST = "manifest.csv"
_MAX_LIST = 200_000_000  #: bytes
_STEP = 1_000  #: copies between two lines about the progress


@click.command()
@click.argument("checklist", metavar="CHECKLIST")
@click.argument("recipients", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="RECIPIENTS")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("issued"),
    show_default=True,
    metavar="DIR",
    help="Folder for the copies and their list, manifest.csv.",
)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(("pdf", "docx", "both")),
    default="pdf",
    show_default=True,
    help="Format of the copies.",
)
@click.option(
    "--name", metavar="TEXT", help="Name of this issue, part of every copy's id; that of the list by default."
)
@click.option(
    "--key", metavar="COLUMN", help="Column that tells recipients apart; one called key, id or such by default."
)
@click.option("--file-name", metavar="PATTERN", help="Pattern of the files' names, such as {key} or {row}-{instance}.")
@data_option
@looks
def issue(
    checklist: str,
    recipients: Path,
    output: Path,
    format_: str,
    name: str | None,
    key: str | None,
    file_name: str | None,
    data: Path | None,
    language: str | None,
    templates: Path | None,
    theme: Path | None,
) -> None:
    """Issue a form to many: one prefilled copy for each row of a list.

    CHECKLIST is a data file, or the id of a known checklist. RECIPIENTS is a list as CSV, Excel (.xlsx) or JSON, whose
    columns are called like the checklist's fields. Every row is checked before anything is written. The same list gives
    the same copies again.

    \b
    Example:
      ozgdoc issue ozg-umsetzungscheckliste recipients.csv -o issued
    """
    from ozgdoc import api
    from ozgdoc.files import write_file
    from ozgdoc.pdf.fonts import field_font
    from ozgdoc.recipients import manifest, match
    from ozgdoc.tables import read_table

    sheet, look = _checklist(checklist, data, language), find_theme(theme, templates)
    names = ("pdf", "docx") if format_ == "both" else (format_,)
    font = field_font(look.fonts.regular) if "pdf" in names else None
    table = read_table(_content(recipients), str(recipients))
    found = match(sheet, table, issue=name or recipients.stem, key=key, file_name=file_name, font=font)
    kinds = {
        FORMATS[kind].suffix: api.prefill(sheet, kind, language=language, templates=templates, theme=look)
        for kind in names
    }
    copies = _Copies(output, kinds, found)
    copies.check()
    issued: list[tuple[Recipient, str, str]] = []
    try:
        for copy in copies.write():
            issued.append(copy)
        write_file(output / MANIFEST, manifest(sheet, issued))
    finally:
        if len(issued) < copies.count:
            click.echo(f"{len(issued)} of {copies.count} copies are written, without a list. Run it again.", err=True)
    there = f" (there already: {copies.there})" if copies.there else ""
    click.echo(f"{output}: {copies.count} copies{there}, listed in {MANIFEST}")


class _Copies:
    """The copies in one folder. What is there already is never changed.

    Args:
        kinds: suffix → what makes a copy.
    """

    def __init__(self, folder: Path, kinds: Mapping[str, Fill], recipients: list[Recipient]) -> None:
        self._folder, self._kinds, self._recipients = folder, kinds, recipients
        self.count, self.there = len(recipients) * len(kinds), 0

    def check(self) -> None:
        """Refuse a folder in which something else stands.

        Raises:
            OutputError: a file of a copy's name says something else, or the folder's list has copies that this has not.
        """
        from ozgdoc.recipients import listed

        with suppress(FileNotFoundError):
            known = {recipient.instance for recipient in self._recipients}
            if gone := listed((self._folder / MANIFEST).read_bytes()) - known:
                wrong = f"it lists copies that are not among the recipients now: {len(gone)}"
                raise OutputError(f"{self._folder / MANIFEST}: {wrong}. Name another folder with -o.")
        for recipient, path, fill in self._files():
            if path.exists() and path.read_bytes() != fill(recipient.values, recipient.instance):
                raise OutputError(f"{path}: it is there already and says something else. Name another folder with -o.")

    def write(self) -> Iterator[tuple[Recipient, str, str]]:
        """Write what is not there yet; yield recipient, file name and digest."""
        from ozgdoc.files import write_file

        for number, (recipient, path, fill) in enumerate(self._files(), 1):
            copy = fill(recipient.values, recipient.instance)
            if path.exists():
                self.there += 1
            else:
                write_file(path, copy)
            yield recipient, path.name, hashlib.sha256(copy).hexdigest()
            if number % _STEP == 0 and number < self.count:
                click.echo(f"{number} of {self.count}", err=True)

    def _files(self) -> Iterator[tuple[Recipient, Path, Fill]]:
        for recipient in self._recipients:
            for suffix, fill in self._kinds.items():
                yield recipient, self._folder / f"{recipient.name}{suffix}", fill


def _checklist(name: str, data: Path | None, language: str | None) -> Checklist:
    from ozgdoc import api

    if Path(name).is_file():
        sheet = api.load(Path(name))
    elif (known := known_checklists(data)) and name in known:
        sheet = known[name]
    else:
        raise click.UsageError(f'there is no data file and no checklist "{name}". Known are: {", ".join(known)}.')
    if language and language not in (has := sheet.languages()):
        raise click.UsageError(f"{name}: its title has no text in the language {language}. It has: {', '.join(has)}.")
    return sheet


def _content(path: Path) -> bytes:
    if path.stat().st_size > _MAX_LIST:
        raise UnreadableError(f"{path}: it is larger than {_MAX_LIST // 1_000_000} MB. Divide it.")
    return path.read_bytes()
