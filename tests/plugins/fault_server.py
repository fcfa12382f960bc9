"""A server that answers as it is told, byte by byte, rightly signed or not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from plugins.signed_http import signing

KEY = "key-of-the-fault-server"
Headers = Mapping[str, str]
Script = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The address of a server on a free port that runs `script` for each GET and POST."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            script(self)

        def do_GET(self) -> None:
            script(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def answering(
    body: bytes,
    *,
    status: int = 200,
    media_type: str = "application/json; charset=utf-8",
    headers: Headers | None = None,
    signed: bool = True,
    nonce: str = "",
    length: int | None = None,
) -> Script:
    """A script that sends this answer, signed for the request's nonce unless told otherwise."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", media_type)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        if signed:
            answered = nonce or handler.headers[signing.NONCE]
            signature = signing.answer_signature(KEY, answered, status, body)
            handler.send_header(signing.SIGNATURE, signature)
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = True

    return script


def dripping(seconds: float) -> Script:
    """A script that sends a byte now and then, each in time, all together never."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        pause = threading.Event()
        for _ in range(int(seconds / 0.05)):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            pause.wait(0.05)

    return script


def silent(seconds: float) -> Script:
    """A script that takes the request and says nothing."""
    return lambda handler: threading.Event().wait(seconds) and None


def hanging_up(handler: BaseHTTPRequestHandler) -> None:
    """A script that closes the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True
