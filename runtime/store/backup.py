"""Backups: the database as of one moment, then the files. Keys are not in it; keep them apart."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from runtime.store.database import close, connected, is_sqlite
from runtime.store.errors import StoreNotReady
from runtime.store.files.repository import FOLDER
from runtime.store.ground import Ground
from runtime.store.instants import to_text
from runtime.store.migrate import known

FORMAT = 1
MANIFEST = "manifest.json"
PASSWORD = re.compile(r"(?<=[^:/]):[^:/@]*(?=@)")
"""The password in the URL of a database."""

NAMES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}


def backup(ground: Ground, url: str, path: Path, now: datetime) -> None:
    """Write database, files and a manifest with a checksum into a new folder, or nothing.

    Raises:
        StoreNotReady: the folder is there already or can't be written, or `pg_dump` is missing or
            fails.
    """
    _make_new(path)
    kind = _kind(ground)
    with _all_or_nothing(path):
        target = path / NAMES[kind]
        if kind == "sqlite":
            _copy_sqlite(Path(ground.database.database), target)
        else:
            _run(url, "pg_dump", "--format=custom", "--no-owner", f"--file={target}")
        _copy_files(ground.data / FOLDER, path / FOLDER)
        _write_manifest(path, kind, target, now)


def restore(ground: Ground, url: str, path: Path) -> None:
    """Fill an empty database and data folder from a backup, or leave them empty.

    Raises:
        StoreNotReady: they aren't empty, or the backup is damaged, of another kind or of a newer
            version.
    """
    kind = _kind(ground)
    source = path / NAMES[kind]
    _demand_fitting(_read_manifest(path), kind, path)
    _demand_empty(ground)
    with _all_or_nothing(ground.data / FOLDER):
        _copy_files(path / FOLDER, ground.data / FOLDER)
        if kind == "sqlite":
            _copy_sqlite(source, Path(ground.database.database))
        else:
            options = ("--no-owner", "--exit-on-error", "--single-transaction")
            _run(url, "pg_restore", *options, str(source))


def _demand_fitting(manifest: Mapping[str, Any], kind: str, path: Path) -> None:
    """Raises StoreNotReady where the backup is not for this installation or not whole."""
    if manifest["kind"] != kind:
        raise StoreNotReady(
            f"the backup is of {manifest['kind']}, this database is {kind}: "
            f"name one of {manifest['kind']} in DATABASE_URL"
        )
    unknown = set(manifest["migrations"]) - {migration.name for migration in known()}
    if unknown:
        raise StoreNotReady(
            f"the backup is of a newer version: it has {min(unknown)}. Update the code first"
        )
    source = path / NAMES[kind]
    if not source.is_file() or _checksum(source) != manifest["sha256"]:
        raise StoreNotReady(f"{source} is missing or was changed after the backup had been made")
    files = len(_files(path / FOLDER))
    if files < manifest.get("files", 0):
        raise StoreNotReady(f"{path} has {files} uploaded files of {manifest['files']}")


def _make_new(path: Path) -> None:
    try:
        path.mkdir(parents=True, mode=0o700)
    except FileExistsError:
        raise StoreNotReady(f"{path} is there already: a backup takes a new folder") from None
    except OSError as error:
        raise StoreNotReady(f"{path} can't be made: {error.strerror}") from error


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[None]:
    """Takes a half-made folder away again; an error of the system becomes words."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreNotReady(str(error)) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _copy_files(source: Path, target: Path) -> None:
    """Copy the uploaded files; one that its owner removes in the meantime is left out."""
    for path in _files(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            shutil.copy2(path, copy)


def _kind(ground: Ground) -> str:
    return "sqlite" if is_sqlite(ground.database) else "postgresql"


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own online backup: a consistent copy while others write."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _run(url: str, program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password is not for everybody's list of processes."""
    found = shutil.which(program)
    if found is None:
        raise StoreNotReady(f"{program} is missing: install PostgreSQL's client programs")
    password = urlsplit(url).password
    secret = {"PGPASSWORD": unquote(password)} if password else {}
    command = [found, f"--dbname={PASSWORD.sub('', url)}", *arguments]
    result = subprocess.run(  # noqa: S603 - a program of PostgreSQL's
        command, capture_output=True, text=True, check=False, env={**os.environ, **secret}
    )
    if result.returncode != 0:
        raise StoreNotReady(f"{program}: {result.stderr.strip()[-500:]}")


def _demand_empty(ground: Ground) -> None:
    files = ground.data / FOLDER
    if files.exists() and any(files.iterdir()):
        raise StoreNotReady(
            f"{files} is not empty: move it away, or name a new data folder in YIBIAO_DATA"
        )
    with connected(ground.database):
        tables = ground.database.get_tables()
    if tables:
        raise StoreNotReady(
            "the database is not empty: move it away, or name a new one in DATABASE_URL"
        )
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
        "files": len(_files(path / FOLDER)),
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
