"""Make templates/word/reference.docx, the built-in reference document for Word: ``python tools/reference_docx.py``.

Its styles are listed here; typeface, size and colours are those of templates/theme.yaml, put in by the same code that
follows another theme later. The same input gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx

from ozgdoc.ooxml.parts import pack
from ozgdoc.ooxml.reference import PLACE, dress
from ozgdoc.theme import Theme, load_theme

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
#: Word's names of the colours of a theme.
SLOTS = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")

INK = '<w:color w:val="000000"/>'


def spacing(before: int = 0, after: int = 0, line: float = 0, rule: str = "exact") -> str:
    """Return ``w:spacing``; all in points."""
    height = f' w:line="{round(line * 20)}" w:lineRule="{rule}"' if line else ""
    return f'<w:spacing w:before="{before * 20}" w:after="{after * 20}"{height}/>'


def size(points: float) -> str:
    """Return ``w:sz`` for both kinds of script."""
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def line(side: str, eighths: int, space: int = 0) -> str:
    """Return one border."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="000000"/>'


BOLD = "<w:b/><w:bCs/>"
ITALIC = "<w:i/><w:iCs/>"
KEEP = "<w:keepNext/><w:keepLines/>"
BAND = (
    f"<w:pBdr>{line('top', 12, 1)}{line('left', 24, 2)}{line('bottom', 12, 1)}{line('right', 24, 2)}</w:pBdr>"
    '<w:shd w:val="clear" w:color="auto" w:fill="FFFFFF"/>'
)
INSET = '<w:ind w:left="100" w:right="100"/>'

# id, name, what Word knows it as (built-in names keep their meaning for assistive technology), pPr, rPr
PARAGRAPHS = [
    ("Normal", "Normal", spacing(after=4, line=12.5, rule="atLeast"), INK + size(9)),
    (
        "Heading1",
        "heading 1",
        KEEP + spacing(after=2, line=26, rule="atLeast") + '<w:outlineLvl w:val="0"/>',
        BOLD + INK + size(20),
    ),
    (
        "Heading2",
        "heading 2",
        KEEP + BAND + spacing(before=9, after=3, line=13) + INSET + '<w:outlineLvl w:val="1"/>',
        BOLD + INK + size(10),
    ),
    (
        "Heading3",
        "heading 3",
        KEEP + spacing(before=7, after=2, line=12.5, rule="atLeast") + '<w:outlineLvl w:val="2"/>',
        BOLD + INK + size(9.5),
    ),
    (
        "Heading4",
        "heading 4",
        KEEP + spacing(before=6, after=2, line=12, rule="atLeast") + '<w:outlineLvl w:val="3"/>',
        BOLD + INK + size(9),
    ),
    ("Lead", "Lead", spacing(after=6, line=14.5, rule="atLeast"), INK + size(10.5)),
    ("DraftMark", "Draft Mark", spacing(after=4, line=12), ITALIC + INK + size(8.5)),
    (
        "Warning",
        "Warning",
        f"<w:pBdr>{line('left', 18, 5)}</w:pBdr>" + spacing(after=5) + '<w:ind w:left="140"/>',
        BOLD + INK + size(9),
    ),
    ("Small", "Small", spacing(after=3, line=10.5, rule="atLeast"), INK + size(7.5)),
    ("Legend", "Legend", spacing(after=7, line=12, rule="atLeast"), INK + size(8.5)),
    ("Caption", "caption", KEEP + spacing(before=6, after=3), BOLD + size(9)),
    ("TableHead", "Table Head", "<w:keepNext/>" + spacing(line=9.5), INK + size(7)),
    ("TableText", "Table Text", spacing(line=11.5, rule="atLeast"), size(9)),
    ("Checkpoint", "Checkpoint", spacing(line=11.5), size(9)),
    ("CheckpointHelp", "Checkpoint Help", spacing(line=9.5), INK + size(7.5)),
    ("CheckpointBox", "Checkpoint Box", spacing(line=15) + '<w:jc w:val="center"/>', size(16.5)),
    ("FieldLabel", "Field Label", "<w:keepNext/>" + spacing(before=2, line=9.5), BOLD + INK + size(7)),
    (
        "FieldValue",
        "Field Value",
        f"<w:pBdr>{line('bottom', 4, 1)}</w:pBdr>" + spacing(line=14, rule="atLeast"),
        size(9.5),
    ),
    ("FieldHint", "Field Hint", spacing(before=2, line=8.5), INK + size(6.5)),
    (
        "FootnoteText",
        "footnote text",
        '<w:tabs><w:tab w:val="left" w:pos="160"/></w:tabs>'
        + spacing(line=9)
        + '<w:ind w:left="160" w:hanging="160"/>',
        INK + size(7),
    ),
    ("Footer", "footer", spacing(line=9), INK + size(7)),
    ("Hair", "Hair", spacing(line=1), size(1)),
]
CHARACTERS = [
    ("FootnoteReference", "footnote reference", BOLD + INK + '<w:vertAlign w:val="superscript"/>'),
    ("Hyperlink", "Hyperlink", INK + '<w:u w:val="single"/>'),
    ("PlaceholderText", "Placeholder Text", INK),
    ("Strong", "Strong", BOLD),
]
# id, name, borders, margins of the cells: left, right, top and bottom in twips
TABLES = [
    ("TableNormal", "Normal Table", "", (0, 0, 0)),
    ("Fields", "Fields", "", (0, 240, 0)),
    ("Checklist", "Checklist", line("bottom", 4) + line("insideH", 4), (60, 60, 30)),
    ("Report", "Report", line("top", 8) + line("bottom", 8) + line("insideH", 4), (80, 80, 30)),
]


