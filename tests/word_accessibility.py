"""What can be said from a Word file alone about how accessible it is.

The rules are those that Microsoft describes for the Accessibility Checker of Word, as far as a file shows them, and a
few that it does not know: titles of content controls, levels that only a colour tells, real footnotes, languages.
Nothing here opens Word, and what a rule means by "meaningful" a program can only guess at.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from tests.word import W14, W
from tests.word_contrast import Look
from tests.word_file import Word, text_of, value_of

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
V = "{urn:schemas-microsoft-com:vml}"
CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
DC = "{http://purl.org/dc/elements/1.1/}"

#: Least contrast of text, of large text and of signs (WCAG 2.2, 1.4.3 and 1.4.11).
TEXT, LARGE = 4.5, 3.0
SIGNS = "●○◉■◆▲☐☑"
BLANK = re.compile(r"\s{2,}")
FILE_NAME = re.compile(r"\.(png|jpe?g|gif|bmp|svg|emf|wmf|tiff?)\b", re.IGNORECASE)
EMPTY_WORDS = {"hier", "klicken sie hier", "mehr", "weiter", "link", "here", "click here", "more", "read more"}


class Finding(NamedTuple):
    """A rule that is not kept, and by what."""

    rule: str
    where: str


def findings(data: bytes) -> list[Finding]:
    """Return everything that is wrong with a Word file."""
    word = Word(data)
    return [Finding(rule.__name__.replace("_", "-"), where) for rule in RULES for where in rule(word)]


# --------------------------------------------------------------------------------------------------------- the document


def title(word: Word) -> Iterator[str]:
    """The document has a title."""
    if not (word.part("docProps/core.xml").findtext(f"{DC}title") or "").strip():
        yield "docProps/core.xml"


def language(word: Word) -> Iterator[str]:
    """The document says its language, the same one everywhere; texts in others say theirs."""
    default = word.styles.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    spoken = "" if default is None else default.get(f"{W}val", "")
    told = word.part("docProps/core.xml").findtext(f"{DC}language") or ""
    if not spoken or spoken.partition("-")[0] != told.partition("-")[0]:
        yield f"the styles say {spoken!r}, the properties {told!r}"
    for mark in word.iter(f"{W}lang"):
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", mark.get(f"{W}val", "")):
            yield f"no language: {mark.get(f'{W}val')!r}"


def restricted(word: Word) -> Iterator[str]:
    """Programs may read the document: it has no protection that locks screen readers out of its text."""
    if word.part("word/settings.xml").find(f"{W}documentProtection") is not None:
        yield "w:documentProtection"


# ------------------------------------------------------------------------------------------------------------- pictures


def alt_text(word: Word) -> Iterator[str]:
    """Every picture, shape and object says in words what it shows; a file's name is no such words."""
    for about in word.iter(f"{WP}docPr"):
        told = about.get("descr", "").strip()
        if not told or FILE_NAME.search(told):
            yield about.get("name", "a drawing")
    for shape in itertools.chain(word.iter(f"{V}shape"), word.iter(f"{V}rect")):
        if not shape.get("alt", "").strip():
            yield shape.get("id", "a shape")


def floating(word: Word) -> Iterator[str]:
    """Everything stands in line with the text, so that it is read where it stands."""
    for tag in (f"{WP}anchor", f"{W}framePr", f"{W}tblpPr", f"{W}txbxContent"):
        yield from (tag for _ in word.iter(tag))
    for shape in word.iter(f"{V}shape"):
        if "position:absolute" in shape.get("style", "").replace(" ", ""):
            yield shape.get("id", "a shape")


def watermark(word: Word) -> Iterator[str]:
    """No picture lies behind the text."""
    for name, root in word.parts.items():
        if "header" in name and any(True for _ in root.iter(f"{W}pict", f"{W}drawing")):
            yield name


# --------------------------------------------------------------------------------------------------------------- tables


def table_header(word: Word) -> Iterator[str]:
    """The first row of a table, and only that, is its header, repeated on each page, without an empty cell."""
    for table in word.iter(f"{W}tbl"):
        rows = table.findall(f"{W}tr")
        marked = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows]
        look = table.find(f"{W}tblPr/{W}tblLook")
        if marked != [True] + [False] * (len(rows) - 1) or look is None or look.get(f"{W}firstRow") != "1":
            yield _called(table)
        elif not all(text_of(cell).strip() for cell in rows[0].findall(f"{W}tc")):
            yield f"{_called(table)}: an empty header"


def table_structure(word: Word) -> Iterator[str]:
    """Tables are grids: no merged, split or missing cells, no tables in tables, no widths that are none."""
    bent = (*(f"{W}{tag}" for tag in ("gridSpan", "vMerge", "hMerge", "gridBefore", "gridAfter")),)
    for table in word.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        uneven = any(len(row.findall(f"{W}tc")) != columns for row in table.findall(f"{W}tr"))
        nested = any(found is not table for found in table.iter(f"{W}tbl"))
        narrow = any(int(width.get(f"{W}w", "0")) < 1 for width in table.iter(f"{W}gridCol", f"{W}tcW"))
        if uneven or nested or narrow or next(table.iter(*bent), None) is not None:
            yield _called(table)


