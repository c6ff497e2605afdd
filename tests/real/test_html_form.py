"""The web form in a real browser, opened from a file under its own policy: what is saved is what was entered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from ozgdoc import api
from ozgdoc.model import Checklist, Submission
from tests.browser import chromium
from tests.documents import several_states
from tests.sheets import OZG, ozg

POINTS = [point.id for point in ozg().walk()]
#: What a single line can hold: the browser takes line ends out.
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page on which nothing may go wrong and nothing is asked for."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: complaints.append(request.url) if not request.url.startswith(("file:", "blob:")) else None,
    )
    yield page
    assert complaints == []
    context.close()


def opened(page: Page, folder: Path, checklist: Checklist | None = None, **options: Any) -> None:
    file = folder / "form.html"
    file.write_bytes(api.render(checklist or ozg(), "html", **options))
    page.goto(file.as_uri())


def saved(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name="Antworten speichern").click()
    return download.value.path().read_bytes()


def told(page: Page) -> list[str]:
    return page.locator("#answers [role=status]").all_inner_texts()


def test_what_is_saved_reads_back(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path, instance="k-17")
    page.get_by_label("Aufbau Steuerungskreis").check()
    page.fill("#field-projekt", "</script><!-- Łódź 😀 =1+1")
    page.fill("#field-stichtag", "2025-03-01")
    [submission] = api.read(saved(page))
    assert (submission.error, submission.channel, submission.instance) == (None, "html", "k-17")
    assert [point for point, answer in submission.answers.items() if answer != "open"] == ["steuerungskreis"]
    assert submission.fields["projekt"] == "</script><!-- Łódź 😀 =1+1"
    assert submission.fields["stichtag"] == "2025-03-01"
    assert submission.warnings == ()
    assert told(page) == [
        "1 von 29 Checkpoints angekreuzt",
        "Gespeichert als ozg-umsetzungscheckliste-k-17.json. Senden Sie diese Datei zurück.",
    ]


def test_it_says_itself_what_it_asked(page: Page, tmp_path: Path) -> None:
    checklist = several_states()
    opened(page, tmp_path, checklist)
    page.check("#point-punkt-3-nein")
    page.check("#point-unten-ja")
    page.select_option("#field-wahl", "zwei")
    [submission] = api.read(saved(page), known={})
    assert submission.definition == checklist
    assert {point: answer for point, answer in submission.answers.items() if answer != "open"} == {
        "punkt-3": "nein",
        "unten": "ja",
    }
    assert submission.fields == {"text": "", "wahl": "zwei", "tag": ""}
    assert [notice.code for notice in submission.warnings] == ["unregistered"]


@pytest.fixture
def shared(page: Page, tmp_path: Path) -> Page:
    opened(page, tmp_path)
    return page


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(POINTS)), st.fixed_dictionaries({"projekt": TEXTS, "behoerde": TEXTS}))
def test_any_values_are_saved_loaded_and_read(shared: Page, ticked: set[str], texts: dict[str, str]) -> None:
    for name, text in texts.items():
        shared.fill(f"#field-{name}", text)
    shared.evaluate(
        "ticked => document.querySelectorAll('[type=checkbox]').forEach(box => {"
        " if (box.checked !== ticked.includes(box.id.slice(6))) box.click() })",
        sorted(ticked),
    )
    data = saved(shared)
    [submission] = api.read(data, known={OZG: ozg()})
    assert {point for point, answer in submission.answers.items() if answer == "done"} == ticked
    assert set(submission.answers.values()) <= {"done", "open"}
    value = json.loads(data)
    assert {name: value["fields"][name] for name in texts} == texts

    # Loading it into a page that was changed since gives the same again.
    shared.click("#point-mvp")
    shared.fill("#field-projekt", "x")
    shared.once("dialog", lambda dialog: dialog.accept())
    load(shared, data)
    assert told(shared)[1] == "Die Antworten wurden geladen."
    assert {name: shared.input_value(f"#field-{name}") for name in texts} == texts
    boxes = "[...document.querySelectorAll('[type=checkbox]:checked')].map(box => box.id.slice(6))"
    assert set(shared.evaluate(boxes)) == ticked


def load(page: Page, data: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Gespeicherte Antworten laden").click()
    chooser.value.set_files({"name": "x.json", "mimeType": "application/json", "buffer": data})
    page.locator("#answers [role=status]").nth(1).filter(has_text=re.compile(".")).wait_for()


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        (lambda value: b"no JSON", "enthält keine"),
        (lambda value: b"null", "enthält keine"),
        (lambda value: json.dumps({**value, "ozgdoc": 2}).encode(), "enthält keine"),
        (lambda value: json.dumps({**value, "content": "0"}).encode(), "anderen Checkliste"),
    ],
)
def test_a_foreign_file_is_not_loaded(shared: Page, change: Any, answer: str) -> None:
    shared.check("#point-mvp")
    data = saved(shared)
    load_other = change(json.loads(data))
    shared.check("#point-fim")
    load(shared, load_other)
    assert answer in told(shared)[1]
    assert shared.is_checked("#point-fim")


def test_loading_over_unsaved_changes_asks_first(shared: Page) -> None:
    data = saved(shared)
    shared.check("#point-fim")
    shared.once("dialog", lambda dialog: dialog.dismiss())
    with shared.expect_file_chooser() as chooser:
        shared.get_by_role("button", name="Gespeicherte Antworten laden").click()
    with shared.expect_event("dialog"):
        chooser.value.set_files({"name": "x.json", "mimeType": "application/json", "buffer": data})
    assert shared.is_checked("#point-fim")


def test_leaving_with_unsaved_changes_warns(shared: Page) -> None:
    asked: list[str] = []

    def leave(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    shared.on("dialog", leave)
    shared.reload()
    assert asked == []
    shared.click("#point-mvp")
    shared.reload()
    assert asked == ["beforeunload"]
    shared.click("#point-fim")
    saved(shared)
    shared.reload()
    assert asked == ["beforeunload"]


def test_missing_and_half_entries_are_marked_and_told(shared: Page) -> None:
    assert shared.locator("[aria-invalid]").count() == 0
    shared.focus("#field-stichtag")
    shared.keyboard.type("03")
    saved(shared)
    assert told(shared)[1].endswith("Noch leer oder unvollständig: Umsetzungsprojekt, Stichtag.")
    assert shared.locator("[aria-invalid=true]").count() == 2
    shared.fill("#field-projekt", "x")
    shared.fill("#field-stichtag", "2025-03-01")
    shared.focus("#point-mvp")
    assert shared.locator("[aria-invalid]").count() == 0
    assert told(shared)[1] == ""


def test_a_date_that_is_none_survives_loading(page: Page, tmp_path: Path) -> None:
    filled = Submission("x", fields={"stichtag": "bald", "projekt": "p"}, answers={})
    opened(page, tmp_path, submission=filled)
    data = saved(page)
    opened(page, tmp_path)
    load(page, data)
    assert json.loads(saved(page)) == json.loads(data)
    assert json.loads(data)["fields"]["stichtag"] == "bald"


def test_without_scripts_it_says_how_to_send_it(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    opened(page, tmp_path)
    shown = page.inner_text("main")
    assert "Dieser Browser führt kein JavaScript aus" in shown
    assert "Antworten speichern" not in shown
    context.close()


def test_on_paper_there_is_nothing_to_press(shared: Page) -> None:
    shared.emulate_media(media="print")
    assert not shared.is_visible("#answers")


def test_texts_of_the_data_can_not_break_out(page: Page, tmp_path: Path) -> None:
    nasty = "</script><script>document.title = 'out'</script><!-- ]]> \\u2028"
    data = f"""
id: nasty
version: "1"
title: "Nasty"
language: de
sections:
  - id: a
    title: A
    checkpoints:
      - {{id: b, text: {json.dumps(nasty)}}}
"""
    checklist = api.load(data.encode())
    opened(page, tmp_path, checklist, instance="</script>")
    page.check("#point-b")
    [submission] = api.read(saved(page), known={})
    assert page.title() == "Nasty"
    assert (submission.answers, submission.instance) == ({"b": "done"}, "</script>")
    assert submission.definition == checklist
