"""What all fillers share: values by field name, work files, and the refusal of names that no field has."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pikepdf

#: Fully qualified field name → ticked, not ticked, or a text.
Values = Mapping[str, bool | str]

Fill = Callable[[bytes, Values], bytes]


@dataclass(frozen=True, slots=True)
class Program:
    """A program in one of its ways to fill a form, or to make something else of a filled one.

    Attributes:
        name: for tests and file names.
        title: for people.
        how: what was done with it.
        kind: ``form`` if fields survive, ``drawn`` if only the picture of them does.
        version: of the program that runs here.
        fill: takes a form and values and returns the copy. A name that no field has raises KeyError: a test must not
            pass because nothing was filled.
        then: what is made of the filled copy.
    """

    name: str
    title: str
    how: str
    kind: Literal["form", "drawn"]
    version: Callable[[], str]
    fill: Fill
    then: Callable[[bytes], bytes] = lambda pdf: pdf

    def __call__(self, pdf: bytes, *values: Values) -> bytes:
        """Return a copy that was filled with one set of values after the other."""
        for each in values:
            pdf = self.fill(pdf, each)
        return self.then(pdf)


def work_files(folder: str, pdf: bytes, values: Values) -> tuple[Path, Path, Path]:
    """Write a form and values (as JSON) into a folder; return their paths and that of the copy to be made."""
    source, target, wanted = (Path(folder) / name for name in ("in.pdf", "out.pdf", "values.json"))
    source.write_bytes(pdf)
    wanted.write_text(json.dumps(dict(values)), "utf-8")
    return source, target, wanted


def refuse(names: Iterable[str]) -> None:
    """Raise KeyError if there is any name left that no field has."""
    if unknown := sorted(names):
        raise KeyError(f"no field is named {', '.join(unknown)}")


def widgets(pdf: pikepdf.Pdf) -> dict[str, pikepdf.Dictionary]:
    """Return the fields of a form by their fully qualified names; each of ours is its own widget."""
    found: dict[str, pikepdf.Dictionary] = {}

    def walk(fields: Iterable[pikepdf.Object], before: str) -> None:
        for field in fields:
            name = before + str(field.T)
            if "/Kids" in field:
                walk(field.Kids, name + ".")
            else:
                found[name] = field

    walk(pdf.Root.AcroForm.Fields, "")
    return found


def as_states(pdf: bytes, values: Values) -> dict[str, str]:
    """Return values as programs want them that know no booleans: the name of a box's state, else the text."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = widgets(opened)
        refuse(set(values) - set(found))
        return {
            name: value if isinstance(value, str) else (_on_state(found[name]) if value else "Off")
            for name, value in values.items()
        }


def _on_state(box: pikepdf.Dictionary) -> str:
    return next(key[1:] for key in box.AP.N.keys() if key != "/Off")  # noqa: SIM118
