"""Texts stay data, and a template's mistake is told with its name and line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from ozgdoc import document as d
from ozgdoc.errors import TemplateError
from ozgdoc.model import Portfolio
from ozgdoc.status import combine
from ozgdoc.templating import compose, compose_form, compose_report, labels
from ozgdoc.vocabulary import parse
from tests.portfolios import FAILED, NASTY, one, several, states


def composed(folder: Path, template: str, **values: object) -> d.Document:
    (folder / "t.xml.j2").write_text(template, "utf-8")
    return compose("t.xml.j2", "de", folder, values)


def words(document: d.Document) -> str:
    """Return everything that a document says, without markup."""
    out = []
    for block in document.walk():
        match block:
            case d.Heading(content=content) | d.Paragraph(content=content) | d.Checkpoint(content=content):
                out.append(d.plain(content))
            case d.Section(heading=heading):
                out.append(d.plain(heading.content))
            case d.Table(caption=caption, rows=rows):
                out.append(caption)
                out += [d.plain(cell) for row in rows for cell in row]
            case d.Chart(bars=bars):
                out += [f"{bar.label} {bar.value}" for bar in bars]
            case _:
                pass
    return "\n".join(out)


@pytest.mark.parametrize("text", ["<b>", "&", "&amp;", "{{ x }}", "{% if %}", "]]>", "<!--", '"', "'", "\u00ad"])
def test_values_are_escaped(tmp_path: Path, text: str) -> None:
    found = composed(
        tmp_path, '<document title="{{ x }}"><paragraph><text>{{ x }}</text></paragraph></document>', x=text
    )
    assert found.title == text
    assert found.blocks == (d.Paragraph((d.Text(text),)),)


def test_what_xml_cannot_hold_is_replaced(tmp_path: Path) -> None:
    found = composed(tmp_path, '<document title="{{ x }}"/>', x="a\x00b\ud800c")
    assert found.title == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('<document title="t">\n<blink/>\n</document>', "t.xml.j2:2: <blink> can't stand in <document>"),
        (
            '<document title="t">\n\n<paragraph>\n</document>',
            "t.xml.j2:3: what the template renders is not well-formed",
        ),
        ('<document title="t">\n{{ missing }}\n</document>', "t.xml.j2:2: 'missing' is undefined"),
        ('<document title="t">\n{% if %}\n</document>', "t.xml.j2:2: Expected an expression"),
        ('<document title="t">\n<paragraph role="x"/></document>', 't.xml.j2:2: role="x" is not known'),
        ("<paragraph/>", "t.xml.j2:1: the outermost element is <paragraph>"),
        ('{% include "gone.j2" %}', "gone.j2: there is no such template"),
    ],
)
def test_mistakes_are_told_with_template_and_line(tmp_path: Path, template: str, message: str) -> None:
    with pytest.raises(TemplateError) as caught:
        composed(tmp_path, template)
    assert str(caught.value).startswith(message)


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"none\.xml\.j2: there is no such template"):
        compose("none.xml.j2", "de", tmp_path, {})


def test_languages_have_the_same_words() -> None:
    assert labels("de").keys() == labels("en").keys()
    assert labels("tlh") == labels("en")


def test_a_form_says_what_the_checklist_says() -> None:
    text = words(compose_form(states()))
    assert all(wanted in text for wanted in (NASTY, "IT-Grundschutz <Check>", "Unterteil"))


def test_report_about_one() -> None:
    text = words(compose_report(one()))
    wanted = (
        NASTY,
        "2 von 29 Checkpoints erledigt (6\u00a0%), 26 offen, 1 unklar",
        "Offene notwendige Punkte: 17 von 20",
        "Unklare Punkte: 1",
        "nicht angegeben",
        "Die Angaben widersprechen sich; ein Mensch muss hinsehen (fim)",
        "a.pdf",
        "ist ein Vorschlag und nicht bestätigt",
    )
    assert [phrase for phrase in wanted if phrase not in text] == []


def test_report_about_several() -> None:
    text = words(compose_report(several()))
    wanted = (
        FAILED.source,
        str(FAILED.error),
        "2 von 58 Checkpoints erledigt (3\u00a0%), 55 offen, 1 unklar",
        "In jeder Rückmeldung erledigt: 0 von 29 Checkpoints. In mindestens einer: 2 von 29.",
        "2 von 2",
        "1 von 3 Checkpoints erledigt (33\u00a0%), 2 offen, 0 unklar; 1 entfallen und zählen nicht mit",
        "teilweise (offen)",
    )
    assert [phrase for phrase in wanted if phrase not in text] == []


@pytest.mark.parametrize("portfolio", [combine([]), combine([], [FAILED]), several()])
def test_headings_have_no_gaps(portfolio: Portfolio) -> None:
    levels = [block.level for block in compose_report(portfolio).walk() if isinstance(block, d.Heading)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_reports_speak_english() -> None:
    assert "Status report" in words(compose_report(several(), language="en"))


def test_a_no_break_space_stays() -> None:
    _, _, blocks = parse('<document title="x"><paragraph> 12\u00a0%  done\n </paragraph></document>', "x.xml.j2")
    assert blocks == (d.Paragraph((d.Text("12\u00a0% done"),)),)


def test_an_error_in_an_expression_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "form.xml.j2").write_text('<document title="x">\n{{ 1 / 0 }}\n</document>', "utf-8")
    with pytest.raises(TemplateError, match=r"form\.xml\.j2:2: division by zero"):
        compose_form(states(), templates=tmp_path)


def test_a_mark_without_its_note_is_refused_with_its_line(tmp_path: Path) -> None:
    text = '<document title="x">\n<paragraph>a<ref note="n" mark="1"/></paragraph></document>'
    (tmp_path / "form.xml.j2").write_text(text, "utf-8")
    with pytest.raises(TemplateError, match=r'form\.xml\.j2:2: <ref> leads to the note "n"'):
        compose_form(states(), templates=tmp_path)
