"""Migrations, backups, and what the two kinds of database have in common."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Table

from runtime.store import (
    SYSTEM,
    Limits,
    Slice,
    Store,
    StoredFile,
    StoreNotReady,
    Upload,
)
from runtime.store import backup as backups
from runtime.store.database import connect, is_sqlite
from runtime.store.ids import application_number, check_character, new_id
from runtime.store.instants import from_text, to_text
from runtime.store.migrate import Migration, known
from tests.databases import postgres_database
from tests.store.fixtures import NOW, RING, Town, open_store, settle
from tests.store.samples import PDF


def test_migrations_run_from_scratch_and_then_not_again(database_url: str, tmp_path: Path) -> None:
    store = Store(database_url, tmp_path, RING)
    names = [migration.name for migration in known()]
    assert store.pending() == names
    assert store.migrate(NOW) == names
    assert store.migrate(NOW) == []
    assert store.pending() == []
    store.close()


def test_two_processes_that_start_at_once_migrate_once(database_url: str, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tests.store.fixtures import *\n"
        "store = Store(sys.argv[1], Path(sys.argv[2]), RING)\n"
        "print(len(store.migrate(NOW))); store.close()"
    )
    arguments = [sys.executable, "-c", program, database_url, str(tmp_path)]
    started = [subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    counts = sorted(int(process.communicate(timeout=30)[0]) for process in started)
    assert counts == [0, 0, len(known())]


def test_a_changed_or_unknown_migration_stops_the_start(store: Store) -> None:
    store.database.execute_sql("UPDATE migration SET checksum = 'x'")
    with pytest.raises(StoreNotReady, match="was changed"):
        store.migrate(NOW)
    store.database.execute_sql("DELETE FROM migration WHERE name > 'm0002'")
    store.database.execute_sql("UPDATE migration SET name = 'm9999_future'")
    with pytest.raises(StoreNotReady, match="newer than this version"):
        store.migrate(NOW)


def test_a_migration_that_fails_leaves_nothing(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Migration("m0002_broken", "x", lambda blob: ["CREATE TABLE a (b TEXT)", "NO SQL"])
    monkeypatch.setattr("runtime.store.migrate.known", lambda: [*known(), broken])
    store = Store(database_url, tmp_path, RING)
    with pytest.raises(Exception, match="syntax error"):
        store.migrate(NOW)
    assert store.database.get_tables() == []
    store.close()


def full(town: Town) -> tuple[str, str]:
    owner, held = town.people["owner"], town.draft()
    upload = Upload(io.BytesIO(PDF), "a.pdf", "lease_contract")
    kept = town.store.files.accept(owner, held, upload, Limits(), NOW)
    held = town.store.applications.fresh(owner, held)
    assert isinstance(kept, StoredFile)
    slices = (Slice("food", "food_license", "market_regulation", {"a": 1}),)
    sent = town.store.submissions.submit(owner, held, slices, {}, NOW).application
    return sent.id, kept.id


@contextmanager
def another(town: Town, request: pytest.FixtureRequest, folder: Path) -> Iterator[Store]:
    """An empty store of the same kind."""
    if is_sqlite(town.store.database):
        store = Store(f"sqlite:///{folder / 'other.db'}", folder / "other", RING)
        yield store
        store.close()
    else:
        with postgres_database(request.getfixturevalue("postgres")) as url:
            store = Store(url, folder / "other", RING)
            yield store
            store.close()


def test_a_backup_comes_back_whole(
    town: Town, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    record, file = full(town)
    folder = tmp_path / "backup"
    town.store.backup(folder, NOW)
    with another(town, request, tmp_path) as other:
        other.restore(folder)
        assert other.migrate(NOW) == []
        owner = town.people["owner"]
        held = other.applications.load(owner, record, NOW)
        assert held == town.store.applications.load(owner, record, NOW)
        assert other.events.verify_chain(owner, held) is None
        with other.files.open(owner, held, file)[1] as content:
            assert content.read() == PDF
        with pytest.raises(StoreNotReady, match="not empty"):
            other.restore(folder)
    with pytest.raises(StoreNotReady, match="new folder"):
        town.store.backup(folder, NOW)


def test_a_damaged_or_foreign_backup_is_refused(town: Town, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    town.store.backup(folder, NOW)
    store = Store(f"sqlite:///{tmp_path / 'new.db'}", tmp_path / "new", RING)
    database = next(folder.glob("database.*"))
    database.write_bytes(database.read_bytes() + b"x")
    with pytest.raises(StoreNotReady, match=r"was changed|is of postgresql"):
        store.restore(folder)
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps({"format": 99}), encoding="utf-8")
    with pytest.raises(StoreNotReady, match="another version"):
        store.restore(folder)
    with pytest.raises(StoreNotReady, match="no backup"):
        store.restore(tmp_path)
    store.close()


def test_a_backup_that_is_not_whole_or_newer_is_refused_and_leaves_nothing(
    town: Town, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    full(town)
    folder = tmp_path / "backup"
    town.store.backup(folder, NOW)
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    with another(town, request, tmp_path) as other:
        newer = {**told, "migrations": [*told["migrations"], "m9999_later"]}
        manifest.write_text(json.dumps(newer), encoding="utf-8")
        with pytest.raises(StoreNotReady, match="m9999_later"):
            other.restore(folder)
        manifest.write_text(json.dumps({**told, "files": told["files"] + 1}), encoding="utf-8")
        with pytest.raises(StoreNotReady, match=f"{told['files']} uploaded files"):
            other.restore(folder)
        manifest.write_text(json.dumps(told), encoding="utf-8")
        other.restore(folder)


def test_a_backup_that_fails_midway_is_taken_away(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(town)

    def full_disk(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(backups.shutil, "copy2", full_disk)
        with pytest.raises(StoreNotReady, match="No space left"):
            town.store.backup(tmp_path / "backup", NOW)
    town.store.backup(tmp_path / "backup", NOW)


def test_a_file_that_is_removed_meanwhile_does_not_stop_a_backup(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full(town)

    def vanished(source: Path, target: Path) -> None:
        raise FileNotFoundError(source)

    monkeypatch.setattr(backups.shutil, "copy2", vanished)
    town.store.backup(tmp_path / "backup", NOW)


def test_a_password_is_not_among_the_arguments_of_a_program(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[list[str], str]] = []

    def run(command: list[str], **how: Any) -> subprocess.CompletedProcess[str]:
        called.append((command, how["env"].get("PGPASSWORD", "")))
        return subprocess.CompletedProcess(command, 1, "", "no")

    monkeypatch.setattr(backups.subprocess, "run", run)
    monkeypatch.setattr(backups.shutil, "which", lambda name: name)
    if is_sqlite(town.store.database):
        return
    town.store.url = "postgresql://yibiao:s%40cret@db.example/yibiao"
    with pytest.raises(StoreNotReady, match="no"):
        town.store.backup(tmp_path / "b", NOW)
    [(command, password)] = called
    assert "--dbname=postgresql://yibiao@db.example/yibiao" in command
    assert password == "s@cret"


def test_a_newer_database_is_refused_by_whoever_asks_what_is_pending(town: Town) -> None:
    table = Table("migration", _database=town.store.database)
    table.insert(name="m9999_later", checksum="x", at="2027").execute()
    with pytest.raises(StoreNotReady, match="m9999_later"):
        town.store.pending()


def test_a_missing_program_is_named(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups.shutil, "which", lambda name: None)
    if is_sqlite(town.store.database):
        town.store.backup(tmp_path / "b", NOW)
    else:
        with pytest.raises(StoreNotReady, match="pg_dump is missing"):
            town.store.backup(tmp_path / "b", NOW)


def test_two_stores_in_one_process_share_nothing(tmp_path: Path) -> None:
    one = open_store(f"sqlite:///{tmp_path / '1.db'}", tmp_path / "1")
    two = open_store(f"sqlite:///{tmp_path / '2.db'}", tmp_path / "2")
    settle(one)
    two.migrate(NOW)
    assert not two.releases.all_live(SYSTEM)
    one.close()
    two.close()


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite:///", "mysql://a/b", "postgresql://h/"])
def test_a_url_that_names_no_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"postgresql|PostgreSQL"):
        connect(url)


def test_sqlite_syncs_decisions_and_keeps_foreign_keys(sqlite_town: Town) -> None:
    database = sqlite_town.store.database

    def pragma(name: str) -> object:
        return database.execute_sql(f"PRAGMA {name}").fetchone()[0]

    assert (pragma("journal_mode"), pragma("foreign_keys"), pragma("synchronous")) == ("wal", 1, 1)
    with sqlite_town.store.ground.deciding():
        assert pragma("synchronous") == 2
    assert pragma("synchronous") == 1


def test_a_thread_gives_its_connection_back(town: Town) -> None:
    def work() -> None:
        with town.store.connected():
            town.store.releases.all_live(SYSTEM)

    for _ in range(100):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert len(town.store.database._in_use) <= 1


def test_ids_sort_by_time_and_numbers_check_themselves() -> None:
    moments = [datetime.fromtimestamp(1_700_000_000 + n, UTC) for n in range(50)]
    ids = [new_id(moment) for moment in moments]
    assert ids == sorted(ids)
    assert len({new_id(NOW) for _ in range(1000)}) == 1000
    number = application_number("4404-20261123", 123)
    assert number == f"4404-20261123-000123-{number[-1]}"
    body, digits = number[:-2], [at for at, one in enumerate(number[:-2]) if one.isdigit()]
    wrong = {body[:at] + digit + body[at + 1 :] for at in digits for digit in "0123456789"} - {body}
    assert number[-1] not in {check_character(one) for one in wrong}


def test_a_moment_needs_a_time_zone_and_comes_back() -> None:
    assert from_text(to_text(NOW)) == NOW
    with pytest.raises(ValueError, match="time zone"):
        to_text(datetime(2026, 1, 1))  # noqa: DTZ001
