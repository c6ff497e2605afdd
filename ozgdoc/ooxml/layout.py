"""Where blocks of a document stand: how wide columns are, where they start, what keeps neighbours apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from ozgdoc.document import Block, Checkpoint, Section, plain, walk
from ozgdoc.ooxml.xml import TWIPS, element, name, paragraph

ROW = 2.0  #: height of a checkpoint's row, in sizes of the text
_BOXES = 0.55  #: of a table's width at most, for the boxes of all states
_LONG = 1200  #: letters; a row with more may break across pages, or it could need more than one
_AFTER_TABLE = 120  #: between a table and a paragraph, in twips
#: Paragraphs that have no space of their own above them.
_CLOSE = ("Normal", "Lead", "Small", "Legend", "Warning", "DraftMark")


def column_starts(count: int, blocks: Sequence[Block], height: int, size: float) -> set[int]:
    """Return the positions of the blocks that start another text column; none if they need more than a page anyway.

    Args:
        count: of the columns.
        blocks: what stands in them.
        height: of the page's text area, in twips.
        size: of the text, in points.
    """
    tops = list(itertools.accumulate((_weight(block) for block in blocks), initial=0.0))
    starts = {
        min(range(1, len(blocks)), key=lambda i: abs(tops[i] - tops[-1] * column / count))
        for column in range(1, count)
        if len(blocks) > 1
    }
    edges = [0, *sorted(starts), len(blocks)]
    tallest = max((tops[end] - tops[start] for start, end in itertools.pairwise(edges)), default=0)
    # What stands above the columns and the notes below them take about three tenths of the page.
    room = 0.7 * height / (TWIPS * size * ROW)
    return starts if tallest <= room else set()


def _weight(block: Block) -> float:
    """Return about how many rows of a checklist a block takes."""
    match block:
        case Section(blocks=blocks):
            return 2.2 + sum(map(_weight, blocks))
        case Checkpoint(content=content, help=text, checkpoints=points):
            lines = len(plain(content)) // 66 + -(-len(plain(text)) // 80)
            return 1 + 0.6 * lines + sum(map(_weight, points))
        case _:
            return 1


def crowded(blocks: tuple[Block, ...], width: int, size: float) -> bool:
    """Return whether the boxes of some checkpoints leave too little of a width, in twips, for the texts."""
    captions = {tuple(box.caption for box in block.boxes) for block in walk(blocks) if isinstance(block, Checkpoint)}
    return any(sum(_wanted(some, size)) > _BOXES * width for some in captions)


def box_widths(captions: Iterable[str], width: int, size: float) -> list[int]:
    """Return the widths of a table's columns of boxes, in twips; captions that find no room there are wrapped.

    Args:
        captions: of the columns.
        width: of the whole table, in twips.
        size: of the text, in points.
    """
    wanted = _wanted(captions, size)
    share = int(_BOXES * width) // max(len(wanted), 1)
    return wanted if sum(wanted) <= _BOXES * width else [min(want, share) for want in wanted]


def _wanted(captions: Iterable[str], size: float) -> list[int]:
    return [round(max(2.6, 0.42 * len(caption) + 1) * size * TWIPS) for caption in captions]


def breaks(point: Checkpoint) -> bool:
    """Return whether a checkpoint's row has to break across pages, because it can be taller than one."""
    return len(plain(point.content)) + len(plain(point.help)) > _LONG


def apart(blocks: Iterable[etree._Element]) -> Iterator[etree._Element]:
    """Yield the blocks of a document with what keeps a table apart from what follows it.

    Empty paragraphs are heard as such, so only two tables that meet, which Word would join, get one between them.
    """
    for before, block in itertools.pairwise((None, *blocks)):
        if block is None:
            continue
        if before is not None and before.tag == name("w:tbl"):
            if block.tag == name("w:tbl"):
                yield paragraph("Hair")
            elif _style(block) in _CLOSE:
                block[0].append(element("w:spacing", before=_AFTER_TABLE))
        yield block


def _style(block: etree._Element) -> str:
    found = block.find(f"{name('w:pPr')}/{name('w:pStyle')}")
    return "" if found is None else found.get(name("w:val"), "")


def start_column(first: etree._Element) -> None:
    """Let a paragraph stand at the top of a text column, without the space that it has above elsewhere."""
    properties = first.find(name("w:pPr"))
    if properties is not None:
        properties.append(element("w:spacing", before=0))
