"""Debian's Chromium, driven by Playwright, which brings none of its own here; and axe-core in its pages."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.programs import node_package, program

#: Nothing but the page that it is told to show.
QUIET = (
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
)

#: Every rule of axe-core for WCAG 2.0, 2.1 and 2.2 on levels A and AA, and its best practices.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser."""
    path = program("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


@functools.cache
def _axe() -> str:
    return (node_package("axe-core") / "axe.min.js").read_text("utf-8")


def show(page: Page, content: bytes) -> None:
    """Show a page anew, with axe-core loaded into it. Its context must bypass the page's own security policy."""
    page.goto("about:blank")  # else the browser keeps the place in the page before
    page.set_content(content.decode())
    page.evaluate(_axe())


def check(page: Page) -> tuple[dict[str, list[str]], dict[str, list[dict[str, Any]]]]:
    """Return what axe-core finds: rule → places that break it, and rule → nodes that it could not decide on."""
    options = {"resultTypes": ["violations", "incomplete"], "runOnly": {"type": "tag", "values": TAGS}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return (
        {rule["id"]: [node["html"] for node in rule["nodes"]] for rule in found["violations"]},
        {rule["id"]: rule["nodes"] for rule in found["incomplete"]},
    )
