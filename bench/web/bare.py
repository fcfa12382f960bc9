"""A bare Flask route beside each of ours: the same bytes, and as many rows written as durably."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

SETTINGS = "YIBIAO_BENCH_BARE"
"""The variable that names the file which `written_for` wrote."""
PRAGMAS = ("journal_mode = WAL", "busy_timeout = 5000", "wal_autocheckpoint = 1000")


def create() -> Flask:
    """The application: one route for every name in the settings' file."""
    settings = json.loads(Path(os.environ[SETTINGS]).read_text())
    app, local = Flask("bare"), threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(settings["database"], isolation_level=None)
            for pragma in PRAGMAS:
                local.connection.execute(f"PRAGMA {pragma}")
        found: sqlite3.Connection = local.connection
        return found

    @app.route("/<name>", methods=["GET", "POST"])
    def answer(name: str) -> Response:
        route = settings["routes"][name]
        if request.method == "POST":
            request.form.get("version")
        if route["writes"]:
            _write(connection(), route)
        return Response(route["body"], status=route["status"], mimetype="text/html")

    return app


def _write(connection: sqlite3.Connection, route: dict[str, Any]) -> None:
    connection.execute(f"PRAGMA synchronous = {'FULL' if route['durable'] else 'NORMAL'}")
    connection.execute("BEGIN IMMEDIATE")
    for _ in range(route["writes"]):
        connection.execute("INSERT INTO row (content) VALUES (?)", (route["content"],))
    connection.execute("COMMIT")


def written_for(data: Path, routes: dict[str, Any]) -> dict[str, str]:
    """Write the settings into a folder, make the table; the variables that a server needs."""
    database, settings = data / "bare.db", data / "bare.json"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, content TEXT)")
    settings.write_text(json.dumps({"database": str(database), "routes": routes}))
    return {SETTINGS: str(settings)}
