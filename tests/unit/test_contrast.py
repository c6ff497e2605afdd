"""What must be told apart can be: on paper, and in what the style sheet makes of any theme on a screen."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from ozgdoc import api
from ozgdoc.contrast import GRAPHIC, PAIRS, PAPER, TEXT, WARNING, contrast, luminance, shown
from ozgdoc.resources import data_files, find
from ozgdoc.theme import load_theme

STYLE = find("html/style.css").read_text("utf-8")
NAMES = tuple(asdict(load_theme().colours))


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#000000", 21),
        ("#123456", "#123456", 1),
        # The examples that W3C's "Understanding 1.4.3" and its techniques give for text on white.
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#949494", "#ffffff", 3.03),
        ("#ff0000", "#ffffff", 4.00),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_ratios_are_those_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


def test_luminance_goes_from_black_to_white() -> None:
    assert [luminance(f"#{grey:02x}{grey:02x}{grey:02x}") for grey in (0, 255)] == [0, 1]
    assert luminance("#00FF00") == pytest.approx(0.7152)


def test_a_ratio_that_fails_never_looks_sufficient() -> None:
    assert shown(4.4999) == "4.49:1"
    assert shown(21) == "21.00:1"


# ---------------------------------------------------------------------------------------------------------- built in


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.colour}-{pair.ground}")
def test_the_built_in_theme_stands_out(pair: tuple[str, str, float, str]) -> None:
    colours = asdict(load_theme().colours)
    colour, ground, least, _ = pair
    assert contrast(colours[colour], colours.get(ground, ground)) >= least
    assert load_theme().problems == ()


@pytest.mark.parametrize(
    "file", [*data_files(), *data_files(data_files()[0].parent / "examples")], ids=lambda f: f.stem
)
def test_the_levels_of_built_in_checklists_stand_out(file: Path) -> None:
    assert [level.id for level in api.load(file).levels if contrast(level.colour, PAPER) < GRAPHIC] == []


# -------------------------------------------------------------------------------------------------------- style sheet


def variables(block: str, theme: dict[str, str]) -> dict[str, str]:
    """Return a block's variables as ``#rrggbb``: given so, taken from the theme, or mixed with it."""
    found = dict(re.findall(r"--([a-z]+): ([^;]+);", block))
    mix = re.compile(r"color-mix\(in srgb, var\(--theme-(\w+)\) (\d+)%, (#\w{6}|white)\)")
    values = {}
    for name, value in found.items():
        if mixed := mix.fullmatch(value):
            own, share = theme[mixed[1]], int(mixed[2]) / 100
            other = mixed[3].replace("white", "#ffffff")
            parts = [
                round(int(own[n : n + 2], 16) * share + int(other[n : n + 2], 16) * (1 - share)) for n in (1, 3, 5)
            ]
            values[name] = "#" + "".join(f"{part:02x}" for part in parts)
        else:
            values[name] = theme[taken[1]] if (taken := re.fullmatch(r"var\(--theme-(\w+)\)", value)) else value
    return values


LIGHT, DARK = re.findall(r":root \{(.*?)\}", STYLE.partition("*::before")[0], re.DOTALL)

#: What no theme can break is looked at with the worst one: in the dark that is black, since mixing keeps the order.
THEMES = {"built-in": asdict(load_theme().colours), "black": dict.fromkeys(NAMES, "#000000")}


@pytest.mark.parametrize("theme", THEMES)
def test_the_dark_page_stands_out_whatever_the_theme(theme: str) -> None:
    found = variables(LIGHT, THEMES[theme]) | variables(DARK, THEMES[theme])
    assert [value for value in found.values() if not re.fullmatch("#[0-9a-f]{6}", value)] == []
    ratios = {
        (pair.colour, ground): (contrast(found[pair.colour], found[ground]), pair.least)
        for pair in PAIRS
        for ground in [{PAPER: "page", WARNING: "warning"}.get(pair.ground, pair.ground)]
        # As text it stands only on paper; on the screen it is a warning's border.
        if pair.colour != "unclear"
    }
    ratios["unclear", "page"] = contrast(found["unclear"], found["page"]), GRAPHIC
    ratios["control", "page"] = contrast(found["control"], found["page"]), GRAPHIC
    assert {pair: ratio for pair, (ratio, least) in ratios.items() if ratio < least} == {}


