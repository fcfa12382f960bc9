"""A file that somebody handed in, as an answer: shown by the browser where that is harmless."""

from __future__ import annotations

from typing import BinaryIO
from urllib.parse import quote

from flask import Response

from runtime.store import StoredFile

CHUNK = 64 * 1024
VIEWABLE = {"pdf", "jpg", "png"}
"""Kinds that a browser shows by itself and that can't run anything there."""


def handed_out(stored: StoredFile, content: BinaryIO) -> Response:
    """The file in pieces; `content` is closed when it is sent. Nobody else may keep a copy.

    A name that isn't ASCII is sent as RFC 6266 wants it: a header holds nothing else.
    """
    answer = Response(iter(lambda: content.read(CHUNK), b""), mimetype=stored.media_type)
    answer.call_on_close(content.close)
    answer.content_length = stored.size
    shown = "inline" if stored.type in VIEWABLE else "attachment"
    name = quote(stored.name, safe="")
    answer.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{name}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
