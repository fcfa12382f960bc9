"""Uploads: what is taken, what is refused in words, and what hostile files try."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from definitions.problems import Problem
from definitions.wording import say, sentences
from runtime.store import Limits, StoredFile
from runtime.store.files.receiving import clean_name
from tests.store.fixtures import Town
from tests.store.samples import DOCX, OFD, PDF, XLSX, ZIP, accept, archive, drawing, heic, jpeg, png

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


def test_every_refusal_of_a_file_and_a_command_is_worded_and_used() -> None:
    root = Path(__file__).parents[2]
    paths = [path for part in ("definitions", "runtime") for path in (root / part).rglob("*.py")]
    sources = "".join(path.read_text(encoding="utf-8") for path in paths)
    worded = {code for code in sentences() if code.startswith(("file.", "application."))}
    assert {code for code in worded if f'"{code}"' not in sources} == set()
    assert {HOSTILE[case][3] for case in HOSTILE} <= worded


def test_a_kind_that_is_not_asked_for_is_refused(sqlite_town: Town) -> None:
    problem = accept(sqlite_town, "a.docx", DOCX, Limits())
    params = {"type": "DOCX", "accept": ("PDF", "JPG", "PNG")}
    assert problem == Problem("file.wrong_type", params=params)


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
