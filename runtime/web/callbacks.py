"""Where systems outside call back: `POST /callbacks/<connector>`, after Standard Webhooks."""

from __future__ import annotations

from flask import Blueprint, Response, request

from plugins.contract import BadReply, Misconfigured
from plugins.contract import Request as Told
from runtime.journey.callbacks import NoConnector, hear
from runtime.web.context import here, now

callbacks = Blueprint("callbacks", __name__)
LARGEST = 256 * 1024


@callbacks.post("/callbacks/<connector>")
def receive(connector: str) -> Response:
    """202 for whatever is genuine, heard before or not; what it means is worked on later."""
    request.max_content_length = LARGEST
    try:
        hear(here(), connector, Told(dict(request.headers), request.get_data()), now())
    except (NoConnector, Misconfigured):
        return _plain(404)
    except BadReply as wrong:
        here().log.warning("callback of %s: %s", connector, wrong)
        return _plain(400)
    return _plain(202)


def _plain(status: int) -> Response:
    return Response(status=status, mimetype="text/plain")
