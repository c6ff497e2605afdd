"""How sheets look: page, fonts, colours. One value for all writers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


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
    """

    page: Literal["A4", "Letter"]
    width: float
    height: float
    fonts: Fonts
    family: str
    size: float
    colours: Colours
    templates: Path | None = None
