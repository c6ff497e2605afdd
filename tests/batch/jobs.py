"""What the pool's tests ask workers to do: ``word rest`` calls the word's function with the rest."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from ozgdoc.errors import Problem, TemplateError
from ozgdoc.limits import MEGABYTE


def job(task: str) -> object:
    word, _, rest = task.partition(" ")
    return JOBS[word](rest)


def echo(rest: str) -> str:
    print("a reader must not print")
    return rest


def bug(rest: str) -> None:
    raise KeyError(rest)


def template(rest: str) -> None:
    raise TemplateError(Problem("code", "form.xml.j2", 7, "wrong", rest))


JOBS: dict[str, Callable[[str], object]] = {
    "echo": echo,
    "bug": bug,
    "template": template,
    "pid": lambda _: os.getpid(),
    "hang": lambda _: time.sleep(60),
    "hog": lambda megabytes: len(bytearray(int(megabytes) * MEGABYTE)),
    "kill": lambda number: os.kill(os.getpid(), int(number)),
    "write": lambda path: Path(path).write_text("written"),
    "append": lambda descriptor: os.write(int(descriptor), b"written"),  # past Python's own ways
    "connect": lambda _: socket.create_connection(("127.0.0.1", 9), timeout=1),
    "start": lambda _: subprocess.run(["true"], check=False),
}
