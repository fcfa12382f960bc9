"""Addresses of static files that change with their content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask

STATIC = Path(__file__).parent / "static"
YEAR = 365 * 24 * 3600


def keep_by_content(app: Flask) -> None:
    """Gives templates `asset(name)`, and a year in the browser to what it names."""
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a file under static/, with a part of its hash.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return f"/static/{name}?v={_fingerprint(name)}"


@cache
def _fingerprint(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
