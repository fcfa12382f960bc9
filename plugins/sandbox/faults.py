"""Faults that a sandbox server can be told to have, so that everybody can see what happens then."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request

KINDS = ("none", "late", "down", "wrong", "silent", "errors")
"""What can go wrong with every server."""
ALWAYS = ("/sandbox/", "/health")
"""What always works: without it, no fault could be switched off."""
LONGEST = 60.0
"""Seconds after which even a silent server hangs up."""


class Faults:
    """The fault of one server at a time. Waiting requests go on as soon as it is changed."""

    def __init__(self, kinds: tuple[str, ...] = KINDS) -> None:
        self.kinds = kinds
        self.kind = "none"
        self.ms = 2000
        self._changed = threading.Event()

    def switch(self, kind: str, ms: int | None = None) -> None:
        """Have this fault from now on; ValueError for one that doesn't exist."""
        if kind not in self.kinds:
            raise ValueError(kind)
        self.kind, self.ms = kind, self.ms if ms is None else max(0, min(ms, 60_000))
        self._changed.set()
        self._changed = threading.Event()

    def state(self) -> dict[str, Any]:
        """What is switched on."""
        return {"fault": self.kind, "ms": self.ms, "kinds": self.kinds}

    def wait(self) -> None:
        """Until the agreed time has passed or another fault is switched on."""
        self._changed.wait(self.ms / 1000)

    def answer(self, environ: Mapping[str, Any]) -> Response | None:
        """What goes wrong with a request, or None if nothing does."""
        if self.kind == "late":
            self.wait()
        elif self.kind == "wrong":
            return Response(b'{"licenses": \xff\xfe<html>', 200, content_type="text/html")
        elif self.kind == "errors":
            return Response('{"error": "internal"}', 500, content_type="application/json")
        elif self.kind == "silent":
            self._changed.wait(LONGEST)
            return hang_up(environ)
        elif self.kind == "down":
            return hang_up(environ)
        return None


def with_faults(app: Flask, prefix: str, more: tuple[str, ...] = ()) -> Faults:
    """Make every request below `prefix` subject to the faults set at `/sandbox/faults`.

    `more` are kinds that the server sees to itself.
    """
    faults = Faults(KINDS + more)
    routes = Blueprint("faults", __name__)

    @routes.get("/sandbox/faults")
    def show() -> Response:
        return jsonify(faults.state())

    @routes.post("/sandbox/faults")
    def switch() -> tuple[Response, int]:
        wanted = request.get_json()
        try:
            faults.switch(wanted["fault"], wanted.get("ms"))
        except (KeyError, ValueError):
            return jsonify({"message": f"one of {', '.join(faults.kinds)}"}), 422
        return jsonify(faults.state()), 200

    @app.before_request
    def fail() -> Response | None:
        path = request.path
        subject = path.startswith(prefix) and not path.startswith(ALWAYS)
        return faults.answer(request.environ) if subject else None

    app.register_blueprint(routes)
    return faults


def hang_up(environ: Mapping[str, Any]) -> Response:
    """Close the connection without a word."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return Response(status=503)  # nobody hears it any more
