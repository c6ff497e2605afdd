"""How sheets look: page, fonts, colours. One value for all writers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ozgdoc.contrast import PAIRS, contrast, shown
from ozgdoc.errors import DataError, Problem
from ozgdoc.resources import template_folders
from ozgdoc.schema import schema, validate
from ozgdoc.yamlfile import Tree, quote, read_file


@dataclass(frozen=True, slots=True)
class Fonts:
    """TrueType files, already looked up."""

    regular: Path
    bold: Path
    italic: Path


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours as ``#rrggbb``; see templates/theme.yaml for what each is for."""

    text: str
    muted: str
    accent: str
    band: str
    rule: str
    done: str
    open: str
    unclear: str
    exempt: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A complete theme.

    Attributes:
        width, height: of the page, in points, orientation applied.
        size: of the text on a form, in points.
        templates: the user's own template folder, or None; writers look up their parts there first.
        problems: warnings about colours that don't stand out.
    """

    page: Literal["A4", "Letter"]
    width: float
    height: float
    fonts: Fonts
    family: str
    size: float
    colours: Colours
    templates: Path | None = None
    problems: tuple[Problem, ...] = ()


# ------------------------------------------------------------------------------------------------------------- loading

#: Width and height in points, upright (ISO 216: 210 × 297 mm; ANSI: 8.5 × 11 in).
_PAPER = {"A4": (210 / 25.4 * 72, 297 / 25.4 * 72), "Letter": (612.0, 792.0)}

#: How a TrueType file begins. Fonts with PostScript outlines (``OTTO``) can't be embedded by the PDF writer.
_TRUETYPE = (b"\x00\x01\x00\x00", b"true")


def load_theme(path: Path | None = None, templates: Path | None = None) -> Theme:
    """Return a complete theme: the built-in one, overlaid by that of the template folder, overlaid by the user's file.

    Args:
        path: the user's theme file; it names only what it changes.
        templates: the user's own template folder. Its ``theme.yaml``, if there is one, need not be complete either.

    Raises:
        DataError: with every mistake in these files, such as an unknown key, a bad colour, a font that is not there.
    """
    folders = template_folders(templates)
    files = [folder / "theme.yaml" for folder in reversed(folders)]
    files = [file for file in files if file.is_file()] + ([path] if path else [])
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    trees: list[Tree] = []
    for file in files:
        tree = read_file(file)
        found = [*tree.problems, *validate(tree, schema("theme"))]
        found += [] if found else _look_up_fonts(tree, (file.parent, *folders))
        problems += sorted(found, key=lambda problem: problem.line)
        if not found:
            values = _overlay(values, tree.value)
            trees.append(tree)
    if problems:
        raise DataError(problems)
    width, height = _PAPER[values["page"]["size"]]
    if values["page"]["orientation"] == "landscape":
        width, height = height, width
    colours = Colours(**{name: colour.lower() for name, colour in values["colours"].items()})
    return Theme(
        page=values["page"]["size"],
        width=width,
        height=height,
        fonts=Fonts(**values["fonts"]),
        family=values["family"],
        size=float(values["size"]),
        colours=colours,
        templates=templates,
        problems=tuple(sorted(_faint(colours, trees), key=lambda problem: (problem.file, problem.line))),
    )


def _overlay(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    groups = {key: {**below.get(key, {}), **value} for key, value in above.items() if isinstance(value, dict)}
    return {**below, **above, **groups}


def _faint(colours: Colours, trees: list[Tree]) -> Iterator[Problem]:
    """Yield a warning for each pair of colours that are too much alike, at the place that was written last.

    A warning, since a house's colours may not be for the user to choose, and words say the same as most graphics.
    """
    for pair in PAIRS:
        colour = getattr(colours, pair.colour)
        ground = getattr(colours, pair.ground, pair.ground)
        if (ratio := contrast(colour, ground)) >= pair.least:
            continue
        tree, name = next(
            (tree, name)
            for tree in reversed(trees)
            for name in (pair.colour, pair.ground)
            if name in tree.value.get("colours", {})
        )
        front = colour if name == pair.colour else f"{pair.colour} {colour}"
        behind = ground if pair.ground in (name, ground) else f"{pair.ground} {ground}"
        wrong = (
            f"{front} on {behind} has a contrast of {shown(ratio)}, but {pair.use} need {pair.least:g}:1 (WCAG 2.2 AA)"
        )
        remedy = f"Make {pair.colour} darker{f' or {pair.ground} lighter' if pair.ground != ground else ''}."
        yield tree.problem("low-contrast", ("colours", name), wrong, remedy, warning=True)


def _look_up_fonts(tree: Tree, folders: tuple[Path, ...]) -> list[Problem]:
    """Replace the font files' names in a theme by their paths; return what is wrong with them."""
    problems = []
    fonts = tree.value.get("fonts", {})
    for face, name in fonts.items():
        file = next((folder / name for folder in folders if (folder / name).is_file()), None)
        if file is None:
            wrong, remedy = (
                f"the file {quote(name)} is not there",
                "Put it beside the theme's file or among the templates.",
            )
            problems.append(tree.problem("no-font", ("fonts", face), wrong, remedy))
            continue
        fonts[face] = file
        with file.open("rb") as data:
            if data.read(4) not in _TRUETYPE:
                wrong = f"the file {quote(name)} is no TrueType font"
                problems.append(tree.problem("no-truetype", ("fonts", face), wrong, "Name a .ttf file."))
    return problems
