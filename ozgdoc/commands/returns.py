"""Commands on what came back: read it, archive it, report on it."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ozgdoc.commands.common import (
    bounds,
    current_time,
    data_option,
    expanded,
    find_theme,
    known_checklists,
    looks,
    read_all,
    settle,
)
from ozgdoc.formats import FORMATS
from ozgdoc.terminal import complain, show

if TYPE_CHECKING:
    from ozgdoc.limits import Limits
    from ozgdoc.model import Submission

REPORT_FORMATS = tuple(name for name, format_ in FORMATS.items() if format_.report)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@data_option
@bounds
def read(files: tuple[Path, ...], as_json: bool, data: Path | None, limits: Limits) -> None:
    """Read filled forms, recognised by their content.

    They may be PDF, Word, OpenDocument, FDF, XFDF or what web forms save. A folder stands for all files in it, and so
    do a zip file, an e-mail and a PDF with attachments. A file that can't be read is told, and the others are read all
    the same.

    \b
    Example:
      ozgdoc read returned/*.pdf
      ozgdoc read --json returned | jq .answers
    """
    from ozgdoc import api

    known = known_checklists(data)
    failed: list[Submission] = []
    count = 0
    for submission in read_all(files, known, limits):
        count += 1
        if as_json:
            from ozgdoc.wire import shown, submission_to_json

            click.echo(shown(submission_to_json(submission)))
        elif submission.error is None:
            show(api.assess([submission], known=known).statuses[0])
        if submission.error is not None:
            failed.append(submission)
            complain(submission)
    settle(failed, count)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("archive"),
    show_default=True,
    metavar="DIR",
    help="Folder for the archive copies.",
)
@data_option
@looks
@bounds
def archive(
    files: tuple[Path, ...],
    output: Path,
    data: Path | None,
    language: str | None,
    templates: Path | None,
    theme: Path | None,
    limits: Limits,
) -> None:
    """Make archive copies of filled forms: PDF/A-2a, nothing on them can be changed any more.

    An archive copy shows the form as it was filled in, from whichever file it was read, and reads back exactly. Its
    name is that of the file with the first digits of the file's SHA-256. A folder stands for all files in it.

    \b
    Example:
      ozgdoc archive returned/*.pdf returned/*.docx -o archive
    """
    from ozgdoc.batch import archive_files
    from ozgdoc.files import write_file

    known, look, when = known_checklists(data), find_theme(theme, templates), current_time()
    failed: list[Submission] = []
    count = 0
    results = archive_files(
        expanded(files),
        when=when,
        known=known,
        language=language,
        templates=templates,
        theme=look,
        limits=limits,
    )
    with closing(results):
        for copy in chain.from_iterable(results):
            count += 1
            if copy.data is None:
                failed.append(copy.submission)
                complain(copy.submission)
                continue
            path, warnings = output / copy.name, len(copy.submission.warnings)
            if path.exists():
                click.echo(f"{path}  (there already, left as it is)")
                continue
            write_file(path, copy.data)
            click.echo(f"{path}  (warnings: {warnings})" if warnings else str(path))
    settle(failed, count)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
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
@click.option("--store", metavar="URL", help="A store in place of files; see: ozgdoc collect.")
@data_option
@looks
@bounds
def report(
    files: tuple[Path, ...],
    output: Path,
    format_: str | None,
    store: str | None,
    data: Path | None,
    language: str | None,
    templates: Path | None,
    theme: Path | None,
    limits: Limits,
) -> None:
    """Make a status report from filled forms.

    Files that can't be read are named in the report and on the terminal.

    \b
    Example:
      ozgdoc report returned/*.pdf returned/*.docx -o report.html
      ozgdoc report --store returns.sqlite -o report.html
    """
    from ozgdoc import api
    from ozgdoc.files import write_file

    chosen = format_ or output.suffix.lstrip(".").lower()
    if chosen not in REPORT_FORMATS:
        raise click.UsageError(f"{output}: the suffix says no format. Use one of: .{', .'.join(REPORT_FORMATS)}")
    if bool(files) == bool(store):
        raise click.UsageError("Name either files or a store.")
    known = known_checklists(data)
    submissions = _counting(store) if store else list(read_all(files, known, limits))
    failed = [submission for submission in submissions if submission.error is not None]
    for submission in failed:
        complain(submission)
    portfolio = api.assess(submissions, known=known, language=language)
    look = find_theme(theme, templates)
    write_file(output, api.report(portfolio, chosen, language=language, templates=templates, theme=look))
    click.echo(f"{output}: {len(portfolio.statuses)} of {len(submissions)} files")
    settle(failed, len(submissions))


def _counting(store: str) -> list[Submission]:
    """Return the submissions of a store that count, each with what was asked when it was collected."""
    from ozgdoc.store import open_store

    with open_store(store, create=False) as opened:
        return [one.submission for one in opened.submissions()]
