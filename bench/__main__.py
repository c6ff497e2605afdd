"""Run the benchmarks and print how ozgdoc compares.

    python -m bench [NAME…] [--repeats N]

Each benchmark has several contenders that do comparable work; what they leave out is said beside the figures. They take
turns, round by round, so that a slow moment of the machine meets all of them. Printed are the median of each contender
and its ratio to the first. Seconds depend on the machine, the ratios much less.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import statistics
import time
from collections.abc import Callable, Mapping

from bench import Benchmark

#: Where each benchmark comes from: "module:function", the function returns a ``Benchmark``.
BENCHMARKS = {
    "build": "bench.build_pdf:prepare",
    "read": "bench.read_pdf:prepare",
    "read-packed": "bench.read_pdf:prepare_packed",
    "prefill": "bench.prefill:prepare_pdf",
    "prefill-word": "bench.prefill:prepare_word",
    "read-word": "bench.read_docx:prepare",
    "collect": "bench.collect:prepare",
}


def measure(contenders: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, list[float]]:
    """Return the seconds of each contender, round by round, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(repeats + 1):
        for name, work in contenders.items():
            gc.collect()
            start = time.perf_counter()
            work()
            if turn:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def main() -> None:
    """Run the benchmarks named on the command line, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Compare ozgdoc with the plain libraries.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--repeats", type=int, default=3, help="rounds that count (default: 3)")
    options = parser.parse_args()
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(BENCHMARKS)}")
    for name in options.names or BENCHMARKS:
        module, _, function = BENCHMARKS[name].partition(":")
        benchmark: Benchmark = getattr(importlib.import_module(module), function)()
        seconds = measure(benchmark.contenders, max(1, options.repeats))
        base = statistics.median(next(iter(seconds.values())))
        print(f"{name}: {benchmark.title}")
        for contender, times in seconds.items():
            median = statistics.median(times)
            spread = f"{min(times) * 1000:.1f} to {max(times) * 1000:.1f}"
            print(f"  {contender:<44} {median * 1000:9.1f} ms   x{median / base:5.2f}   ({spread})")
        print(f"  {benchmark.differs}\n", flush=True)


if __name__ == "__main__":
    main()
