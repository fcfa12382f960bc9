"""The sandbox's own page: who there is, what they hold, and what goes wrong where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import requests
from flask import Flask, Response, abort, jsonify, redirect, render_template, request

from plugins.sandbox import seeds
from plugins.sandbox.settings import OUTSIDE, TITLES

TIMEOUT = 3
KINDS: Mapping[str, str] = {
    "none": "正常",
    "late": "迟答",
    "down": "断开",
    "wrong": "乱答",
    "silent": "不答",
    "errors": "报错",
    "lost": "办了，答复丢失",
    "pending": "办了，稍后才答",
    "callback_later": "回调迟到",
    "callback_twice": "回调两次",
    "callback_never": "没有回调",
}
"""What people read for each fault."""
COMPANIES = ("water", "power", "gas", "network")
NO_BOOKS: dict[str, Any] = {"entries": {"account": {}}}
GONE: dict[str, Any] = {"fault": "已停止", "ms": 0, "kinds": ()}


def create_control(addresses: Mapping[str, str]) -> Flask:
    """The page, which talks to the other servers at `addresses`."""
    app = Flask(__name__)

    @app.get("/")
    def overview() -> str:
        """The page; a server that has ended is shown as such, with nothing of its own."""
        return render_template(
            "overview.html",
            people=seeds.people().values(),
            enterprises=seeds.enterprises().values(),
            names={key: one["name"] for key, one in seeds.people().items()},
            types=seeds.types(),
            licenses=_licenses(addresses),
            servers={
                name: _get(base, "faults") or GONE
                for name, base in addresses.items()
                if name != "control"
            },
            addresses=addresses,
            titles=TITLES,
            kinds=KINDS,
            outside=OUTSIDE,
            accounts=_accounts(addresses),
        )

    @app.post("/faults/<server>")
    def switch(server: str) -> Response:
        if server not in addresses:
            abort(404)
        wanted = {"fault": request.form["fault"], "ms": request.form.get("ms", type=int)}
        with suppress(requests.RequestException):  # one that has ended is shown as such
            requests.post(f"{addresses[server]}/sandbox/faults", json=wanted, timeout=TIMEOUT)
        return redirect("/", 303)  # type: ignore[return-value]

    @app.get("/health")
    def health() -> Response:
        return jsonify(sandbox=True)

    return app


def _licenses(addresses: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The licences of all offices by holder; two offices that disagree both appear."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for office, title in seeds.OFFICES.items():
        for license in _get(addresses[office], "licenses") or ():
            found[license["holder"]].append({**license, "office": title})
    return found


def _accounts(addresses: Mapping[str, str]) -> list[dict[str, Any]]:
    """The accounts of the four companies: what one types to try things out."""
    known = [name for name in COMPANIES if name in addresses]
    books = {name: _get(addresses[name], "books") or NO_BOOKS for name in known}
    return [
        {"company": TITLES[name], "number": number, **one}
        for name, book in books.items()
        for number, one in book["entries"]["account"].items()
    ]


def _get(base: str, what: str) -> Any:
    """What a server says of itself; None if it has ended."""
    try:
        return requests.get(f"{base}/sandbox/{what}", timeout=TIMEOUT).json()
    except requests.RequestException:
        return None
