"""A release holds what its service needs, nothing else, and is named by it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.archive import (
    MANIFEST,
    MAX_FILES,
    RefusedArchiveError,
    export_zip,
    import_zip,
)
from definitions.canonical import canonical
from definitions.reader import read_bundle
from definitions.release import Release, UnknownServiceError, make_release
from tests.definitions.factory import changed, library, text, world


def _release(definitions: Any = None, name: str = "restaurant") -> Release:
    return make_release(library(definitions), name)


def test_a_release_holds_what_the_service_needs() -> None:
    assert set(_release().content["definitions"]) == {
        "elements/party",
        "item/food",
        "license/business_license",
        "service/restaurant",
        "variant/food_here",
    }


def test_only_the_elements_that_are_used_are_in_it() -> None:
    party = _release().content["definitions"]["elements/party"]
    assert "unused" not in party["elements"]
    assert {"name", "id_number", "code", "address", "area", "sort"} == set(party["elements"])
    assert set(party["materials"]) == {"lease"}


def test_what_is_read_from_a_release_is_what_was_released() -> None:
    stored = json.loads(canonical(_release().content))
    again = read_bundle(stored["definitions"])
    assert again.problems == ()
    assert again.services == library().services
    assert again.items == library().items


def test_the_order_that_people_see_survives_canonical_json() -> None:
    stored = json.loads(canonical(_release().content))
    form = read_bundle(stored["definitions"]).items["food"].form
    assert list(form.fields) == list(library().items["food"].form.fields)
    assert list(form.fields["cooks"].columns) == ["name", "chief", "since"]


def test_an_edit_elsewhere_makes_no_new_release() -> None:
    pointer = "/elements/unused/title"
    assert _release(changed("elements/party", pointer, text("改"))).id == _release().id
    assert _release(changed("organisation/city", "/units/market/code", "X")).id == _release().id


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("elements/party", "/elements/area/title"),
        ("item/food", "/title"),
        ("service/restaurant", "/title"),
    ],
)
def test_an_edit_of_what_is_in_it_makes_a_new_release(name: str, pointer: str) -> None:
    assert _release(changed(name, pointer, text("改"))).id != _release().id


def test_another_order_of_fields_makes_a_new_release() -> None:
    definitions = world()
    schema = definitions["item/food"]["form"]["schema"]
    schema["properties"] = dict(reversed(schema["properties"].items()))
    assert _release(definitions).id != _release().id


def test_where_a_file_lay_makes_no_difference() -> None:
    definitions = changed("item/food", "/$schema", "../../../schemas/item.json")
    assert _release(definitions).id == _release().id


def test_an_item_alone_is_a_service_of_one() -> None:
    release = _release(name="food")
    again = read_bundle(release.content["definitions"])
    assert again.problems == ()
    service = again.services["food"]
    assert service.applicant == ("applicant",)
    assert [use.item for use in service.uses.values()] == ["food"]
    assert service.uses["food"].subjects == {name: name for name in service.subjects}


def test_nothing_is_released_under_an_unknown_name() -> None:
    with pytest.raises(UnknownServiceError):
        _release(name="ghost")


def test_a_service_with_a_broken_item_is_not_released() -> None:
    with pytest.raises(UnknownServiceError):
        _release(changed("item/food", "/department", 1))


def test_a_zip_gives_the_release_back() -> None:
    release = _release()
    data = export_zip(release)
    assert import_zip(data) == release
    assert export_zip(import_zip(data)) == data


def _zip(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, data in entries:
            archive.writestr(zipfile.ZipInfo(path), data, method)
    return buffer.getvalue()


def _rewritten(change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(export_zip(_release()))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    return _zip(*files.items())


def _edit(path: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[path]
        files[path] = files[path].replace(old, new, 1)

    return change


FOOD = "definitions/item/food.json"
BOMB = b'{"a": "' + b"0" * 60_000_000 + b'"}'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "no zip": (lambda: b"hello", "archive.not_a_zip"),
    "nothing": (lambda: b"", "archive.not_a_zip"),
    "cut off": (lambda: export_zip(_release())[:-40], "archive.not_a_zip"),
    "empty": (_zip, "archive.no_manifest"),
    "climbing": (lambda: _zip(("../x.json", b"{}")), "archive.path"),
    "absolute": (lambda: _zip(("/etc/passwd", b"{}")), "archive.path"),
    "of Windows": (lambda: _zip(("C:\\x.json", b"{}")), "archive.path"),
    "with backslashes": (lambda: _zip(("definitions\\item\\a.json", b"{}")), "archive.path"),
    "with a stray file": (lambda: _zip(("run.sh", b"")), "archive.path"),
    "with a link's name": (lambda: _zip(("definitions/item/.json", b"")), "archive.path"),
    "a bomb": (lambda: _zip((MANIFEST, BOMB)), "archive.too_large"),
    "many files": (
        lambda: _zip(*((f"definitions/item/a{n}.json", b"") for n in range(MAX_FILES + 1))),
        "archive.too_many_files",
    ),
    "another compression": (
        lambda: _zip((MANIFEST, b"{}"), method=zipfile.ZIP_LZMA),
        "archive.not_a_zip",
    ),
    "not JSON": (lambda: _zip((MANIFEST, b"{")), "definition.not_json"),
    "another format": (lambda: _zip((MANIFEST, b'{"format": 2}')), "archive.format"),
    "changed": (lambda: _rewritten(_edit(FOOD, b"3000", b"9000")), "archive.hash"),
    "another id": (
        lambda: _rewritten(_edit(MANIFEST, b'"id": "', b'"id": "0')),
        "archive.hash",
    ),
    "another service": (
        lambda: _rewritten(_edit(MANIFEST, b"restaurant", b"elsewhere")),
        "archive.no_service",
    ),
    "a broken definition": (
        lambda: _rewritten(_edit(FOOD, b'"kind": "item"', b'"kind": "spell"')),
        "definition.unknown_kind",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_whole(name: str) -> None:
    make, code = HOSTILE[name]
    with pytest.raises(RefusedArchiveError) as refused:
        import_zip(make())
    assert code in {problem.code for problem in refused.value.problems}


def test_a_file_that_stands_in_an_archive_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = _zip((MANIFEST, b"{}"), (MANIFEST, b"{}"))
    with pytest.raises(RefusedArchiveError, match=r"archive\.file_twice"):
        import_zip(data)


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_a_damaged_archive_is_refused_or_whole(at: int, junk: bytes) -> None:
    data = bytearray(DATA)
    at %= len(data)
    data[at : at + len(junk)] = junk
    try:
        release = import_zip(bytes(data))
    except RefusedArchiveError:
        return
    assert release == RELEASE


RELEASE = _release()
DATA = export_zip(RELEASE)


def test_the_data_of_an_archive_is_really_compressed() -> None:
    assert len(DATA) < len(canonical(RELEASE.content))
