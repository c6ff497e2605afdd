"""Markdown that is read back says the same, whatever the texts are."""

from __future__ import annotations

import os
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ozgdoc import document as d
from ozgdoc.templating import compose_form, compose_report, labels
from ozgdoc.theme import load_theme
from ozgdoc.writers.markdown import write
from tests.files import ROOT
from tests.portfolios import NASTY, several, states
from tests.sheets import ozg

#: Text as it stands on a sheet: no control characters, and no white space that every format folds.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), include_characters=" ")).map(
    lambda text: " ".join(text.split(" ")).strip()
)
MARKUP = st.text("*_`#+-=.:!|<>[](){}~^$@&;x1a \\'\"/").map(str.strip)


def markdown(*blocks: d.Block) -> str:
    return write(d.Document("t", "de", blocks, words=labels("de")), load_theme()).decode()


def texts(source: str) -> list[str]:
    """Return what a reader of CommonMark with tables sees, one entry per run of text."""

    def visible(tokens: list[Token]) -> str:
        return "".join("\n" if t.type == "hardbreak" else t.content for t in tokens if t.type != "html_inline")

    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    return [visible(token.children or []) for token in tokens if token.type == "inline"]


@given(st.one_of(TEXTS, MARKUP).filter(bool))
@example("1. x")
@example("- x")
@example("+")
@example("# x")
@example("x ##")
@example("===")
@example("a|b\\|c")
@example("[x] y")
@example("&amp;")
@example("http://a.b/c_d")
@example(NASTY)
def test_any_text_stays_the_same(text: str) -> None:
    inline = (d.Text(text),)
    assert texts(markdown(d.Paragraph(inline))) == [text]
    assert texts(markdown(d.Heading(2, inline))) == [text]
    assert texts(markdown(d.Table("c", (d.Column("a"),), ((inline,),)))) == ["c", "a", text]
    point = d.Checkpoint("p", inline, (d.Box("p", "done", "Erledigt", "l"),))
    assert texts(markdown(point)) == [f"[ ] {text}"]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "data:,x", "//x", "vbscript:x"])
def test_dangerous_links_stay_text(target: str) -> None:
    assert "](" not in markdown(d.Paragraph((d.Link(target, (d.Text("x"),)),)))


def test_addresses_cannot_leave_their_brackets() -> None:
    source = markdown(d.Paragraph((d.Link("https://a.b/ >)<script>", (d.Text("x"),)),)))
    assert source == "[x](<https://a.b/%20%3E)%3Cscript%3E>)\n"


def test_breaks_and_emphasis() -> None:
    content = (d.Strong((d.Text("fett "),)), d.Text("und"), d.Break(), d.Text("- weiter"))
    assert markdown(d.Paragraph(content)) == "**fett** und\\\n\\- weiter\n"


def test_form_holds_every_point_once_as_a_task() -> None:
    source = write(compose_form(ozg()), load_theme()).decode()
    assert len(re.findall(r"^- \[ \] ", source, re.MULTILINE)) == 29
    assert len(re.findall(r"^\[\^[a-z-]+\]: ", source, re.MULTILINE)) == len(ozg().footnotes)


def test_several_states_are_tasks_below_their_point() -> None:
    source = write(compose_form(states()), load_theme()).decode()
    assert "- \\# Zwei[^n] (noch in Bearbeitung)\n  - [ ] ja\n" in source
    assert "  - 1\\. Unterpunkt[^n]\n    - [ ] ja\n" in source


def test_report_tables_have_all_their_cells() -> None:
    source = write(compose_report(several()), load_theme()).decode()
    tables = re.findall(r"(?:^\|.*\|\n)+", source, re.MULTILINE)
    assert tables
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_form_is_as_accepted() -> None:
    """Compare with the file that a person has read; ``ACCEPT=1`` writes it anew."""
    golden = ROOT / "tests/golden/umsetzungscheckliste.md"
    written = write(compose_form(ozg()), load_theme())
    if os.environ.get("ACCEPT"):
        golden.write_bytes(written)
    assert written.decode() == golden.read_text("utf-8")
