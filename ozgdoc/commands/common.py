"""What several commands share: options, and how they find data files and returned files."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ozgdoc.errors import BatchError, DataError, UnknownFormError, UnreadableError
from ozgdoc.limits import DEFAULT, MEGABYTE, Limits

if TYPE_CHECKING:
    from ozgdoc.model import Checklist, Submission
    from ozgdoc.theme import Theme

_Command = TypeVar("_Command", bound=Callable[..., Any])


def looks(command: _Command) -> _Command:
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


data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Folder with the data files of checklists, instead of ./data; the built-in ones are known anyway.",
)


def bounds(command: _Command) -> _Command:
    """Add the options that say what one file may cost. They come as ``limits``."""

    @functools.wraps(command)
    def with_limits(max_seconds: int, max_memory: int, max_size: int, **rest: Any) -> Any:
        limits = Limits(max_seconds, max_memory * MEGABYTE, max_size * MEGABYTE)
        return command(**rest, limits=limits)

    for name, metavar, default, help_ in (
        ("--max-size", "MB", DEFAULT.size // MEGABYTE, "Refuse a file that is larger."),
        ("--max-memory", "MB", DEFAULT.memory // MEGABYTE, "Give a file up that takes more memory to read (Linux)."),
        ("--max-seconds", "S", round(DEFAULT.seconds), "Give a file up that takes longer to read."),
    ):
        kind = click.IntRange(1, 1_000_000)
        option = click.option(name, type=kind, metavar=metavar, default=default, show_default=True, help=help_)
        with_limits = option(with_limits)
    return with_limits  # type: ignore[return-value]  # it takes what click gives


def read_all(files: Iterable[Path], known: Mapping[str, Checklist], limits: Limits) -> Iterator[Submission]:
    """Yield what stands in some files and folders."""
    from ozgdoc.batch import read_files

    # Closed at once when the command ends, whichever way: no process may outlive it.
    with closing(read_files(expanded(files), known, limits)) as results:
        for submissions in results:
            yield from submissions


def expanded(files: Iterable[Path]) -> Iterator[Path]:
    """Yield files; a folder stands for all files in it and below, but for hidden ones.

    A folder that can't be listed is yielded itself: who opens it finds out why.
    """
    for file in files:
        if file.is_dir():
            yield from _below(file)
        else:
            yield file


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder as they are found, so that any number takes no memory."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _below(folder / entry.name)
        elif entry.is_file() and not entry.name.startswith("."):
            yield folder / entry.name


def settle(failed: list[Submission], count: int) -> None:
    """Leave with the exit code that fits the files that failed."""
    if failed and count > 1:
        raise BatchError(f"{len(failed)} of {count} files could not be read; each was named above.")
    if failed:
        unknown = failed[0].error_code == "unknown-form"
        click.get_current_context().exit(UnknownFormError.exit_code if unknown else UnreadableError.exit_code)


def find_theme(path: Path | None, folder: Path | None) -> Theme:
    """Return the theme that the options name."""
    from ozgdoc.theme import load_theme

    return load_theme(path, folder)


def current_time() -> datetime:
    """Return the time, or the one that SOURCE_DATE_EPOCH names (https://reproducible-builds.org/specs)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now().astimezone()


def data_files() -> tuple[Path, ...]:
    """Return the data files of ./data, or the built-in ones where there is none."""
    from ozgdoc import resources

    return resources.data_files(Path("data")) or resources.data_files()


def known_checklists(folder: Path | None) -> dict[str, Checklist]:
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
