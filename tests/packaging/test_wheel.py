"""What is shipped: a wheel, built from the sdist, that works alone in an empty folder."""

from __future__ import annotations

import os
import re
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.files import ROOT, tracked
from tests.programs import run

#: Folders of the checkout that the wheel carries inside the package.
SHARED = {"templates/": "ozgdoc/_share/templates/", "data/": "ozgdoc/_share/data/"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from the sdist; return their folder.

    Without isolation: hatchling belongs to the test group, so no second environment has to be made.
    """
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], timeout=120)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    [path] = built.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel alone into a folder of its own; its dependencies come from the running environment."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "--no-deps", "--no-index", "--target", target, wheel], timeout=120)
    return target


def python(installed: Path, cwd: Path, *args: str) -> str:
    """Run Python with the installed wheel before everything else, in a folder that is not the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "OZGDOC"))}
    done = run([sys.executable, *args], timeout=120, cwd=cwd, env={**kept, "PYTHONPATH": str(installed)})
    return done.stdout


def expected() -> set[str]:
    """Return where the wheel must hold the tracked files that it ships."""
    names = set()
    for name in tracked():
        for folder, inside in {"ozgdoc/": "ozgdoc/", **SHARED}.items():
            if name.startswith(folder):
                names.add(inside + name.removeprefix(folder))
    return names


def test_the_wheel_holds_what_is_tracked_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if not re.match(r"ozgdoc-[^/]*\.dist-info/", name)}
    untracked = {name for name in held - expected() if not _unborn(name)}
    assert expected() - held == set()
    assert untracked == set()


def _unborn(name: str) -> bool:
    """Tell whether a file is new in the work tree and not yet added; a fresh clone has none of those."""
    for folder, inside in {"ozgdoc/": "ozgdoc/", **SHARED}.items():
        if name.startswith(inside) and (ROOT / (folder + name.removeprefix(inside))).is_file():
            return True
    return False


def test_no_rubbish(wheel: Path, built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    with zipfile.ZipFile(wheel) as archive:
        names += archive.namelist()
    assert [
        name for name in names if re.search(r"__pycache__|\.pyc$|node_modules|\.venv|/output/|\.stamp$", name)
    ] == []


def test_licences_are_on_board(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [metadata] = [archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA")]
    licences = {name.split("/licenses/")[1] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", *(f"LICENSES/{path.name}" for path in (ROOT / "LICENSES").iterdir())}
    assert "License-Expression: EUPL-1.2" in metadata


def test_the_installed_package_is_the_one_that_runs(installed: Path, tmp_path: Path) -> None:
    shown = python(installed, tmp_path, "-c", "import ozgdoc.resources as r; print(r.__file__); print(r.share())")
    assert shown.split() == [
        str(installed / "ozgdoc" / "resources.py"),
        str(installed / "ozgdoc" / "_share"),
    ]


def test_builds_the_sheet_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    python(installed, tmp_path, "-m", "ozgdoc", "build")
    forms = list(tmp_path.rglob("*.pdf"))
    assert forms
    assert all(form.read_bytes().startswith(b"%PDF-") for form in forms)
