"""What a screen reader hears of a PDF: what pdf.js hands to it, and the file's own structure tree.

Roles, names, states and destinations are pdf.js'. It drops white space at a line's end and guesses spaces from
distances, so the words are those of the marked content, letter by letter. `poppler_texts` is a third opinion.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from tests.programs import NODE_FOLDER, node_package, program, run

_QUOTED = re.compile(r'^ *"(.*)"$')
_INLINE = ("Span", "Link", "Reference")

#: What pdf.js calls a widget and a link in its tree.
_ANNOTATED = ("annotation", "object")


@dataclass(frozen=True)
class Leaf:
    """A piece of marked content in the order of the file's structure tree.

    Attributes:
        id: as pdf.js names it, of the page's object and the piece's number.
        text: its letters.
    """

    id: str
    text: str


@dataclass(frozen=True)
class Node:
    """A structure element; its kids are elements and leaves, annotations are left out."""

    kind: str
    alt: str
    kids: tuple[Node | Leaf, ...]

    def words(self) -> str:
        """Return the words within; where an alternative is said instead, there are none."""
        return "" if self.alt else "".join(kid.text if isinstance(kid, Leaf) else kid.words() for kid in self.kids)


@dataclass(frozen=True)
class Reading:
    """One file.

    Attributes:
        tree: the file's own.
        leaves: the tree's, in order.
        pages: pdf.js' view, as tests/node/reading.mjs prints it.
    """

    tree: Node
    leaves: tuple[Leaf, ...]
    pages: Sequence[Any]

    def texts(self) -> list[str]:
        """Return the words of every heading, paragraph and list entry in the order of the tree, white space folded."""
        return [" ".join(text.split()) for text in _texts(self.tree)]

    def things(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Return ``(role, alternative, annotation)`` of every annotation in pdf.js' order, page by page."""
        return [found for page in self.pages for found in _things(page["tree"], page["annotations"])]

    def headings(self) -> list[int]:
        """Return the levels of all headings in pdf.js' order; one that goes on over a page's end counts once."""
        return [int(kind[1]) for kind in _kinds(self.tree) if re.fullmatch(r"H\d", kind)]

    def lines(self) -> list[str]:
        """Return what is heard, one line per thing: role, state, name."""
        texts = {leaf.id: leaf.text for leaf in self.leaves}
        return [line for page in self.pages for line in _heard(page["tree"], page["annotations"], texts, "")]


def readings(pdfs: Sequence[bytes]) -> list[Reading]:
    """Return the reading of each file; pdf.js is started once for all."""
    node_package("pdfjs-dist")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.pdf") for number in range(len(pdfs))]
        for path, pdf in zip(paths, pdfs, strict=True):
            path.write_bytes(pdf)
        printed = run([program("node"), NODE_FOLDER / "reading.mjs", *paths]).stdout.splitlines()
    return [_reading(pdf, json.loads(line)) for pdf, line in zip(pdfs, printed, strict=True)]


