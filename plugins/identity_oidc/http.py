"""JSON from the identity provider: no redirects, no more than agreed, no longer than agreed."""

from __future__ import annotations

import json
from typing import Any

import requests

from plugins.contract import BadReply, Unavailable

MAX_BYTES = 200_000


def fetch(method: str, url: str, timeout: float, **options: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of one answer."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.request(
                method, url, timeout=timeout, allow_redirects=False, stream=True, **options
            ) as response:
                return response.status_code, _object(_body(response), response.status_code)
        except requests.Timeout as error:
            raise Unavailable("no answer in time") from error
        except requests.RequestException as error:
            raise Unavailable(type(error).__name__) from error


def _body(response: requests.Response) -> bytes:
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(f"status {response.status_code}")
    body = b""
    for part in response.iter_content(16_384):
        body += part
        if len(body) > MAX_BYTES:
            raise BadReply("the answer is too large")
    return body


def _object(body: bytes, status: int) -> dict[str, Any]:
    try:
        answer = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadReply(f"status {status} without JSON") from error
    if not isinstance(answer, dict):
        raise BadReply("no JSON object")
    return answer