def table_blank(word: Word) -> Iterator[str]:
    """No row or column of a table is there only to keep others apart."""
    for table in word.iter(f"{W}tbl"):
        filled = [
            [bool(text_of(cell).strip()) or next(cell.iter(f"{W}sdt"), None) is not None for cell in row.iter(f"{W}tc")]
            for row in table.iter(f"{W}tr")
        ]
        if not all(map(any, filled)) or not all(map(any, zip(*filled, strict=False))):
            yield _called(table)


def table_description(word: Word) -> Iterator[str]:
    """Tables have a name and a description."""
    for table in word.iter(f"{W}tbl"):
        if not all(value_of(table, f"{W}tblPr/{W}{tag}").strip() for tag in ("tblCaption", "tblDescription")):
            yield _called(table) or "a table without a name"


# ----------------------------------------------------------------------------------------------------- headings, blanks


def heading_style(word: Word) -> Iterator[str]:
    """Headings have Word's own heading styles, whose level in the outline is that of their name."""
    found = 0
    for paragraph in word.body.iter(f"{W}p"):
        style = word.style(paragraph)
        named = re.fullmatch(r"heading ([1-9])", value_of(style, f"{W}name").lower())
        level = value_of(paragraph, f"{W}pPr/{W}outlineLvl") or value_of(style, f"{W}pPr/{W}outlineLvl")
        found += named is not None
        if (level or None) != (str(int(named[1]) - 1) if named else None):
            yield text_of(paragraph) or "an empty paragraph"
        elif named and not text_of(paragraph).strip():
            yield "an empty heading"
    if not found:
        yield "there is no heading"


def heading_order(word: Word) -> Iterator[str]:
    """One heading of level 1 stands first; no level is left out on the way down."""
    levels = [(int(named[1]), text_of(p)) for p in word.body.iter(f"{W}p") if (named := _heading(word, p))]
    if [level for level, _ in levels].count(1) != 1:
        yield "not one heading of level 1"
    for (before, _), (level, text) in itertools.pairwise([(0, ""), *levels]):
        if level > before + 1:
            yield text


def repeated_blanks(word: Word) -> Iterator[str]:
    """Blanks do not come in rows to make room: neither in texts nor as empty paragraphs.

    What is typed in and the placeholder of an empty control are not looked at: that room is there to be clicked into.
    """
    for paragraph in word.iter(f"{W}p"):
        text = text_of(paragraph, controls=False)
        if BLANK.search(text) or (text.strip() and text != text.strip()):
            yield repr(text)
    for root in word.parts.values():
        blocks = [
            block for block in root.iter(f"{W}p", f"{W}tbl") if next(block.iterancestors(f"{W}tbl"), None) is None
        ]
        for is_empty, some in itertools.groupby(blocks, key=_is_empty):
            # A section ends with an empty paragraph, and a locked group has to begin with one.
            if is_empty and len(list(some)) > 2:
                yield "three empty paragraphs"
    for paragraph in word.body.iter(f"{W}tc"):
        if any(map(_is_empty, paragraph.findall(f"{W}p"))) and len(paragraph) > 2:
            yield "an empty paragraph in a cell"


def spacing_paragraph(word: Word) -> Iterator[str]:
    """An empty paragraph is there only where Word needs one.

    That is: to end a section or the document, to hold a break, to begin a locked group, to keep two tables apart.
    """
    for empty in filter(_is_empty, word.body.iter(f"{W}p")):
        around, before, after = empty.getparent(), empty.getprevious(), empty.getnext()
        if around is None or around.tag == f"{W}tc":
            continue
        needed = (
            empty.find(f"{W}pPr/{W}sectPr") is not None
            or next(empty.iter(f"{W}br"), None) is not None
            or (around.tag == f"{W}sdtContent" and before is None)
            or (
                before is not None
                and before.tag == f"{W}tbl"
                and (after is None or after.tag in (f"{W}tbl", f"{W}sectPr"))
            )
        )
        if not needed:
            yield value_of(empty, f"{W}pPr/{W}pStyle") or "an empty paragraph"


# ---------------------------------------------------------------------------------------------------------------- links


def link_text(word: Word) -> Iterator[str]:
    """A link's words say where it leads; where they are only a note's mark, its tip does."""
    for link in word.iter(f"{W}hyperlink"):
        words = " ".join(text_of(link).split())
        inside = link.get(f"{W}anchor") is not None
        poor = not words or words.lower() in EMPTY_WORDS or re.match(r"(https?://|www\.)", words)
        if poor or (inside and not re.search(r"\w{2}", words) and not link.get(f"{W}tooltip")):
            yield words or "a link without words"


def link_target(word: Word) -> Iterator[str]:
    """What a link leads to is there."""
    marks = {mark.get(f"{W}name") for mark in word.iter(f"{W}bookmarkStart")}
    known = {f"{R}id": {entry.get("Id") for entry in word.part("word/_rels/document.xml.rels")}, f"{W}anchor": marks}
    for link in word.iter(f"{W}hyperlink"):
        if not any(link.get(key) in targets for key, targets in known.items()):
            yield text_of(link)


