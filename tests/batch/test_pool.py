"""Workers keep to their limits, end with their parent, and never take a run down with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from ozgdoc.batch.pool import run
from ozgdoc.batch.worker import Lost
from ozgdoc.errors import TemplateError
from ozgdoc.limits import MEGABYTE, Limits
from tests.batch.jobs import job
from tests.files import ROOT

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits this")
LIMITS = Limits(seconds=1, memory=100 * MEGABYTE)


def outcomes(*tasks: str, workers: int = 2) -> list[object]:
    return [result for _, result in run(job, tasks, LIMITS, workers)]


def test_results_come_in_the_order_of_the_tasks() -> None:
    tasks = [f"echo {number}" for number in range(300)]
    assert [(task, f"echo {result}") for task, result in run(job, tasks, LIMITS, 3)] == [(t, t) for t in tasks]


def test_no_task_no_worker() -> None:
    assert outcomes() == []


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("hang", "reading it took more than 1 s. Ask for the file again, or allow more time (--max-seconds)."),
        pytest.param(
            "hog 200",
            "reading it took more than 100 MB of memory. Ask for the file again, or allow more (--max-memory).",
            marks=linux,
        ),
        (f"kill {signal.SIGSEGV:d}", "the process that read it broke down (SIGSEGV). Ask for the file again."),
        (f"kill {signal.SIGKILL:d}", "reading it took more than 100 MB of memory."),
        ("bug", "reading it failed (KeyError in jobs.py, line "),
    ],
)
def test_what_goes_wrong_is_told_and_the_run_goes_on(task: str, said: str) -> None:
    before, lost, *after = outcomes("echo 1", task, "echo 2", "echo 3", "echo 4")
    assert isinstance(lost, Lost)
    assert lost.reason.startswith(said)
    assert [before, *after] == ["1", "2", "3", "4"]


def test_room_below_the_limit_is_given() -> None:
    assert outcomes("hog 80") == [80 * MEGABYTE]


def test_errors_of_ours_come_out_whole() -> None:
    with pytest.raises(TemplateError) as caught:
        outcomes("echo 1", "template Mend it.", "echo 2")
    assert str(caught.value) == "form.xml.j2:7: wrong. Mend it."
    assert caught.value.problem.line == 7


@pytest.mark.parametrize(
    "task", ["write {folder}/x", pytest.param("append {descriptor}", marks=linux), "connect", "start"]
)
def test_what_reading_never_needs_is_refused(task: str, tmp_path: Path) -> None:
    log = (tmp_path / "log").open("wb")
    with log:
        os.set_inheritable(log.fileno(), True)
        (lost,) = outcomes(task.format(folder=tmp_path, descriptor=log.fileno()))
    assert isinstance(lost, Lost)
    assert "Error in " in lost.reason
    assert [path.name for path in tmp_path.iterdir()] == ["log"]
    assert (tmp_path / "log").read_bytes() == b""


def test_tasks_are_taken_as_far_as_they_are_needed() -> None:
    taken = count()
    results = run(job, (f"echo {next(taken)}" for _ in range(10_000)), LIMITS, 2)
    assert next(results) == ("echo 0", "0")
    results.close()
    assert next(taken) < 300


def test_workers_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ozgdoc.batch.pool._RECYCLED_AFTER", 3)
    pids = outcomes(*["pid"] * 9, workers=1)
    assert [len(set(pids[start : start + 3])) for start in (0, 3, 6)] == [1, 1, 1]
    assert len(set(pids)) == 3


PARENT = """
import sys, time
from ozgdoc.batch.pool import run
from ozgdoc.limits import Limits
from tests.batch.jobs import job
for _, result in run(job, ["pid", "pid", "pid", "hang", "hang"], Limits(seconds=float(sys.argv[1])), 2):
    print(result, flush=True)
"""


@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_parent(blow: signal.Signals) -> None:
    # After the parent is gone a worker that hangs ends by its alarm: after twice the time limit and a second.
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, "0.3" if blow != signal.SIGINT else "60"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        assert parent.stdout is not None
        pids = {int(parent.stdout.readline()) for _ in range(3)}
        parent.send_signal(blow)
        parent.wait(5)
    until = time.monotonic() + 5  # the time limit of 60 s after Ctrl-C is far away
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < until, f"{pids} outlived their parent"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def test_ctrl_c_ends_a_command_at_once(tmp_path: Path) -> None:
    fifo = tmp_path / "never.pdf"
    os.mkfifo(fifo)  # opening it waits for somebody who writes
    command = subprocess.Popen(
        [sys.executable, "-m", "ozgdoc", "read", fifo],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 20
    while not (workers := children(command.pid)):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.killpg(command.pid, signal.SIGINT)  # as a terminal does: to the parent and to all workers
    shown, told = command.communicate(timeout=5)
    assert (shown, told, command.returncode) == ("", "interrupted\n", 130)
    assert not any(alive(pid) for pid in workers)


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in found.read_text().split()] if found.exists() else []


def test_a_job_may_be_a_partial() -> None:
    assert [result for _, result in run(partial(pow, 2), [3, 4], LIMITS, 1)] == [8, 16]
