"""Commands on a store: collect returned files into it, export what is in it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ozgdoc.commands.common import bounds, current_time, data_option, expanded, known_checklists
from ozgdoc.errors import BatchError

if TYPE_CHECKING:
    from rich.progress import Progress

    from ozgdoc.collect import Counts
    from ozgdoc.limits import Limits

#: Seconds between two lines about the progress, where there is no terminal to draw on.
_EVERY = 10.0

store_option = click.option(
    "--store",
    required=True,
    metavar="URL",
    help="A file for SQLite, or postgresql://user@host/name.",
)


class _Shard(click.ParamType[tuple[int, int]]):
    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Return (i, n) of the text i/n."""
        found = re.fullmatch(r"(\d{1,9})/(\d{1,9})", value)
        if found is None or not 1 <= int(found[1]) <= int(found[2]):
            self.fail(f"{value!r} is not i/n with 1 ≤ i ≤ n, such as 2/8", param, ctx)
        return int(found[1]), int(found[2])


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@store_option
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Folder for originals, quarantine and lists; the store's name with .files by default.",
)
@click.option("--again", is_flag=True, help="Read files once more that failed before.")
@click.option(
    "--shard", type=_Shard(), metavar="I/N", help="Take only the I-th of N parts, chosen by the files' paths."
)
@click.option(
    "--workers", type=click.IntRange(1, 1000), metavar="N", help="Processes that read; one a core by default."
)
@click.option(
    "--watch",
    type=click.FloatRange(0.1, 86_400),
    metavar="S",
    help="Go on until Ctrl-C: look every S seconds for files that have come and grow no more.",
)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@data_option
@bounds
def collect(
    paths: tuple[Path, ...],
    store: str,
    output: Path | None,
    again: bool,
    shard: tuple[int, int] | None,
    workers: int | None,
    watch: float | None,
    quiet: bool,
    data: Path | None,
    limits: Limits,
) -> None:
    """Read filled forms into a store, any number of them.

    A file that is in the store already, under whichever name, is skipped; so the same command goes on after an
    interruption. A newer return of a form that was issued to somebody takes the place of the older one. What can't be
    read is put aside and listed, and so is what somebody has to look at.

    \b
    Example:
      ozgdoc collect returned --store returns.sqlite
      ozgdoc collect inbox --store returns.sqlite --watch 10
      ozgdoc collect returned --store postgresql://ozg@db/returns -o /srv/returns
    """
    from ozgdoc import collect as collecting
    from ozgdoc.store import open_store

    def wanted() -> Iterator[Path]:
        return collecting.shard(expanded(paths), *shard) if shard else expanded(paths)

    with open_store(store) as opened:
        folder = output or (Path(f"{opened.path}.files") if opened.path else Path("collected"))
        run = partial(
            collecting.collect,
            store=opened,
            folder=folder,
            known=known_checklists(data),
            clock=current_time,
            limits=limits,
            workers=workers,
            again=again,
        )
        if watch:
            _watch(run, wanted, watch, quiet)
        with _telling(wanted, quiet) as told:
            counts = run(wanted(), told=told)
    if not quiet:
        click.echo(_summary(counts))
    if bad := counts.failed + counts.failed_before + counts.unopened:
        raise BatchError(f"{bad} of {counts.total} files could not be read: see {folder / 'quarantine.csv'}")


@click.command()
@store_option
@click.option(
    "--parquet",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write: one row a submission, one column a checkpoint.",
)
@click.option("--checklist", metavar="ID", help="Whose submissions, if the store holds those of several.")
@click.option("--history", is_flag=True, help="Those too that a newer return took the place of.")
def export(store: str, parquet: Path, checklist: str | None, history: bool) -> None:
    """Write what is in a store as Parquet.

    \b
    Example:
      ozgdoc export --store returns.sqlite --parquet returns.parquet
    """
    from ozgdoc import parquet as writer
    from ozgdoc.store import open_store

    with open_store(store, create=False) as opened:
        count = writer.export(opened, parquet, checklist=checklist, history=history)
    click.echo(f"{parquet}: {count} submissions")


def _watch(run: Callable[..., Counts], wanted: Callable[[], Iterator[Path]], seconds: float, quiet: bool) -> NoReturn:
    """Collect what comes, again and again."""
    from ozgdoc.collect import Watched

    watched = Watched()
    while True:
        if ready := watched.ready(wanted()):
            counts = run(ready)
            if not quiet:
                click.echo(_summary(counts))
        time.sleep(seconds)


def _telling(wanted: Callable[[], Iterator[Path]], quiet: bool) -> AbstractContextManager[Callable[[Counts], None]]:
    return nullcontext(_silence) if quiet else _Told(sum(1 for _ in wanted()))


def _silence(_: Counts) -> None:
    """Tell nothing."""


def _summary(counts: Counts) -> str:
    return f"{counts.total} files: {_parts(counts)}"


def _parts(counts: Counts) -> str:
    parts = {
        "read": counts.read,
        "to review": counts.review,
        "failed": counts.failed,
        "can't be opened": counts.unopened,
        "known already": counts.known,
    }
    return ", ".join(f"{value} {name}" for name, value in parts.items() if value or name == "read")


class _Told:
    """Shows on stderr how far it is: a bar on a terminal, else a line now and then.

    It is drawn when there is something new, by the one thread there is: processes are started faster then.
    """

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._total, self._start, self._line = total, time.monotonic(), time.monotonic()
        console = Console(stderr=True)
        self._bar: Progress | None = None
        if console.is_terminal:
            columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
            self._bar = Progress(*columns, TextColumn("{task.fields[counts]}"), console=console, auto_refresh=False)
            self._task = self._bar.add_task("", total=total, rate="", counts="")

    def __enter__(self) -> _Told:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, counts: Counts) -> None:
        """Show what was counted."""
        now = time.monotonic()
        rate = counts.total / (now - self._start) if now > self._start else 0.0
        if self._bar:
            told = f"{counts.review} to review, {counts.failed + counts.unopened} failed, {counts.known} known"
            self._bar.update(self._task, completed=counts.total, rate=f"{rate:.0f}/s", counts=told, refresh=True)
        elif now >= self._line + _EVERY:
            self._line = now
            left = f", {(self._total - counts.total) / rate:.0f} s left" if rate else ""
            click.echo(f"{counts.total} of {self._total}, {rate:.0f}/s{left}: {_parts(counts)}", err=True)
