"""Small files that become large ones, and structures without an end."""

from __future__ import annotations

import functools
import io
import zipfile
import zlib
from collections.abc import Iterator

import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf

from tests.hostile.base import Case, base_docx, changed, opened, private, saved, widget
from tests.word import replace

LARGE = 150_000_000  #: bytes that a bomb unpacks to; more than the tests' workers may hold


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
        "lzw": (lzw(20), Name.LZWDecode),
        "lzw-in-flate": (zlib.compress(lzw(20), 6), Array([Name.FlateDecode, Name.LZWDecode])),
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
    yield Case(
        "bombs", "xref-claims-much", base_size(b"/Size 2147483647"), says="it is", truth=False
    )

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
    return b"%PDF-1.7\nxref\n0 2147483647\n0000000000 65535 f \ntrailer<<" + size + b"/Root 1 0 R>>\nstartxref\n9\n%%EOF"


def zip_bombs() -> Iterator[Case]:
    def with_member(name: str, data: bytes) -> bytes:
        return replace(base_docx(), name, lambda _: data)

    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<!DOCTYPE d [<!ENTITY l0 "lol">{lol}]><d>&l9;</d>'.encode()
    quadratic = b'<!DOCTYPE d [<!ENTITY a "' + b"a" * 50_000 + b'">]><d>' + b"&a;" * 50_000 + b"</d>"
    outside = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    remote = b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><d/>'
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
            yield Case("zip", f"{name}-{member.rpartition('/')[2]}", with_member(member, data), says="", truth=False)
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
    yield Case("zip", "zip-in-zip", inner, says="no Word document", truth=False)
    twice = io.BytesIO(base_docx())
    with zipfile.ZipFile(twice, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", b"<other/>")
    yield Case("zip", "same-name-twice", twice.getvalue(), says="two parts of the same name", truth=False)
    for name in ("../../escape.xml", "/etc/escape", "C:\\escape", "word/..\\..\\escape", "a\x1b[31m\nb"):
        beside = io.BytesIO(base_docx())
        with zipfile.ZipFile(beside, "a") as archive:
            archive.writestr(name, b"<other/>")
        yield Case("zip", f"member-{len(name)}", beside.getvalue(), read=True)


# ------------------------------------------------------------------------------------------------------------ cycles


def cycles() -> Iterator[Case]:
    def pages(pdf: Pdf) -> None:
        pdf.Root.Pages.Kids.append(pdf.Root.Pages)

    def page_parent(pdf: Pdf) -> None:
        pdf.Root.Pages.Parent = pdf.pages[0].obj

    def field_kids(pdf: Pdf) -> None:
        root = pdf.Root.AcroForm.Fields[0]
        root.Kids.append(root)

    def field_parent(pdf: Pdf) -> None:
        root = pdf.Root.AcroForm.Fields[0]
        root.Parent = root.Kids[0]

    def own_parent(pdf: Pdf) -> None:
        one = widget(pdf, "mvp")
        one.Parent = one

    def own_kid(pdf: Pdf) -> None:
        one = widget(pdf, "mvp")
        one.Kids = Array([one])

    def two_kids(pdf: Pdf) -> None:
        one, other = widget(pdf, "mvp"), widget(pdf, "steuerungskreis")
        one.Kids, other.Kids = Array([other]), Array([one])

    def annotations(pdf: Pdf) -> None:
        page = pdf.pages[0].obj
        page.Annots = pdf.make_indirect(Array(list(page.Annots)))
        page.Annots.append(page.Annots)

    def outline(pdf: Pdf) -> None:
        item = pdf.make_indirect(Dictionary(Title="x"))
        item.Next = item.First = item.Parent = item
        pdf.Root.Outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item))

    def names(pdf: Pdf) -> None:
        node = pdf.make_indirect(Dictionary())
        node.Kids = Array([node, node])
        pdf.Root.Names = Dictionary(EmbeddedFiles=node, Dests=node, JavaScript=node)

    def id_tree(pdf: Pdf) -> None:
        node = pdf.make_indirect(Dictionary(Limits=Array(["a", "z"])))
        node.Kids = Array([node, node])
        pdf.Root.StructTreeRoot.IDTree = node

    def structure(pdf: Pdf) -> None:
        root = pdf.Root.StructTreeRoot
        root.K = Array([root, root])

    def piece_info(pdf: Pdf) -> None:
        for page in pdf.pages:
            page.obj.PieceInfo = pdf.make_indirect(page.obj.PieceInfo)
            page.obj.PieceInfo.ozgdoc.Private.more = page.obj.PieceInfo

    def piece_info_itself(pdf: Pdf) -> None:
        loop = pdf.make_indirect(Dictionary())
        loop.ozgdoc, loop.Private = loop, loop
        for page in pdf.pages:
            page.obj.PieceInfo = loop

    def appearance(pdf: Pdf) -> None:
        loop = pdf.make_indirect(Dictionary())
        loop.N = loop.Yes = loop
        widget(pdf, "mvp").AP = loop

    def value(pdf: Pdf) -> None:
        loop = pdf.make_indirect(Array())
        loop.append(loop)
        for name in ("mvp", "projekt"):
            widget(pdf, name).V = loop

    def form_draws_itself(pdf: Pdf) -> None:
        form = pdf.make_stream(b"/F Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        form.Resources = Dictionary(XObject=Dictionary(F=form))
        pdf.pages[0].obj.Resources.XObject = Dictionary(F=form)
        pdf.pages[0].obj.Contents = Array([pdf.pages[0].obj.Contents, pdf.make_stream(b"/F Do")])

    for recipe in (
        *(pages, page_parent, field_kids, field_parent, own_parent, own_kid, two_kids, annotations, outline, names),
        *(id_tree, structure, piece_info, piece_info_itself, appearance, value, form_draws_itself),
    ):
        yield Case("cycles", recipe.__name__, changed(recipe))
    yield Case("cycles", "xref-prev", _prev_itself(), truth=False)
    yield Case("cycles", "length", _length_itself(), truth=False)


def _prev_itself() -> bytes:
    data = saved(opened())
    start = data.rindex(b"startxref")
    place = int(data[start:].split()[1])
    return data[:start].replace(b"trailer <<", b"trailer << /Prev %d" % place) + data[start:]


def _length_itself() -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 9 9]>>endobj\n"
        b"4 0 obj<</Length 4 0 R>>stream\nx\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF\n"
    )


