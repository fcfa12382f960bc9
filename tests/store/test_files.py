"""Uploads: what is taken, what is refused in words, and what hostile files try."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from definitions.problems import Problem
from definitions.wording import say, sentences
from runtime.store import (
    SYSTEM,
    Actor,
    Limits,
    NotFound,
    Refused,
    StoredFile,
    Unreadable,
    Upload,
)
from runtime.store.files.receiving import clean_name
from runtime.store.files.sealed import CHUNK, TAG
from tests.store.fixtures import NOW, Town

EVERYTHING = Limits(accept=("pdf", "jpg", "png", "heic", "docx", "xlsx", "ofd", "zip", "dwg"))
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 6))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    return b"\xff\xd8" + app + b"\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


def heic(width: int = 2, height: int = 2) -> bytes:
    ispe = struct.pack(">I4sIII", 20, b"ispe", 0, width, height)
    return struct.pack(">I4s4sI", 16, b"ftyp", b"heic", 0) + ispe


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return target.getvalue()


def drawing(version: bytes = b"AC1032", security: int = 0, macros: int = 0) -> bytes:
    """The beginning of an AutoCAD drawing, and something after it."""
    head = bytearray(version.ljust(0x80, b"\0"))
    struct.pack_into("<I", head, 0x18, security)
    struct.pack_into("<I", head, 0x24, macros)
    return bytes(head) + b"\x1f" * 200


DOCX = archive({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w/>"})
XLSX = archive({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<w/>"})
OFD = archive({"OFD.xml": b"<ofd/>"})
ZIP = archive({"readme.txt": b"hello"})
GOOD = {
    "合同.pdf": PDF, "a.jpg": jpeg(), "a.JPEG": jpeg(), "a.png": png(), "a.heic": heic(),
    "a.docx": DOCX, "a.xlsx": XLSX, "a.ofd": OFD, "a.zip": ZIP, "no extension": PDF,
    "平面图.dwg": drawing(), "r2000.dwg": drawing(b"AC1015", 1, 1), "a.DWG": drawing(security=0x10),
}  # fmt: skip


def overlapping() -> bytes:
    """Many entries over the same packed bytes, as in the better zip bombs."""
    one = archive({"a": b"x" * 1000}, zipfile.ZIP_STORED)
    at = one.index(b"PK\x01\x02")
    entry, end = one[at:-22], bytearray(one[-22:])
    end[8:12] = struct.pack("<HH", 500, 500)
    end[12:16] = struct.pack("<I", len(entry) * 500)
    return one[:at] + entry * 500 + bytes(end)


def encrypted_zip() -> bytes:
    made = bytearray(ZIP)
    made[6] |= 1
    made[made.index(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


HOSTILE: dict[str, tuple[str, str, bytes, str]] = {
    "nothing": ("a.pdf", "", b"", "file.empty"),
    "a web page": (
        "a.html",
        "text/html",
        b"<!doctype html><script>1</script>",
        "file.unknown_type",
    ),
    "a web page called pdf": ("a.pdf", "", b"<html>%PDF-1.4 %%EOF", "file.unknown_type"),
    "svg": ("a.svg", "image/svg+xml", b"<svg onload='x'/>", "file.unknown_type"),
    "a program": ("a.exe", "", b"MZ\x90\0" + b"\0" * 100, "file.unknown_type"),
    "a program called jpg": ("a.jpg", "image/jpeg", b"MZ\x90\0" + b"\0" * 100, "file.unknown_type"),
    "an old office file": ("a.doc", "", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.unknown_type"),
    "a pdf called jpg": ("a.jpg", "", PDF, "file.disagrees"),
    "a pdf called exe": ("a.pdf.exe", "", PDF, "file.disagrees"),
    "a pdf declared as png": ("a.pdf", "image/png", PDF, "file.disagrees"),
    "a docx called zip": ("a.zip", "", DOCX, "file.disagrees"),
    "pdf and zip in one": ("a.pdf", "", PDF + ZIP + b"%%EOF", "file.polyglot"),
    "jpg and zip in one": ("a.jpg", "", jpeg() + ZIP, "file.polyglot"),
    "png and something": ("a.png", "", png() + b"<script>", "file.polyglot"),
    "half a pdf": ("a.pdf", "", PDF[:30], "file.broken"),
    "an encrypted pdf": (
        "a.pdf",
        "",
        PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root"),
        "file.encrypted",
    ),
    "a pdf with a script": (
        "a.pdf",
        "",
        PDF.replace(b"/Type", b"/S/JavaScript /Type"),
        "file.active",
    ),
    "a pdf that starts a program": (
        "a.pdf",
        "",
        PDF.replace(b"/Type", b"/S/Launch /Type"),
        "file.active",
    ),
    "half a png": ("a.png", "", png()[:20], "file.broken"),
    "a png bomb": ("a.png", "", png(60_000, 60_000), "file.too_many_pixels"),
    "a jpg bomb": ("a.jpg", "", jpeg(65_000, 65_000), "file.too_many_pixels"),
    "a heic bomb": ("a.heic", "", heic(90_000, 90_000), "file.too_many_pixels"),
    "an endless jpg": ("a.jpg", "", b"\xff\xd8\xff" + b"\xff" * 90_000, "file.broken"),
    "a jpg of markers": ("a.jpg", "", b"\xff\xd8" + b"\xff\xd0" * 90_000, "file.broken"),
    "a heic without a size": ("a.heic", "", heic()[:16], "file.broken"),
    "a bomb": ("a.zip", "", archive({"a": b"\0" * 20_000_000}), "file.bomb"),
    "many entries": ("a.zip", "", archive({f"{n}": b"" for n in range(2_500)}), "file.bomb"),
    "overlapping entries": ("a.zip", "", overlapping(), "file.bomb"),
    "an archive in an archive": ("a.zip", "", archive({"b.zip": ZIP}), "file.bomb"),
    "an encrypted archive": ("a.zip", "", encrypted_zip(), "file.encrypted"),
    "half an archive": ("a.zip", "", ZIP[:40], "file.broken"),
    "a path that climbs": ("a.zip", "", archive({"../../etc/x": b"1"}), "file.broken"),
    "a path from the root": ("a.zip", "", archive({"/etc/x": b"1"}), "file.broken"),
    "macros": (
        "a.docx",
        "",
        archive({"word/document.xml": b"", "word/vbaProject.bin": b"1"}),
        "file.macros",
    ),
    "a drawing called pdf": ("a.pdf", "", drawing(), "file.disagrees"),
    "what only begins like a drawing": ("a.dwg", "", b"AC10xx" + bytes(500), "file.unknown_type"),
    "half a drawing": ("a.dwg", "", drawing()[:100], "file.broken"),
    "a drawing with a password": ("a.dwg", "", drawing(security=1), "file.encrypted"),
    "a drawing with macros": ("a.dwg", "", drawing(macros=0x4000), "file.macros"),
    "a drawing and zip in one": ("a.dwg", "", drawing() + ZIP, "file.polyglot"),
    "a table of contents of two gigabytes": (
        "a.zip",
        "",
        ZIP[:-10] + struct.pack("<I", 2**31) + ZIP[-6:],
        "file.broken",
    ),
}


def accept(
    town: Town,
    name: str,
    content: bytes | BinaryIO,
    limits: Limits = EVERYTHING,
    declared: str = "",
) -> StoredFile | Problem:
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    town.held = town.held or town.draft()
    upload = Upload(stream, name, "lease_contract", declared)
    return town.store.files.accept(town.people["owner"], town.held, upload, limits, NOW)


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_kept_and_come_back_byte_for_byte(sqlite_town: Town, name: str) -> None:
    kept = accept(sqlite_town, name, GOOD[name])
    assert isinstance(kept, StoredFile), kept
    owner, held = sqlite_town.people["owner"], sqlite_town.held
    again, content = sqlite_town.store.files.open(owner, held, kept.id)
    with content:
        assert content.read() == GOOD[name]
    assert again == kept
    assert (kept.name, kept.size) == (name, len(GOOD[name]))


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_in_words_and_leave_nothing(sqlite_town: Town, case: str) -> None:
    name, declared, content, code = HOSTILE[case]
    problem = accept(sqlite_town, name, content, declared=declared)
    assert isinstance(problem, Problem), problem
    assert problem.code == code
    for lang in ("zh-CN", "en"):
        assert "{" not in say(problem, lang)
    folder = sqlite_town.store.data / "files"
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_every_refusal_of_a_file_and_a_command_is_worded_and_used(sqlite_town: Town) -> None:
    root = Path(__file__).parents[2]
    paths = [path for part in ("definitions", "runtime") for path in (root / part).rglob("*.py")]
    sources = "".join(path.read_text(encoding="utf-8") for path in paths)
    worded = {code for code in sentences() if code.startswith(("file.", "application."))}
    assert {code for code in worded if f'"{code}"' not in sources} == set()
    assert {HOSTILE[case][3] for case in HOSTILE} <= worded


def test_a_kind_that_is_not_asked_for_is_refused(sqlite_town: Town) -> None:
    problem = accept(sqlite_town, "a.docx", DOCX, Limits())
    assert problem == Problem("file.wrong_type", params={"type": "DOCX", "accept": "PDF, JPG, PNG"})


class Endless(io.RawIOBase):
    """A sender that never stops."""

    sent = 0

    def read(self, size: int = -1) -> bytes:
        self.sent += size
        return b"%PDF-" + b"x" * (size - 5)


def test_a_sender_that_never_stops_is_stopped_at_the_limit(sqlite_town: Town) -> None:
    endless = Endless()
    problem = accept(sqlite_town, "a.pdf", endless, Limits(max_bytes=1_000_000))
    assert isinstance(problem, Problem)
    assert problem.code == "file.too_large"
    assert endless.sent <= 1_000_001


def test_a_large_file_needs_little_memory(sqlite_town: Town) -> None:
    size = 40 * 1024 * 1024
    content = PDF[:-6] + b"0" * size + b"%%EOF\n"
    sqlite_town.held = sqlite_town.draft()
    stream = io.BytesIO(content)
    tracemalloc.start()
    kept = accept(sqlite_town, "a.pdf", stream)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(kept, StoredFile)
    assert peak < 8 * 1024 * 1024


@pytest.mark.parametrize("size", [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_content_comes_back_at_every_edge_of_a_chunk(sqlite_town: Town, size: int) -> None:
    content = PDF[:-6] + bytes(n % 251 for n in range(size - len(PDF))) + b"%%EOF\n"
    kept = accept(sqlite_town, "a.pdf", content)
    assert isinstance(kept, StoredFile)
    owner, held = sqlite_town.people["owner"], sqlite_town.held
    with sqlite_town.store.files.open(owner, held, kept.id)[1] as stream:
        stream.seek(size - 10)
        assert stream.read() == content[-10:]
        stream.seek(0)
        assert stream.read() == content


def _kept(town: Town) -> tuple[StoredFile, Path]:
    kept = accept(town, "a.pdf", PDF[:-6] + b"0" * 3 * CHUNK + b"%%EOF\n")
    assert isinstance(kept, StoredFile)
    return kept, town.store.data / "files" / kept.id[-2:] / kept.id


@pytest.mark.parametrize("damage", ["flip", "cut", "swap", "exchange"])
def test_damage_on_disk_is_found_out(sqlite_town: Town, damage: str) -> None:
    kept, path = _kept(sqlite_town)
    raw, step = path.read_bytes(), CHUNK + TAG
    other = _kept(sqlite_town)[1].read_bytes()
    damaged = {
        "flip": raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        "cut": raw[: 3 * step],
        "swap": raw[step : 2 * step] + raw[:step] + raw[2 * step :],
        "exchange": other,
    }[damage]
    path.write_bytes(damaged)
    owner, held = sqlite_town.people["owner"], sqlite_town.held
    with (
        pytest.raises(Unreadable),
        sqlite_town.store.files.open(owner, held, kept.id)[1] as stream,
    ):
        stream.read()


def test_one_application_has_room_for_so_much(town: Town) -> None:
    limits = Limits(max_application_bytes=len(PDF) * 2)
    first = accept(town, "a.pdf", PDF, limits)
    assert isinstance(first, StoredFile)
    accept(town, "b.pdf", PDF, limits)
    problem = accept(town, "c.pdf", PDF, limits)
    assert isinstance(problem, Problem)
    assert problem.code == "file.quota"
    owner, held = town.people["owner"], town.held
    town.store.files.remove(owner, held, first.id)
    assert isinstance(accept(town, "c.pdf", PDF, limits), StoredFile)
    assert len(town.store.files.of(owner, held)) == 2


def test_files_of_another_application_are_not_there(sqlite_town: Town) -> None:
    kept = accept(sqlite_town, "a.pdf", PDF)
    assert isinstance(kept, StoredFile)
    other = sqlite_town.draft("neighbour")
    with pytest.raises(NotFound):
        sqlite_town.store.files.open(sqlite_town.people["neighbour"], other, kept.id)


def test_files_of_a_sent_application_stay(sqlite_town: Town) -> None:
    kept = accept(sqlite_town, "a.pdf", PDF)
    assert isinstance(kept, StoredFile)
    owner, held = sqlite_town.people["owner"], sqlite_town.held
    sent = sqlite_town.store.submissions.submit(owner, held, (), {}, NOW).application
    with pytest.raises(Refused):
        sqlite_town.store.files.remove(owner, sent, kept.id)
    sqlite_town.held = sent
    with pytest.raises(Refused):
        accept(sqlite_town, "b.pdf", PDF)


def _sent(town: Town) -> None:
    """The application is sent, with a file that was signed along."""
    accept(town, "signed.pdf", PDF)
    owner = town.people["owner"]
    town.held = town.store.submissions.submit(owner, town.held, (), {}, NOW).application


def later(
    town: Town, content: bytes = PDF, name: str = "b.pdf", limits: Limits = EVERYTHING
) -> StoredFile | Problem:
    """Hand something in after sending."""
    upload = Upload(io.BytesIO(content), name, "rules")
    return town.store.files.add(town.people["owner"], town.held, upload, limits, NOW)


def _told(town: Town) -> list[tuple[str, str]]:
    happened = town.store.events.of(town.people["owner"], town.held)
    return [(one.kind, one.data["file"]["name"]) for one in happened if "file" in one.data]


def test_what_comes_after_sending_is_told_and_changes_nothing_that_was_signed(town: Town) -> None:
    _sent(town)
    owner, files = town.people["owner"], town.store.files
    signed = files.of(owner, town.held)
    kept = later(town)
    assert isinstance(kept, StoredFile)
    assert {one.id for one in files.of(owner, town.held)} == {signed[0].id, kept.id}
    fresh = town.store.applications.fresh(owner, town.held)
    assert (fresh.status, fresh.number) == ("submitted", town.held.number)
    assert fresh.file_bytes == town.held.file_bytes + kept.size
    event = town.store.events.of(owner, fresh)[-1]
    assert event.kind == "handed_in"
    assert event.data["paper"] == "rules"
    assert event.data["file"]["sha256"] == kept.sha256
    assert town.store.events.verify_chain(owner, fresh) is None
    files.take_back(owner, fresh, kept.id, NOW)
    assert files.of(owner, fresh) == signed
    assert _told(town) == [("handed_in", "b.pdf"), ("taken_back", "b.pdf")]
    assert town.store.applications.fresh(owner, fresh).file_bytes == town.held.file_bytes
    with pytest.raises(NotFound):
        files.take_back(owner, fresh, kept.id, NOW)


def test_the_same_file_again_is_the_one_that_is_there(sqlite_town: Town) -> None:
    _sent(sqlite_town)
    first, again = later(sqlite_town), later(sqlite_town, name="renamed.pdf")
    assert again == first
    assert _told(sqlite_town) == [("handed_in", "b.pdf")]
    on_disk = [path for path in (sqlite_town.store.data / "files").rglob("*") if path.is_file()]
    assert len(on_disk) == 2, "the signed one, and one that came later"


def test_what_was_signed_cannot_be_taken_back(sqlite_town: Town) -> None:
    _sent(sqlite_town)
    owner, files = sqlite_town.people["owner"], sqlite_town.store.files
    (signed,) = files.of(owner, sqlite_town.held)
    with pytest.raises(NotFound):
        files.take_back(owner, sqlite_town.held, signed.id, NOW)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_files=1), "file.too_many"),
        (Limits(max_application_bytes=len(PDF) * 2), "file.quota"),
        (Limits(accept=("png",)), "file.wrong_type"),
    ],
)
def test_what_comes_later_is_held_to_the_same_limits(
    sqlite_town: Town, limits: Limits, code: str
) -> None:
    _sent(sqlite_town)
    assert isinstance(later(sqlite_town), StoredFile)
    problem = later(sqlite_town, PDF + b"%%EOF\n", limits=limits)
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert _told(sqlite_town) == [("handed_in", "b.pdf")]


def test_nothing_follows_a_draft_or_what_was_withdrawn(sqlite_town: Town) -> None:
    sqlite_town.held = sqlite_town.draft()
    with pytest.raises(Refused):
        later(sqlite_town)
    _sent(sqlite_town)
    kept = later(sqlite_town)
    assert isinstance(kept, StoredFile)
    owner, store = sqlite_town.people["owner"], sqlite_town.store
    before = store.applications.fresh(owner, sqlite_town.held)
    store.submissions.withdraw(owner, before, "", NOW)
    with pytest.raises(Refused):
        later(sqlite_town, PDF + b"%%EOF\n")
    with pytest.raises(Refused):
        store.files.take_back(owner, before, kept.id, NOW)


def test_one_query_tells_of_all_that_are_ones_own(town: Town) -> None:
    _sent(town)
    later(town)
    mine, other = town.held, town.draft("neighbour")
    wanted = [mine.id, other.id]
    with town.store.queries() as queries:
        told = town.store.events.of_own(town.people["owner"], wanted, "handed_in", "submitted")
    assert len(queries.statements) == 1
    assert {name: [one.kind for one in found] for name, found in told.items()} == {
        mine.id: ["submitted", "handed_in"]
    }
    assert town.store.events.of_own(town.people["agent"], wanted, "handed_in") == {}


def test_an_enterprise_reads_what_was_handed_in_for_it(sqlite_town: Town) -> None:
    agent, draft = sqlite_town.people["agent"], sqlite_town.draft("agent")
    told = sqlite_town.store.events.of_own(agent, [draft.id], "created")
    assert [one.kind for one in told[draft.id]] == ["created"]
    alone = Actor("applicant", agent.person, agent.name)
    assert sqlite_town.store.events.of_own(alone, [draft.id], "created") == {}


def test_what_no_application_speaks_of_is_swept(sqlite_town: Town) -> None:
    _, path = _kept(sqlite_town)
    files, owner = sqlite_town.store.files, sqlite_town.people["owner"]
    later = _moment_after(path)
    sqlite_town.store.applications.discard(owner, sqlite_town.held)
    assert files.sweep(SYSTEM, later - timedelta(hours=2)) == 0
    assert path.exists()
    assert files.sweep(SYSTEM, later) == 1
    assert not path.exists()


def _moment_after(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) + timedelta(hours=2)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\u202egnp.pdf", "agnp.pdf"),
        ("a\x00\n.pdf", "a.pdf"),
        ("", "file"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert clean_name(given) == kept
