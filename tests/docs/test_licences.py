"""Every tracked file has a licence, by REUSE.toml (REUSE specification 3.3), and every licence has its text."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.files import ROOT, tracked

RULES = tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))["annotations"]


def matches(pattern: str, path: str) -> bool:
    """Tell whether a path matches a REUSE pattern: ``*`` stays within a folder, ``**`` does not."""
    parts = re.split(r"(\*\*|\*)", pattern)
    return bool(re.fullmatch("".join({"*": "[^/]*", "**": ".*"}.get(part, re.escape(part)) for part in parts), path))


def rule(path: str) -> dict[str, str]:
    """Return the rule for a path: as REUSE says, the last one that matches."""
    return next((r for r in reversed(RULES) if matches(r["path"], path)), {})


def test_every_file_has_a_licence_and_a_copyright() -> None:
    keys = ("SPDX-License-Identifier", "SPDX-FileCopyrightText")
    assert [path for path in tracked() if not all(rule(path).get(key) for key in keys)] == []


def test_every_licence_has_its_text_and_every_text_is_used() -> None:
    texts = {path.stem for path in (ROOT / "LICENSES").iterdir()}
    assert {r["SPDX-License-Identifier"] for r in RULES} == texts


@pytest.mark.parametrize("pattern", [r["path"] for r in RULES])
def test_every_rule_matches_a_file(pattern: str) -> None:
    assert any(matches(pattern, path) for path in tracked())


@pytest.mark.parametrize(
    ("path", "licence"),
    [
        ("templates/fonts/NotoSans-Regular.ttf", "OFL-1.1"),
        ("templates/icc/sRGB2014.icc", "LicenseRef-ICC"),
        ("ozgdoc/__init__.py", "EUPL-1.2"),
    ],
)
def test_foreign_files_keep_their_licence(path: str, licence: str) -> None:
    assert rule(path)["SPDX-License-Identifier"] == licence


def test_the_licence_of_the_whole_is_the_same_text() -> None:
    assert (ROOT / "LICENSE").read_bytes() == (ROOT / "LICENSES" / "EUPL-1.2.txt").read_bytes()


def test_fonts_and_profiles_all_have_a_rule_of_their_own() -> None:
    suffixes = {".ttf", ".otf", ".woff", ".woff2", ".icc"}
    foreign = [path for path in tracked() if Path(path).suffix in suffixes]
    assert foreign
    assert [path for path in foreign if rule(path)["SPDX-License-Identifier"] == "EUPL-1.2"] == []
