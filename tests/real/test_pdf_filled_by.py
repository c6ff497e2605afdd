"""The blank form, filled by the programs that people use, reads back as exactly what they entered."""

from __future__ import annotations

import pytest

from ozgdoc import api
from ozgdoc.identity import box_name, field_name
from tests.fill import PROGRAMS
from tests.sheets import OZG, ozg, ozg_pdf

TEXTS = {
    "projekt": "Şükrü Łódź – „Größe“ & ‚Übermaß‘ … € § <b> {{ x }} (1)\\",
    "behoerde": "Amt für Ärger, Öl und Straßen",
    "leistungsschluessel": "99001001000000, 99002002000000",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_reads_what_was_entered(name: str) -> None:
    points = [point.id for point in ozg().walk()]
    ticked = {*points[::5], points[-1]}
    assert len(ticked) == 7
    state = ozg().states[0].id

    copy = PROGRAMS[name](
        ozg_pdf(),
        {
            **{".".join(box_name(OZG, point, state, only=True)): True for point in ticked},
            **{".".join(field_name(OZG, field)): text for field, text in TEXTS.items()},
        },
    )

    [submission] = api.read(copy, name="x.pdf")
    assert submission.error is None
    assert submission.answers == {point: "done" if point in ticked else "open" for point in points}
    assert {field: text for field, text in submission.fields.items() if text} == TEXTS
    assert (submission.source, submission.channel) == ("x.pdf", "pdf-form")
    assert (submission.checklist, submission.version) == (OZG, ozg().version)


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_unfilled_copy_is_all_open(name: str) -> None:
    [submission] = api.read(PROGRAMS[name](ozg_pdf(), {}), name="x.pdf")
    assert submission.error is None
    assert set(submission.answers.values()) == {"open"}
    assert not any(submission.fields.values())
    assert submission.warnings == ()
