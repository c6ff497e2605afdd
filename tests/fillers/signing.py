"""Signed copies, and copies that one program after the other has appended to."""

from __future__ import annotations

import datetime
import io
from functools import cache
from importlib.metadata import version

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields as signature_fields
from pyhanko.sign import signers

from tests.fillers.common import Program, Values
from tests.fillers.libraries import pymupdf_append, pypdf_append, with_pypdf


@cache
def _signer() -> signers.SimpleSigner:
    """Return a signer with a certificate made for this run, valid for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    store = pkcs12.serialize_key_and_certificates(b"test", key, certificate, None, BestAvailableEncryption(b"test"))
    signer = signers.SimpleSigner.load_pkcs12_data(store, other_certs=[], passphrase=b"test")
    assert signer is not None
    return signer


def with_signature(pdf: bytes, *, visible: bool = False) -> bytes:
    """Sign a filled copy; the signature field and its value come behind the copy's bytes."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    name = f"Signature{pdf.count(b'/ByteRange') + 1}"
    box = (20, 20, 120, 50) if visible else (0, 0, 0, 0)
    signature_fields.append_signature_field(writer, signature_fields.SigFieldSpec(name, on_page=0, box=box))
    out = io.BytesIO()
    signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=name), signer=_signer(), output=out)
    return out.getvalue()


def _chain(pdf: bytes, values: Values) -> bytes:
    """Save three times, each behind the other: pypdf, PyMuPDF and pyHanko get a third of the values each."""
    names = sorted(values)
    first, second = ({name: values[name] for name in names[start::2]} for start in (0, 1))
    return with_signature(pymupdf_append(with_pypdf(pdf, first, append=True), second))


def _version() -> str:
    return version("pyhanko")


PROGRAMS = (
    Program("pyhanko", "pyHanko", "a copy from pypdf, signed", "form", _version, pypdf_append, with_signature),
    Program(
        "pyhanko-visible",
        "pyHanko",
        "the same with a visible signature on the page",
        "form",
        _version,
        pypdf_append,
        lambda pdf: with_signature(pdf, visible=True),
    ),
    Program(
        "chain",
        "pypdf, PyMuPDF, pyHanko",
        "saved behind each other in one file",
        "form",
        lambda: ", ".join(map(version, ("pypdf", "pymupdf", "pyhanko"))),
        _chain,
    ),
)
