"""What can go wrong, and what the command line makes of it.

    OzgdocError            1   anything that is ours to explain
    ├── DataError          3   a data file or theme is wrong; carries every Problem found
    ├── TemplateError      4   a template can't be rendered, or renders something we don't know
    ├── UnreadableError    5   a returned file is damaged, encrypted, empty or of a foreign kind
    ├── UnknownFormError   6   a returned file is fine, but belongs to no known checklist
    ├── MissingPartError   7   an optional package is needed; the message says which
    ├── OutputError        8   a result can't be written
    │   └── StoreError     8   a store of submissions can't be used
    └── BatchError         9   a batch came to its end, but some of its files failed

Exit codes 0 (ok), 2 (usage) and 130 (interrupted) belong to the command line itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about a file: where it is, what is wrong, what to do.

    Attributes:
        code: stable name of the kind of finding, such as ``unknown-key``.
        file: the file as the user named it.
        line: 1-based line, or 0 if the finding concerns the whole file.
        message: what is wrong, without a full stop at its end.
        remedy: what to do about it, as a sentence.
        severity: an error stops the work, a warning is only told.
    """

    code: str
    file: str
    line: int
    message: str
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}. {self.remedy}".rstrip()


class OzgdocError(Exception):
    """Base of every error that ozgdoc raises on purpose."""

    exit_code: ClassVar[int] = 1


class DataError(OzgdocError):
    """A data file is wrong. All its problems are told at once.

    Args:
        problems: at least one, in the order of their lines.
    """

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[DataError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)  # exceptions pickle their message, which is not what they are made of


class TemplateError(OzgdocError):
    """A template can't be rendered into a document."""

    exit_code = 4

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))

    def __reduce__(self) -> tuple[type[TemplateError], tuple[Problem]]:
        return type(self), (self.problem,)


class UnreadableError(OzgdocError):
    """A returned file can't be read; the message says why and what to do."""

    exit_code = 5


class UnknownFormError(OzgdocError):
    """A returned file belongs to no checklist that is known here."""

    exit_code = 6


class MissingPartError(OzgdocError):
    """An optional part is not installed; the message says what to install."""

    exit_code = 7


class OutputError(OzgdocError):
    """A result can't be written to its place."""

    exit_code = 8


class StoreError(OutputError):
    """A store of submissions is damaged, of a newer version, or can't be reached or written."""


class BatchError(OzgdocError):
    """A batch has ended, and some of its files failed; each was told where it happened."""

    exit_code = 9
