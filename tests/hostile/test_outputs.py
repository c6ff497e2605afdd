"""What strangers typed, called their files, or put into a checklist of their own stays text in everything we make."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from lxml import html
from markdown_it import MarkdownIt

from ozgdoc import api
from ozgdoc.cli import main
from ozgdoc.model import Submission
from tests.hostile.base import KNOWN, base_pdf
from tests.hostile.strangers import TYPED, identities, typed

#: Names of files, as anybody may give them; each is followed by a number, so that no two are the same.
NAMES = (
    "=1+1",
    "+cmd",
    "-x",
    "@SUM(1)",
    "<script>alert(1)<",
    "{{ 7*7 }}",
    "\x1b[31mred",
    "a\nb",
    "a\rb",
    "\u202etxt",
    "%s %(x)s",
    "`id` $(id)",
    "' onmouseover='x",
    "[x](javascript:alert(1))",
    "\udcff\udcfe",
    "\u200b",
)

#: What may be in nothing that goes to a terminal or to a file of ours.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files that mean no good, each of them with a name that does not either."""
    made = tmp_path / "returned"
    made.mkdir()
    cases = [case for case in (*typed(), *identities()) if len(case.data) < 200_000]
    for number, case in enumerate(cases):
        name = os.fsencode(f"{NAMES[number % len(NAMES)]}{number}.pdf")
        Path(os.fsdecode(os.fsencode(made) + b"/" + name)).write_bytes(case.data)
    monkeypatch.chdir(tmp_path)
    return made


def ran(*words: str | Path) -> str:
    """Return what a command shows; some files can't be read, so it ends with 9."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 9, result.output
    assert not CONTROLS.search(result.output)
    return result.stdout


def test_terminal_and_json(folder: Path) -> None:
    shown = ran("read", folder)
    assert "=HYPERLINK" in shown
    lines = [json.loads(line) for line in ran("read", "--json", folder).splitlines()]
    assert {Path(line["source"]).parent.name for line in lines} == {"returned"}
    values = {line["fields"].get("projekt") for line in lines if line["error"] is None}
    assert TYPED["script"][0] in values
    assert TYPED["jinja"][0] in values


def test_reports(folder: Path) -> None:
    check: dict[str, Callable[[str], None]] = {
        "html": only_text_in_html,
        "md": only_text_in_markdown,
        "csv": no_formula_in_csv,
        "json": json.loads,
    }
    for kind, of in check.items():
        ran("report", folder, "-o", f"report.{kind}")
        text = Path(f"report.{kind}").read_bytes().decode("utf-8-sig")
        assert not CONTROLS.search(text.replace("\r\n", "\n")), kind
        assert "49" not in re.findall(r"7\*7|\b49\b", text), kind
        of(text)


def only_text_in_html(text: str) -> None:
    root = html.document_fromstring(text)
    allowed = {element.tag for element in html.document_fromstring(harmless("html")).iter()}
    assert {element.tag for element in root.iter()} <= allowed | {"svg", "rect"}
    attributes = {str(name).lower() for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or name == "srcdoc" for name in attributes)
    targets = {
        str(value) for element in root.iter() for name, value in element.attrib.items() if name in ("href", "src")
    }
    assert not any(not target.startswith("#") for target in targets), targets
    assert TYPED["element"][0] in " ".join(str(part) for part in root.itertext())


def only_text_in_markdown(text: str) -> None:
    # As a page that allows HTML would show it: nothing but what a harmless report has.
    def kinds(source: str) -> set[str]:
        tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(source)
        return {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}

    assert kinds(text) <= kinds(harmless("md")) | {"hardbreak", "softbreak", "text_special"}


def no_formula_in_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    cells = {cell for row in rows for cell in row}
    assert not [cell for cell in cells if cell.lstrip(" ").startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)


def harmless(kind: str) -> str:
    """Return the report on two harmless copies and a file that can't be read."""
    found = [
        *api.read(base_pdf(), name="a.pdf", known=KNOWN),
        *api.read(base_pdf(), name="b.pdf", known=KNOWN),
        Submission("c.pdf", error="it is empty", error_code="unreadable"),
    ]
    return api.report(api.assess(found, known=KNOWN), kind).decode()


@pytest.mark.parametrize("name", ["formula", "script", "jinja", "escape", "markdown", "rtl", "noncharacter", "lines"])
def test_archive_copies(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case = next(case for case in typed() if case.name == name)
    Path("=1+1\x1b[31m<b>.pdf").write_bytes(case.data)
    result = CliRunner().invoke(main, ["archive", "=1+1\x1b[31m<b>.pdf", "-o", "archive"])
    assert (result.exit_code, CONTROLS.search(result.output)) == (0, None), result.output
    (copy,) = Path("archive").iterdir()
    (submission,) = api.read(copy, known=KNOWN)
    assert [(field, submission.fields[field]) for field, _ in case.texts] == list(case.texts)
    with pikepdf.open(copy) as pdf:
        keys = {str(key) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) for key in one.keys()}  # noqa: SIM118
    assert not keys & {"/JS", "/AA", "/OpenAction", "/AcroForm"}


@pytest.mark.parametrize("kind", ["html", "md", "docx", "pdf"])
def test_forms_that_carry_a_strangers_words(kind: str) -> None:
    case = next(case for case in identities() if case.name == "stranger-html-pdf")
    (submission,) = api.read(case.data, name="x", known=KNOWN)
    assert submission.definition is not None
    made = api.render(submission.definition, kind, submission=submission)
    if kind == "html":
        root = html.document_fromstring(made.decode())
        run = [one for one in root.iter("script") if one.get("type") != "application/json"]
        assert not [one for one in run if "alert(" in (one.text or "")]
        assert not list(root.iter("img", "iframe", "object", "embed"))
        assert "{{ 7*7 }}" in made.decode()
    elif kind == "md":
        assert "<script>" not in made.decode()
    else:
        (again,) = api.read(made, name="x", known=KNOWN)
        assert (again.fields, again.answers) == (submission.fields, submission.answers)
