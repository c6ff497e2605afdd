"""Files that want something done, pretend to be something else, or say something dangerous."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Pdf, String

from ozgdoc import api
from ozgdoc.identity import identify
from ozgdoc.model import Submission
from ozgdoc.wire import canonical, checklist_to_json
from tests.hostile.base import REMOTE, TEXTS, TRUTH, Case, base_docx, changed, opened, private, saved, widget
from tests.sheets import ozg
from tests.word import W, edit, fill, replace


def actions() -> Iterator[Case]:
    """What viewers would execute, open or fetch."""
    kinds = {
        "javascript": Dictionary(S=Name.JavaScript, JS="app.alert(1);this.getField('mvp').value='Yes'"),
        "launch": Dictionary(S=Name.Launch, F=Dictionary(Type=Name.Filespec, F="/bin/sh", UF="calc.exe")),
        "uri": Dictionary(S=Name.URI, URI=REMOTE),
        "goto-remote": Dictionary(S=Name.GoToR, F=String("\\\\127.0.0.1\\share\\x.pdf"), D=Array([0, Name.Fit])),
        "goto-embedded": Dictionary(S=Name.GoToE, T=Dictionary(R=Name.C, N="x")),
        "submit": Dictionary(S=Name.SubmitForm, F=Dictionary(FS=Name.URL, F=REMOTE)),
        "import": Dictionary(S=Name.ImportData, F=Dictionary(F="/etc/passwd")),
        "reset": Dictionary(S=Name.ResetForm),
        "hide": Dictionary(S=Name.Hide, T="mvp"),
        "named": Dictionary(S=Name.Named, N=Name.Print),
    }
    for name, action in kinds.items():
        for place in ("document", "page", "field", "chain"):

            def put(pdf: Pdf, action: Dictionary = action, place: str = place) -> None:
                match place:
                    case "document":
                        pdf.Root.OpenAction = action
                    case "page":
                        pdf.pages[0].obj.AA = Dictionary(O=action, C=action)
                    case "field":
                        widget(pdf, "mvp").AA = Dictionary(K=action, F=action, V=action, C=action)
                        widget(pdf, "mvp").A = action
                    case _:
                        first = pdf.make_indirect(Dictionary(action))
                        first.Next = Array([first])
                        pdf.Root.OpenAction = first

            yield Case("actions", f"{name}-{place}", changed(put), read=True)


def references() -> Iterator[Case]:
    """Content that lies elsewhere, and attachments whose names are paths."""

    def remote_stream(key: str) -> bytes:
        def put(pdf: Pdf) -> None:
            away = pdf.make_stream(b"", F=Dictionary(FS=Name.URL, F=REMOTE), FFilter=Name.FlateDecode)
            for carried in private(pdf):
                carried[f"/{key}"] = away

        return changed(put)

    def remote_picture(pdf: Pdf) -> None:
        away = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, F=Dictionary(FS=Name.URL, F=REMOTE))
        away.Ref = Dictionary(F=REMOTE, Page=0)
        pdf.pages[0].obj.Resources.XObject = Dictionary(X=away)

    yield Case("references", "remote-definition", remote_stream("definition"))
    yield Case("references", "remote-places", remote_stream("places"))
    yield Case("references", "remote-picture", changed(remote_picture), read=True)
    for number, name in enumerate(
        ("../../../etc/cron.d/x", "C:\\Windows\\x.exe", "/tmp/x", "x\x00.pdf", "\u202etxt.exe")
    ):

        def attach(pdf: Pdf, name: str = name) -> None:
            pdf.attachments["x"] = pikepdf.AttachedFileSpec(pdf, b"MZ", filename="x")
            for key in ("/F", "/UF"):
                pdf.attachments["x"].obj[key] = name

        yield Case("references", f"attachment-{number}", changed(attach), read=True)
    yield from word_relationships()
    yield from word_fields()


def word_relationships() -> Iterator[Case]:
    """Parts of a Word file that lie elsewhere."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    for name in ("attachedTemplate", "image", "aFChunk", "oleObject", "frame", "hyperlink", "customXml", "settings"):
        for target, mode in (
            (REMOTE + "x", "External"),
            ("../../../../etc/passwd", "Internal"),
            ("file:///x", "External"),
        ):

            def relate(root: etree._Element, name: str = name, target: str = target, mode: str = mode) -> None:
                etree.SubElement(root, f"{root.tag[:-1]}", Id="rId99", Type=kind + name, Target=target, TargetMode=mode)

            member = "word/_rels/document.xml.rels"
            yield Case("references", f"word-{name}-{mode}-{len(target)}", edit(base_docx(), member, relate))


