"""Tracked text holds nothing that works on one machine only, and nothing left undone."""

from __future__ import annotations

import re

import pytest

from tests.files import ROOT, tracked

#: The patterns are put together here, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"/(?:work|root|home/\w+|Users/\w+)/(?=[\w.])"),
    "the host of a package registry": re.compile(
        "|".join(
            re.escape(name) + r"\." + ending
            for name, ending in [
                ("pypi", "org"),
                ("pythonhosted", "org"),
                ("registry.npmjs", "org"),
                ("registry.yarnpkg", "com"),
                ("deb.debian", "org"),
                ("security.debian", "org"),
            ]
        )
    ),
    "a place beside the checkout": re.compile(r"\.\./" + "shared"),
    "work left undone": re.compile(r"\b(?:TO" + "DO|FIX" + r"ME|XX" + r"X)\b"),
}

LOCK_FILES = {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "uv.lock", "poetry.lock", "Pipfile.lock"}


def text_of(name: str) -> str | None:
    """Return a tracked file's text, or None if it is not text."""
    content = (ROOT / name).read_bytes()
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_text_holds(what: str) -> None:
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name in tracked()
        if (text := text_of(name)) is not None
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


def test_no_lock_files() -> None:
    assert [name for name in tracked() if name.rsplit("/", 1)[-1] in LOCK_FILES] == []


def test_nothing_made_is_tracked() -> None:
    assert [name for name in tracked() if name.startswith("output/")] == ["output/.gitkeep"]
