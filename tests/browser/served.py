"""Small applications served to a real browser, one per module of tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from flask import Flask, Response
from werkzeug.serving import make_server

from runtime.web import static_files
from runtime.web.page import furnish
from runtime.web.security import HEADERS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(static_files.__file__).parent


def bare_app() -> Flask:
    """The frame of the pages with the headers of the product, without a database."""
    app = Flask("runtime.web", root_path=str(ROOT))
    static_files.keep_by_content(app)
    furnish(app)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers.extend(HEADERS)
        return response

    return app


def _read_whole(app: Flask) -> WSGIApplication:
    """The application with each answer read before it is sent: its file is closed by then, even
    when the browser hangs up, which this server's own closing doesn't survive."""

    def answer(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        parts = app(environ, start)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answer


@contextmanager
def served(app: Flask, taken: socket | None = None) -> Iterator[str]:
    """The address at which the application answers inside the block: a socket that is `taken`
    already, or any that is free."""
    listening = None if taken is None else taken.fileno()
    server = make_server("127.0.0.1", 0, _read_whole(app), threaded=True, fd=listening)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