def word_fields() -> Iterator[Case]:
    """Field codes of Word that fetch or start something."""
    for number, code in enumerate(
        (f'INCLUDEPICTURE "{REMOTE}x.png"', 'DDEAUTO c:\\\\x.exe "calc"', f'INCLUDETEXT "{REMOTE}"', "MACROBUTTON x y")
    ):

        def put(root: etree._Element, code: str = code) -> None:
            paragraph = next(root.iter(f"{W}p"))
            simple = etree.SubElement(paragraph, f"{W}fldSimple")
            simple.set(f"{W}instr", code)

        yield Case("references", f"word-field-{number}", edit(base_docx(), "word/document.xml", put), read=True)


def locked() -> Iterator[Case]:
    """Passwords, and forms of other kinds."""
    for revision in (2, 3, 4, 6):
        for name, user in (("password", "secret"), ("owner-only", "")):
            encryption = pikepdf.Encryption(
                owner="owner", user=user, R=revision, aes=revision >= 4, metadata=revision >= 4
            )
            data = saved(opened(), encryption=encryption)
            says = "it is protected by a password" if user else None
            yield Case("locked", f"{name}-{revision}", data, says=says, read=not user)

    def xfa(pdf: Pdf) -> None:
        pdf.Root.AcroForm.XFA = Array(["template", pdf.make_stream(b"<template/>")])

    def xfa_only(pdf: Pdf) -> None:
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp:xdp xmlns:xdp='urn:x'/>"))
        pdf.Root.NeedsRendering = True
        for page in pdf.pages:
            del page.obj["/Annots"], page.obj["/PieceInfo"]
        del pdf.Root["/Metadata"]

    def unknown_filter(data: bytes) -> bytes:
        return data.replace(b"/Filter /Standard", b"/Filter /Nonsense")

    yield Case("locked", "xfa-beside", changed(xfa), read=True)
    yield Case("locked", "xfa-only", changed(xfa_only))
    rights = saved(opened(), encryption=pikepdf.Encryption(owner="o", user="", R=6))
    yield Case("locked", "foreign-security", unknown_filter(rights), says="it is", truth=False)
    ole = bytes.fromhex("d0cf11e0a1b11ae1")
    yield Case("locked", "word-password", ole + bytes(5_000), says="password", truth=False)
    for name, data in (
        ("html", b"<html><script>alert(1)</script>"),
        ("program", b"MZ\x90\x00" + bytes(100)),
        ("picture", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("text", b"=cmd|' /C calc'!A0"),
        ("rtf", b"{\\rtf1 x}"),
        ("gzip", b"\x1f\x8b" + bytes(100)),
    ):
        says = "JSON" if name == "rtf" else "of no kind that can be read"
        yield Case("locked", f"kind-{name}", data, says=says, truth=False)


# ------------------------------------------------------------------------------------------------------------- texts

#: What people, and programs that mean no good, type into a field → what must be read.
TYPED = {
    "formula": ('=HYPERLINK(REMOTE,"x")', None),
    "plus": ("+1+1", None),
    "minus": ("-1+1|cmd", None),
    "at": ("@SUM(1)", None),
    "tab": ("\t=1+1", None),
    "return": ("\r=1+1", "\n=1+1"),
    "spaces": ("  =1+1", None),
    "wide": ("\uff1d1+1", None),
    "quote": ('";=1+1;"', None),
    "separator": ("a;b\n=1+1", None),
    "script": ("<script>alert(1)</script>", None),
    "element": ('"><img src=x onerror=alert(1)>', None),
    "attribute": ("' onmouseover='alert(1)", None),
    "comment": ("--><!-- ]]> <?x ?>", None),
    "entity": ("&lt;b&gt;&#x41;&amp;", None),
    "jinja": ("{{ 7*7 }}{% for x in () %}{# x #}", None),
    "jinja-python": ("{{ ''.__class__.__mro__ }}", None),
    "format": ("%s %(x)s {0} {x!r} ${HOME} `id` $(id)", None),
    "markdown": (f"[x](javascript:alert(1)) ![y]({REMOTE}) # * _ | `", None),
    "rule": ("---\n# heading\n- [x] item", None),
    "escape": ("\x1b[31mred\x1b]0;title\x07", "[31mred]0;title"),
    "c1": ("\x9b31m", "31m"),
    "null": ("a\x00b", "ab"),
    "bell": ("a\x07\x08b", "ab"),
    "bidi": ("abc\u202egpj.exe\u2066x\u2069", "abcgpj.exex"),
    "zero-width": ("a\u200bb\ufeffc", None),
    "surrogate": ("a\ud800b", "a\ufffdb"),
    "emoji": ("\U0001f600", None),
    "noncharacter": ("a\uffff\ufdd0b", "a\ufffd\ufdd0b"),
    "private": ("\ue000", None),
    "long": ("x" * 20_000, "x" * 10_000),
    "combining": ("e" + "\u0301" * 3_000, None),
    "one-long-word": ("W" * 9_999, None),
    "lines": ("\n" * 5_000 + "x", None),
    "rtl": ("\u0627\u0644\u0639\u0631\u0628\u064a\u0629", None),
    "cjk": ("\u6f22\u5b57", None),
    "path": ("../../../../etc/passwd", None),
    "xml": ("<w:t>x</w:t></w:p>", None),
    "number": ("1e400", None),
    "large-number": (str(-(2**63)), None),
}


def typed() -> Iterator[Case]:
    for name, (text, expected) in TYPED.items():

        def put(pdf: Pdf, text: str = text) -> None:
            widget(pdf, "projekt").V = String(b"\xfe\xff" + text.encode("utf-16-be", "surrogatepass"))

        wanted = unicodedata.normalize("NFC", text if expected is None else expected)
        yield Case("texts", name, changed(put), read=True, texts=(("projekt", wanted),))
        if all(letter in "\t\n" or letter >= " " for letter in text) and name not in ("surrogate", "noncharacter"):
            word = fill(base_docx(), {"fields.projekt": text})
            yield Case("texts", f"word-{name}", word, read=True, texts=(("projekt", wanted),))
    for name, raw in (
        ("utf16-odd", b"\xfe\xff\x00a\x00"),
        ("utf16-half", b"\xfe\xff\xd8"),
        ("utf8-broken", b"\xef\xbb\xbfa\xff\xfeb"),
        ("language", b"\xfe\xff\x00\x1b\x00d\x00e\x00\x1b\x00a"),
        ("language-open", b"\xfe\xff\x00\x1b\x00d\x00e" + b"\x00x" * 99),
        ("all-bytes", bytes(range(256))),
    ):

        def put_raw(pdf: Pdf, raw: bytes = raw) -> None:
            widget(pdf, "projekt").V = String(raw)
            widget(pdf, "projekt").TU = String(raw)

        yield Case("texts", name, changed(put_raw), read=True)


# -------------------------------------------------------------------------------------------------------- identities


def carrying(definition: bytes | None, **texts: str) -> bytes:
    """Return the base PDF with other data about itself on each page."""

    def put(pdf: Pdf) -> None:
        for carried in private(pdf):
            if definition is not None:
                carried.definition = pdf.make_stream(definition)
            for key, text in texts.items():
                carried[f"/{key}"] = String(text)

    return changed(put)


def identities() -> Iterator[Case]:
    """Forms that say they are another one, or carry a checklist that is none."""
    right = identify(ozg()).content
    for name, texts in {
        "content": {"content": "0" * 64},
        "content-upper-case": {"content": right.upper()},
        "content-short": {"content": right[:10]},
        "checklist": {"checklist": "another"},
        "checklist-path": {"checklist": "../../etc/passwd", "content": "0" * 64},
        "checklist-html": {"checklist": "<script>alert(1)</script>\x1b[31m", "content": "1"},
        "checklist-nul": {"checklist": "ozg-umsetzungscheckliste\x00"},
    }.items():
        yield Case("identities", name, carrying(None, **texts), says="it ", truth=False)
    for name, texts in {
        "content-empty": {"content": ""},
        "version-html": {"version": "<b>\x1b[31m9</b>=1+1"},
        "version-long": {"version": "9" * 100_000},
        "instance-html": {"instance": '"><script>alert(1)</script>\x1b]0;x\x07'},
        "instance-formula": {"instance": "=1+1"},
    }.items():
        yield Case("identities", name, carrying(None, **texts), read=True)
    plain = checklist_to_json(ozg())

    def of(value: object, **texts: str) -> bytes:
        return carrying(canonical(value), **{"content": "2" * 64, **texts})

    wrong: dict[str, object] = {
        "null": None,
        "number": 7,
        "list": [plain],
        "no-sections": {**plain, "sections": []},
        "sections-null": {**plain, "sections": None},
        "title-number": {**plain, "title": 7},
        "id-other": {**plain, "id": "another"},
        "id-path": {**plain, "id": "../x"},
        "many-sections": {**plain, "sections": [{**plain["sections"][0], "id": f"s{n}"} for n in range(3_000)]},
        "pattern": {**plain, "fields": [{**plain["fields"][0], "pattern": "(a+)+$"}]},
        "pattern-large": {**plain, "fields": [{**plain["fields"][0], "pattern": "(?:a{1,9999}){1,9999}"}]},
        "pattern-broken": {**plain, "fields": [{**plain["fields"][0], "pattern": "("}]},
        "more-keys": {**plain, "__proto__": {"x": 1}, "import": "os"},
        "draft-string": {**plain, "draft": "yes"},
        "changed-text": {**plain, "title": {"de": "Etwas anderes"}},
        "script-title": {**plain, "title": {"de": "<script>alert(1)</script>{{ 7*7 }}"}},
    }
    for name, value in wrong.items():
        yield Case("identities", f"definition-{name}", of(value), says="", truth=False)
    for name, raw in {
        "empty": b"",
        "no-json": b"{",
        "nan": b'{"id": NaN}',
        "twice": b'{"id": "a", "id": "b"}',
        "deep": b"[" * 100_000 + b"]" * 100_000,
        "deep-object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "huge-number": b'{"id": ' + b"9" * 100_000 + b"}",
        "exponent": b'{"id": 1e400}',
        "utf16": json.dumps(plain).encode("utf-16"),
        "surrogate": b'{"id": "\\ud800"}',
        "too-large": b" " * 3_000_000,
        "pickle": b"\x80\x04\x95cos\nsystem\n",
        "yaml": b"!!python/object/apply:os.system ['true']",
    }.items():
        yield Case("identities", f"definition-{name}", carrying(raw, content="3" * 64), says="", truth=False)
    yield from other_checklists()


