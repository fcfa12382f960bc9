"""Kept files: they come back to the byte, damage is found out, and what nobody owns is swept."""

from __future__ import annotations

import io
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from runtime.store import SYSTEM, NotFound, Refused, StoredFile, Unreadable
from runtime.store.files.sealed import CHUNK, TAG
from tests.store.fixtures import NOW, Town
from tests.store.samples import PDF, accept


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
