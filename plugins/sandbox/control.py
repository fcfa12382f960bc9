"""The sandbox's own page: who there is, what they hold, and what goes wrong where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import requests
from flask import Flask, Response, abort, jsonify, redirect, render_template, request

from plugins.sandbox import seeds
from plugins.sandbox.faults import KINDS

TIMEOUT = 3
GONE = {"fault": "已停止", "ms": 0}


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
            servers={name: _get(base, "faults") or GONE for name, base in addresses.items()},
            addresses=addresses,
            kinds=KINDS,
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


def _get(base: str, what: str) -> Any:
    """What a server says of itself; None if it has ended."""
    try:
        return requests.get(f"{base}/sandbox/{what}", timeout=TIMEOUT).json()
    except requests.RequestException:
        return None