def styles() -> str:
    """Return word/styles.xml."""
    made = [
        f'<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="X" w:hAnsi="X" w:eastAsia="X" w:cs="X"/>'
        f'{size(9)}<w:lang w:val="de-DE" w:eastAsia="de-DE" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    ]
    for key, title, paragraph, text in PARAGRAPHS:
        first = ' w:default="1"' if key == "Normal" else ""
        custom = ' w:customStyle="1"' if title[0].isupper() and key != "Normal" else ""
        based = "" if key == "Normal" else '<w:basedOn w:val="Normal"/>'
        following = '<w:next w:val="Normal"/>' if key.startswith("Heading") else ""
        made.append(
            f'<w:style w:type="paragraph"{first}{custom} w:styleId="{key}"><w:name w:val="{title}"/>{based}{following}'
            f"<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{text}</w:rPr></w:style>"
        )
    made.append(
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    )
    for key, title, text in CHARACTERS:
        made.append(
            f'<w:style w:type="character" w:styleId="{key}"><w:name w:val="{title}"/>'
            f'<w:basedOn w:val="DefaultParagraphFont"/><w:rPr>{text}</w:rPr></w:style>'
        )
    for key, title, borders, (left, right, high) in TABLES:
        normal = key == "TableNormal"
        kind = ' w:default="1"' if normal else ' w:customStyle="1"'
        based = "" if normal else '<w:basedOn w:val="TableNormal"/>'
        lines = f"<w:tblBorders>{borders}</w:tblBorders>" if borders else ""
        sides = (("top", high), ("left", left), ("bottom", high), ("right", right))
        margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
        made.append(
            f'<w:style w:type="table"{kind} w:styleId="{key}"><w:name w:val="{title}"/>{based}'
            f"<w:tblPr>{lines}<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style>"
        )
    return "".join(made) + "</w:styles>"


DOCUMENT = (
    f'<w:document {W}><w:body><w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="680" w:right="794" w:bottom="737" w:left="794" w:header="340" w:footer="397" w:gutter="0"/>'
    '<w:cols w:space="567"/></w:sectPr></w:body></w:document>'
)
# Mode 15 is Word 2013 and later: in older modes check boxes can't be ticked.
SETTINGS = (
    f'<w:settings {W}><w:zoom w:percent="100"/><w:defaultTabStop w:val="709"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="de-DE"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
)
# Where the family is missing, Word takes the other name.
FONTS = (
    '<w:fonts {0}><w:font w:name="{1}"><w:altName w:val="Arial"/><w:charset w:val="00"/><w:family w:val="swiss"/>'
    '<w:pitch w:val="variable"/></w:font></w:fonts>'
)
CORE = f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"/>'


def office_theme(look: Theme) -> str:
    """Return word/theme.xml: the colours and the typeface that Word offers to whoever edits the reference document."""
    c = look.colours
    slots = dict(zip(SLOTS, (c.text, "#ffffff", c.muted, c.band, c.accent, c.done, c.unclear, c.exempt, c.open, c.rule,
                             c.accent, c.muted), strict=True))  # fmt: skip
    colours = "".join(f'<a:{slot}><a:srgbClr val="{value[1:].upper()}"/></a:{slot}>' for slot, value in slots.items())
    face = f'<a:latin typeface="{look.family}"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    stroke = f"<a:ln>{fill}</a:ln>"
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="ozgdoc"><a:themeElements>'
        f'<a:clrScheme name="ozgdoc">{colours}</a:clrScheme>'
        f'<a:fontScheme name="ozgdoc"><a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont></a:fontScheme>'
        f'<a:fmtScheme name="ozgdoc"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{stroke * 3}</a:lnStyleLst><a:effectStyleLst>{effect * 3}</a:effectStyleLst>"
        f"<a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )


def package(look: Theme) -> bytes:
    """Return the package before it is dressed."""
    parts = {
        "styles": styles(),
        "settings": SETTINGS,
        "fontTable": FONTS.format(W, look.family),
        "theme": office_theme(look),
    }
    kinds = dict.fromkeys(parts, TYPES) | {"theme": "application/vnd.openxmlformats-officedocument"}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{kind}.{part}+xml"/>' for part, kind in kinds.items()
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/word/document.xml" '
        f'ContentType="{TYPES}.document.main+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        f'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" '
        f'Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "word/document.xml": DOCUMENT,
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{RELATIONS}/{part}" Target="{part}.xml"/>'
            for number, part in enumerate(parts, start=1)
        )
        + "</Relationships>",
        "docProps/core.xml": CORE,
        **{f"word/{part}.xml": text for part, text in parts.items()},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for member, text in members.items():
            target.writestr(zipfile.ZipInfo(member), text)
    return made.getvalue()


def main() -> None:
    """Write the file."""
    look = load_theme()
    document = docx.Document(io.BytesIO(package(look)))
    dress(document, look)
    target = TEMPLATES / PLACE
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(pack(document.part.package))


if __name__ == "__main__":
    main()
