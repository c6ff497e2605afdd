"""Forms and reports in a real browser: axe-core finds nothing, the keyboard reaches everything, nothing is lost.

What a program can find: nobody has listened to the pages with a screen reader here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ozgdoc import api
from ozgdoc.contrast import GRAPHIC, contrast
from tests.browser import check, chromium, show
from tests.documents import several_states
from tests.portfolios import answered, one, several, states
from tests.sheets import ozg

NARROW, WIDE = 320, 1280
LANGUAGES = ("de", "en")


def _filled_states(language: str) -> bytes:
    checklist = several_states()
    answers = {point.id: "ja" for point in list(checklist.walk())[::2]}
    # A choice that is not offered any more and a date that is none are shown all the same.
    filled = answered(checklist, "x", answers, text="Text", wahl="drei", tag="bald")
    return api.render(checklist, "html", language=language, submission=filled)


def _filled_ozg(language: str) -> bytes:
    filled = answered(ozg(), "x", {"steuerungskreis": "done"}, projekt="Ein Projekt", stichtag="30.06.2025")
    return api.render(ozg(), "html", language=language, submission=filled)


#: Name → a page in a language. The texts of several_states() and states() are German whatever is asked.
PAGES: dict[str, Callable[[str], bytes]] = {
    "form": lambda language: api.render(ozg(), "html", language=language),
    "form-filled": _filled_ozg,
    "states": lambda language: api.render(several_states(), "html", language=language),
    "states-filled": _filled_states,
    "nested": lambda language: api.render(states(), "html", language=language),
    "one": lambda language: api.report(one(), "html", language=language),
    "several": lambda language: api.report(several(), "html", language=language),
}


SAME_IN_ENGLISH = {("states", "en"), ("nested", "en")}


@functools.cache
def content(name: str, language: str = "de") -> bytes:
    return PAGES[name](language)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def shared(browser: Browser) -> Page:
    return browser.new_context(bypass_csp=True).new_page()


@pytest.fixture
def page(shared: Page) -> Page:
    """Return the page that all tests share, as if it were new."""
    shared.emulate_media(color_scheme="light", forced_colors="none")
    shared.set_viewport_size({"width": WIDE, "height": 900})
    return shared


# ---------------------------------------------------------------------------------------------------------- axe-core


@pytest.mark.parametrize(
    ("name", "language"),
    # In English their texts are the same, and states-filled has their other words.
    [(name, language) for name in PAGES for language in LANGUAGES if (name, language) not in SAME_IN_ENGLISH],
)
def test_axe_finds_nothing(page: Page, name: str, language: str) -> None:
    show(page, content(name, language))
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            broken, undecided = check(page)
            assert broken == {}, (scheme, width)
            # Narrow tables have a shadow and hide what is to be scrolled to; at full width they were looked at.
            contrasts = undecided.pop("color-contrast", []) if width == NARROW else []
            assert [node["html"] for node in contrasts if not _in_table(page, node)] == []
            assert undecided == {}, (scheme, width)
            assert page.evaluate("document.documentElement.scrollWidth") == width


def _in_table(page: Page, node: dict[str, Any]) -> bool:
    return bool(page.evaluate("selector => document.querySelector(selector).closest('.table')", node["target"][0]))


BREAK = {
    "html-has-lang": ('<html lang="de">', "<html>"),
    "document-title": (r"<title>.*?</title>", ""),
    "label": (r'<label for="field-projekt">(.*?)</label>', r"<p>\1</p>"),
    "color-contrast": (r"--theme-muted: #\w+", "--theme-muted: #a0a8b0"),
    "heading-order": (r"<h2>(.*?)</h2>", r"<h4>\1</h4>"),
    "page-has-heading-one": (r"<h1>(.*?)</h1>", r"<p>\1</p>"),
    "svg-img-alt": (r' aria-label="Notwendig"( fill="#\w+")><title>Notwendig</title>', r"\1>"),
    "link-name": (r' role="doc-backlink" aria-label="[^"]*"', ""),
    "list": (r'<ul class="points">', '<ul class="points"><p>x</p>'),
    "landmark-one-main": (r"</?main>", ""),
    "aria-valid-attr-value": ('role="doc-endnotes"', 'role="doc-endnotes" aria-labelledby="nowhere"'),
    "meta-viewport": ("width=device-width, initial-scale=1", "width=device-width, user-scalable=no"),
}


@pytest.mark.parametrize("rule", BREAK)
def test_axe_finds_what_is_broken_on_purpose(page: Page, rule: str) -> None:
    broken, times = re.subn(*BREAK[rule], content("form").decode(), flags=re.DOTALL)
    assert times
    show(page, broken.encode())
    violations, undecided = check(page)
    assert rule in violations | undecided


# ----------------------------------------------------------------------------------------------------- nothing is lost

#: WCAG 2.2, 1.4.12: what a reader may set.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
             p { margin-bottom: 2em !important }"""

