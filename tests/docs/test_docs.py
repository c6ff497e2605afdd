"""An undocumented command, option or setting fails the build; so does a link that leads nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import click
import pytest
import yaml

from ozgdoc.cli import main
from tests.files import ROOT, tracked

PAGES = tuple(name for name in tracked() if name.endswith(".md") and (name == "README.md" or name.startswith("docs/")))
TEXT = "\n".join((ROOT / name).read_text("utf-8") for name in PAGES)
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|<(?:img|a)\b[^>]*?(?:src|href)=\"([^\"]+)\"")


def commands(command: click.Command = main, name: str = "ozgdoc") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with the words that call it, the program itself first."""
    yield name, command
    if isinstance(command, click.Group):
        for word, child in sorted(command.commands.items()):
            if not child.hidden:
                yield from commands(child, f"{name} {word}")


def options() -> Iterator[tuple[str, str]]:
    """Yield ``(command, long spelling)`` of every option that is not hidden."""
    for name, command in commands():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                yield name, next((o for o in parameter.opts if o.startswith("--")), parameter.opts[0])


def keys(schema: dict[str, Any]) -> Iterator[str]:
    """Yield the name of every property that a JSON Schema defines, at any depth."""
    for word, value in schema.items():
        if word == "properties":
            yield from value
        if isinstance(value, dict):
            yield from keys(value)


def anchors(name: str) -> set[str]:
    """Return the anchors that a page's headings get from the usual renderers."""
    titles = re.findall(r"^#+ +(.+?) *#*$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", re.sub(r"[`*_]", "", title).lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_is_documented(name: str) -> None:
    assert name in TEXT


@pytest.mark.parametrize(("command", "option"), sorted(set(options())))
def test_every_option_is_documented(command: str, option: str) -> None:
    assert re.search(rf"{re.escape(option)}(?![\w-])", TEXT), f"{command} {option}"


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_command_and_option_has_a_help_text(name: str, command: click.Command) -> None:
    assert command.help or command.short_help, name
    assert [o.name for o in command.params if isinstance(o, click.Option) and not o.hidden and not o.help] == []


@pytest.mark.parametrize("schema", ["checklist", "theme"])
def test_every_key_of_the_data_is_documented(schema: str) -> None:
    defined = set(keys(json.loads((ROOT / f"data/{schema}.schema.json").read_text("utf-8"))))
    assert defined
    assert {key for key in defined if not re.search(rf"\b{re.escape(key)}\b", TEXT)} == set()


@pytest.mark.parametrize("place", ["data/labels", "templates/theme.yaml", "templates/form.xml.j2"])
def test_the_places_to_change_things_are_documented(place: str) -> None:
    assert place in TEXT


def test_the_theme_file_documents_itself() -> None:
    """Every setting of a theme stands in templates/theme.yaml, where one looks for it."""
    schema = json.loads((ROOT / "data/theme.schema.json").read_text("utf-8"))
    theme = yaml.safe_load((ROOT / "templates/theme.yaml").read_text("utf-8"))
    assert set(schema["properties"]) - {"$schema"} == set(theme)


def test_every_language_has_the_same_labels() -> None:
    languages = {
        path.name: set(yaml.safe_load(path.read_text("utf-8")))
        for path in sorted((ROOT / "data/labels").glob("*.yaml"))
    }
    assert len(languages) > 1
    assert [name for name, words in languages.items() if words != languages["de.yaml"]] == []


def test_every_label_is_used() -> None:
    labels = yaml.safe_load((ROOT / "data/labels/de.yaml").read_text("utf-8"))
    users = [name for name in tracked() if name.endswith((".j2", ".js")) or name.startswith("ozgdoc/")]
    text = "\n".join((ROOT / name).read_text("utf-8") for name in users)
    assert [label for label in labels if not re.search(rf"\b{label}\b", text)] == []


@pytest.mark.parametrize("name", [name for name in tracked() if name.endswith(".md")])
def test_links_lead_somewhere(name: str) -> None:
    folder = (ROOT / name).parent
    text = re.sub(r"```.*?```", "", (ROOT / name).read_text("utf-8"), flags=re.DOTALL)
    missing = []
    for match in LINK.finditer(text):
        target, _, anchor = (match[1] or match[2]).partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = (folder / target).resolve() if target else ROOT / name
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(str(path))):
            missing.append(match[0])
    assert missing == []


def test_pictures_are_tracked() -> None:
    shown = {(match[1] or match[2]) for match in LINK.finditer(TEXT) if match[0].startswith(("![", "<img"))}
    names = {re.sub(r"^(\.\./)+", "", target).removeprefix("./") for target in shown if "://" not in target}
    assert {name for name in names if not any(known.endswith(name) for known in tracked())} == set()
