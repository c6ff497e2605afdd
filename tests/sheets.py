"""The built-in sheets, each rendered once per process."""

from __future__ import annotations

import functools

from ozgdoc import api
from ozgdoc.model import Checklist
from ozgdoc.resources import data_folder

OZG = "ozg-umsetzungscheckliste"


@functools.cache
def ozg() -> Checklist:
    """Return the OZG-Umsetzungscheckliste."""
    return api.load(data_folder() / "umsetzungscheckliste.yaml")


@functools.cache
def ozg_pdf() -> bytes:
    """Return the blank PDF form of the OZG-Umsetzungscheckliste."""
    return api.render(ozg(), "pdf")