def test_controls_have_borders_that_are_seen() -> None:
    light = variables(LIGHT, THEMES["built-in"])
    assert contrast(light["control"], light["page"]) >= GRAPHIC
    assert re.search(r"\.field select \{[^}]*border: 1px solid var\(--control\)", STYLE)


def test_the_style_sheet_has_the_colours_that_are_computed_with() -> None:
    light = variables(LIGHT, THEMES["built-in"])
    assert (light["page"], light["warning"]) == (PAPER, WARNING)
    assert {name: light[name] for name in NAMES} == THEMES["built-in"]
    grounds = set(re.findall(r"background: var\(--(\w+)\)", STYLE))
    # Nothing stands on the backdrop, and on the accent the colour of the page, which is a pair as it is.
    assert grounds == {"backdrop", "page", "band", "warning", "accent"}


# ------------------------------------------------------------------------------------------------------------- told


def test_a_theme_that_fails_is_told_at_the_line_that_broke_it(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "theme.yaml").write_text('colours:\n  muted: "#8c8c8c"\n')
    file = tmp_path / "house.yaml"
    file.write_text('size: 10\ncolours:\n  band: "#9aa0a6"\n  exempt: "#a0a0a0"\n')
    theme = load_theme(file, folder)
    assert [
        (problem.code, problem.severity, str(problem).removeprefix(f"{tmp_path}/")) for problem in theme.problems
    ] == [
        ("low-contrast", "warning", text)
        for text in (
            "house.yaml:3: colours: band: muted #8c8c8c on #9aa0a6 has a contrast of 1.27:1, but notes that were "
            "jumped to need 4.5:1 (WCAG 2.2 AA). Make muted darker or band lighter.",
            "house.yaml:3: colours: band: accent #0b4f87 on #9aa0a6 has a contrast of 3.20:1, but headings of sections "
            "need 4.5:1 (WCAG 2.2 AA). Make accent darker or band lighter.",
            "house.yaml:4: colours: exempt: #a0a0a0 on #ffffff has a contrast of 2.61:1, but bars of charts need 3:1 "
            "(WCAG 2.2 AA). Make exempt darker.",
            "templates/theme.yaml:2: colours: muted: #8c8c8c on #ffffff has a contrast of 3.36:1, but hints and notes "
            "need 4.5:1 (WCAG 2.2 AA). Make muted darker.",
        )
    ]


def test_a_pale_level_is_told_and_still_works() -> None:
    data = b"""id: x
version: "1"
title: X
language: en
levels:
  - {id: must, label: Must, colour: "#767676", shape: disc}
  - id: may
    label: May
    colour: "#ffd54f"
    shape: ring
sections:
  - {id: s, title: S, checkpoints: [{id: a, text: A, level: may}]}
"""
    [problem] = api.check(data)
    assert (problem.code, problem.severity, problem.line) == ("low-contrast", "warning", 9)
    assert str(problem) == (
        'data:9: level "may": colour: #ffd54f on white has a contrast of 1.41:1, but marks need 3:1 (WCAG 2.2 AA). '
        "Choose a darker colour."
    )
    assert api.render(api.load(data), "html")


def test_each_kind_of_use_asks_for_its_contrast() -> None:
    assert {pair.least for pair in PAIRS if pair.colour in ("text", "muted", "accent", "unclear")} == {TEXT}
    assert {pair.least for pair in PAIRS if pair.colour in ("done", "exempt")} == {GRAPHIC}
