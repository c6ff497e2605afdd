"""Command-line programs: pdftk fills; qpdf, mutool, Ghostscript and poppler's tools make something of a filled copy."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from tests.fillers.common import Fill, Program, Values, as_states, work_files
from tests.fillers.engines import mutool_version
from tests.fillers.libraries import with_pypdf
from tests.programs import program, run

# -------------------------------------------------------------------------------------------------------------- pdftk


def _pdftk(data: Callable[[dict[str, str]], bytes], *options: str) -> Fill:
    """Return a function that fills from the data file that another function writes."""

    def fill(pdf: bytes, values: Values) -> bytes:
        states = as_states(pdf, values)
        with tempfile.TemporaryDirectory() as folder:
            source, target, _ = work_files(folder, pdf, values)
            filled = Path(folder, "data")
            filled.write_bytes(data(states))
            run([program("pdftk"), source, "fill_form", filled, "output", target, *options])
            return target.read_bytes()

    return fill


def fdf(values: dict[str, str]) -> bytes:
    """Return an FDF file with these values (ISO 32000-1, 12.7.7), texts in UTF-16."""

    def text(value: str) -> str:
        return f"<{(chr(0xFEFF) + value).encode('utf-16-be').hex()}>"

    fields = "\n".join(f"<</T {text(name)} /V {text(value)}>>" for name, value in values.items())
    return f"%FDF-1.2\n1 0 obj\n<</FDF <</Fields [{fields}]>>>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n".encode()


def xfdf(values: dict[str, str]) -> bytes:
    """Return an XFDF file (ISO 19444-1) with these values."""
    fields = "\n".join(
        f"<field name={quoteattr(name)}><value>{escape(value)}</value></field>" for name, value in values.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">'
        f"<fields>\n{fields}\n</fields></xfdf>\n"
    ).encode()


# ------------------------------------------------------------------------------------------------------------- copies


def _copied(*command: str) -> Callable[[bytes], bytes]:
    """Return a function that runs a command on a filled copy; IN and OUT in it stand for the two files."""

    def copy(pdf: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source, target, _ = work_files(folder, pdf, {})
            names = {"IN": source, "OUT": target}
            run([program(command[0]), *(names.get(part, part) for part in command[1:])])
            return target.read_bytes()

    return copy


@cache
def _said(*command: str) -> str:
    """Return the first word with a digit of what a command says about itself."""
    done = run([program(command[0]), *command[1:]])
    return next(word.strip(",") for word in (done.stdout + done.stderr).split() if any(map(str.isdigit, word)))


def _qpdf(name: str, how: str, *options: str, kind: str = "form") -> Program:
    return Program(
        f"qpdf-{name}",
        "qpdf",
        how,
        "drawn" if kind == "drawn" else "form",
        lambda: _said("qpdf", "--version"),
        with_pypdf,
        _copied("qpdf", "IN", "OUT", *options),
    )


def _encrypted(name: str, how: str, bits: str, *options: str) -> Program:
    key = ("--encrypt", "", "owner", bits, *options, "--")
    return _qpdf(name, f"{how}, empty user password", "--allow-weak-crypto", *key)


def _mutool(name: str, how: str, *options: str) -> Program:
    copy = _copied("mutool", "clean", *options, "IN", "OUT")
    return Program(f"mutool-clean-{name}", "mutool", how, "form", mutool_version, with_pypdf, copy)


def _poppler(name: str, how: str, kind: str, *command: str) -> Program:
    return Program(
        name,
        "poppler",
        how,
        "drawn" if kind == "drawn" else "form",
        lambda: _said(command[0], "-v"),
        with_pypdf,
        _copied(*command),
    )


def _pdftk_version() -> str:
    return _said("pdftk", "--version")


def _gs_version() -> str:
    return _said("gs", "--version")


PROGRAMS = (
    Program("pdftk-fdf", "pdftk", "`fill_form` from FDF", "form", _pdftk_version, _pdftk(fdf)),
    Program("pdftk-xfdf", "pdftk", "`fill_form` from XFDF", "form", _pdftk_version, _pdftk(xfdf)),
    Program(
        "pdftk-need-appearances",
        "pdftk",
        "`fill_form` from XFDF, `need_appearances`",
        "form",
        _pdftk_version,
        _pdftk(xfdf, "need_appearances"),
    ),
    Program("pdftk-flatten", "pdftk", "`fill_form … flatten`", "drawn", _pdftk_version, _pdftk(xfdf, "flatten")),
    _qpdf("objstm", "object streams", "--object-streams=generate"),
    _qpdf("linearize", "linearised", "--linearize"),
    _qpdf("qdf", "QDF", "--qdf"),
    _encrypted("rc4-40", "RC4, 40 bits", "40"),
    _encrypted("rc4-128", "RC4, 128 bits", "128"),
    _encrypted("aes-128", "AES, 128 bits", "128", "--use-aes=y"),
    _encrypted("aes-256", "AES, 256 bits", "256"),
    _qpdf("generate-appearances", "`--generate-appearances`", "--generate-appearances"),
    _qpdf(
        "flatten", "`--flatten-annotations=all`", "--generate-appearances", "--flatten-annotations=all", kind="drawn"
    ),
    _mutool("garbage", "`clean -gggg -z`", "-gggg", "-z"),
    _mutool("sanitize", "`clean -s -d -a`", "-s", "-d", "-a"),
    _mutool("linear", "`clean -l`", "-l"),
    Program(
        "ghostscript",
        "Ghostscript",
        "`pdfwrite`",
        "drawn",
        _gs_version,
        with_pypdf,
        _copied("gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-o", "OUT", "IN"),
    ),
    _poppler("pdfunite", "`pdfunite` of one copy", "form", "pdfunite", "IN", "OUT"),
    _poppler("pdftocairo", "`pdftocairo -pdf`", "drawn", "pdftocairo", "-pdf", "IN", "OUT"),
)
