"""Tells whoever asked what has happened since: at once, later, twice or never, as is switched."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import requests

from plugins.sandbox.faults import Faults
from plugins.sandbox.outside.book import Book
from plugins.signed_http import webhooks

KINDS = ("callback_later", "callback_twice", "callback_never")
TIMEOUT = 5
PAUSES = (1, 5, 30, None)
"""Seconds between attempts that nobody took; then it is given up."""


class Caller:
    """Sends callbacks in threads of their own, signed with `key`."""

    def __init__(self, book: Book, faults: Faults, key: str) -> None:
        self._book, self._faults, self._key = book, faults, key

    def tell(self, address: str, handle: str, data: Mapping[str, Any], after: bool = False) -> None:
        """Send this to an address, if there is one; `after` the time of the fault."""
        if address:
            task = threading.Thread(
                target=self._tell, args=(address, handle, data, after), daemon=True
            )
            task.start()

    def _tell(self, address: str, handle: str, data: Mapping[str, Any], after: bool) -> None:
        id = f"msg_{secrets.token_hex(12)}"
        kind = self._faults.kind
        if kind == "callback_never":
            self._note(id, handle, data, "never sent")
            return
        if after or kind == "callback_later":
            self._faults.wait()
        for _ in range(2 if kind == "callback_twice" else 1):
            self._send(address, id, handle, data)

    def _send(self, address: str, id: str, handle: str, data: Mapping[str, Any]) -> None:
        body = json.dumps({"handle": handle, "data": data}, ensure_ascii=False).encode()
        for pause in PAUSES:
            status = self._post(address, id, body)
            self._note(id, handle, data, status)
            if status.startswith("2") or pause is None:
                return
            threading.Event().wait(pause)

    def _post(self, address: str, id: str, body: bytes) -> str:
        """The status, or what went wrong."""
        headers = webhooks.sign(self._key, id, int(time.time()), body)
        headers["Content-Type"] = "application/json; charset=utf-8"
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.post(
                    address, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
                )
        except requests.RequestException as error:
            return type(error).__name__
        return str(answer.status_code)

    def _note(self, id: str, handle: str, data: Mapping[str, Any], status: str) -> None:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._book.told(id, at, handle, data, status)
