"""Word files keep the rules of an accessibility checker, and the checker notices when they do not."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import etree

from ozgdoc import api
from ozgdoc.ooxml.xml import element, paragraph, run
from ozgdoc.theme import load_theme
from tests.word import W, edit, xml
from tests.word_accessibility import RULES, findings
from tests.word_contrast import ratio
from tests.word_documents import NAMES, checklist, languages, notes, word

Change = Callable[[etree._Element], None]
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found(name: str) -> None:
    assert findings(word(name)) == []


@pytest.mark.parametrize(("size", "width", "height"), [(14, 842, 595), (9, 595, 842), (7, 612, 792)])
def test_nothing_is_found_with_another_theme(size: float, width: float, height: float) -> None:
    theme = replace(load_theme(), size=size, width=width, height=height)
    for form in (notes(), languages()):
        assert findings(api.render(form, "docx", theme=theme)) == []


# ------------------------------------------------------------------------------------------------ languages, contrast


def spoken(form: bytes, member: str = "word/document.xml") -> dict[str, str]:
    """Return the texts that are marked as being in another language than the document."""
    found = {}
    for marked in xml(form, member).iter(f"{W}r"):
        language = marked.find(f"{W}rPr/{W}lang")
        if language is not None:
            found["".join(text.text or "" for text in marked.iter(f"{W}t")).strip("\u00a0")] = language.get(
                f"{W}val", ""
            )
    return found


def test_every_text_of_another_language_is_marked() -> None:
    form = word("languages")
    german = (
        "Notwendig",
        "Behörde",
        "Amtlicher Name",
        "Kurz",
        "Umsetzung",
        "erledigt",
        "Nur auf Deutsch",
        "Das ",
        "auch",
    )
    assert spoken(form) == dict.fromkeys(german, "de-DE")
    assert spoken(form, "word/footnotes.xml") == {"Diese Anmerkung ebenso": "de-DE"}
    assert spoken(api.render(languages(), "docx")) == {}


def test_the_program_s_own_words_are_marked_where_they_are_english() -> None:
    """There are no French ones."""
    points = [{"id": "p", "text": "Point", "draft": True}]
    fields = [{"id": "f", "label": "Nom", "required": True}, {"id": "d", "label": "Jour", "type": "date"}]
    french = checklist(
        language="fr", draft=True, fields=fields, sections=[{"id": "s", "title": "Un", "checkpoints": points}]
    )
    form = api.render(french, "docx")
    found = spoken(form)
    assert set(found.values()) == {"en-GB"}
    assert {"(required)", "Checkpoint", "work in progress"} <= {text.strip() for text in found}
    assert not {"Nom", "Jour", "Point", "Un"} & set(found)


def test_contrast_is_that_of_wcag() -> None:
    assert ratio("000000", "FFFFFF") == pytest.approx(21)
    assert ratio("777777", "FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert ratio("0B4F87", "0B4F87") == 1


# -------------------------------------------------------------------------------------------------- broken on purpose


def first(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path.replace("w:", W))
    assert found is not None, path
    return found


def drop(path: str) -> Change:
    def change(root: etree._Element) -> None:
        found = first(root, path)
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return change


def put(path: str, value: str, attribute: str = f"{W}val") -> Change:
    return lambda root: first(root, path).set(attribute, value)


def before(path: str, *blocks: Callable[[], etree._Element]) -> Change:
    def change(root: etree._Element) -> None:
        for block in blocks:
            first(root, path).addprevious(block())

    return change


def inside(path: str, child: Callable[[], etree._Element], place: int = 0) -> Change:
    return lambda root: first(root, path).insert(place, child())


def picture(kind: str, told: str) -> etree._Element:
    made = etree.Element(f"{DRAWING}{kind}")
    etree.SubElement(made, f"{DRAWING}docPr", id="1", name="Bild 1", descr=told)
    return element("w:r", element("w:drawing", made))


def empty_cells(path: str) -> Change:
    def change(root: etree._Element) -> None:
        for cell in first(root, path).iter(f"{W}tc"):
            for block in cell.findall(f"{W}p"):
                cell.remove(block)
            cell.append(paragraph("TableText"))

    return change


def copied_title(root: etree._Element) -> None:
    one, two = list(root.iter(f"{W}alias"))[-2:]
    two.set(f"{W}val", one.get(f"{W}val", ""))


def without_level(root: etree._Element) -> None:
    alias = next(alias for alias in root.iter(f"{W}alias") if alias.get(f"{W}val", "").endswith(" (Kann)"))
    alias.set(f"{W}val", alias.get(f"{W}val", "").removesuffix(" (Kann)"))


def link(words: str, **attributes: str) -> etree._Element:
    return element("w:hyperlink", run(words), **attributes)


def styled(text: str, *properties: etree._Element) -> etree._Element:
    return paragraph("Normal", run(text, *properties))


CHECKLIST = f".//{W}tblStyle[@{W}val='Checklist']/../.."
H2 = f".//{W}pStyle[@{W}val='Heading2']/../.."
BODY = "word/document.xml"
BROKEN: list[tuple[str, str, Change]] = [
    ("title", "docProps/core.xml", lambda root: root.remove(root[0])),
    ("language", "word/styles.xml", put(".//w:lang", "fr-FR")),
    ("language", BODY, inside(".//w:body", lambda: styled("x", element("w:lang", val="Deutsch")))),
    ("restricted", "word/settings.xml", lambda root: root.append(element("w:documentProtection", edit="forms"))),
    ("alt-text", BODY, inside(H2, lambda: picture("inline", ""), 1)),
    ("alt-text", BODY, inside(H2, lambda: picture("inline", "logo.png"), 1)),
    ("floating", BODY, inside(H2, lambda: picture("anchor", "Ein Baum"), 1)),
    ("floating", BODY, inside(f"{CHECKLIST}/w:tblPr", lambda: element("w:tblpPr", vertAnchor="page"), 1)),
    ("table-header", BODY, drop(".//w:tblHeader")),
    ("table-header", BODY, inside(f"{CHECKLIST}/w:tr[2]/w:trPr", lambda: element("w:tblHeader"))),
    ("table-header", BODY, put(".//w:tblLook", "0", f"{W}firstRow")),
    ("table-header", BODY, drop(f"{CHECKLIST}/w:tr/w:tc/w:p/w:r")),
    ("table-structure", BODY, inside(".//w:tc/w:tcPr", lambda: element("w:gridSpan", val=2), 1)),
    ("table-structure", BODY, drop(f"{CHECKLIST}/w:tr[3]/w:tc")),
    ("table-structure", BODY, inside(f"{CHECKLIST}//w:tc", lambda: element("w:tbl"), 1)),
    ("table-structure", BODY, put(".//w:gridCol", "-20", f"{W}w")),
    ("table-blank", BODY, empty_cells(f"{CHECKLIST}/w:tr[4]")),
    ("table-description", BODY, drop(".//w:tblDescription")),
    ("table-description", BODY, put(".//w:tblCaption", " ")),
    ("heading-style", "word/styles.xml", drop(".//w:outlineLvl")),
    ("heading-style", BODY, inside(f"{CHECKLIST}//w:pPr", lambda: element("w:outlineLvl", val=1), 1)),
    ("heading-style", BODY, before(H2, lambda: paragraph("Heading2"))),
    ("heading-order", BODY, before(H2, lambda: paragraph("Heading3", run("Zu tief")), lambda: paragraph("Heading1"))),
    ("heading-order", BODY, put(f".//{W}pStyle[@{W}val='Heading1']", "Lead")),
    ("repeated-blanks", BODY, before(H2, lambda: styled("Name:     Ort:"))),
    ("repeated-blanks", BODY, before(H2, lambda: styled("\t\tmit Tabulatoren"))),
    ("repeated-blanks", BODY, before(H2, *(lambda: paragraph("Normal"),) * 3)),
    ("repeated-blanks", BODY, inside(".//w:tc", lambda: paragraph("Normal"), 1)),
    ("spacing-paragraph", BODY, before(H2, lambda: paragraph("Normal"))),
    ("link-text", BODY, inside(H2, lambda: link("hier", anchor="note1"), 1)),
    ("link-text", BODY, inside(H2, lambda: link("https://example.org", anchor="note1"), 1)),
    ("link-text", BODY, drop(".//w:hyperlink/w:r")),
    ("link-text", BODY, lambda root: first(root, ".//w:hyperlink").attrib.pop(f"{W}tooltip")),
    ("link-target", BODY, inside(H2, lambda: link("Zur Anlage", anchor="anlage"), 1)),
    ("footnotes", BODY, inside(H2, lambda: run("9", element("w:vertAlign", val="superscript")), 1)),
    ("footnotes", "word/footnotes.xml", lambda root: root.remove(root[-1])),
    ("contrast", BODY, before(H2, lambda: styled("Blass", element("w:color", val="8C8C8C")))),
    ("contrast", BODY, before(H2, lambda: styled("Dunkel", element("w:shd", val="clear", fill="333333")))),
    ("contrast", "word/styles.xml", put(f".//{W}style[@{W}styleId='Heading2']//{W}shd", "5B8CB8", f"{W}fill")),
    ("contrast", "word/styles.xml", put(f".//{W}style[@{W}styleId='FootnoteText']//{W}color", "999999")),
    ("colour-only", BODY, without_level),
    ("colour-only", BODY, put(f"{CHECKLIST}//{W}color", "00AA00")),
    ("control-title", BODY, copied_title),
    ("control-title", BODY, drop(".//w:sdtPr/w:alias")),
    ("control-title", BODY, put(".//w:sdtPr/w:alias", "p1")),
    ("control-state", BODY, lambda root: setattr(list(root.iter(f"{W}sdtContent"))[-1][0][-1], "text", "☑")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "member", "change"), BROKEN, ids=[f"{n}-{b[0]}" for n, b in enumerate(BROKEN)])
def test_what_is_broken_is_found(rule: str, member: str, change: Change) -> None:
    assert rule in {found.rule for found in findings(edit(word("notes"), member, change))}


def test_a_watermark_is_found() -> None:
    made = io.BytesIO()
    made.write(word("notes"))
    with zipfile.ZipFile(made, "a") as archive:
        header = element("w:hdr", element("w:p", element("w:r", element("w:pict"))))
        archive.writestr("word/header1.xml", etree.tostring(header))
    assert "watermark" in {found.rule for found in findings(made.getvalue())}


def test_every_rule_has_been_seen_to_find_something() -> None:
    assert {rule.__name__.replace("_", "-") for rule in RULES} - {"watermark"} == {rule for rule, _, _ in BROKEN}
