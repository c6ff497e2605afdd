"""Every program that fills a PDF form, or makes something of a filled one, and that runs here."""

from __future__ import annotations

from itertools import chain

from tests.fillers import engines, java, libraries, signing, tools, viewers
from tests.fillers.common import Program

_ALL = (module.PROGRAMS for module in (viewers, engines, libraries, signing, java, tools))

PROGRAMS: dict[str, Program] = {program.name: program for program in chain.from_iterable(_ALL)}
