"""Benchmarks: ozgdoc side by side with the plain libraries, in one run. ``make bench``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Benchmark:
    """What is compared.

    Attributes:
        title: what each contender does, and how much of it.
        contenders: description → the work; the first is ozgdoc.
        differs: what makes the comparison unequal, in either direction.
    """

    title: str
    contenders: Mapping[str, Callable[[], object]]
    differs: str
