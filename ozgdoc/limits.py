"""What one returned file may cost: bytes, time and memory. Anybody may have made it."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one file.

    The size holds wherever a file is read, time and memory only in a process of `ozgdoc.batch`.

    Attributes:
        seconds: wall clock.
        memory: bytes beyond what a process holds before it reads its first file.
        size: bytes of the file.

    Raises:
        ValueError: a bound that leaves no room for any file.
    """

    seconds: float = 10.0
    memory: int = 512 * MEGABYTE
    size: int = 50 * MEGABYTE

    def __post_init__(self) -> None:
        if not self.seconds > 0 or self.memory < MEGABYTE or self.size < 1:
            raise ValueError(f"{self} leaves no room for a file")


DEFAULT = Limits()
