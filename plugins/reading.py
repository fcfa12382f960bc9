"""The body of an HTTP answer, read with care: no more than agreed, and no longer."""

from __future__ import annotations

import time

import requests
from urllib3.exceptions import HTTPError, ProtocolError

from plugins.contract import BadReply, Unavailable

CHUNK = 65536
UNPACKED = {"Accept-Encoding": "identity"}
"""What a request that is read like this must say: nothing here unpacks."""


def body(response: requests.Response, most: int, until: float) -> bytes:
    """All bytes of an answer that was asked for as a stream, read until a moment of `monotonic`.

    Raises BadReply if there are more than `most` or the answer is cut off, Unavailable if it comes
    too slowly, however steadily it drips.
    """
    parts: list[bytes] = []
    size = 0
    try:
        while part := response.raw.read1(CHUNK, decode_content=False):
            size += len(part)
            if size > most:
                raise BadReply("the answer is too large")
            if time.monotonic() > until:
                raise Unavailable("the answer comes too slowly")
            parts.append(part)
    except ProtocolError as error:
        raise BadReply("the answer was cut off") from error
    except HTTPError as error:
        raise Unavailable(type(error).__name__) from error
    return b"".join(parts)
