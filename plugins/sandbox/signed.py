"""What every sandbox server asks of a request, and how it signs what it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from flask import Flask, Response, g, jsonify, request
from flask.json.provider import DefaultJSONProvider

from plugins.signed_http import signing

FirstTime = Callable[[str, int, int], bool]
"""Whether a nonce is new at a moment, within a window of seconds."""


class PlainJson(DefaultJSONProvider):
    """Names in the order that they were written in, and Chinese as it is."""

    ensure_ascii = False
    sort_keys = False


class Refusal(Exception):
    """A request that the server won't answer: status, words, and a code where there is one."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


def with_signatures(
    app: Flask, prefixes: tuple[str, ...], clients: Mapping[str, str], first_time: FirstTime
) -> None:
    """Refuse what isn't signed by a client below these paths, and sign what is answered there."""
    app.config["MAX_CONTENT_LENGTH"] = 65536
    app.json = PlainJson(app)

    @app.before_request
    def check() -> None:
        if not request.path.startswith(prefixes):
            return
        key = clients.get(request.headers.get(signing.CLIENT, ""))
        if key is None:
            raise Refusal(401, "未登记的接入方")
        _check_request(key, first_time)
        g.key = key

    @app.after_request
    def sign(response: Response) -> Response:
        if "key" in g:
            nonce = request.headers[signing.NONCE]
            body = response.get_data()
            signature = signing.answer_signature(g.key, nonce, response.status_code, body)
            response.headers[signing.SIGNATURE] = signature
            if response.mimetype == "application/json":
                response.content_type = "application/json; charset=utf-8"
        return response

    @app.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[Response, int]:
        code = {"code": refusal.code} if refusal.code else {}
        return jsonify({**code, "message": refusal.message}), refusal.status


def _check_request(key: str, first_time: FirstTime) -> None:
    """Genuine, of now, and never seen before; else 401."""
    timestamp = request.headers.get(signing.TIMESTAMP, "")
    nonce = request.headers.get(signing.NONCE, "")
    right = signing.request_signature(
        key, request.method, request.full_path.rstrip("?"), timestamp, nonce, request.get_data()
    )
    if not signing.same(request.headers.get(signing.SIGNATURE, ""), right):
        raise Refusal(401, "签名不正确")
    now = int(time.time())
    if not timestamp.isdigit() or abs(now - int(timestamp)) > signing.WINDOW:
        raise Refusal(401, "时间戳不在允许范围内")
    if not first_time(nonce, now, signing.WINDOW):
        raise Refusal(401, "重复的请求")
