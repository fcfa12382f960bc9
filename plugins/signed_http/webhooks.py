"""Callbacks after Standard Webhooks: a message has an id, a time and a signature over both and it.

https://github.com/standard-webhooks/standard-webhooks
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from plugins.contract import BadReply, Request
from plugins.signed_http.signing import WINDOW, same

ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"
KEY = "^whsec_([A-Za-z0-9+/]{4}){6,22}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
"""What a key looks like: the prefix that the standard names, then base64."""


def sign(secret: str, id: str, at: int, body: bytes) -> dict[str, str]:
    """The headers that a genuine message bears; `at` is in seconds since 1970."""
    return {ID: id, TIMESTAMP: str(at), SIGNATURE: f"v1,{_mac(secret, id, str(at), body)}"}


def verified(secret: str, request: Request, now: float) -> str:
    """The id of a message that is genuine and of now.

    Raises:
        BadReply: it is neither; says which.
    """
    headers = {name.lower(): value for name, value in request.headers.items()}
    id, at = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    right = f"v1,{_mac(secret, id, at, request.body)}"
    if not id or not any(same(one, right) for one in headers.get(SIGNATURE, "").split(" ")):
        raise BadReply("the callback's signature is wrong")
    if not (at.isascii() and at.isdigit()) or abs(now - int(at)) > WINDOW:
        raise BadReply("the callback is too old or of the future")
    return id


def _mac(secret: str, id: str, at: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
