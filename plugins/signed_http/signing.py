"""How the two sides sign what they send: HMAC-SHA256 with a shared key.

A request is signed over method, path with query, timestamp, nonce and the SHA-256 of its body; an
answer over the nonce it answers, its status and the SHA-256 of its body, so that neither can be
changed, replayed or put in another's place.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

CLIENT = "X-Signed-Client"
TIMESTAMP = "X-Signed-Timestamp"
NONCE = "X-Signed-Nonce"
SIGNATURE = "X-Signed-Signature"
WINDOW = 300
"""Seconds that the two clocks may differ; who answers remembers nonces for as long."""


@dataclass(frozen=True, slots=True)
class Signed:
    """The headers of one signed request, and the nonce that the answer must name."""

    headers: Mapping[str, str]
    nonce: str


def sign_request(key: str, client: str, method: str, path: str, body: bytes, now: int) -> Signed:
    """Headers that prove who sent this request, and when."""
    nonce = secrets.token_hex(16)
    headers = {
        CLIENT: client,
        TIMESTAMP: str(now),
        NONCE: nonce,
        SIGNATURE: request_signature(key, method, path, str(now), nonce, body),
    }
    return Signed(headers, nonce)


def request_signature(
    key: str, method: str, path: str, timestamp: str, nonce: str, body: bytes
) -> str:
    """The signature that a genuine request bears."""
    return _mac(key, method.upper(), path, timestamp, nonce, _digest(body))


def answer_signature(key: str, nonce: str, status: int, body: bytes) -> str:
    """The signature that a genuine answer bears."""
    return _mac(key, nonce, str(status), _digest(body))


def same(left: str, right: str) -> bool:
    """Compare signatures in constant time; anything that isn't ASCII is no signature."""
    return left.isascii() and right.isascii() and hmac.compare_digest(left, right)


def _mac(key: str, *parts: str) -> str:
    return hmac.new(key.encode(), "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
