"""A pool of worker processes, one task at a time in each, with limits; results come in the order of the tasks.

All of this runs in the parent, in one thread, and only while somebody asks for the next result. The workers' side is
`ozgdoc.batch.worker`. What crosses over must pickle: tasks and results always, the job itself where processes are not
forked.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Generic, TypeVar

from ozgdoc.batch.worker import Lost, died, serve, too_long
from ozgdoc.errors import OzgdocError
from ozgdoc.limits import DEFAULT, Limits

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

#: Tasks that a worker has at once: while it sends one result, the next task is there already.
_AT_ONCE = 2
#: Tasks that are under way or done before the result asked for: one slow file must not stop the other workers.
_LOOK_AHEAD = 200
#: Tasks after which a worker is replaced, so that what one file left behind in it does not stay for ever.
_RECYCLED_AFTER = 1000
#: Seconds in which a worker must have started; a machine under load takes its time.
_START = 60.0


def run(
    job: Callable[[_Task], _Result],
    tasks: Iterable[_Task],
    limits: Limits = DEFAULT,
    workers: int | None = None,
    prepare: Callable[[], None] | None = None,
) -> Iterator[tuple[_Task, _Result | Lost]]:
    """Yield each task with its result, or with the reason why there is none, in the order of the tasks.

    Args:
        job: runs in the workers.
        tasks: taken only as far ahead as is needed to keep the workers busy.
        limits: of time and memory for each task.
        workers: how many processes at most; one for each core that may be used by default.
        prepare: runs before memory is limited: in the parent where workers are forks of it, else in each worker.

    Raises:
        OzgdocError: the job raised it, which ends everything. Other exceptions are that task's reason to be lost.
    """
    pool = _Pool(job, tasks, limits, workers or _cores(), prepare)
    try:
        yield from pool.results()
    finally:
        pool.kill()


class _Worker:
    """One process, as the parent sees it.

    Attributes:
        numbers: of the tasks that it has; it works on the first.
        deadline: when that one must be done, by the monotonic clock.
        given: how many tasks it ever got.
    """

    def __init__(self, process: BaseProcess, connection: Connection[Any, Any]) -> None:
        self.process = process
        self.connection = connection
        self.numbers: deque[int] = deque()
        self.deadline = time.monotonic() + _START
        self.given = 0

    def kill(self) -> None:
        """End the process at once; it has nothing that could be lost."""
        self.process.kill()
        self.process.join()
        self.connection.close()
        self.process.close()


class _Pool(Generic[_Task, _Result]):
    def __init__(
        self,
        job: Callable[[_Task], _Result],
        tasks: Iterable[_Task],
        limits: Limits,
        size: int,
        prepare: Callable[[], None] | None,
    ) -> None:
        self._job, self._limits, self._size, self._prepare = job, limits, size, prepare
        self._tasks = enumerate(tasks)
        self._again: deque[tuple[int, _Task]] = deque()  # tasks of workers that died on another one
        self._open: dict[int, _Task] = {}  # without a result so far
        self._done: dict[int, tuple[_Task, _Result | Lost]] = {}
        self._workers: list[_Worker] = []
        self._context = _context()
        if prepare and self._context.get_start_method() == "fork":
            prepare()

    def results(self) -> Iterator[tuple[_Task, _Result | Lost]]:
        number = 0
        while True:
            self._give()
            if self._open:
                self._listen(block=number not in self._done)
            if number in self._done:
                yield self._done.pop(number)
                number += 1
            elif not self._open:
                return

    def kill(self) -> None:
        while self._workers:
            self._workers.pop().kill()

    # ------------------------------------------------------------------------------------------------------- tasks

    def _give(self) -> None:
        """Give tasks to workers that can take one more; start workers where that is needed and allowed."""
        while self._again or len(self._open) + len(self._done) < _LOOK_AHEAD:
            worker = self._next_worker()
            if worker is None or (entry := self._next_task()) is None:
                return
            number, task = entry
            self._open[number] = task
            if not worker.numbers and worker.given:
                worker.deadline = time.monotonic() + self._limits.seconds
            worker.numbers.append(number)
            worker.given += 1
            try:
                worker.connection.send(task)
            except OSError:
                continue  # it has died; who listens to it next finds out, and what it was given is given again

    def _next_task(self) -> tuple[int, _Task] | None:
        return self._again.popleft() if self._again else next(self._tasks, None)

    def _next_worker(self) -> _Worker | None:
        takers = [one for one in self._workers if len(one.numbers) < _AT_ONCE and one.given < _RECYCLED_AFTER]
        best = min(takers, key=lambda one: len(one.numbers), default=None)
        if (best is None or best.numbers) and len(self._workers) < self._size:
            entry = self._next_task()
            if entry is None:
                return None
            self._again.appendleft(entry)
            best = self._start()
        return best

    # ----------------------------------------------------------------------------------------------------- workers

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        forked = self._context.get_start_method() == "fork"
        # A fork holds the parent's ends of all pipes; it must let go of them, or nobody would notice a death.
        inherited = [ours, *(worker.connection for worker in self._workers)] if forked else []
        prepare = None if forked else self._prepare
        process = self._context.Process(  # type: ignore[attr-defined]  # the stubs know it of the contexts only
            target=serve, args=(self._job, theirs, self._limits, prepare, inherited), daemon=True
        )
        with _no_interrupt():
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _listen(self, *, block: bool) -> None:
        """Take what workers have said; end those whose time is over."""
        busy = [worker for worker in self._workers if worker.numbers]
        patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic()) if block else 0.0
        ready = wait([worker.connection for worker in self._workers], patience)
        for worker in list(self._workers):
            if worker.connection in ready:
                self._hear(worker)
            elif worker.numbers and time.monotonic() >= worker.deadline:
                self._lose(worker, too_long(self._limits))

    def _hear(self, worker: _Worker) -> None:
        try:
            said = worker.connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            worker.process.join(1)
            self._lose(worker, died(worker.process.exitcode, self._limits))
            return
        worker.deadline = time.monotonic() + self._limits.seconds
        if said is None:  # it has started
            return
        if isinstance(said, OzgdocError):
            raise said
        if isinstance(said, Lost):
            self._lose(worker, said)
            return
        self._settle(worker.numbers.popleft(), said[0])
        if worker.given >= _RECYCLED_AFTER and not worker.numbers:
            self._lose(worker, None)

    def _lose(self, worker: _Worker, reason: Lost | None) -> None:
        """End a worker. The task that it worked on has no result; its other task is somebody else's."""
        self._workers.remove(worker)
        worker.kill()
        if worker.numbers and reason is not None:
            self._settle(worker.numbers.popleft(), reason)
        self._again.extend((number, self._open.pop(number)) for number in worker.numbers)

    def _settle(self, number: int, result: _Result | Lost) -> None:
        self._done[number] = (self._open.pop(number), result)


def _context() -> BaseContext:
    """Return how processes are started: forks take 10 ms, but are safe only of a process with a single thread.

    Elsewhere on Linux a server that is started once forks them; on other systems each starts from nothing.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    single = threading.active_count() == 1 and len(list(Path("/proc/self/task").iterdir())) == 1
    context = multiprocessing.get_context("fork" if single else "forkserver")
    if not single:
        context.set_forkserver_preload([__name__.rpartition(".")[0]])
    return context


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back until a new process has learnt to leave it to its parent."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
