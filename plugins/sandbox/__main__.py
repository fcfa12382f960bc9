"""Servers of the sandbox in a process: `python -m plugins.sandbox '{"tax": 8104}' …`.

Says their addresses on the first lines of its output, and serves as soon as the first line of its
input says where all servers are (JSON, by name). It ends when its input does: so that none is left
over when the supervisor ends, however it ends.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import threading
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from plugins.sandbox.control import create_control
from plugins.sandbox.office import create_office
from plugins.sandbox.outside import SYSTEMS
from plugins.sandbox.outside.server import create_outside
from plugins.sandbox.provider import create_provider
from plugins.sandbox.seeds import OFFICES
from plugins.sandbox.settings import CLIENT, HOST, callback_key, shared_key

POLL = 0.05
"""Seconds until a server that is told to stop notices."""


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m plugins.sandbox", description=__doc__)
    parser.add_argument("ports", type=json.loads, help="by server, as JSON; 0 takes a free one")
    parser.add_argument("--folder", type=Path, default=Path(), help="where databases are made")
    options = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    addresses: dict[str, str] = {}
    servers = [
        make_server(HOST, port, _create(name, options.folder, addresses), threaded=True)
        for name, port in options.ports.items()
    ]
    for server in servers:
        _say(f"http://{HOST}:{server.port}")
    addresses.update(json.loads(sys.stdin.readline() or "{}"))
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True).start()
    _say("ready")
    sys.stdin.read()
    for server in servers:
        server.shutdown()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _create(name: str, folder: Path, addresses: dict[str, str]) -> Flask:
    clients = {CLIENT: shared_key(name)}
    if name in OFFICES:
        return create_office(name, folder, clients)
    if name in SYSTEMS:
        return create_outside(SYSTEMS[name], folder, clients, callback_key(name), addresses)
    if name == "identity":
        return create_provider(clients)
    return create_control(addresses)


if __name__ == "__main__":
    main()
