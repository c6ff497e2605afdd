"""LibreOffice without a window: each instance has a profile of its own, so that tests can run side by side."""

from __future__ import annotations

import html
import os
import signal
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.programs import program

_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{}
</script:module>
"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
"""


class Office:
    """One profile of LibreOffice.

    Args:
        folder: an empty folder for the profile and for results.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._profile = folder / "profile"
        self._program = program("soffice")

    def pdf(self, source: Path, importer: str | None = None) -> Path:
        """Convert a file to PDF; ``importer`` names the filter that opens it, if it is not the usual one."""
        filters = [f"--infilter={importer}"] if importer else []
        target = self.folder / f"{source.stem}.pdf"
        target.unlink(missing_ok=True)
        self._run(*filters, "--convert-to", "pdf", "--outdir", str(self.folder), str(source))
        assert target.is_file(), "LibreOffice has converted nothing"
        return target

    def tagged(self, sources: Iterable[Path]) -> list[Path]:
        """Convert files to tagged PDF in one run."""
        files = list(sources)
        kind = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
        self._run("--convert-to", kind, "--outdir", str(self.folder), *map(str, files))
        targets = [self.folder / f"{source.stem}.pdf" for source in files]
        assert all(target.is_file() for target in targets), "LibreOffice has not converted everything"
        return targets

    def macro(self, basic: Path, call: str) -> None:
        """Run a macro of a Basic file, such as ``Fill("a", "b")``; paths in it must hold no quotes."""
        # The first start writes the default library over whatever is there.
        self._run("--terminate_after_init")
        library = self._profile / "user" / "basic" / "Standard"
        library.joinpath("Module1.xba").write_text(_MODULE.format(html.escape(basic.read_text("utf-8"))), "utf-8")
        library.joinpath("script.xlb").write_text(_LIBRARY, "utf-8")
        self._run(f"macro:///Standard.Module1.{call}")

    def _run(self, *args: str, timeout: float = 90) -> None:
        command = [self._program, f"-env:UserInstallation={self._profile.as_uri()}", "--headless", "--norestore", *args]
        # soffice is a script that starts the program; only the whole group can be ended.
        with subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            try:
                running.wait(timeout)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                pytest.fail(f"LibreOffice did not end within {timeout:g} s: {' '.join(args)}", pytrace=False)
