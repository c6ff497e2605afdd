"""Commands on data files: check them, build the blank forms."""

from __future__ import annotations

from pathlib import Path

import click

from ozgdoc.commands.common import data_files, find_theme, looks
from ozgdoc.errors import DataError, OutputError
from ozgdoc.formats import FORMATS
from ozgdoc.terminal import tell

FORM_FORMATS = tuple(name for name, format_ in FORMATS.items() if format_.form)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option(
    "--theme",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Theme to check too: its colours, and whether its fonts have the letters.",
)
def check(files: tuple[Path, ...], theme: Path | None) -> None:
    """Check data files: everything that is wrong, with file, line and remedy.

    Without FILE, all checklists under ./data are checked.

    \b
    Example:
      ozgdoc check data/umsetzungscheckliste.yaml
    """
    from ozgdoc import api

    look, failed = find_theme(theme, None), False
    for problem in look.problems:
        tell(problem)
    for file in files or data_files():
        try:
            problems = api.check(file, theme=look)
        except DataError as error:
            problems = error.problems
        for problem in problems:
            tell(problem)
        wrong = any(problem.severity == "error" for problem in problems)
        failed = failed or wrong
        if not wrong:
            checklist = api.load(file)
            count, notes = len(list(checklist.walk())), len(checklist.footnotes)
            click.echo(f"{file}: {click.style('ok', fg='green')}, checkpoints: {count}, footnotes: {notes}")
    if failed:
        click.get_current_context().exit(DataError.exit_code)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORM_FORMATS),
    help="Format to make; may be repeated. All by default.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("output"),
    show_default=True,
    metavar="DIR",
    help="Folder for the forms.",
)
@looks
def build(
    files: tuple[Path, ...],
    formats: tuple[str, ...],
    output: Path,
    language: str | None,
    templates: Path | None,
    theme: Path | None,
) -> None:
    """Build the blank forms of checklists.

    Without FILE, all checklists under ./data are built, or the built-in one where there are none.

    \b
    Example:
      ozgdoc build data/umsetzungscheckliste.yaml --format pdf -o forms
    """
    from ozgdoc import api
    from ozgdoc.files import write_file

    look = find_theme(theme, templates)
    sheets = [(file, api.load(file)) for file in files or data_files()]
    owners: dict[str, Path] = {}
    for file, checklist in sheets:
        if (other := owners.setdefault(checklist.id, file)) != file:
            raise OutputError(f'{file}: {other} has the id "{checklist.id}" too. Give each checklist an id of its own.')
    for file, checklist in sheets:
        if language and language not in checklist.languages():
            has = ", ".join(checklist.languages())
            raise click.UsageError(f"{file}: its title has no text in the language {language}. It has: {has}.")
    for _, checklist in sheets:
        infix = f".{language}" if language and language != checklist.language else ""
        for name in formats or FORM_FORMATS:
            form = api.render(checklist, name, language=language, templates=templates, theme=look)
            path = output / f"{checklist.id}{infix}{FORMATS[name].suffix}"
            write_file(path, form)
            click.echo(str(path))