def other_checklists() -> Iterator[Case]:
    """Sound forms of checklists that nobody here has, whose texts mean no good."""
    nasty = "<script>alert(1)</script>{{ 7*7 }}'\"><img src=x onerror=alert(1)> =1+1"
    for name, text in (
        ("html", nasty),
        ("formula", "=1+1"),
        ("zero-width", "a\u200bb\u200e"),
        ("long", "wort " * 55),
    ):
        data = {
            "id": "fremd",
            "version": "1",
            "title": text,
            "language": "de",
            "sections": [{"id": "s", "title": text, "checkpoints": [{"id": "p", "text": text, "help": text}]}],
            "fields": [{"id": "f", "label": text}],
        }
        made = api.load(json.dumps(data).encode())
        filled = Submission("x", fields={"f": text}, answers={"p": "done"})
        for format_ in ("pdf", "docx"):
            yield Case(
                "identities", f"stranger-{name}-{format_}", api.render(made, format_, submission=filled), truth=False
            )
    # A form of a registered checklist's name that asks something else.
    data = {
        "id": ozg().id,
        "version": "9",
        "title": "Anderes",
        "language": "de",
        "sections": [{"id": "s", "title": "S", "checkpoints": [{"id": "mvp", "text": "Etwas anderes"}]}],
    }
    other = api.load(json.dumps(data).encode())
    yield Case("identities", "same-name", api.render(other, "pdf"), truth=False)
    for format_ in ("pdf", "docx"):
        mixed = api.render(ozg(), format_, submission=Submission("x", fields=TEXTS, answers=TRUTH), instance="=1+1<b>")
        yield Case("identities", f"instance-{format_}", mixed, read=True)
    for member, old, new in (
        ("docProps/custom.xml", identify(ozg()).content.encode(), b"0" * 64),
        ("customXml/item1.xml", b"Steuerungskreis", b"Steuerkreis"),
    ):
        data_ = replace(base_docx(), member, lambda part, old=old, new=new: part.replace(old, new))  # type: ignore[misc]
        says = "it " if member.startswith("doc") else None
        yield Case("identities", f"word-{member.rpartition('/')[2]}", data_, says=says)
