"""Whatever a copy is issued with reads back as exactly that."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozgdoc import api
from tests.roundtrip.test_pdf import FIELDS, VALUES
from tests.sheets import OZG, ozg

INSTANCES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["Cc"]), min_size=1)


@functools.cache
def fill(name: str) -> Callable[[Mapping[str, str], str], bytes]:
    return api.prefill(ozg(), name)


@pytest.mark.parametrize("name", ["pdf", "docx"])
@settings(max_examples=60, deadline=None)
@given(VALUES, INSTANCES)
def test_issued(name: str, values: dict[str, str], instance: str) -> None:
    [submission] = api.read(fill(name)(values, instance), known={OZG: ozg()})
    assert submission.fields == {field: values.get(field, "") for field in FIELDS}
    assert set(submission.answers.values()) == {"open"}
    assert submission.instance == instance
    assert {warning.code for warning in submission.warnings} <= {"malformed-field"}
