"""Commands and what they print, in files that people read. ``ACCEPT=1`` rewrites them; a person reads the difference.

A page's fenced blocks, in their order, in a folder that is empty at first:

    ```file data/visit.yaml       a file with this content
    ```made blank.pdf             a file that a recipe below makes: the recipe's name, then its arguments
    ```                           a case: "% " and the command, what a terminal shows, "=> " and the exit code

Commands are those of ``ozgdoc``, and ``cat`` and ``ls``. ``| head -N`` cuts what is shown.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from ozgdoc import api
from ozgdoc.cli import main
from ozgdoc.model import Submission

FOLDER = Path(__file__).parent
BLOCK = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
HEAD = re.compile(r"(?P<command>.*?) \| head -(?P<lines>\d+)")


@pytest.mark.parametrize("page", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_commands(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = page.read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    now = BLOCK.sub(play, text)
    assert "\n=> " in now
    if os.environ.get("ACCEPT") == "1":
        page.write_text(now, "utf-8")
    assert now == text


def play(block: re.Match[str]) -> str:
    """Make a block's file, or run its command; return the block as it should stand."""
    kind, _, name = block["info"].partition(" ")
    if not kind:
        assert block["body"].startswith("% "), block["body"]
        command = block["body"].partition("\n")[0].removeprefix("% ")
        shown, code = run(command)
        return f"```\n% {command}\n{shown}=> {code}\n```"
    content = block["body"].encode() if kind == "file" else made(block["body"])
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(content)
    return block[0]


def run(command: str) -> tuple[str, int]:
    """Return what a command shows, as whole lines, and its exit code."""
    if cut := HEAD.fullmatch(command):
        shown, code = run(cut["command"])
        return "".join(shown.splitlines(keepends=True)[: int(cut["lines"])]), code
    program, *words = shlex.split(command)
    shown, code = PROGRAMS[program](words)
    return shown if shown.endswith("\n") or not shown else f"{shown}\n", code


def ozgdoc(words: list[str]) -> tuple[str, int]:
    result = CliRunner().invoke(main, words, prog_name="ozgdoc")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.output, result.exit_code


def cat(words: list[str]) -> tuple[str, int]:
    """Show files; a byte order mark and the carriage returns of CSV are not shown, as in a terminal."""
    return "".join(Path(word).read_bytes().decode("utf-8-sig").replace("\r\n", "\n") for word in words), 0


def ls(words: list[str]) -> tuple[str, int]:
    found = sorted(path.as_posix() for word in words for path in Path(word).rglob("*") if path.is_file())
    return "\n".join(found), 0


PROGRAMS: dict[str, Callable[[list[str]], tuple[str, int]]] = {"ozgdoc": ozgdoc, "cat": cat, "ls": ls}


# -------------------------------------------------------------------------------------------------------------- recipes


def made(recipe: str) -> bytes:
    name, *words = shlex.split(recipe)
    return RECIPES[name](*words)


def form(format_: str, data: str, *entries: str) -> bytes:
    """A filled form: ``form pdf visit.yaml team.yes place="Haus 3"`` ticks a box and fills in a field."""
    checklist = api.load(Path(data))
    fields = dict(entry.split("=", 1) for entry in entries if "=" in entry)
    ticked = [entry.partition(".") for entry in entries if "=" not in entry]
    answers = {point: state or checklist.states[0].id for point, _, state in ticked}
    assert answers.keys() <= {point.id for point in checklist.walk()}
    return api.render(checklist, format_, submission=Submission("", fields=fields, answers=answers))


def locked(data: str) -> bytes:
    """A form that needs a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form("pdf", data))))
    writer.encrypt("secret", algorithm="RC4-128")
    return saved(writer)


def contradiction(data: str, point: str) -> bytes:
    """A form one of whose boxes is ticked by its value and empty by what it shows."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form("pdf", data, point))))
    for annotation in writer.pages[0]["/Annots"]:
        box = annotation.get_object()
        if box.get("/T") == point:
            box[NameObject("/AS")] = NameObject("/Off")
    return saved(writer)


def foreign() -> bytes:
    """A sound PDF of somebody else: one empty page."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    return saved(writer)


def flattened(data: str) -> bytes:
    """A form as a virtual printer leaves it: the page with its private data, without fields."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form("pdf", data))))
    del writer.root_object["/AcroForm"]
    for page in writer.pages:
        del page["/Annots"]
    return saved(writer)


def packed(data: str) -> bytes:
    """A zip file with a filled form, a form inside of an archive inside, and a letter."""
    inner, out = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("../north.docx", form("docx", data, "plan.yes"))
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("south.pdf", form("pdf", data, "team.yes"))
        archive.writestr("more.zip", inner.getvalue())
        archive.writestr("letter.txt", "Dear all")
        archive.writestr("Thumbs.db", "x")
    return out.getvalue()


def saved(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


RECIPES: dict[str, Callable[..., bytes]] = {
    "form": form,
    "locked": locked,
    "contradiction": contradiction,
    "foreign": foreign,
    "flattened": flattened,
    "packed": packed,
    "hex": bytes.fromhex,
    "nothing": bytes,
}
