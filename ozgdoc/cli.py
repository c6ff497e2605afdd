"""The command line: thin over `ozgdoc.api`. Here, and nowhere else, errors become exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ozgdoc import __version__
from ozgdoc.errors import BatchError, DataError, OutputError, OzgdocError, UnknownFormError, UnreadableError
from ozgdoc.formats import FORMATS
from ozgdoc.terminal import complain, show, tell

if TYPE_CHECKING:
    from ozgdoc.model import Checklist, Submission
    from ozgdoc.theme import Theme

INTERRUPTED = 130
_Command = TypeVar("_Command", bound=Callable[..., Any])

FORM_FORMATS = tuple(name for name, format_ in FORMATS.items() if format_.form)
REPORT_FORMATS = tuple(name for name, format_ in FORMATS.items() if format_.report)


class _Group(click.Group):
    """Turns ozgdoc's errors into a message on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DataError as error:
            for problem in error.problems:
                tell(problem)
            ctx.exit(error.exit_code)
        except OzgdocError as error:
            click.echo(f"{click.style('error', fg='red', bold=True)}: {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            ctx.exit(INTERRUPTED)


def _looks(command: _Command) -> _Command:
    """Add the options that say how a result looks."""
    for option in (
        click.option("--theme", type=click.Path(path_type=Path), metavar="FILE", help="Colours, fonts and page."),
        click.option(
            "--templates",
            type=click.Path(path_type=Path, exists=True, file_okay=False),
            metavar="DIR",
            help="Own templates; see: ozgdoc templates.",
        ),
        click.option("--language", metavar="TAG", help="Language, such as de or en; the checklist's own by default."),
    ):
        command = option(command)
    return command


_data = click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Folder with the data files of checklists, instead of ./data; the built-in ones are known anyway.",
)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ozgdoc")
def main() -> None:
    """Make fillable checklists, and read them back.

    One data file becomes PDF, Word, HTML and Markdown; what returns becomes a status report.

    \b
    Example:
      ozgdoc build                                  forms of all checklists, into output/
      ozgdoc report returned/*.pdf -o report.html   what came back on them
    """


# -------------------------------------------------------------------------------------------------------------- check


@main.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--theme", type=click.Path(path_type=Path), metavar="FILE", help="Theme to check too: colours, letters.")
def check(files: tuple[Path, ...], theme: Path | None) -> None:
    """Check data files: everything that is wrong, with file, line and remedy.

    Without FILE, all checklists under ./data are checked.

    \b
    Example:
      ozgdoc check data/umsetzungscheckliste.yaml
    """
    from ozgdoc import api

    look, failed = _theme(theme, None), False
    for problem in look.problems:
        tell(problem)
    for file in files or _data_files():
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


# -------------------------------------------------------------------------------------------------------------- build


@main.command()
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
@_looks
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

    look = _theme(theme, templates)
    sheets = [(file, api.load(file)) for file in files or _data_files()]
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


# --------------------------------------------------------------------------------------------------------------- read


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@_data
def read(files: tuple[Path, ...], as_json: bool, data: Path | None) -> None:
    """Read filled forms: PDF and Word, recognised by their content.

    A folder stands for all files in it. A file that can't be read is told, and the others are read all the same.

    \b
    Example:
      ozgdoc read returned/*.pdf
      ozgdoc read --json returned | jq .answers
    """
    from ozgdoc import api

    known = _known(data)
    failed: list[Submission] = []
    count = 0
    for submission in _read(files, known):
        count += 1
        if as_json:
            from ozgdoc.wire import submission_to_json

            click.echo(json.dumps(submission_to_json(submission), ensure_ascii=False))
        elif submission.error is None:
            show(api.assess([submission], known=known).statuses[0])
        if submission.error is not None:
            failed.append(submission)
            complain(submission)
    _settle(failed, count)


def _read(files: Iterable[Path], known: Mapping[str, Checklist]) -> Iterator[Submission]:
    from ozgdoc import api

    for file in _expanded(files):
        yield from api.read(file, name=click.format_filename(file), known=known)


def _expanded(files: Iterable[Path]) -> Iterator[Path]:
    for file in files:
        if file.is_dir():
            yield from sorted(path for path in file.rglob("*") if path.is_file() and not path.name.startswith("."))
        else:
            yield file


def _settle(failed: list[Submission], count: int) -> None:
    """Leave with the exit code that fits the files that failed."""
    if failed and count > 1:
        raise BatchError(f"{len(failed)} of {count} files could not be read; each was named above.")
    if failed:
        unknown = failed[0].error_code == "unknown-form"
        click.get_current_context().exit(UnknownFormError.exit_code if unknown else UnreadableError.exit_code)


