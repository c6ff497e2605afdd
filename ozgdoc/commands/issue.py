"""The command that issues copies of a form to many."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ozgdoc.commands.common import data_option, find_theme, known_checklists, looks
from ozgdoc.errors import OutputError, UnreadableError
from ozgdoc.formats import FORMATS

if TYPE_CHECKING:
    from ozgdoc.model import Checklist
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
    type=click.Choice(("pdf",)),
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

    sheet, look = _checklist(checklist, data), find_theme(theme, templates)
    table, font = read_table(_content(recipients), str(recipients)), field_font(look.fonts.regular)
    found = match(sheet, table, issue=name or recipients.stem, key=key, file_name=file_name, font=font)
    fill = api.prefill(sheet, format_, language=language, templates=templates, theme=look)
    copies = _Copies(output, FORMATS[format_].suffix, fill)
    copies.check(found)
    issued: list[tuple[Recipient, str, str]] = []
    try:
        for copy in copies.write(found):
            issued.append(copy)
        write_file(output / MANIFEST, manifest(sheet, issued))
    finally:
        if len(issued) < len(found):
            click.echo(f"{len(issued)} of {len(found)} copies are written, without a list. Run it again.", err=True)
    there = f" (there already: {copies.there})" if copies.there else ""
    click.echo(f"{output}: {len(issued)} copies{there}, listed in {MANIFEST}")


class _Copies:
    """The copies in one folder. What is there already is never changed."""

    def __init__(self, folder: Path, suffix: str, fill: Callable[[Mapping[str, str], str], bytes]) -> None:
        self._folder, self._suffix, self._fill = folder, suffix, fill
        self.there = 0

    def check(self, recipients: list[Recipient]) -> None:
        """Refuse a folder in which something else stands.

        Raises:
            OutputError: a file of a copy's name says something else, or the folder's list has copies that this has not.
        """
        from ozgdoc.recipients import listed

        with suppress(FileNotFoundError):
            gone = listed((self._folder / MANIFEST).read_bytes()) - {recipient.instance for recipient in recipients}
            if gone:
                wrong = f"it lists {len(gone)} copies that are not among the recipients now"
                raise OutputError(f"{self._folder / MANIFEST}: {wrong}. Name another folder with -o.")
        for recipient in recipients:
            path = self._path(recipient)
            if path.exists() and path.read_bytes() != self._fill(recipient.values, recipient.instance):
                raise OutputError(f"{path}: it is there already and says something else. Name another folder with -o.")

    def write(self, recipients: list[Recipient]) -> Iterator[tuple[Recipient, str, str]]:
        """Write what is not there yet; yield recipient, file name and digest."""
        from ozgdoc.files import write_file

        for number, recipient in enumerate(recipients, 1):
            path, copy = self._path(recipient), self._fill(recipient.values, recipient.instance)
            if path.exists():
                self.there += 1
            else:
                write_file(path, copy)
            yield recipient, path.name, hashlib.sha256(copy).hexdigest()
            if number % _STEP == 0 and number < len(recipients):
                click.echo(f"{number} of {len(recipients)}", err=True)

    def _path(self, recipient: Recipient) -> Path:
        return self._folder / f"{recipient.name}{self._suffix}"


def _checklist(name: str, data: Path | None) -> Checklist:
    from ozgdoc import api

    if Path(name).is_file():
        return api.load(Path(name))
    known = known_checklists(data)
    if name not in known:
        raise click.UsageError(f'there is no data file and no checklist "{name}". Known are: {", ".join(known)}.')
    return known[name]


def _content(path: Path) -> bytes:
    if path.stat().st_size > _MAX_LIST:
        raise UnreadableError(f"{path}: it is larger than {_MAX_LIST // 1_000_000} MB. Divide it.")
    return path.read_bytes()
