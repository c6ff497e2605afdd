"""Fillable checklists that are read back.

>>> from pathlib import Path
>>> from ozgdoc import load, render, read, assess, report
>>> checklist = load(Path("data/umsetzungscheckliste.yaml"))
>>> form = render(checklist, "pdf")
>>> submissions = read(form, name="returned.pdf")
>>> page = report(assess(submissions), "html")

Names are imported when they are first used, so that the command line starts quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ozgdoc.api import archive, assess, check, checklists, load, read, render, report

__all__ = ["archive", "assess", "check", "checklists", "load", "read", "render", "report"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in __all__:
        from ozgdoc import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
