"""Databases for tests: an SQLite file, and a PostgreSQL database that is thrown away after.

PostgreSQL is the server of TEST_POSTGRES_URL, else one that answers on this machine, else a
cluster of our own that lives as long as the test run.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg

CANDIDATES = ("postgresql://127.0.0.1:5432/postgres", "postgresql://postgres@127.0.0.1/postgres")


@cache
def server_answers() -> str | None:
    """The URL of a PostgreSQL server that lets us make databases, or None."""
    named = os.environ.get("TEST_POSTGRES_URL")
    for url in (named,) if named else CANDIDATES:
        try:
            with psycopg.connect(url, connect_timeout=3) as connection:
                row = connection.execute(
                    "select rolcreatedb from pg_roles where rolname = current_user"
                ).fetchone()
        except psycopg.OperationalError:
            continue
        if row and row[0]:
            return url
    return None


def own_cluster_programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`, or None when PostgreSQL isn't installed."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


@contextmanager
def postgres_server() -> Iterator[str]:
    """A URL of a server for this test run; a cluster of our own is removed at the end.

    Raises:
        RuntimeError: there is no server and no program to make one; says what to install.
    """
    url = server_answers()
    if url:
        yield url
        return
    programs = own_cluster_programs()
    if not programs:
        raise RuntimeError("PostgreSQL is missing: sudo apt-get install -y postgresql")
    with tempfile.TemporaryDirectory(prefix="yibiao-pg-") as folder:
        yield from _cluster(programs, Path(folder))


def _cluster(programs: Path, folder: Path) -> Iterator[str]:
    port = 20000 + os.getpid() % 20000
    prefix = _as_ordinary_user(folder)
    data = folder / "data"
    run = [*prefix, str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust"]
    subprocess.run(run, check=True, capture_output=True)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-w"]
    log = str(folder / "log")
    subprocess.run([*control, "-l", log, "-o", options, "start"], check=True, capture_output=True)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True)


def _as_ordinary_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: then its own user does it, in a folder of its own."""
    if os.geteuid() != 0:
        return []
    account = pwd.getpwnam("postgres")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


@contextmanager
def postgres_database(server: str) -> Iterator[str]:
    """The URL of a new, empty database on that server, dropped at the end."""
    name = f"yibiao_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
    try:
        yield server.rsplit("/", 1)[0] + "/" + name
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')