#: Texts that stand out of the page or of a box that hides them; a table that scrolls hides nothing for good.
LOST = """() => {
    const lost = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text; text = walker.nextNode(); ) {
        const parent = text.parentElement
        if (!text.data.trim() || parent.closest('svg, select, script, noscript, .unseen, .table')) continue
        const range = document.createRange()
        range.selectNodeContents(text)
        const box = range.getBoundingClientRect()
        if (!box.width || box.left < 0 || box.right > innerWidth) { lost.push(text.data); continue }
        for (let around = parent; around !== document.body; around = around.parentElement) {
            const edge = around.getBoundingClientRect()
            const ends = around.matches('figure, section') || getComputedStyle(around).overflow !== 'visible'
            if (ends && (box.right > edge.right + 1 || box.bottom > edge.bottom + 1)) lost.push(text.data)
        }
    }
    return lost
}"""


@pytest.mark.parametrize(
    ("style", "width"),
    [("", NARROW), (SPACING, WIDE), (SPACING, NARROW), ("html { font-size: 200% !important }", WIDE)],
    ids=["narrow", "spaced", "spaced-narrow", "twice-as-large"],
)
@pytest.mark.parametrize("name", ["form", "states-filled", "nested", "one", "several"])
def test_nothing_is_lost(page: Page, name: str, style: str, width: int) -> None:
    show(page, content(name))
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.set_viewport_size({"width": width, "height": 900})
    page.add_style_tag(content=style or "/* as it is */")
    assert page.evaluate(LOST) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    tables = "[...document.querySelectorAll('.table')].filter(box => box.scrollWidth > box.clientWidth)"
    assert page.evaluate(f"{tables}.every(box => box.tabIndex === 0 && box.getAttribute('aria-label'))")


def test_the_check_sees_what_is_lost(page: Page) -> None:
    show(page, content("form"))
    page.add_style_tag(
        content=".words { height: 1.2em; overflow: hidden } h1 { margin-left: 100vw; white-space: nowrap }"
    )
    page.set_viewport_size({"width": NARROW, "height": 900})
    lost = page.evaluate(LOST)
    assert "Umsetzungscheckliste" in lost
    assert len(lost) > 5


# ----------------------------------------------------------------------------------------------------------- keyboard

#: Everything that answers to keys, in the order of the page; what stands in closed details does not.
REACHABLE = """() => {
    window.reachable = [...document.querySelectorAll('a[href], input, select, button, summary, [tabindex="0"]')]
        .filter(element => element.checkVisibility())
    return reachable.length
}"""

#: Where the focus is, and what shows it.
FOCUS = """() => {
    const element = document.activeElement, style = getComputedStyle(element)
    let ground = element.parentElement
    while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement
    const row = element.closest('.point') ?? element.closest('.field, .notes li, p, summary, .table')
    return {
        index: reachable.indexOf(element), width: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
        outline: style.outlineColor, ground: getComputedStyle(ground ?? document.body).backgroundColor,
        top: row ? row.getBoundingClientRect().top + scrollY : -1,
    }
}"""


def colour(css: str) -> str:
    """Return a computed colour as ``#rrggbb``."""
    numbers = [float(number) for number in re.findall(r"[\d.]+", css)]
    assert css.startswith(("rgb(", "color(srgb "))
    return "#" + "".join(f"{round(n * 255 if css.startswith('color') else n):02x}" for n in numbers[:3])