# -------------------------------------------------------------------------------------------------------- proportions


def proportions() -> Iterator[Case]:
    """Too many, too deep, too long."""

    def fields(pdf: Pdf) -> None:
        parent = pdf.Root.AcroForm.Fields[0].Kids[0]
        empty = pdf.make_indirect(Dictionary(FT=Name.Btn, T="none", Subtype=Name.Widget, V=Name.Off, Parent=parent))
        more = (
            pdf.make_indirect(Dictionary(FT=Name.Btn, T=f"n{number}", V=Name.Off, Subtype=Name.Widget, Parent=parent))
            for number in range(100_000)
        )
        parent.Kids.extend(more)
        parent.Kids.append(empty)

    def same_field(pdf: Pdf) -> None:
        kids = pdf.Root.AcroForm.Fields[0].Kids[1].Kids
        kids.extend([kids[0]] * 100_000)

    def same_name(pdf: Pdf) -> None:
        parent = widget(pdf, "mvp").Parent
        for _ in range(20_000):
            parent.Kids.append(
                pdf.make_indirect(Dictionary(FT=Name.Btn, T="mvp", V=Name.Yes, AS=Name.Yes, Parent=parent))
            )

    def deep_fields(pdf: Pdf) -> None:
        below = widget(pdf, "mvp")
        for _ in range(5_000):
            below = pdf.make_indirect(Dictionary(Kids=Array([below])))
        pdf.Root.AcroForm.Fields.append(below)

    def deep_parents(pdf: Pdf) -> None:
        one = widget(pdf, "mvp")
        above = one.Parent
        for _ in range(5_000):
            above = pdf.make_indirect(Dictionary(Parent=above))
        one.Parent = above

    def deep_pages(pdf: Pdf) -> None:
        below = pdf.Root.Pages
        for _ in range(5_000):
            above = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([below]), Count=len(pdf.pages)))
            below.Parent = above
            below = above
        pdf.Root.Pages = below

    def many_pages(pdf: Pdf) -> None:
        for _ in range(3_000):
            pdf.add_blank_page(page_size=(10, 10))

    def many_states(pdf: Pdf) -> None:
        states = widget(pdf, "mvp").AP.N
        for number in range(50_000):
            states[f"/s{number}"] = states.Off

    def long_text(pdf: Pdf) -> None:
        widget(pdf, "projekt").V = "ä" * 2_000_000

    def long_array(pdf: Pdf) -> None:
        widget(pdf, "projekt").V = Array(["x"] * 200_000)

    def long_name(pdf: Pdf) -> None:
        widget(pdf, "projekt").T = "x" * 1_000_000

    def dotted_name(pdf: Pdf) -> None:
        widget(pdf, "projekt").T = "." * 1_000_000

    def long_checklist(pdf: Pdf) -> None:
        for carried in private(pdf):
            carried.checklist = "x" * 1_000_000

    def many_contents(pdf: Pdf) -> None:
        page = pdf.pages[0].obj
        page.Contents = Array([page.Contents, *[pdf.make_stream(b" ")] * 50_000])

    for recipe in (
        *(fields, same_field, same_name, deep_fields, deep_parents, deep_pages, many_pages, many_states, long_text),
        *(long_array, long_name, dotted_name, long_checklist, many_contents),
    ):
        yield Case("proportions", recipe.__name__, changed(recipe))
    for opening, closing in ((b"[", b"]"), (b"<</A", b">>"), (b"[<</A ", b">>]")):
        for depth in (400, 5_000, 100_000):
            deep = opening * depth + b"1" + closing * depth
            raw = saved(opened())
            name = f"deep-{opening.decode().strip()}-{depth}"
            for key in (b"/TU (", b"/TU("):
                raw = raw.replace(key, b"/X%s/TU(" % deep, 1)
            yield Case("proportions", name.replace("/", ""), raw)
    many = b"".join(b"%d 0 obj\nnull\nendobj\n" % number for number in range(1, 200_000))
    yield Case("proportions", "null-objects", b"%PDF-1.7\n" + many + b"%%EOF", says="it is", truth=False)
    yield Case("proportions", "only-a-header", b"%PDF-1.7", says="it is no sound PDF", truth=False)
    yield Case("proportions", "empty", b"", says="it is empty", truth=False)
    yield Case("proportions", "zeros", bytes(1_000_000), says="neither", truth=False)
    yield Case("proportions", "larger-than-allowed", bytes(50_000_001), says="larger than 50 MB", truth=False)
