"""One server of the sandbox as a process of its own: `python -m plugins.sandbox NAME …`.

Says its address on the first line of its output, and ends when its input does: so that none is
left over when the supervisor ends, however it ends.
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
from plugins.sandbox.provider import create_provider
from plugins.sandbox.seeds import OFFICES
from plugins.sandbox.settings import CLIENT, HOST, shared_key

POLL = 0.05
"""Seconds until a server that is told to stop notices."""


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m plugins.sandbox", description=__doc__)
    parser.add_argument("name", choices=[*OFFICES, "identity", "control"])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--folder", type=Path, default=Path(), help="where databases are made")
    parser.add_argument("--addresses", type=json.loads, default={}, help="of the others, as JSON")
    options = parser.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = _create(options.name, options.folder, options.addresses)
    server = make_server(HOST, options.port, app, threaded=True)
    sys.stdout.write(f"http://{HOST}:{server.port}\n")
    sys.stdout.flush()
    threading.Thread(target=server.serve_forever, args=(POLL,), daemon=True).start()
    sys.stdin.read()
    server.shutdown()


def _create(name: str, folder: Path, addresses: dict[str, str]) -> Flask:
    if name in OFFICES:
        return create_office(name, folder, {CLIENT: shared_key(name)})
    if name == "identity":
        return create_provider({CLIENT: shared_key(name)})
    return create_control(addresses)


if __name__ == "__main__":
    main()
