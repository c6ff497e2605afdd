"""What the command line shows people: problems, and one submission as a sheet. Strangers' texts are made harmless."""

from __future__ import annotations

import click

from ozgdoc.errors import Problem
from ozgdoc.model import Status, Submission
from ozgdoc.readers.filled import clean_text

_MARKS = {"done": "[x]", "open": "[ ]", "unclear": "[?]", "exempt": "[-]"}
_COLOURS = {"done": "green", "unclear": "yellow", "exempt": "bright_black"}


def tell(problem: Problem) -> None:
    """Print a finding about a data file, on stderr."""
    colour = "red" if problem.severity == "error" else "yellow"
    click.echo(f"{click.style(problem.severity, fg=colour, bold=True)}: {problem}", err=True)


def complain(submission: Submission) -> None:
    """Print why a file could not be read, on stderr."""
    click.echo(
        f"{click.style('error', fg='red', bold=True)}: {_line(submission.source)}: {_line(submission.error or '')}",
        err=True,
    )


def show(status: Status) -> None:
    """Print one submission as a sheet."""
    submission = status.submission
    click.secho(_line(submission.source), bold=True)
    click.echo(f"  {status.title}, {_line(submission.version or '')} ({submission.checklist}, {submission.channel})")
    if submission.instance:
        click.echo(f"  {_line(submission.instance)}")
    width = max((len(label) for _, label, _ in status.fields), default=0)
    for _, label, value in status.fields:
        click.echo(f"  {label:{width}}  {_line(value) or '–'}")
    total = status.total
    exempt = f", {total.exempt} exempt" if total.exempt else ""
    click.echo(f"  {total.done} of {total.expected} done, {total.open} open, {total.unclear} unclear{exempt}")
    _show_points(status)
    for warning in submission.warnings:
        where = f"{_line(warning.where)}: " if warning.where else ""
        click.echo(f"  {click.style('warning', fg='yellow', bold=True)}: {where}{_line(warning.message)}")


def _show_points(status: Status) -> None:
    several = len(status.states) > 1
    names = dict(status.states)
    for section in status.sections:
        click.echo(f"  {section.label}")
        for point in status.points:
            if point.section == section.id:
                answer = f"  ({names[point.answer]})" if several and point.answer in names else ""
                mark = click.style(_MARKS[point.meaning], fg=_COLOURS.get(point.meaning))
                click.echo(f"    {mark} {point.text}{answer}")


def _line(text: str) -> str:
    """Return a stranger's text as one line without control characters."""
    return " ".join(clean_text(text).split())
