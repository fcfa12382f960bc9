"""Pages for what went wrong: what happened, that nothing is lost, and what to do now."""

from __future__ import annotations

import secrets

from flask import Flask, Response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from runtime.store.errors import NotFound
from runtime.web.context import here
from runtime.web.identity import held

KNOWN = (404, 405, 413)
"""What has a page of its own; everything else gets the general one with its own code."""


def handle(app: Flask) -> None:
    """Answers every error with a page in the reader's language."""
    app.register_error_handler(NotFound, lambda _: _page(404))
    app.register_error_handler(CSRFError, _unproven)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _crashed)


def _unproven(_: Exception) -> str | AnyResponse:
    """A form without its proof: its session has ended, or it comes from another site."""
    return held.keep_post() if held.same_site() else _page(400)


def _refused(error: Exception) -> AnyResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - Flask passes nothing else here
    return error.get_response() if (error.code or 500) < 400 else _page(error.code or 500)


def _crashed(error: Exception) -> AnyResponse:
    """Logged with a reference that the page shows, so that a helper can find it."""
    reference = secrets.token_hex(4).upper()
    here().log.exception("%s %s failed, reference %s", request.method, request.path, reference)
    return _page(500, reference)


def _page(code: int, reference: str = "") -> AnyResponse:
    name = code if code in KNOWN else 500 if code >= 500 else 400
    page = render_template("error.html", name=name, reference=reference)
    return Response(page, status=code)
