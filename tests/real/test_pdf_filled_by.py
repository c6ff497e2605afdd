"""The blank form, filled by the programs that people use, reads back as exactly what they entered.

Of a copy of which only the picture is left the ticks are read from the page: exactly, or it is refused by name. It is
never "all open", and never has a wrong tick.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ozgdoc import api
from ozgdoc.identity import identify
from ozgdoc.model import UNCLEAR
from tests.documents import several_states
from tests.fillers import PROGRAMS
from tests.fillers.results import EXPECTED, first, result, small
from tests.fillers.table import kept_files, read_table
from tests.sheets import ozg, ozg_pdf


@pytest.mark.parametrize("name", PROGRAMS)
def test_reads_what_was_entered(name: str) -> None:
    found = result(PROGRAMS[name], ozg(), ozg_pdf())
    assert found in EXPECTED[PROGRAMS[name].kind]
    assert found == read_table()[name].result, "docs/reading.md says something else: make it anew"


def test_the_table_lists_what_runs() -> None:
    """Versions may differ: they are those of the run that wrote the table."""
    listed = {name: (row.title, row.how) for name, row in read_table().items()}
    assert listed == {name: (program.title, program.how) for name, program in PROGRAMS.items()}


@pytest.mark.parametrize("path", kept_files(), ids=lambda path: path.stem)
def test_kept_files_are_read(path: Path) -> None:
    """These need none of the programs."""
    assert first(small()).found_in(path.read_bytes()) in EXPECTED[PROGRAMS[path.stem].kind]


def test_every_program_has_a_kept_file() -> None:
    kept = {PROGRAMS[path.stem].title for path in kept_files()}
    assert kept == {program.title for program in PROGRAMS.values()}


@cache
def _several() -> bytes:
    return api.render(several_states(), "pdf")


@pytest.mark.parametrize(
    "name",
    [
        "chromium",
        "pdfium",
        "poppler",
        "pdfjs",
        "mutool",
        "pdf-lib",
        "pypdf",
        "pymupdf",
        "pdfbox",
        "itext5",
        "pdftk-xfdf",
    ],
)
def test_reads_several_states(name: str) -> None:
    entered = first(several_states())
    assert entered.found_in(PROGRAMS[name](_several(), entered.values())) in EXPECTED["form"]


@pytest.mark.parametrize("name", ["pdfunite", "pypdf-add-page"])
def test_states_without_their_names_are_unclear(name: str) -> None:
    """Of a field's name only the last part is left, here the state: which checkpoint it belongs to is not known."""
    entered = first(several_states())
    [copy] = api.read(PROGRAMS[name](_several(), entered.values()), known={entered.checklist.id: entered.checklist})
    assert set(copy.answers.values()) == {UNCLEAR}
    assert copy.error is None


def test_a_form_of_an_unregistered_checklist_is_said_to_be_one() -> None:
    [copy] = api.read(PROGRAMS["pypdf"](ozg_pdf(), {}), known={})
    assert copy.definition is not None
    assert identify(copy.definition) == identify(ozg())
    assert [warning.code for warning in copy.warnings] == ["unregistered"]


def test_a_printed_form_of_an_unregistered_checklist_is_refused() -> None:
    [copy] = api.read(PROGRAMS["pdftocairo"](ozg_pdf(), first(ozg()).values()), known={})
    assert copy.error_code == "unknown-form"
