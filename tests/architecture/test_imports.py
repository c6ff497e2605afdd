"""Imports point downwards only (see ARCHITECTURE.md), and only at packages that pyproject.toml declares.

The imports are read from the source, inside functions too: a library loaded on first use is an arrow like any other.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.files import ROOT

#: The layers from the bottom to the top. A module may import from its own layer only where that is said below.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("contrast", "errors", "limits", "model"),
    ("document", "wire", "identity", "resources", "files", "zips", "splice"),
    ("yamlfile", "patterns", "tables"),
    ("schema",),
    ("checks",),
    ("source", "theme", "status", "store"),
    ("vocabulary",),
    ("templating",),
    ("pdf", "ooxml"),
    ("writers", "readers"),
    ("formats", "answers", "containers"),
    ("archive", "printed", "returned", "prefill", "recipients"),
    ("api", "terminal"),
    ("batch",),
    ("collect", "parquet"),
    ("commands",),
    ("cli",),
    ("__init__", "__main__"),
)

#: Arrows within one layer, from left to right. None may close a circle.
WITHIN_A_LAYER = {
    ("errors", "model"),
    ("identity", "wire"),
    ("returned", "printed"),
    ("__main__", "__init__"),
}

#: Modules in writers/ and readers/ that their siblings share.
SHARED = {"readers.filled", "readers.places", "readers.second"}

#: What a distribution is called when it is imported.
IMPORT_NAMES = {
    "fonttools": "fontTools",
    "markdown-it-py": "markdown_it",
    "python-docx": "docx",
    "pyyaml": "yaml",
}

MAX_LINES, MAX_FUNCTION_LINES = 400, 50

#: Modules ("pdf/x.py") and functions ("pdf/x.py:name") that are longer, each with its reason.
LONGER = {
    "wire.py:checklist_from_json": "the data file's whole shape in one place; the small parts share its language",
}

MODULES = {path.relative_to(ROOT / "ozgdoc").as_posix(): path for path in sorted((ROOT / "ozgdoc").rglob("*.py"))}


def dotted(name: str) -> str:
    """Return ``pdf/fonts.py`` as ``pdf.fonts``, and a package's ``__init__.py`` as the package."""
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(name: str) -> Iterator[tuple[int, str]]:
    """Yield ``(line, dotted module)`` for each import of a module; ``from a import b`` gives ``a.b`` if that is one.

    A text that is a module's full name, as in the table of formats, is an import on first use.
    """
    known = {"ozgdoc." + dotted(module) for module in MODULES}
    for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"ozgdoc/{name}:{node.lineno}: import by the full name"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield node.lineno, full if full in known else str(node.module)
        elif isinstance(node, ast.Constant) and re.fullmatch(r"ozgdoc(\.\w+)+", str(node.value)):
            yield node.lineno, str(node.value)


def layer(part: str) -> int:
    """Return the number of the layer that a top-level part of the package belongs to."""
    for number, parts in enumerate(LAYERS):
        if part in parts:
            return number
    pytest.fail(f"ozgdoc/{part} has no layer: give it one in LAYERS, and in ARCHITECTURE.md", pytrace=False)


def allowed(source: str, target: str) -> bool:
    """Tell whether one module of the package (``pdf.fonts``) may import another."""
    here, there = source.split(".", maxsplit=1)[0], target.split(".", maxsplit=1)[0]
    if here == there:
        # A format that takes several modules has a folder of its own; inside of it they know each other.
        own = source.split(".")[:2] == target.split(".")[:2]
        siblings = here in ("writers", "readers") and target not in SHARED and target != here
        return own or not siblings
    return layer(there) < layer(here) or (here, there) in WITHIN_A_LAYER


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_downwards(name: str) -> None:
    upwards = [
        f"ozgdoc/{name}:{line}: imports {target}"
        for line, target in imports(name)
        if target.startswith("ozgdoc.") and not allowed(dotted(name), target.removeprefix("ozgdoc."))
    ]
    assert upwards == []


@pytest.mark.parametrize(
    ("source", "target", "verdict"),
    [
        ("cli", "api", True),
        ("api", "cli", False),
        ("model", "templating", False),
        ("writers.pdf", "pdf.form", True),
        ("pdf.form", "writers.pdf", False),
        ("writers.pdf", "writers.docx", False),
        ("readers.docx", "readers.filled", True),
        ("readers.docx", "readers.pdf", False),
        ("readers.docx", "readers.pdf.copies", False),
        ("readers.pdf", "readers.pdf.copies", True),
        ("readers.pdf", "writers.pdf", False),
        ("writers.pdf", "readers.pdf", False),
        ("pdf.form", "ooxml.parts", False),
        ("pdf.form", "pdf.fonts", True),
        ("identity", "wire", True),
        ("wire", "identity", False),
    ],
)
def test_the_rule_itself(source: str, target: str, verdict: bool) -> None:
    assert allowed(source, target) is verdict


@pytest.mark.parametrize("name", MODULES)
def test_imported_modules_exist(name: str) -> None:
    known = {"ozgdoc", *("ozgdoc." + dotted(module) for module in MODULES)}
    own = [(line, target) for line, target in imports(name) if target.split(".")[0] == "ozgdoc"]
    assert [(line, target) for line, target in own if target not in known] == []


def test_no_circles() -> None:
    graph = {
        dotted(name): {target.removeprefix("ozgdoc.") for _, target in imports(name) if target.startswith("ozgdoc.")}
        for name in MODULES
    }
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " → ".join((*path, module))
        if module not in done:
            for target in graph.get(module, ()):
                visit(target, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("name", MODULES)
def test_imports_only_what_is_declared(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    required = [*project["dependencies"], *chain(*project.get("optional-dependencies", {}).values())]
    names = {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in required}
    known = {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names} | sys.stdlib_module_names | {"ozgdoc"}
    foreign = [(line, target) for line, target in imports(name) if target.split(".")[0] not in known]
    assert foreign == []


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_is_for(name: str) -> None:
    assert ast.get_docstring(ast.parse(MODULES[name].read_text("utf-8")))


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_functions_stay_short(name: str) -> None:
    text = MODULES[name].read_text("utf-8")
    long = {name: len(text.splitlines())} if len(text.splitlines()) > MAX_LINES else {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                long[f"{name}:{node.name}"] = lines
    assert {place: lines for place, lines in long.items() if place not in LONGER} == {}


@pytest.mark.parametrize("place", LONGER)
def test_exceptions_are_still_needed(place: str) -> None:
    file, _, function = place.partition(":")
    assert file in MODULES
    assert not function or f"def {function}(" in Path(MODULES[file]).read_text("utf-8")