def footnotes(word: Word) -> Iterator[str]:
    """Raised marks are Word's footnotes, each with its note in the order of the text, or links to such marks."""
    referred = [mark.get(f"{W}id") for mark in word.body.iter(f"{W}footnoteReference")]
    there = [note.get(f"{W}id") for note in word.part("word/footnotes.xml") if note.get(f"{W}type") is None]
    if referred != there:
        yield f"marks {referred}, notes {there}"
    look = Look(word.styles)
    for run in word.body.iter(f"{W}r"):
        raised = look.value(run, "w:vertAlign") == "superscript"
        linked = next(run.iterancestors(f"{W}hyperlink"), None) is not None
        if raised and not linked and run.find(f"{W}footnoteReference") is None and text_of(run) != ",":
            yield text_of(run)


# --------------------------------------------------------------------------------------------------- colours, controls


def contrast(word: Word) -> Iterator[str]:
    """Text stands out from what is behind it; see WCAG 2.2, 1.4.3; signs by 1.4.11."""
    look = Look(word.styles)
    for run in word.iter(f"{W}r"):
        text = text_of(run).strip()
        if text:
            enough = LARGE if set(text) <= set(SIGNS) or look.large(run) else TEXT
            if (found := look.contrast(run)) < enough:
                yield f"{text[:40]!r}: {found:.2f} instead of {enough}"


def colour_only(word: Word) -> Iterator[str]:
    """A coloured sign in a table stands in a legend with words, and the controls of its row say these words."""
    legend = _legend(word)
    for row in word.body.iter(f"{W}tr"):
        for run in row.iter(f"{W}r"):
            colour = run.find(f"{W}rPr/{W}color")
            if colour is None:
                continue
            labels = legend.get((text_of(run), colour.get(f"{W}val", "")), [])
            for control in row.iter(f"{W}sdt"):
                said = value_of(control, f"{W}sdtPr/{W}alias")
                if not any(label in said or _brief(label, said) for label in labels):
                    yield said


def control_title(word: Word) -> Iterator[str]:
    """Controls have titles that say more than an id, each its own."""
    titles = []
    for control in word.body.iter(f"{W}sdt"):
        if control.find(f"{W}sdtPr/{W}group") is None:
            titles.append(value_of(control, f"{W}sdtPr/{W}alias"))
            words = titles[-1].partition(": ")[2]
            if not re.search(r"\w", words):
                yield titles[-1] or "a control without a title"
    yield from (title for title, count in Counter(titles).items() if count > 1)


def control_state(word: Word) -> Iterator[str]:
    """The sign that a box shows is that of its state, in a font that has it."""
    for box in word.body.iter(f"{W14}checkbox"):
        control = next(box.iterancestors(f"{W}sdt"))
        checked = box.find(f"{W14}checked")
        state = "checkedState" if checked is not None and checked.get(f"{W14}val") == "1" else "uncheckedState"
        sign = box.find(f"{W14}{state}")
        content = control.find(f"{W}sdtContent")
        if sign is None or content is None or text_of(content) != chr(int(sign.get(f"{W14}val", "0"), 16)):
            yield value_of(control, f"{W}sdtPr/{W}alias")


RULES = (
    *(title, language, restricted, alt_text, floating, watermark),
    *(table_header, table_structure, table_blank, table_description),
    *(heading_style, heading_order, repeated_blanks, spacing_paragraph, link_text, link_target, footnotes),
    *(contrast, colour_only, control_title, control_state),
)


# -------------------------------------------------------------------------------------------------------------- helpers


def _called(table: etree._Element) -> str:
    return value_of(table, f"{W}tblPr/{W}tblCaption")


def _heading(word: Word, paragraph: etree._Element) -> re.Match[str] | None:
    return re.fullmatch(r"heading ([1-9])", value_of(word.style(paragraph), f"{W}name").lower())


def _is_empty(block: etree._Element) -> bool:
    return block.tag == f"{W}p" and not text_of(block, controls=False).strip()


def _legend(word: Word) -> Mapping[tuple[str, str], list[str]]:
    """Return what stands behind coloured signs outside of tables: sign and colour → words."""
    found: dict[tuple[str, str], list[str]] = {}
    for paragraph in word.body.iter(f"{W}p"):
        if next(paragraph.iterancestors(f"{W}tbl"), None) is None:
            for run, after in itertools.pairwise(paragraph.findall(f"{W}r")):
                colour = run.find(f"{W}rPr/{W}color")
                if colour is not None and (label := " ".join(text_of(after).split())):
                    found.setdefault((text_of(run), colour.get(f"{W}val", "")), []).append(label)
    return found


def _brief(label: str, said: str) -> bool:
    """Return whether a title says as much of a label as its 64 letters leave room for."""
    return any(label.startswith(start) for start in re.findall(r"\(([^()]{4,})…\)", said))
