"""Small files that become large ones, and structures without an end."""

from __future__ import annotations

import functools
import io
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf

from tests.hostile.base import REMOTE, Case, base_docx, changed, private, widget
from tests.word import replace

LARGE = 220_000_000  #: bytes that a bomb unpacks to; more than the tests' workers may hold


@functools.cache
def zeros(size: int = LARGE) -> bytes:
    """Return this many zero bytes, deflated."""
    packer = zlib.compressobj(6)
    block = bytes(1_000_000)
    return b"".join([*(packer.compress(block) for _ in range(size // len(block))), packer.flush()])


def lzw(blocks: int) -> bytes:
    """Return LZW data of 7.3 MB of zeros a block: each code stands for one byte more than the one before it."""
    bits: list[str] = []
    for _ in range(blocks):
        bits.append(f"{256:09b}" if not bits else f"{256:012b}")
        bits += [f"{code:0{min(12, max(9, (code - 1).bit_length()))}b}" for code in (0, *range(258, 4094))]
    text = "".join(bits) + f"{257:012b}0000000"
    return bytes(int(text[place : place + 8], 2) for place in range(0, len(text) - 7, 8))


@functools.cache
def filters() -> dict[str, tuple[bytes, Object]]:
    """Return packed data and its filters, by name."""
    once = zeros()
    runs = bytes((129, 0)) * (LARGE // 128) + b"\x80"
    return {
        "flate": (once, Name.FlateDecode),
        "flate-twice": (zlib.compress(once, 6), Array([Name.FlateDecode, Name.FlateDecode])),
        "lzw": (lzw(30), Name.LZWDecode),
        "lzw-in-flate": (zlib.compress(lzw(30), 6), Array([Name.FlateDecode, Name.LZWDecode])),
        "runs": (zlib.compress(runs, 6), Array([Name.FlateDecode, Name.RunLengthDecode])),
        "ascii85": (
            zlib.compress(b"z" * (LARGE // 4) + b"~>", 6),
            Array([Name.FlateDecode, Name.ASCII85Decode]),
        ),
        "hex": (zlib.compress(b"0" * LARGE + b">", 6), Array([Name.FlateDecode, Name.ASCIIHexDecode])),
        "many-filters": (once, Array([Name.FlateDecode] * 200)),
        "no-such-filter": (b"x", Name("/Bomb")),
    }


def stream_bombs() -> Iterator[Case]:
    """Each filter's bomb in each stream that is looked into."""
    for kind, (data, filter_) in filters().items():
        for place in ("definition", "places", "content", "appearance", "metadata"):

            def put(pdf: Pdf, data: bytes = data, filter_: Object = filter_, place: str = place) -> None:
                bomb = pdf.make_stream(b"")
                bomb.write(data, filter=filter_)
                match place:
                    case "content":
                        pdf.pages[0].obj.Contents = bomb
                    case "appearance":
                        widget(pdf, "mvp").AP.N.Yes = bomb
                    case "metadata":
                        pdf.Root.Metadata = bomb
                        for page in pdf.pages:
                            del page.obj["/PieceInfo"]
                    case _:
                        for carried in private(pdf):
                            carried[f"/{place}"] = bomb

            yield Case("bombs", f"{kind}-{place}", changed(put))


def bombs() -> Iterator[Case]:
    yield from stream_bombs()
    yield Case("bombs", "object-stream", stream_file(b"/Type/ObjStm/N 1/First 4"), says="it is", truth=False)
    yield Case("bombs", "xref-stream", stream_file(b"/Type/XRef/W[1 4 2]/Size 40000000/Root 1 0 R"), truth=False)
    yield Case("bombs", "xref-claims-much", base_size(b"/Size 2147483647"), says="it is", truth=False)

    def picture(pdf: Pdf) -> None:
        image = pdf.make_stream(zeros(1_000_000), Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000)
        image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceGray, 8, Name.FlateDecode
        page = pdf.pages[0].obj
        page.Resources.XObject = Dictionary(Im0=image)
        page.Contents = Array([page.Contents, pdf.make_stream(b"q 500 0 0 500 0 0 cm /Im0 Do Q " * 50)])

    def nested_forms(pdf: Pdf) -> None:
        below = pdf.make_stream(b"0 0 1 1 re f ", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        for _ in range(12):
            above = pdf.make_stream(b"/F Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
            above.Resources = Dictionary(XObject=Dictionary(F=below))
            below = above
        page = pdf.pages[0].obj
        page.Resources.XObject = Dictionary(F=below)
        page.Contents = Array([page.Contents, pdf.make_stream(b"/F Do")])

    yield Case("bombs", "picture", changed(picture))
    yield Case("bombs", "forms-in-forms", changed(nested_forms))
    yield from zip_bombs()


def stream_file(entries: bytes) -> bytes:
    """Return a file whose only cross-reference is a stream of zeros."""
    body = zeros(100_000_000)
    head = b"%PDF-1.7\n"
    return head + (
        b"1 0 obj\n<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\nstartxref\n%d\n%%%%EOF\n"
        % (entries, len(body), body, len(head))
    )


def base_size(size: bytes) -> bytes:
    return (
        b"%PDF-1.7\nxref\n0 2147483647\n0000000000 65535 f \ntrailer<<" + size + b"/Root 1 0 R>>\nstartxref\n9\n%%EOF"
    )


def zip_bombs() -> Iterator[Case]:
    def with_member(name: str, data: bytes) -> bytes:
        return replace(base_docx(), name, lambda _: data)

    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE d [<!ENTITY l0 "lol">{lol}]><d>&l9;</d>'.encode()
    quadratic = b'<!DOCTYPE d [<!ENTITY a "' + b"a" * 50_000 + b'">]><d>' + b"&a;" * 50_000 + b"</d>"
    outside = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    remote = f'<!DOCTYPE d SYSTEM "{REMOTE}x.dtd"><d/>'.encode()
    deep = b"<d>" * 100_000 + b"</d>" * 100_000
    wide = b"<d>" + b"<e/>" * 2_000_000 + b"</d>"
    attributes = b"<d " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>"
    for member in ("word/document.xml", "docProps/custom.xml", "customXml/item1.xml", "_rels/.rels"):
        for name, data in (
            ("zeros", bytes(LARGE // 10)),
            ("laughs", laughs),
            ("quadratic", quadratic),
            ("outside", outside),
            ("remote", remote),
            ("deep", deep),
            ("wide", wide),
            ("attributes", attributes),
        ):
            yield Case("zip", f"{name}-{member.rpartition('/')[2]}", with_member(member, data))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(5_000):
            archive.writestr(f"word/{number}.xml", b"")
    yield Case("zip", "many-members", many.getvalue(), says="more than 2000 parts", truth=False)
    inner = b"PK"
    for _ in range(5):
        nested = io.BytesIO()
        with zipfile.ZipFile(nested, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.zip", inner * 10)
        inner = nested.getvalue()
    yield Case("zip", "zip-in-zip", inner, says="files deep", truth=False)
    twice = io.BytesIO(base_docx())
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", b"<other/>")
    yield Case("zip", "same-name-twice", twice.getvalue(), says="two parts of the same name", truth=False)
    for name in ("../../escape.xml", "/etc/escape", "C:\\escape", "word/..\\..\\escape", "a\x1b[31m\nb"):
        beside = io.BytesIO(base_docx())
        with zipfile.ZipFile(beside, "a") as archive:
            archive.writestr(name, b"<other/>")
        yield Case("zip", f"member-{len(name)}", beside.getvalue(), read=True)
