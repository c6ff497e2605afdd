"""Structures without an end, and out of all proportion."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Pdf

from tests.hostile.base import Case, changed, opened, private, saved, widget

# ------------------------------------------------------------------------------------------------------------ cycles


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


def cycles() -> Iterator[Case]:
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
        parent.Kids.append(pdf.make_indirect(Dictionary(FT=Name.Btn, T="mvp", V=Name.Yes, AS=Name.Yes, Parent=parent)))


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


def proportions() -> Iterator[Case]:
    """Too many, too deep, too long."""

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
    many = b"".join(b"%d 0 obj\nnull\nendobj\n" % number for number in range(1, 50_000))
    yield Case("proportions", "null-objects", b"%PDF-1.7\n" + many + b"%%EOF", says="it is", truth=False)
    yield Case("proportions", "only-a-header", b"%PDF-1.7", says="it is no sound PDF", truth=False)
    yield Case("proportions", "empty", b"", says="it is empty", truth=False)
    yield Case("proportions", "zeros", bytes(1_000_000), says="of no kind", truth=False)
    yield Case("proportions", "larger-than-allowed", bytes(50_000_001), says="larger than 50 MB", truth=False)
