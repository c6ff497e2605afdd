"""Commands and what they print, in files that people read. ``ACCEPT=1`` rewrites them; a person reads the difference.

A case is a fenced block: the command behind ``%``, what it prints, the exit code behind ``=>``. A fenced block with a
file's name is that file, in the folder in which the commands of its page run.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from ozgdoc.cli import main
from tests.sheets import ozg_pdf

FOLDER = Path(__file__).parent
FILE = re.compile(r"^```file (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CASE = re.compile(r"^```\n% ozgdoc (.*?)\n(.*?)=> (\d+)\n```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_commands(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for name, content in FILE.findall(text):
        Path(name).write_text(content, "utf-8")
    Path("blank.pdf").write_bytes(ozg_pdf())
    Path("empty.pdf").write_bytes(b"")

    def run(match: re.Match[str]) -> str:
        result = CliRunner().invoke(main, shlex.split(match[1]), prog_name="ozgdoc")
        return f"```\n% ozgdoc {match[1]}\n{result.output}=> {result.exit_code}\n```"

    now, count = CASE.subn(run, text)
    assert count
    if os.environ.get("ACCEPT") == "1":
        page.write_text(now, "utf-8")
    assert now == text
