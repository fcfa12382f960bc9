"""The library that ships is whole: every file is read, and nothing in it is wrong."""

from __future__ import annotations

import time

from definitions.checks import check
from definitions.problems import errors
from definitions.reader import LIBRARY, load_library
from definitions.wording import say
from runtime.store.files.content import KINDS


def test_every_definition_is_without_an_error() -> None:
    library = load_library()
    found = errors([*library.problems, *check(library)])
    assert not found, "\n".join(f"{one.where}: {say(one, 'en')}" for one in found)


def test_every_definition_is_in_both_languages() -> None:
    problems = load_library().problems
    found = [one.where for one in problems if one.code == "definition.no_english"]
    assert found == []


def test_every_kind_of_file_that_a_paper_accepts_can_be_taken() -> None:
    items = load_library().items.values()
    accepted = {kind for item in items for one in item.materials.values() for kind in one.accept}
    assert "dwg" in accepted, "plans are drawn in AutoCAD"
    assert accepted <= KINDS.keys()


def test_every_file_is_read() -> None:
    assert len(load_library().files) == len(list(LIBRARY.rglob("*.json")))


def test_the_library_is_read_in_half_a_second() -> None:
    load_library()
    start = time.perf_counter()
    load_library()
    assert time.perf_counter() - start < 0.5
