"""A PDF licence that somebody brings is read; a hostile one is refused in words, soon."""

from __future__ import annotations

import subprocess
import sys
import time
import zlib
from datetime import date
from itertools import accumulate
from pathlib import Path

import pytest
import typst

from definitions.model import Library, License, LicenseType
from definitions.problems import Problem
from definitions.wording import say
from plugins.own_document import Limits, extract, read_license
from plugins.own_document.extract import outcome
from plugins.own_document.recognise import labelled, last_date, recognised
from plugins.sandbox import seeds
from plugins.sandbox.paper import license_pdf

TODAY = date(2026, 11, 23)
RECORDS = {record.type: record for office in seeds.OFFICES for record in seeds.records(office)}
ID_CARD = license_pdf(RECORDS["resident_id_card"])


@pytest.fixture(scope="module")
def types(library: Library) -> list[LicenseType]:
    return list(library.licenses.values())


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    head = b"%PDF-1.7\n"
    parts = [b"%d 0 obj\n%s\nendobj\n" % one for one in enumerate(objects, start=1)]
    offsets = list(accumulate(map(len, parts), initial=len(head)))
    body = head + b"".join(parts)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets[:-1])
    size = len(objects) + 1
    xref = b"xref\n0 %d\n0000000000 65535 f \n" % size
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    return body + xref + table + trailer


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), extra, data)


def one_page(content: bytes, resources: bytes = b"<< >>") -> list[bytes]:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
    return [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page + b" /Resources " + resources + b" >>",
        content,
    ]


def code(found: License | Problem) -> str:
    assert isinstance(found, Problem)
    for lang in ("zh-CN", "en"):
        assert found.code not in say(found, lang), "it has words"
    return found.code


def test_a_licence_is_read_with_trust_c(types: list[LicenseType]) -> None:
    record = RECORDS["resident_id_card"]
    found = read_license(ID_CARD, types, TODAY)
    assert isinstance(found, License)
    assert (found.type, found.trust, found.source) == ("resident_id_card", "C", "own_document")
    assert (found.holder, found.holder_name) == (record.holder, record.holder_name)
    assert (found.valid_to, found.status) == (record.valid_to, "valid")
    assert found.identifier == record.identifier
    assert found.signature == "none"
    assert found.data == dict(record.data)


def test_an_expired_one_says_so(types: list[LicenseType]) -> None:
    found = read_license(ID_CARD, types, date(2050, 1, 1))
    assert isinstance(found, License)
    assert found.status == "expired"


@pytest.mark.parametrize("name", RECORDS)
def test_every_type_is_told_apart_and_read(name: str, library: Library) -> None:
    record = RECORDS[name]
    found = recognised(outcome(license_pdf(record), 30)["pages"], library.licenses.values())
    assert found is not None
    type_, data = found
    labels = {field.label for field in type_.fields.values()}
    expected = {
        label: "；".join(raw) if isinstance(raw, list) else raw
        for label, raw in record.data.items()
        if label in labels
    }
    assert (type_.id, data) == (name, expected)


def test_labels_on_lines_are_read_too(types: list[LicenseType]) -> None:
    lines = ["医 师 执 业 证 书", "姓 名：邱若昕    类别： 临床", "编码 110440400012345"]
    found = recognised([{"tables": [], "lines": lines}], types)
    assert found is not None
    assert found[0].id == "physician_license"
    assert found[1] == {"姓名": "邱若昕", "类别": "临床", "编码": "110440400012345"}


def test_merged_and_broken_cells_are_read() -> None:
    table = [["权利人", None, "周建国"], ["坐落", "广东省珠海市\n香洲区", None], ["用途", "", ""]]
    pages = [{"tables": [table], "lines": []}]
    found = labelled(pages, ["权利人", "坐落", "用途"])
    assert found == {"权利人": "周建国", "坐落": "广东省珠海市香洲区"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016.05.01-2036.05.01", "2036-05-01"),
        ("2024年9月1日至2028年8月31日", "2028-08-31"),
        ("2021年05月20日至长期", None),
        ("三年", None),
    ],
)
def test_the_end_of_a_term_is_found(text: str, expected: str | None) -> None:
    assert last_date(text) == expected


def test_what_is_no_licence_is_not_recognised(types: list[LicenseType]) -> None:
    letter = typst.compile(b"Dear friend, this is a letter.")
    assert code(read_license(letter, types, TODAY)) == "own_document.nothing_recognised"


def test_what_is_no_pdf_is_refused(types: list[LicenseType]) -> None:
    for content in (b"", b"PK\x03\x04 a zip", b"<html>", b"\x89PNG" * 1000):
        assert code(read_license(content, types, TODAY)) == "own_document.not_pdf"


