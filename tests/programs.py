"""Programs that tests drive but that ozgdoc itself never needs.

Whoever lacks one sees the test skipped with the program's name. In CI (``CI=true``) that would hide a hole, so there it
fails. ``make test`` installs them where it can.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest

NODE_FOLDER = Path(__file__).parent / "node"
#: PyPDFForm with the older pypdf that it needs, see the Makefile.
PYPDFFORM = Path(__file__).parent.parent / ".cache" / "pypdfform"


def missing(name: str) -> NoReturn:
    """Skip the running test because of a missing program; in CI fail it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed", pytrace=False)
    pytest.skip(f"{name} is not installed")


def program(name: str) -> str:
    """Return the path of a program on the search path, such as ``qpdf``."""
    return shutil.which(name) or missing(name)


def node_package(name: str) -> Path:
    """Return the folder of an npm package that tests/node/package.json asks for."""
    folder = NODE_FOLDER / "node_modules" / name
    return folder if folder.is_dir() else missing(f"npm package {name}")


def system_python(binding: str) -> str:
    """Return Debian's own Python if it has this GObject binding, such as ``Poppler``; a venv can't install those."""
    return "/usr/bin/python3" if _has_binding(binding) else missing(f"gir1.2 binding {binding}")


@functools.cache
def _has_binding(binding: str) -> bool:
    probe = ["/usr/bin/python3", "-c", f"from gi.repository import {binding}"]
    return Path(probe[0]).exists() and subprocess.run(probe, check=False, capture_output=True).returncode == 0


def run(
    args: Sequence[str | Path], timeout: float = 60, *, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end and return what it printed; anything but exit code 0 fails the test.

    Args:
        args: the program and its arguments.
        timeout: in seconds.
        env: replaces the whole environment, if given.
    """
    command = [str(arg) for arg in args]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=timeout, cwd=cwd, env=env, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.fail(f"{' '.join(command)} did not end within {timeout:g} s", pytrace=False)
    if done.returncode:
        tail = (done.stdout + done.stderr)[-4000:]
        pytest.fail(f"{' '.join(command)} ended with exit code {done.returncode}:\n{tail}", pytrace=False)
    return done
