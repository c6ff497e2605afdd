"""The workers' side: take a task, do it within limits, send the result; end when the parent does.

All of this runs in the worker processes, but for the reasons in words. What a worker may not do, by system:

    everywhere  Python's own ways to a network, to other programs and to writing files (an audit hook)
    POSIX       write a byte into any file, dump core, start processes or threads (the latter not for root)
    Linux       hold more memory than allowed

That keeps a library from doing what nobody asked it to. It is no sandbox: code that took over a worker would run with
the user's rights.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from ozgdoc.errors import OzgdocError
from ozgdoc.limits import MEGABYTE, Limits

if sys.platform != "win32":
    import resource


class Lost(NamedTuple):
    """Why a task has no result: what happened, and what to do about it."""

    reason: str


def serve(
    job: Callable[[Any], object],
    connection: Connection[Any, Any],
    limits: Limits,
    prepare: Callable[[], None] | None,
    inherited: Iterable[Connection[Any, Any]],
) -> None:
    """Work until the parent closes the connection, or something goes wrong that is no error of ours.

    Sent are None once when all is ready, then for each task ``(result,)``, the OzgdocError that the job raised, or a
    `Lost`, after which the process ends.

    Args:
        inherited: connections of the parent that a fork has copies of.
    """
    _be_quiet()
    for other in inherited:
        other.close()
    if prepare:
        prepare()
    _give_up_rights(limits)
    with _LastWords(connection, limits):
        connection.send(None)
        while True:
            try:
                task = connection.recv()
            except (EOFError, ConnectionError):
                return
            # The parent ends us when time is over; this is for when the parent is gone.
            _alarm(2 * limits.seconds + 1)
            try:
                answer: object = (job(task),)
            except OzgdocError as error:
                answer = error
            _alarm(0)
            try:
                connection.send(answer)
            except ConnectionError:
                return


class _LastWords:
    """Tells the parent what a process dies of."""

    def __init__(self, connection: Connection[Any, Any], limits: Limits) -> None:
        self._connection, self._limits = connection, limits

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, MemoryError):
            traceback.clear_frames(trace)  # they hold what took so much
            self._connection.send(too_much(self._limits))
        elif isinstance(error, Exception):
            place = traceback.extract_tb(trace)[-1]
            where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
            self._connection.send(Lost(f"reading it failed ({where}). That is a bug; please report it."))


# ------------------------------------------------------------------------------------------------------- what happened


def too_long(limits: Limits) -> Lost:
    """Return that a task took too much time."""
    return Lost(
        f"reading it took more than {limits.seconds:g} s. Ask for the file again, or allow more time (--max-seconds)."
    )


def too_much(limits: Limits) -> Lost:
    """Return that a task took too much memory."""
    return Lost(
        f"reading it took more than {limits.memory // MEGABYTE} MB of memory. "
        "Ask for the file again, or allow more (--max-memory)."
    )


def died(code: int | None, limits: Limits) -> Lost:
    """Return what the end of a process that said nothing means.

    Args:
        code: its exit code, negative for a signal.
    """
    if sys.platform != "win32":
        if code == -signal.SIGALRM:
            return too_long(limits)
        # Not by us: the system kills whoever takes too much, and C++ libraries abort when they get no more memory.
        if code in (-signal.SIGKILL, -signal.SIGABRT):
            return too_much(limits)
    return Lost(f"the process that read it broke down ({_ended(code)}). Ask for the file again.")


def _ended(code: int | None) -> str:
    if code is not None and code < 0 and -code in {int(one) for one in signal.Signals}:
        return signal.Signals(-code).name
    return f"exit code {code}"


# ------------------------------------------------------------------------------------------------------ what is allowed


def _be_quiet() -> None:
    """Print nothing, whoever tries, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.disable()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    sys.stdout = sys.stderr = os.fdopen(nowhere, "w")  # a program that captures its output has put others there
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGALRM})


def _give_up_rights(limits: Limits) -> None:
    sys.dont_write_bytecode = True
    sys.addaudithook(_refuse)
    if sys.platform == "win32":
        return
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NPROC, 0)
    if sys.platform == "linux":
        held = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        _limit(resource.RLIMIT_AS, held + limits.memory)


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _alarm(seconds: float) -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


#: Audit events (https://docs.python.org/3/library/audit_events.html) of what reading a file never needs.
_REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.startfile")
_REFUSED_TOO = frozenset(
    f"os.{name}" for name in ("chmod", "chown", "link", "mkdir", "remove", "rename", "rmdir", "symlink", "truncate")
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _refuse(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        if isinstance(args[2], int) and args[2] & _WRITES:
            raise PermissionError("a process that reads strangers' files writes none")
    elif event.startswith(_REFUSED) or event in _REFUSED_TOO:
        raise PermissionError(f"a process that reads strangers' files does no {event}")
