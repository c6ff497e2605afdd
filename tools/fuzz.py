"""Look for files that are read wrong: ``python tools/fuzz.py [SECONDS [FIRST_SEED]]``, from the top of a checkout.

Each seed makes one damaged file. What goes wrong is printed with its kind and seed, with which a test can make the file
again (`tests.hostile.mutate.fuzzed`).
"""

from __future__ import annotations

import itertools
import random
import sys
import time
from collections import Counter

from ozgdoc import api
from tests.hostile.base import KNOWN
from tests.hostile.mutate import FUZZED, fuzzed
from tests.hostile.test_hostile import complaints, outcome


def main(seconds: float = 60, first: int = 0) -> int:
    """Try seeds until the time is over; return 1 if something went wrong."""
    counts: Counter[str] = Counter()
    until = time.monotonic() + seconds
    for seed in itertools.count(first):
        if time.monotonic() > until:
            break
        kind = FUZZED[seed % len(FUZZED)]
        case = fuzzed(kind, random.Random(seed))
        found = api.read(case.data, name="x", known=KNOWN)
        counts.update(outcome(submission) for submission in found)
        for wrong in complaints(case, found):
            counts["wrong"] += 1
            print(f"{kind} {seed}: {wrong}")
    print(dict(counts))
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
