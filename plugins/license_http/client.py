"""One signed POST to a license office, and nothing believed that is not right to the byte."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from definitions.model import Text
from plugins import reading
from plugins.contract import BadReply, Denied, Misconfigured, NotFound, Rejected, Unavailable
from plugins.license_http import signing


@dataclass(frozen=True, slots=True)
class Reply:
    """A genuine answer with status 200."""

    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Raw:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Talks to one office at `base` as `client`; `timeout` in seconds is for a whole call."""

    def __init__(self, base: str, client: str, key: str, timeout: float, max_bytes: int) -> None:
        self._base = base.rstrip("/")
        self._path = urlsplit(self._base).path
        self._client, self._key = client, key
        self._timeout, self._max_bytes = timeout, max_bytes
        self._local = threading.local()

    def post(self, path: str, payload: Mapping[str, Any]) -> Reply | NotFound | Denied:
        """What the office says. Raises the contract's errors for everything but an answer."""
        body = json.dumps(payload, ensure_ascii=False).encode()
        signed = signing.sign_request(
            self._key, self._client, "POST", self._path + path, body, int(time.time())
        )
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **reading.UNPACKED,
            **signed.headers,
        }
        raw = self._send(self._base + path, body, headers)
        _refuse_status(raw)
        self._refuse_forgery(raw, signed.nonce)
        if raw.status == 200:
            return Reply(raw.headers.get("Content-Type", ""), raw.body)
        if raw.status == 404:
            return NotFound()
        if raw.status == 403:
            return Denied(_words(raw.body))
        raise Rejected(str(raw.status), _words(raw.body)["zh-CN"])

    def _send(self, url: str, body: bytes, headers: Mapping[str, str]) -> _Raw:
        until = time.monotonic() + self._timeout
        try:
            with self._session().post(
                url,
                data=body,
                headers=headers,
                timeout=self._timeout,
                stream=True,
                allow_redirects=False,
            ) as response:
                read = reading.body(response, self._max_bytes, until)
                return _Raw(response.status_code, response.headers, read)
        except requests.Timeout as error:
            raise Unavailable("no answer in time") from error
        except requests.RequestException as error:
            raise Unavailable(type(error).__name__) from error

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


def _refuse_status(raw: _Raw) -> None:
    """What a gateway may say without the office's signature."""
    if raw.status == 401:
        raise Misconfigured("the office refuses the client or its key")
    if raw.status == 429 or raw.status >= 500:
        raise Unavailable(f"status {raw.status}", _seconds(raw.headers.get("Retry-After", "")))
    if raw.status not in (200, 400, 403, 404, 422):
        raise BadReply(f"status {raw.status}")


def _seconds(text: str) -> float | None:
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else None


def _words(body: bytes) -> Text:
    """The office's own words, cut short; only from a signed answer."""
    try:
        message = json.loads(body.decode("utf-8"))["message"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadReply("a refusal without words") from error
    return {"zh-CN": str(message)[:200]}