def poppler_texts(pdf: bytes) -> list[str]:
    """Return the text of each piece of marked content in the order in which poppler reads the tree."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "read.pdf")
        path.write_bytes(pdf)
        printed = run([program("pdfinfo"), "-struct-text", path]).stdout.splitlines()
    return [match[1] for line in printed if (match := _QUOTED.match(line))]


def _reading(pdf: bytes, pages: Sequence[Any]) -> Reading:
    leaves: list[Leaf] = []
    with pikepdf.open(io.BytesIO(pdf)) as file:
        texts = {key: text for page in file.pages for key, text in _marked(page)}
        [top] = file.Root.StructTreeRoot.K
        tree = _node(top, texts, leaves)
    return Reading(tree, tuple(leaves), pages)


def _marked(page: pikepdf.Page) -> Iterator[tuple[str, str]]:
    """Yield id and text of each piece of marked content, decoded by the fonts' ToUnicode.

    What stands within for a few letters only (ActualText) replaces what is drawn there.
    """
    fonts = {key: _letters(font) for key, font in page.Resources.Font.items()}
    letters: dict[int, str] = {}
    opened: list[tuple[int | None, str, str]] = []  # piece's number, words said instead, text before it
    text = ""
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                opened.append((operands[1].get("/MCID"), str(operands[1].get("/ActualText", "")), text))
                text = ""
            case "EMC":
                number, said, before = opened.pop()
                if number is not None:
                    yield _id(page.obj, number), text
                text = before + (said or text)
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj":
                text += "".join(letters[code] for code in bytes(operands[0]))


def _letters(font: pikepdf.Object) -> dict[int, str]:
    pairs = re.findall(rb"^<(\w\w)> <(\w+)>$", font.ToUnicode.read_bytes().split(b"beginbfchar")[1], re.MULTILINE)
    return {int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for code, letter in pairs}


def _id(page: pikepdf.Object, number: int) -> str:
    return f"p{page.objgen[0]}R_mc{number}"


def _node(element: pikepdf.Object, texts: dict[str, str], leaves: list[Leaf]) -> Node:
    kids: list[Node | Leaf] = []
    for kid in element.K:
        if isinstance(kid, int):
            kids.append(_leaf(element.Pg, kid, texts, leaves))
        elif kid.get("/Type") == pikepdf.Name.MCR:
            kids.append(_leaf(kid.Pg, kid.MCID, texts, leaves))
        elif kid.get("/Type") != pikepdf.Name.OBJR:
            kids.append(_node(kid, texts, leaves))
    return Node(str(element.S)[1:], str(element.get("/Alt", "")), tuple(kids))


def _leaf(page: pikepdf.Object, number: int, texts: dict[str, str], leaves: list[Leaf]) -> Leaf:
    key = _id(page, int(number))
    leaves.append(Leaf(key, texts[key]))
    return leaves[-1]


def _texts(node: Node) -> Iterator[str]:
    if any(isinstance(kid, Leaf) for kid in node.kids) or (node.kids and node.kids[0].kind in _INLINE):  # type: ignore[union-attr]
        inner = [kid for kid in node.kids if isinstance(kid, Leaf) or kid.kind in _INLINE]
        if node.kind not in ("Lbl", *_INLINE):
            yield Node(node.kind, node.alt, tuple(inner)).words()
    for kid in node.kids:
        if isinstance(kid, Node) and kid.kind not in _INLINE:
            yield from _texts(kid)


def _kinds(node: Node) -> Iterator[str]:
    yield node.kind
    for kid in node.kids:
        if isinstance(kid, Node):
            yield from _kinds(kid)


def _things(node: Any, annotations: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for kid in node["children"]:
        if kid.get("type") in _ANNOTATED:
            yield node["role"], node.get("alt", ""), _annotation(kid, annotations)
        elif "role" in kid:
            yield from _things(kid, annotations)


def _annotation(kid: Any, annotations: Any) -> dict[str, Any]:
    return annotations[kid["id"].removeprefix("pdfjs_internal_id_")]  # type: ignore[no-any-return]


def _heard(node: Any, annotations: Any, texts: dict[str, str], within: str) -> Iterator[str]:
    """Yield what is heard of an element of pdf.js' tree; text in a row is one thing."""
    role, kids = node["role"], node["children"]
    entries = sum("role" in kid for kid in kids)
    known = {"L": f"list of {entries}", "LI": "list item", "Note": "note"}
    if role in known:
        yield known[role]
    name = f"heading {role[1]}" if re.fullmatch(r"H\d", role) else "label" if role == "Lbl" else within or "text"
    if "lang" in node:
        name = f"{name} ({node['lang']})"
    said = node.get("alt", "")
    text = ""
    for kid in kids:
        if kid.get("type") == "content":
            text += "" if said else texts[kid["id"]]
        elif kid.get("type") in _ANNOTATED:
            link = role == "Link"
            yield _announced(_annotation(kid, annotations), said or text)
            text = said = "" if link else said
        else:
            yield from _line(name, text)
            text = ""
            yield from _heard(kid, annotations, texts, name if role not in ("L", "LI", "Document", "Sect") else "")
    yield from _line(name, said or text)


def _line(name: str, text: str) -> Iterator[str]:
    if text.strip():
        yield f"{name}: {' '.join(text.split())}"


def _announced(annotation: dict[str, Any], words: str) -> str:
    """Return how a link or a field is announced, with its state and its name."""
    label = annotation["label"]
    match annotation.get("fieldType"):
        case "Btn":
            state = "not checked" if annotation["fieldValue"] in (None, "Off") else "checked"
            return f"check box, {state}: {label}"
        case "Tx" | "Ch" as kind:
            value = annotation["fieldValue"]
            value = value[0] if isinstance(value, list) else value
            need = ", required" if annotation["required"] else ""
            return f"{'edit' if kind == 'Tx' else 'combo box'}{need}: {label}" + (f" = {value}" if value else "")
        case _:
            return f"link: {' '.join(words.split()) or label}"
