"""JSON from the identity provider: no redirects, no more than agreed, no longer than agreed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import requests

from plugins import reading
from plugins.contract import BadReply, Unavailable

MAX_BYTES = 200_000


def fetch(
    method: str,
    url: str,
    timeout: float,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> tuple[int, dict[str, Any]]:
    """Status and JSON object of one answer; `timeout` in seconds is for the whole of it.

    Raises Unavailable when no answer comes in time or the provider is down, BadReply for what is
    no JSON object or is too large.
    """
    until = time.monotonic() + timeout
    asked = {**(headers or {}), **reading.UNPACKED}
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.request(
                method,
                url,
                headers=asked,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
                **options,
            ) as response:
                _refuse_down(response.status_code)
                return response.status_code, _object(response, until)
        except requests.Timeout as error:
            raise Unavailable("no answer in time") from error
        except requests.RequestException as error:
            raise Unavailable(type(error).__name__) from error


def _refuse_down(status: int) -> None:
    if status >= 500 or status == 429:
        raise Unavailable(f"status {status}")


def _object(response: requests.Response, until: float) -> dict[str, Any]:
    try:
        answer = json.loads(reading.body(response, MAX_BYTES, until).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadReply(f"status {response.status_code} without JSON") from error
    if not isinstance(answer, dict):
        raise BadReply("no JSON object")
    return answer
