"""One signed POST to another system, and nothing believed that is not right to the byte."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import NewConnectionError

from plugins import reading
from plugins.contract import (
    BadReply,
    Denied,
    Misconfigured,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Unavailable,
)
from plugins.signed_http import signing

BUSY = (429, 503)
"""What a system answers that hasn't even begun."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A genuine answer: 200, or 202 where the system may take its time."""

    status: int
    media_type: str
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as a JSON object in UTF-8; else BadReply, which never quotes what it holds."""
        if self.media_type.replace(" ", "").lower() != "application/json;charset=utf-8":
            raise BadReply("not JSON in UTF-8")
        try:
            parsed = json.loads(self.body.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise BadReply("not JSON in UTF-8") from error
        if not isinstance(parsed, dict):
            raise BadReply("not a JSON object")
        return parsed


@dataclass(frozen=True, slots=True)
class _Raw:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Talks to the system at `base` as `client`; `timeout` in seconds is for a whole call.

    `may_wait` says that the system may answer 202: later.
    """

    def __init__(
        self,
        base: str,
        client: str,
        key: str,
        timeout: float,
        max_bytes: int,
        *,
        may_wait: bool = False,
    ) -> None:
        self._base = base.rstrip("/")
        self._path = urlsplit(self._base).path
        self._client, self._key = client, key
        self._timeout, self._max_bytes = timeout, max_bytes
        self._statuses = (200, 400, 403, 404, 422, *((202,) if may_wait else ()))
        self._local = threading.local()

    def post(
        self,
        path: str,
        payload: Mapping[str, Any],
        *,
        write: str = "",
        timeout: float | None = None,
    ) -> Reply | NotFound | Denied:
        """What the system says. Raises the contract's errors for everything but an answer.

        `write` is the key of a request that changes something: whatever leaves open whether it
        did is then `OutcomeUnknown`.
        """
        body = json.dumps(payload, ensure_ascii=False).encode()
        signed = signing.sign_request(
            self._key, self._client, "POST", self._path + path, body, int(time.time())
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **reading.UNPACKED,
            **signed.headers,
        }
        until = time.monotonic() + (self._timeout if timeout is None else timeout)
        try:
            raw = self._send(self._base + path, body, headers, until)
            self._refuse_status(raw)
        except _Lost as lost:
            if write:
                raise OutcomeUnknown(write) from lost
            raise lost.otherwise from lost
        self._refuse_forgery(raw, signed.nonce)
        return _answer(raw)

    def _send(self, url: str, body: bytes, headers: Mapping[str, str], until: float) -> _Raw:
        timeout = until - time.monotonic()
        try:
            with self._session().post(
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                stream=True,
                allow_redirects=False,
            ) as response:
                return _Raw(response.status_code, response.headers, self._read(response, until))
        except requests.ConnectTimeout as error:
            raise Unavailable("no connection in time") from error
        except requests.Timeout as error:
            raise _Lost(Unavailable("no answer in time")) from error
        except requests.RequestException as error:
            otherwise = Unavailable(type(error).__name__)
            raise (otherwise if _never_sent(error) else _Lost(otherwise)) from error

    def _read(self, response: requests.Response, until: float) -> bytes:
        try:
            return reading.body(response, self._max_bytes, until)
        except (BadReply, Unavailable) as error:
            raise _Lost(error) from error

    def _refuse_status(self, raw: _Raw) -> None:
        """What a gateway may say without the system's signature."""
        if raw.status == 401:
            raise Misconfigured("the other side refuses the client or its key")
        if raw.status == 429 or raw.status >= 500:
            wait = _seconds(raw.headers.get("Retry-After", ""))
            otherwise = Unavailable(f"status {raw.status}", wait)
            raise otherwise if raw.status in BUSY else _Lost(otherwise)
        if raw.status not in self._statuses:
            raise BadReply(f"status {raw.status}")

    def _refuse_forgery(self, raw: _Raw, nonce: str) -> None:
        right = signing.answer_signature(self._key, nonce, raw.status, raw.body)
        if not signing.same(raw.headers.get(signing.SIGNATURE, ""), right):
            raise BadReply("the answer's signature is wrong")

    def _session(self) -> requests.Session:
        """One session a thread, without the environment's proxies and credentials."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        session: requests.Session = self._local.session
        return session


class _Lost(Exception):
    """The request was sent and no answer came back whole; for one that only reads, `otherwise`."""

    def __init__(self, otherwise: Unavailable | BadReply) -> None:
        super().__init__(str(otherwise))
        self.otherwise = otherwise


def _never_sent(error: Exception) -> bool:
    """Whether nobody was there to take the request."""
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)


def _answer(raw: _Raw) -> Reply | NotFound | Denied:
    if raw.status in (200, 202):
        return Reply(raw.status, raw.headers.get("Content-Type", ""), raw.body)
    if raw.status == 404:
        return NotFound()
    code, words = _words(raw)
    if raw.status == 403:
        return Denied({"zh-CN": words})
    raise Rejected(code, words)


def _seconds(text: str) -> float | None:
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else None


def _words(raw: _Raw) -> tuple[str, str]:
    """The other side's own code and words, cut short; only from a signed answer."""
    try:
        said = json.loads(raw.body.decode("utf-8"))
        return str(said.get("code", raw.status))[:60], str(said["message"])[:200]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadReply("a refusal without words") from error
