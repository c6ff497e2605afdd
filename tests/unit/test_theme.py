"""A theme names only what it changes; its mistakes are told with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from ozgdoc.errors import DataError
from ozgdoc.resources import find
from ozgdoc.theme import load_theme


def test_the_built_in_theme_is_complete() -> None:
    theme = load_theme()
    assert (theme.page, round(theme.width, 2), round(theme.height, 2)) == ("A4", 841.89, 595.28)
    assert theme.fonts.bold == find("fonts/NotoSans-Bold.ttf")
    assert theme.colours.accent == "#0b4f87"
    assert theme.templates is None


def test_a_theme_overlays_the_built_in_one(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text('page: {size: Letter, orientation: portrait}\nsize: 11\ncolours:\n  accent: "#AB0000"\n')
    theme = load_theme(file)
    assert (theme.width, theme.height, theme.size) == (612, 792, 11)
    assert (theme.colours.accent, theme.colours.text) == ("#ab0000", "#1b1f24")


def test_fonts_are_looked_up_beside_the_theme_first_then_among_the_templates(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "fonts").mkdir(parents=True)
    font = find("fonts/NotoSans-Regular.ttf").read_bytes()[:100]
    (tmp_path / "a.ttf").write_bytes(font)
    (templates / "fonts" / "b.ttf").write_bytes(font)
    (templates / "theme.yaml").write_text("family: From the folder\nsize: 12\n")
    file = tmp_path / "own.yaml"
    file.write_text("fonts: {regular: a.ttf, bold: fonts/b.ttf}\nsize: 10\n")
    theme = load_theme(file, templates)
    assert theme.fonts.regular == tmp_path / "a.ttf"
    assert theme.fonts.bold == templates / "fonts" / "b.ttf"
    assert theme.fonts.italic == find("fonts/NotoSans-Italic.ttf")
    assert (theme.family, theme.size, theme.templates) == ("From the folder", 10, templates)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("page:\n  size: A5\n", '2: page: size: "A5" is not allowed here. Known are: A4, Letter.'),
        (
            "color:\n  text: x\n",
            '1: unknown key "color". Did you mean "colours"?',
        ),
        (
            "colours:\n  text: red\n",
            '2: colours: text: "red" is not allowed here. A colour is written as "#rrggbb", in quotes.',
        ),
        (
            "colours:\n  text: #ff0000\n",
            "2: colours: text: text expected, found nothing. "
            "Write a value (in quotes if it begins with #), or remove the key.",
        ),
        ("size: .nan\n", "1: size: a number expected, found the number .nan. Write a number, without quotes."),
        ("size: 4\n", "1: size: 4 is below 6. Choose another value."),
        (
            "family: x\nfonts:\n  bold: no.ttf\n",
            '3: fonts: bold: the file "no.ttf" is not there. Put it beside the theme\'s file or among the templates.',
        ),
        ("fonts:\n  bold: own.yaml\n", '2: fonts: bold: the file "own.yaml" is no TrueType font. Name a .ttf file.'),
        ("- a\n", '1: keys with values expected, found a list. Remove the "- ".'),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(text)
    with pytest.raises(DataError) as caught:
        load_theme(file)
    assert str(caught.value) == f"{file}:{said}"


def test_a_missing_theme_is_told_as_a_problem(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.yaml: the file can't be read \(No such file or directory\)"):
        load_theme(tmp_path / "nowhere.yaml")