# ------------------------------------------------------------------------------------------------------------- report


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("report.html"),
    show_default=True,
    metavar="FILE",
    help="Where to write the report; its suffix says the format.",
)
@click.option(
    "-f", "--format", "format_", type=click.Choice(REPORT_FORMATS), help="Format, if the suffix doesn't say it."
)
@_data
@_looks
def report(
    files: tuple[Path, ...],
    output: Path,
    format_: str | None,
    data: Path | None,
    language: str | None,
    templates: Path | None,
    theme: Path | None,
) -> None:
    """Make a status report from filled forms.

    Files that can't be read are named in the report and on the terminal.

    \b
    Example:
      ozgdoc report returned/*.pdf returned/*.docx -o report.html
    """
    from ozgdoc import api
    from ozgdoc.files import write_file

    chosen = format_ or output.suffix.lstrip(".").lower()
    if chosen not in REPORT_FORMATS:
        raise click.UsageError(f"{output}: the suffix says no format. Use one of: .{', .'.join(REPORT_FORMATS)}")
    known = _known(data)
    submissions = list(_read(files, known))
    failed = [submission for submission in submissions if submission.error is not None]
    for submission in failed:
        complain(submission)
    portfolio = api.assess(submissions, known=known, language=language)
    look = _theme(theme, templates)
    write_file(output, api.report(portfolio, chosen, language=language, templates=templates, theme=look))
    click.echo(f"{output}: {len(portfolio.statuses)} of {len(submissions)} files")
    _settle(failed, len(submissions))


# -------------------------------------------------------------------------------------------------- schema, templates


@main.command()
@click.argument("name", type=click.Choice(["checklist", "theme"]), default="checklist")
def schema(name: str) -> None:
    """Print the JSON Schema of data files, or of themes.

    \b
    Example:
      ozgdoc schema > data/checklist.schema.json
    """
    from ozgdoc import resources

    click.echo((resources.data_folder() / f"{name}.schema.json").read_text("utf-8"), nl=False)


@main.group()
def templates() -> None:
    """List the built-in templates, or copy them to change them."""


def _templates() -> dict[str, Path]:
    from ozgdoc import resources

    folder = resources.share() / "templates"
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


@templates.command("list")
def list_templates() -> None:
    """List the built-in templates.

    \b
    Example:
      ozgdoc templates list
    """
    for name in _templates():
        click.echo(name)


@templates.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("my-templates"),
    show_default=True,
    metavar="DIR",
    help="Folder to copy to.",
)
def eject(names: tuple[str, ...], output: Path) -> None:
    """Copy built-in templates into a folder, to change them and use them with --templates.

    Without NAME, all but the fonts are copied. What is there already is never overwritten.

    \b
    Example:
      ozgdoc templates eject form.xml.j2 -o my-templates
      ozgdoc build --templates my-templates
    """
    from ozgdoc.files import write_file

    known = _templates()
    for name in names or [name for name in known if not name.startswith(("fonts/", "icc/"))]:
        if name not in known:
            raise click.UsageError(f'there is no template "{name}". See: ozgdoc templates list')
        path = output / name
        if path.exists():
            raise OutputError(f"{path}: it is there already. Remove it, or name another folder with -o.")
        write_file(path, known[name].read_bytes())
        click.echo(str(path))


# ------------------------------------------------------------------------------------------------------------ helpers


def _theme(path: Path | None, folder: Path | None) -> Theme:
    from ozgdoc.theme import load_theme

    return load_theme(path, folder)


def _data_files() -> tuple[Path, ...]:
    """Return the data files of ./data, or the built-in ones where there is none."""
    from ozgdoc import resources

    return resources.data_files(Path("data")) or resources.data_files()


def _known(folder: Path | None) -> dict[str, Checklist]:
    """Return the known checklists: those of the folder that was named or of ./data, and the built-in ones."""
    from ozgdoc import api, resources

    known: dict[str, Checklist] = {}
    for file in resources.data_files(folder or Path("data")):
        try:
            checklist = api.load(file)
        except DataError:
            # One broken file must not keep the forms of the others from being read.
            click.echo(f"warning: {file} is no sound checklist and was left out; ozgdoc check says why", err=True)
        else:
            known.setdefault(checklist.id, checklist)
    return known | {name: value for name, value in api.checklists().items() if name not in known}