def walk(page: Page, count: int) -> list[dict[str, Any]]:
    """Press Tab from the top until the focus is there again; return each place once (a date has several stops)."""
    steps: list[dict[str, Any]] = []
    for _ in range(count + 10):
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUS)
        last = steps[-1]["index"] if steps else -1
        if step["index"] < last:
            break
        if step["index"] != last:
            steps.append(step)
    return steps


@pytest.mark.parametrize(
    ("name", "scheme"), [("form", "light"), ("form", "dark"), ("states", "light"), ("one", "dark")]
)
def test_tab_reaches_everything_in_order_and_is_seen(page: Page, name: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": NARROW, "height": 900})
    show(page, content(name))
    count = page.evaluate(REACHABLE)
    steps = walk(page, count)
    assert [step["index"] for step in steps] == list(range(count))
    assert count > 5
    tops = [step["top"] for step in steps]
    assert tops == sorted(tops)
    assert min(step["width"] for step in steps) >= 2
    seen = {(colour(step["outline"]), colour(step["ground"])) for step in steps}
    assert {pair: contrast(*pair) for pair in seen if contrast(*pair) < GRAPHIC} == {}


def test_keys_work_like_the_mouse(page: Page) -> None:
    show(page, content("form"))
    page.focus("#point-steuerungskreis")
    page.keyboard.press("Space")
    assert page.is_checked("#point-steuerungskreis")
    page.keyboard.press("Space")
    assert not page.is_checked("#point-steuerungskreis")
    page.click("label[for=point-steuerungskreis]")
    assert page.is_checked("#point-steuerungskreis")


def test_a_note_is_reached_and_left_with_keys(page: Page) -> None:
    show(page, content("states"))
    page.focus("#ref-n-7")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "note-n"
    for _ in range(7):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#ref-n-7"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "ref-n-7"


def test_details_open_with_keys_and_their_table_is_next(page: Page) -> None:
    show(page, content("one"))
    page.focus("summary")
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement === document.querySelector('details .table')")


def test_a_table_scrolls_with_keys(page: Page) -> None:
    page.set_viewport_size({"width": NARROW, "height": 900})
    show(page, content("one"))
    wide = "box => box.checkVisibility() && box.scrollWidth > box.clientWidth"
    page.evaluate(f"[...document.querySelectorAll('.table')].find({wide}).focus()")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_targets_are_large_enough(page: Page) -> None:
    """2.5.8 lets links in a sentence be smaller; ours are not, but for those that come from the checklist's texts."""
    show(page, content("states"))
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(
            'input:not([hidden]), select, button, sup a, [role=doc-backlink]'
        )].map(element => {
            const box = element.getBoundingClientRect()
            return [element.outerHTML.slice(0, 80), box.width, box.height]
        })"""
    )
    assert len(sizes) > 190
    assert [size for size in sizes if min(size[1:]) < 24] == []


# ------------------------------------------------------------------------------------------------------ forced colours


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_forced_colours_leave_marks_and_bars_recognisable(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, forced_colors="active")  # type: ignore[arg-type]
    show(page, content("form"))
    ground = colour(page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor"))
    marks = page.evaluate(
        """() => [...document.querySelectorAll('.mark circle')].map(shape => {
            const style = getComputedStyle(shape)
            return style.fill === 'none' ? style.stroke : style.fill
        })"""
    )
    assert len(marks) > 29
    assert min(contrast(colour(mark), ground) for mark in marks) > 7
    behind = "new Set([...document.querySelectorAll('.mark')].map(mark => getComputedStyle(mark).backgroundColor))"
    assert page.evaluate(f"[...{behind}]") == ["rgba(0, 0, 0, 0)"]

    show(page, content("one"))
    fills = page.evaluate(
        """() => Object.fromEntries(['.bar .done', '#pattern-open .line', '#pattern-open .ground',
            '#pattern-unclear .ground', '#pattern-unclear .line', '#pattern-exempt .line'].map(
                selector => [selector, getComputedStyle(document.querySelector(selector)).fill]))"""
    )
    ratios = {name: contrast(colour(fill), ground) for name, fill in fills.items()}
    assert {name for name, ratio in ratios.items() if ratio < GRAPHIC} == {
        "#pattern-open .ground",
        "#pattern-unclear .line",
    }
    border = page.evaluate("getComputedStyle(document.querySelector('.bar')).borderTopColor")
    assert contrast(colour(border), ground) >= GRAPHIC
