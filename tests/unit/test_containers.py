"""Files in zip files, e-mails, PDFs and JSON lines are read one by one, within bounds; their names are only labels."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozgdoc import api, containers
from ozgdoc.containers import Member, label, unpack
from ozgdoc.errors import UnreadableError
from ozgdoc.model import Submission
from ozgdoc.wire import submission_to_json
from tests.sheets import ozg, ozg_pdf


def a_zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def a_mail(*files: tuple[str, bytes]) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Rückmeldung", "a@example.org"
    mail.set_content("Anbei.")
    mail.add_alternative("<p>Anbei.</p>", subtype="html")
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def a_cover(*files: tuple[str, bytes], form: bytes | None = None) -> bytes:
    """Return a PDF with attachments: a form, or one empty page."""
    with pikepdf.open(io.BytesIO(form)) if form else pikepdf.new() as pdf:
        if form is None:
            pdf.add_blank_page()
        for name, data in files:
            pdf.attachments[name] = data
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


@pytest.fixture(scope="module")
def ticked() -> bytes:
    return api.render(ozg(), "pdf", submission=Submission("", answers={"mvp": "done"}))


def sources(data: bytes) -> list[tuple[str, bool]]:
    return [(one.source, one.error is None) for one in api.read(data, name="x")]


def members(data: bytes, name: str = "x") -> list[tuple[str, bytes]]:
    found = list(unpack(name, data))
    assert [member.error for member in found] == [None] * len(found)
    return [(member.name, member.data) for member in found]


def refused(data: bytes) -> list[str]:
    return [str(member.error) for member in unpack("x", data) if member.error]


# --------------------------------------------------------------------------------------------------------------- kinds


def test_each_file_in_a_zip_is_read_by_itself(ticked: bytes) -> None:
    word = api.render(ozg(), "docx", submission=Submission("", answers={"fim": "done"}))
    data = a_zip(("a/ticked.pdf", ticked), ("b.docx", word), ("note.txt", b"hello"), ("__MACOSX/._b.docx", b"x"))
    found = api.read(data, name="all.zip")
    assert [(one.source, one.channel) for one in found] == [
        ("all.zip/a/ticked.pdf", "pdf-form"),
        ("all.zip/b.docx", "docx"),
        ("all.zip/note.txt", None),
    ]
    assert [point for one in found for point, answer in one.answers.items() if answer == "done"] == ["mvp", "fim"]
    assert found[2].error_code == "unreadable"


@pytest.mark.parametrize("litter", ["Thumbs.db", "a/desktop.ini", ".DS_Store", "a/.x", "__MACOSX/a", "a\\thumbs.DB"])
def test_litter_is_left_out(litter: str) -> None:
    assert members(a_zip((litter, b"x"), ("a", b"y"))) == [("x/a", b"y")]


def test_a_name_with_a_way_up_is_no_litter() -> None:
    assert members(a_zip(("../a", b"y"), ("./b", b"z"))) == [("x/a", b"y"), ("x/b", b"z")]


def test_what_is_stored_first_in_a_file_does_not_say_what_the_file_is(ticked: bytes) -> None:
    assert sources(a_zip(("a.pdf", ticked), method=zipfile.ZIP_STORED)) == [("x/a.pdf", True)]
    line = json.dumps(submission_to_json(api.read(ticked)[0]) | {"source": "%PDF-1.7 %FDF- http://ns.adobe.com/xfdf/"})
    assert sources(line.encode()) == [("x", True)]
    mail = b"From: a\nMIME-Version: 1.0\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: 8bit\n\n"
    assert [member.name for member in unpack("x", mail + b"%PDF-1.7")] == ["x/a.pdf"]


def test_documents_that_are_zips_are_not_opened() -> None:
    word = api.render(ozg(), "docx")
    again = a_zip(*((name, b"") for name in ("word/document.xml", "[Content_Types].xml")))
    for data in (word, again, a_zip(("mimetype", b"application/vnd.oasis.opendocument.text"))):
        assert members(data) == [("x", data)]


def test_attachments_of_an_email(ticked: bytes) -> None:
    inner = a_mail(("b.pdf", ozg_pdf()))
    mail = EmailMessage()
    mail["Subject"] = "Fwd"
    mail.set_content("Weitergeleitet")
    mail.add_attachment(ticked, maintype="application", subtype="pdf", filename="Übersicht.pdf")
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png", disposition="inline")
    mail.add_attachment(b"s", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    mail.add_attachment(inner, maintype="application", subtype="octet-stream", filename="b.eml")
    assert sources(mail.as_bytes()) == [("x/Übersicht.pdf", True), ("x/b.eml/b.pdf", True)]
    assert sources(mail.as_bytes().replace(b"\n", b"\r\n")) == [("x/Übersicht.pdf", True), ("x/b.eml/b.pdf", True)]


def test_a_name_that_is_damaged_beside_its_file() -> None:
    data = bytearray(a_zip(("ü.pdf", b"x")))
    data[data.index("ü".encode())] = 0xB0
    assert refused(bytes(data)) != []


def test_an_attachment_without_a_name(ticked: bytes) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Rückmeldung"
    mail.set_content("Anbei.")
    mail.add_attachment(ticked, maintype="application", subtype="pdf")
    assert members(mail.as_bytes()) == [("x/attachment", ticked)]


def test_a_name_spelt_like_a_subject() -> None:
    head = b'From: a\nMIME-Version: 1.0\nContent-Type: application/pdf; name="=?utf-8?Q?=C3=BC.pdf?="\n\nx'
    assert members(head) == [("x/ü.pdf", b"x")]


def test_attachments_of_a_pdf(ticked: bytes) -> None:
    assert sources(a_cover(("a.pdf", ticked), ("b.zip", a_zip(("c.pdf", ticked))))) == [
        ("x/a.pdf", True),
        ("x/b.zip/c.pdf", True),
    ]
    # A form that carries files is read, too; what else is attached to it is nobody's return.
    assert sources(a_cover(("a.txt", b"hello"), form=ticked)) == [("x", True)]
    # Without anything that can be read the cover sheet is what can't be read.
    assert sources(a_cover(("a.txt", b"hello"))) == [("x", False)]


def test_a_file_pinned_to_a_page(ticked: bytes) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        file = pikepdf.AttachedFileSpec(pdf, ticked, filename="pinned.pdf").obj
        pin = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, FS=file)
        page.obj.Annots = pikepdf.Array([pdf.make_indirect(pin), pdf.make_indirect(pin)])
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert sources(out.getvalue()) == [("x/pinned.pdf", True)]


def test_lines_of_json(ticked: bytes) -> None:
    line = json.dumps(submission_to_json(api.read(ticked)[0])).encode()
    assert sources(line + b"\r\n\n" + b'{"a": 1}\n' + b"no JSON\n" + line) == [
        ("x:1", True),
        ("x:3", False),
        ("x:4", False),
        ("x:5", True),
    ]
    assert sources(line + b"\n") == [("x", True)]
    assert sources(json.dumps(json.loads(line), indent=1).encode()) == [("x", True)]


def test_archive_copies_of_all_that_is_inside(ticked: bytes) -> None:
    when = datetime(2026, 1, 1, tzinfo=UTC)
    line = json.dumps(submission_to_json(api.read(ticked)[0])).encode()
    data = a_zip(("a.pdf", ticked), ("b.jsonl", line + b"\n" + line), ("c.txt", b"x"))
    copies = api.archive(data, when=when, name="x.zip")
    assert [copy.name.partition(".")[0] for copy in copies] == ["a", "b", "b", ""]
    for copy in copies[:3]:
        [again] = api.read(copy.data or b"")
        assert (again.answers, again.fields) == (copy.submission.answers, copy.submission.fields)
        assert again.warnings == copy.submission.warnings


# -------------------------------------------------------------------------------------------------------------- labels


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.pdf", "a.pdf"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\x\\a.pdf", "Users/x/a.pdf"),
        ("\\\\server\\share\\a.pdf", "server/share/a.pdf"),
        ("a\x1b[31m\nb\x00.pdf", "a[31m b.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("", "unnamed"),
        ("..", "unnamed"),
        ("x" * 500, "x" * 200),
    ],
)
def test_names_become_labels(name: str, shown: str) -> None:
    assert label(name) == shown


@given(st.text())
def test_no_label_is_a_path(name: str) -> None:
    steps = Path(label(name)).parts
    assert steps
    assert not {"/", "..", "."} & set(steps)
    assert label(label(name)) == label(name)


# -------------------------------------------------------------------------------------------------------------- bounds


def test_three_deep_and_no_deeper() -> None:
    data = b"y"
    for number in range(4):
        if number == 3:
            assert members(data) == [("x/a/a/a", b"y")]
        data = a_zip(("a", data))
    assert [(member.name, member.error is None) for member in unpack("x", data)] == [("x/a/a/a", False)]


def test_too_many_files_in_one() -> None:
    data = a_zip(*((str(number), b"") for number in range(containers.MAX_MEMBERS + 1)))
    assert "more than 1000 files" in refused(data)[0]


def test_too_many_files_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_MEMBERS", 5)
    inner = a_zip(("a", b"1"), ("b", b"2"), ("c", b"3"))
    found = list(unpack("x", a_zip(("a", inner), ("b", inner))))
    assert [member.data for member in found] == [b"1", b"2", b"3", b""]
    assert (found[-1].name, "what follows was not read" in str(found[-1].error)) == ("x", True)


def test_too_much_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_UNPACKED", 1000)
    found = list(unpack("x", a_mail(("a", b"1" * 600), ("b", b"2" * 600))))
    assert [len(member.data) for member in found] == [600, 0]
    assert refused(a_zip(("a", b"1" * 600), ("b", b"2" * 600)))


def test_a_large_file_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MAX_MEMBER", 10)
    for data in (a_zip(("a", b"1" * 11), ("b", b"2")), a_cover(("a", b"1" * 11), ("b", b"2"))):
        found = [member for member in unpack("x", data) if not member.cover]
        assert [(member.data, member.error is None) for member in found] == [(b"", False), (b"2", True)]


def test_bombs() -> None:
    assert "250 times" in refused(a_zip(("a", bytes(2_000_000))))[0]
    zeros = a_cover(("a.txt", bytes(containers.MAX_MEMBER + 1)))
    assert "larger than 50 MB" in refused(zeros)[0]


def test_an_encrypted_member_is_named() -> None:
    data = bytearray(a_zip(("a", b"1")))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    assert "password" in refused(bytes(data))[0]


def test_sizes_that_lie() -> None:
    data = bytearray(a_zip(("a", b"1" * 100)))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + place, 10)
    assert "damaged" in refused(bytes(data))[0]


def test_files_that_lie_over_each_other() -> None:
    data = bytearray(a_zip(("a", b"1"), ("b", b"2")))
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    assert "over each other" in refused(bytes(data))[0]


def test_a_directory_that_is_longer_than_a_million_entries_is_never_parsed() -> None:
    with pytest.raises(UnreadableError, match="more than"):
        containers.Zip(b"PK\x03\x04" + b"PK\x01\x02" * 1_000_000, members=1000, unpacked=1)


@pytest.mark.parametrize(
    "data",
    [
        a_zip(),
        a_zip((".DS_Store", b"")),
        a_mail(),
        b"PK\x03\x04",
        a_zip(("a", b"1"))[:-10],
        b"From: a\nMIME-Version: 1.0\n\nhello",
    ],
    ids=["empty", "litter", "mail", "head", "cut", "words"],
)
def test_what_holds_nothing_is_refused(data: bytes) -> None:
    assert len(refused(data)) == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing(method: int) -> None:
    assert members(a_zip(("a", b"1" * 100), method=method)) == [("x/a", b"1" * 100)]


def test_mail_that_is_nested_beyond_reason_is_refused() -> None:
    parts = [f'Content-Type: multipart/mixed; boundary="{number}"\n\n--{number}\n' for number in range(2000)]
    assert refused(b"MIME-Version: 1.0\n" + "".join(parts).encode())


@given(st.binary(max_size=300), st.integers(0, 10_000), st.sampled_from(["zip", "mail", "pdf", "lines"]))
def test_damage_never_ends_in_anything_but_a_member(junk: bytes, place: int, kind: str) -> None:
    data = {"zip": ZIP, "mail": MAIL, "pdf": PDF, "lines": b'{"a":1}\n{"a":2}\n'}[kind]
    place %= len(data)
    for member in unpack("x", data[:place] + junk + data[place + len(junk) :]):
        assert isinstance(member, Member)


ZIP, MAIL = a_zip(("a", b"1" * 50), ("b", b"2" * 50)), a_mail(("a", b"1" * 50))
PDF = a_cover(("a", b"1" * 50))
