"""The HTML page holds everything, asks for nothing, and keeps texts texts."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest
from lxml import etree
from lxml import html as lxml_html

from ozgdoc import document as d
from ozgdoc.model import Checklist, Submission
from ozgdoc.templating import compose_form, compose_report, labels
from ozgdoc.theme import load_theme
from ozgdoc.writers.html import write
from tests.portfolios import NASTY, answered, one, several, states
from tests.sheets import ozg


def page(document: d.Document) -> etree._Element:
    return lxml_html.document_fromstring(write(document, load_theme()).decode())


def report_of(*blocks: d.Block) -> d.Document:
    return d.Document("t", "de", blocks, words=labels("de"))


@pytest.fixture(params=["form", "states", "one", "several"])
def document(request: pytest.FixtureRequest) -> d.Document:
    return {
        "form": lambda: compose_form(ozg()),
        "states": lambda: compose_form(states()),
        "one": lambda: compose_report(one()),
        "several": lambda: compose_report(several()),
    }[request.param]()


def test_page_asks_for_nothing(document: d.Document) -> None:
    tree = page(document)
    assert not tree.xpath("//link|//img|//iframe|//@style|//@src|//@*[starts-with(name(), 'on')]")
    assert [script.get("type") for script in tree.xpath("//script")] == (
        ["application/json", None] if document.form else []
    )
    assert "url(http" not in tree.findtext(".//style")
    assert "@import" not in tree.findtext(".//style")


def test_policy_lets_exactly_the_one_style_through(document: d.Document) -> None:
    text = write(document, load_theme()).decode()
    style = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    assert len(style) == 1
    scripts = re.findall("<script>(.*?)</script>", text, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert len(hashes) == (1 if document.form else 0)
    assert lxml_html.document_fromstring(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        + "".join(f"script-src 'sha256-{found}'; " for found in hashes)
        + "base-uri 'none'; form-action 'none'"
    ]


def test_ids_are_unique_and_every_reference_arrives(document: d.Document) -> None:
    tree = page(document)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    targets = [target[1:] for target in tree.xpath("//a/@href") if target.startswith("#")]
    targets += tree.xpath("//label/@for") + tree.xpath("//@aria-describedby")
    assert set(targets) <= set(ids)


def test_every_input_has_a_name_for_people_and_one_for_programs() -> None:
    tree = page(compose_form(ozg()))
    boxes = tree.xpath("//input[@type='checkbox']")
    assert [box.get("name") for box in boxes] == [f"checkpoints.{point.id}" for point in ozg().walk()]
    assert all(box.get("aria-label") for box in boxes)
    fields = tree.xpath("//div[@class='field']//input|//div[@class='field']//select")
    assert [field.get("name") for field in fields] == [f"fields.{field.id}" for field in ozg().fields]
    assert all(tree.xpath(f"//label[@for='{field.get('id')}']") for field in fields)


def test_several_states_have_a_box_each() -> None:
    tree = page(compose_form(states(), submission=answered(states(), "x", {"b1": "teilweise"}, art="anderes")))
    assert tree.xpath("//input[@checked]/@name") == ["checkpoints.b1.teilweise"]
    assert len(tree.xpath("//input[@type='checkbox']")) == 16
    assert tree.xpath("//option[@selected]/text()") == ["anderes"]


def test_notes_lead_there_and_back_from_every_place() -> None:
    tree = page(compose_form(states()))
    assert tree.xpath("//a[@role='doc-noteref']/@href") == ["#note-n", "#note-n"]
    assert tree.xpath("//a[@role='doc-backlink']/@href") == ["#ref-n-1", "#ref-n-2"]


def test_texts_stay_texts() -> None:
    tree = page(compose_form(states()))
    assert NASTY in list(tree.xpath("//p/span/text()"))
    assert not tree.xpath("//b|//i|//foto")


def test_only_harmless_addresses_become_links() -> None:
    targets = (
        "https://a.b",
        "HTTP://a.b",
        "mailto:a@b.c",
        "javascript:alert(1)",
        "data:,x",
        "//a.b",
        "file:///x",
        " https:",
    )
    links = tuple(d.Link(target, (d.Text(target),)) for target in targets)
    tree = page(report_of(d.Paragraph(links)))
    assert tree.xpath("//p/a/@href") == list(targets[:3])
    assert tree.xpath("string(//p)") == "".join(targets)


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("", "date", ""),
        ("30.06.2025", "date", "2025-06-30"),
        ("2025-06-30", "date", "2025-06-30"),
        ("bald", "text", "bald"),
    ],
)
def test_dates_are_dates_where_they_are(value: str, kind: str, shown: str) -> None:
    field = page(report_of(d.Fields((d.Field("f", "F", "date", value),)))).xpath("//input")[0]
    assert (field.get("type"), field.get("value")) == (kind, shown)


def test_charts_say_their_numbers_in_words() -> None:
    parts = (d.Part("done", "erledigt", 1), d.Part("open", "offen", 2), d.Part("unclear", "unklar", 0))
    tree = page(report_of(d.Chart("T", "S", (d.Bar("B", "1 von 3", parts),))))
    picture = tree.xpath("//svg[@role='img']")[0]
    assert picture.get("aria-label") == "1 erledigt, 2 offen, 0 unklar"
    assert [rect.get("width") for rect in picture.xpath("rect[@class!='cut']")] == ["33.333%", "66.667%"]
    assert tree.xpath("//details//td/text()") == ["1", "2", "0"]
    assert tree.xpath("//span[@class='value']/text()") == ["1 von 3"]


def test_tables_name_their_rows_and_columns() -> None:
    tree = page(compose_report(several()))
    assert all(table.find("caption") is not None for table in tree.iter("table"))
    assert {cell.get("scope") for cell in tree.xpath("//thead//th")} == {"col"}
    assert {cell.get("scope") for cell in tree.xpath("//tbody//th")} == {"row"}


def test_theme_cannot_leave_the_style() -> None:
    theme = replace(load_theme(), family='x"; } </style><b>')
    assert not lxml_html.document_fromstring(write(report_of(), theme).decode()).xpath("//b")


def test_same_document_same_bytes() -> None:
    def sheet(checklist: Checklist, submission: Submission) -> bytes:
        return write(compose_form(checklist, submission=submission), load_theme())

    assert sheet(ozg(), answered(ozg(), "x", {})) == sheet(ozg(), answered(ozg(), "x", {}))
