"""Visitors in a process of their own: each keeps one connection and asks as soon as it is answered.

Reads a plan as JSON from its input, writes what came of it as JSON to its output.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from time import perf_counter
from typing import Any

VERSION = re.compile(rb'name="version"[^>]* value="([0-9]+)"')
LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)
PLACEHOLDER = "VERSION"
"""In a body: the version that the page would show."""
FIRST_VERSION = 2
"""That of a draft which was begun and filled."""


class Visitor:
    """One connection and what it asks, in turn; `once` stops it after the last request."""

    def __init__(self, port: int, asks: list[dict[str, Any]], once: bool) -> None:
        self.port, self.asks, self.once = port, asks, once
        self.answered, self.refused = 0, 0
        self.version = FIRST_VERSION

    async def visit(self, until: float) -> None:
        """Ask until then."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while perf_counter() < until and not (self.once and self.answered == len(self.asks)):
            asked = self.asks[self.answered % len(self.asks)]
            writer.write(self._request(asked))
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            found = VERSION.search(body)
            self.version = int(found[1]) if found else self.version + 1
            self.answered += 1
            self.refused += int(head.split(b" ", 2)[1]) != asked["status"]
        writer.close()

    def _request(self, asked: dict[str, Any]) -> bytes:
        body = asked["body"].encode().replace(PLACEHOLDER.encode(), b"%d" % self.version)
        lines = [f"{asked['method']} {asked['path']} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in asked["headers"].items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(lines).encode() + body


async def run(plan: dict[str, Any]) -> dict[str, float]:
    """All visitors at once: answers per second, and how many were not what was expected."""
    visitors = [Visitor(plan["port"], asks, plan["once"]) for asks in plan["visitors"]]
    start = perf_counter()
    await asyncio.gather(*(one.visit(start + plan["seconds"]) for one in visitors))
    seconds = perf_counter() - start
    answered = sum(one.answered for one in visitors)
    return {"rate": answered / seconds, "refused": sum(one.refused for one in visitors)}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
