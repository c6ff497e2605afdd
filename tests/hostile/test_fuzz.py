"""Damage without a plan: whatever is read is true, and whatever goes wrong is said.

The examples are the same in every run, so that a failure concerns a change. `tools/fuzz.py` looks for new ones.
"""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ozgdoc import api
from tests.files import ROOT
from tests.hostile.base import KNOWN
from tests.hostile.mutate import FUZZED, fuzzed
from tests.hostile.test_hostile import complaints

EXAMPLES = 400

SEEDS = st.integers(0, 2**32)


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(FUZZED), SEEDS)
def test_no_wrong_tick_and_no_crash(kind: str, seed: int) -> None:
    case = fuzzed(kind, random.Random(seed))
    assert list(complaints(case, api.read(case.data, name="x", known=KNOWN))) == []


def test_the_number_of_examples_is_documented() -> None:
    assert f"{EXAMPLES} examples" in (ROOT / "docs/security.md").read_text("utf-8")
