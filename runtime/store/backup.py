"""Backups: the database as of one moment, then the files. Keys are not in it; keep them apart."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from runtime.store.database import close, connected, is_sqlite
from runtime.store.errors import StoreNotReady
from runtime.store.files.repository import FOLDER
from runtime.store.ground import Ground
from runtime.store.instants import to_text
from runtime.store.migrate import known

FORMAT = 1
MANIFEST = "manifest.json"
NAMES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}


def backup(ground: Ground, url: str, path: Path, now: datetime) -> None:
    """Write database, files and a manifest with checksums into a new folder.

    Raises:
        StoreNotReady: the folder is there already, or `pg_dump` is missing or fails.
    """
    if path.exists():
        raise StoreNotReady(f"{path} is there already: a backup takes a new folder")
    path.mkdir(parents=True, mode=0o700)
    kind = _kind(ground)
    target = path / NAMES[kind]
    if kind == "sqlite":
        _copy_sqlite(Path(ground.database.database), target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}", f"--dbname={url}")
    source = ground.data / FOLDER
    if source.exists():
        shutil.copytree(source, path / FOLDER)
    _write_manifest(path, kind, target, now)


def restore(ground: Ground, url: str, path: Path) -> None:
    """Fill an empty database and data folder from a backup.

    Raises:
        StoreNotReady: they aren't empty, or the backup is damaged or of another kind.
    """
    manifest = _read_manifest(path)
    kind = _kind(ground)
    if manifest["kind"] != kind:
        raise StoreNotReady(f"the backup is of {manifest['kind']}, this database is {kind}")
    source = path / NAMES[kind]
    if _checksum(source) != manifest["sha256"]:
        raise StoreNotReady(f"{source} was changed after the backup had been made")
    _demand_empty(ground)
    if (path / FOLDER).exists():
        shutil.copytree(path / FOLDER, ground.data / FOLDER)
    if kind == "sqlite":
        _copy_sqlite(source, Path(ground.database.database))
    else:
        options = ("--no-owner", "--exit-on-error", "--single-transaction")
        _run("pg_restore", *options, f"--dbname={url}", str(source))


def _kind(ground: Ground) -> str:
    return "sqlite" if is_sqlite(ground.database) else "postgresql"


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online backup: a consistent copy while others write."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise StoreNotReady(f"{program} is missing: install PostgreSQL's client programs")
    result = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode != 0:
        raise StoreNotReady(f"{program}: {result.stderr.strip()[-500:]}")


def _demand_empty(ground: Ground) -> None:
    files = ground.data / FOLDER
    if files.exists() and any(files.iterdir()):
        raise StoreNotReady(f"{files} is not empty: restore into a new data folder")
    with connected(ground.database):
        tables = ground.database.get_tables()
    if tables:
        raise StoreNotReady("the database is not empty: restore into a new one")
    if files.exists():
        files.rmdir()
    if is_sqlite(ground.database):
        close(ground.database)


def _write_manifest(path: Path, kind: str, database: Path, now: datetime) -> None:
    manifest = {
        "format": FORMAT,
        "kind": kind,
        "at": to_text(now),
        "sha256": _checksum(database),
        "migrations": [migration.name for migration in known()],
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (path / MANIFEST).write_text(text, encoding="utf-8")


def _read_manifest(path: Path) -> Mapping[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, json.JSONDecodeError):
        raise StoreNotReady(f"{path} is no backup: its {MANIFEST} can't be read") from None
    if manifest.get("format") != FORMAT or manifest.get("kind") not in NAMES:
        raise StoreNotReady(f"{path} is a backup of another version")
    return manifest


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
