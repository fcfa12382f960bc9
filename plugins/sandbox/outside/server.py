"""The server of one outside system: takes signed calls, does each key once, and shows its books.

What it does is the system's; what is here is what all have in common.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request
from jsonschema import Draft202012Validator

from plugins.sandbox.faults import Faults, hang_up, with_faults
from plugins.sandbox.outside import callbacks
from plugins.sandbox.outside.book import Book, Done, Page
from plugins.sandbox.outside.callbacks import Caller
from plugins.sandbox.outside.system import Call, Server, System, refuse, unknown
from plugins.sandbox.signed import Refusal, with_signatures
from plugins.signed_http import signing
from plugins.signed_http.connector import fault_of

BEIJING = timezone(timedelta(hours=8))
FAULTS = ("lost", "pending", *callbacks.KINDS)
"""`lost`: it is done and the answer never comes. `pending`: it is done and said later."""
LINE = {"type": "string", "maxLength": 200}
CALL = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "key": {**LINE, "minLength": 1},
            "item": LINE,
            "case": LINE,
            "district": LINE,
            "callback": {"type": "string", "maxLength": 2000},
            "input": {"type": "object"},
        },
        "required": ["key", "item", "case", "district", "callback", "input"],
        "additionalProperties": False,
    }
)


class _Clerk:
    """What a system's server does with a call."""

    def __init__(
        self,
        system: System,
        book: Book,
        faults: Faults,
        caller: Caller,
        addresses: Mapping[str, str],
    ) -> None:
        self._system, self._book, self._faults = system, book, faults
        self._caller, self._addresses = caller, addresses

    def take(self, name: str, asked: Any) -> Done:
        """What an operation came to, now or when its key was first used."""
        if not CALL.is_valid(asked):
            raise refuse("bad_call", "请求格式不正确")
        if not asked["item"]:
            raise Refusal(403, "没有说明办理事项")
        done, is_new = self._operate(name, asked)
        if is_new:
            self._tell(asked["callback"], done)
        return done

    def _tell(self, address: str, done: Done) -> None:
        """Call back where there is something to say that the answer doesn't."""
        if not self.is_ready(done):
            self._caller.tell(address, done.handle, done.answer, after=True)
        follow = self._system.follow
        more = follow(done.operation, dict(done.answer)) if follow else None
        if more:
            self._caller.tell(address, more.handle, more.data)

    def is_lost(self, done: Done) -> bool:
        """Whether the answer to this call never comes."""
        return self._faults.kind == "lost" and self._system.known[done.operation].effect == "write"

    def _operate(self, name: str, asked: Mapping[str, Any]) -> tuple[Done, bool]:
        known = self._system.known.get(name)
        if known is None:
            raise refuse("no_operation", "没有这个接口")
        if fault_of(known.input, asked["input"]):
            raise refuse("bad_input", "请求内容不正确")
        call = Call(
            key=asked["key"],
            item=asked["item"],
            case=asked["case"],
            callback=asked["callback"],
            client=request.headers[signing.CLIENT],
            today=datetime.now(BEIJING).date(),
            base=request.url_root.rstrip("/"),
            addresses=self._addresses,
        )
        with self._book.page() as page:
            if known.effect == "read":
                page.read(name, call.key, call.item, call.case, _now())
                answer = self._system.operations[name](page, asked["input"], call)
                return Done(call.key, name, asked["input"], answer, "", 0, ""), False
            before = page.call(call.key)
            if before is None:
                return self._written(page, name, asked["input"], call), True
            if (before.operation, before.input) != (name, asked["input"]):
                raise refuse("key_reused", "同一编号的请求内容不同")
            page.repeat(call.key)
            return before, False

    def _written(self, page: Page, name: str, given: Mapping[str, Any], call: Call) -> Done:
        answer = self._system.operations[name](page, given, call)
        wait = self._faults.ms / 1000 if self._faults.kind == "pending" else 0
        handle = secrets.token_hex(8)
        done = Done(call.key, name, given, answer, handle, time.time() + wait, "")
        page.keep(done, call.item, call.case, _now())
        return done

    def stands(self, handle: str) -> Done | None:
        """How a handle stands: a call's, or one that the system knows itself; None: unknown."""
        with self._book.page() as page:
            call = page.by_handle(handle)
            if call or not self._system.state:
                return call
            found = self._system.state(page, handle)
            if found is None:
                return None
            operation, answer, settled = found
            return Done("", operation, {}, answer, handle, 0 if settled else float("inf"), "")

    def reconciled(self, key: str) -> Done | None:
        """What a key came to; None: it never came here."""
        with self._book.page() as page:
            return page.call(key)

    def is_ready(self, done: Done) -> bool:
        """Whether what was done may be said."""
        if done.ready_at == float("inf"):
            return False
        return self._faults.kind != "pending" or done.ready_at <= time.time()

    def said(self, done: Done) -> tuple[Response, int]:
        """The answer, or that it takes time."""
        if self.is_ready(done):
            return jsonify({"operation": done.operation, "answer": done.answer}), 200
        until = datetime.now(UTC) + timedelta(days=1)
        later = {
            "handle": done.handle,
            "ask_again_after": 2,
            "until": until.isoformat(timespec="seconds"),
        }
        return jsonify(later), 202


def create_outside(
    system: System,
    folder: Path,
    clients: Mapping[str, str],
    callback_key: str,
    addresses: Mapping[str, str],
) -> Flask:
    """The server of a system, its books new in `folder`.

    `clients` are the keys of those who may ask, `addresses` those of the other systems.
    """
    app = Flask(__name__, template_folder="../templates")
    book = Book(folder / f"{system.name}.db")
    book.create(system.entries())
    faults = with_faults(app, "/", FAULTS)
    caller = Caller(book, faults, callback_key)
    with_signatures(app, ("/operations/", "/calls/"), clients, book.first_time)
    _serve_calls(app, _Clerk(system, book, faults, caller, addresses))
    if system.pages:
        system.pages(app, Server(book, caller))

    @app.get("/sandbox/books")
    def books() -> Response:
        return jsonify(book.shown())

    @app.get("/health")
    def health() -> Response:
        return jsonify({"system": system.name, "sandbox": True})

    return app


def _serve_calls(app: Flask, clerk: _Clerk) -> None:
    @app.post("/operations/<name>")
    def operate(name: str) -> tuple[Response, int]:
        done = clerk.take(name, request.get_json(silent=True))
        return (hang_up(request.environ), 503) if clerk.is_lost(done) else clerk.said(done)

    @app.post("/calls/poll")
    def poll() -> tuple[Response, int]:
        return _found(clerk.stands(_asked("handle")))

    @app.post("/calls/reconcile")
    def reconcile() -> tuple[Response, int]:
        return _found(clerk.reconciled(_asked("key")))

    def _found(done: Done | None) -> tuple[Response, int]:
        if done is None:
            raise unknown("没有这次办理")
        return clerk.said(done)


def _asked(name: str) -> str:
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict) or not isinstance(asked.get(name), str):
        raise refuse("bad_call", "请求格式不正确")
    value: str = asked[name]
    return value


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