def test_too_many_bytes_or_pages_are_refused(types: list[LicenseType]) -> None:
    huge = b"%PDF-1.7" + b" " * 2000
    assert code(read_license(huge, types, TODAY, Limits(size=1000))) == "own_document.too_large"
    book = typst.compile(b"a #pagebreak() b #pagebreak() c")
    assert code(read_license(book, types, TODAY, Limits(pages=2))) == "own_document.too_many_pages"


def test_a_scan_is_refused(types: list[LicenseType]) -> None:
    image = stream(
        b"\x00", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8"
        b" /ColorSpace /DeviceGray"
    )  # fmt: skip
    content = stream(b"q 500 0 0 700 0 0 cm /I Do Q")
    scan = pdf_of(*one_page(content, b"<< /XObject << /I 5 0 R >> >>"), image)
    assert code(read_license(scan, types, TODAY)) == "own_document.scanned"


def test_a_blank_page_is_refused(types: list[LicenseType]) -> None:
    assert (
        code(read_license(pdf_of(*one_page(stream(b""))), types, TODAY)) == "own_document.nothing"
    )


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_one_is_refused_or_read(share: float, types: list[LicenseType]) -> None:
    found = read_license(ID_CARD[: int(len(ID_CARD) * share)], types, TODAY)
    assert code(found) in {
        "own_document.unreadable",
        "own_document.nothing",
        "own_document.nothing_recognised",
    }


def test_an_encrypted_one_is_refused(types: list[LicenseType]) -> None:
    objects = one_page(stream(b""))
    lock = b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O (%s) /U (%s) >>" % (
        b"o" * 32,
        b"u" * 32,
    )
    locked = pdf_of(*objects, lock).replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R /ID [(a) (a)]"
    )
    assert code(read_license(locked, types, TODAY)) == "own_document.encrypted"


def bomb() -> bytes:
    """1 GB of blanks in a page's content, packed to 1 MB."""
    packer = zlib.compressobj(9)
    block = b" " * 1_000_000
    packed = b"".join(packer.compress(block) for _ in range(1000)) + packer.flush()
    return pdf_of(*one_page(stream(packed, b"/Filter /FlateDecode")))


def deep_tree() -> bytes:
    kids = [
        b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (number - 1, number + 1)
        for number in range(2, 20_000)
    ]
    return pdf_of(b"<< /Type /Catalog /Pages 2 0 R >>", *kids, b"<< /Type /Page >>")


def loop() -> bytes:
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>",
    )


def looping_form() -> bytes:
    form = stream(b"/F Do /F Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
                  b" /Resources << /XObject << /F 5 0 R >> >>")  # fmt: skip
    return pdf_of(*one_page(stream(b"/F Do"), b"<< /XObject << /F 5 0 R >> >>"), form)


def looping_length() -> bytes:
    return pdf_of(*one_page(b"<< /Length 4 0 R >>\nstream\n\nendstream"))


def with_javascript() -> bytes:
    return pdf_of(*one_page(stream(b""))).replace(
        b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
    )


def many_lines() -> bytes:
    """More ruled lines than a table can be made of in time."""
    drawing = b"".join(
        b"%d 0 m %d 800 l S 0 %d m 600 %d l S\n" % (n % 600, n % 600, n, n) for n in range(20_000)
    )
    return pdf_of(*one_page(stream(drawing)))


HOSTILE = {
    function.__name__: function
    for function in (
        bomb,
        deep_tree,
        loop,
        looping_form,
        looping_length,
        with_javascript,
        many_lines,
    )
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_one_costs_little_and_gets_words(name: str, types: list[LicenseType]) -> None:
    content = HOSTILE[name]()
    begun = time.monotonic()
    found = read_license(content, types, TODAY, Limits(cpu_seconds=2, wall_seconds=4))
    assert time.monotonic() - begun < 5
    assert code(found).startswith("own_document.")


CONFINED = """
import sys; sys.path.insert(0, sys.argv[1])
import extract, socket, subprocess
extract.give_up({"memory": 512_000_000, "cpu_seconds": 5, "output": 10_000})
def refused(act):
    try: act()
    except PermissionError: return True
print(refused(lambda: socket.create_connection(("127.0.0.1", 9))),
      refused(lambda: subprocess.run(["true"])),
      refused(lambda: open("/tmp/own-document", "w")))
"""


def test_reading_reaches_no_network_no_program_and_no_file() -> None:
    folder = str(Path(extract.__file__).parent)
    command = [sys.executable, "-c", CONFINED, folder]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "True"]
