"""The command line: thin over `ozgdoc.api`. Here, and nowhere else, errors become exit codes."""

from __future__ import annotations

from typing import Any

import click

from ozgdoc import __version__
from ozgdoc.commands import collect, forms, issue, returns, templates
from ozgdoc.errors import DataError, OzgdocError
from ozgdoc.terminal import tell

INTERRUPTED = 130


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


for command in (
    forms.check,
    forms.build,
    issue.issue,
    returns.read,
    returns.archive,
    returns.report,
    collect.collect,
    collect.export,
    templates.schema,
    templates.templates,
):
    main.add_command(command)
