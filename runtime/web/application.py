"""The Flask application: blueprints, and what every request gets."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from runtime.installation import Installation
from runtime.web import context, errors, page, security, static_files
from runtime.web.applications.routes import applications
from runtime.web.apply.check import check
from runtime.web.apply.follow import follow
from runtime.web.apply.form import apply
from runtime.web.apply.own import own
from runtime.web.apply.papers import papers
from runtime.web.apply.parties import parties
from runtime.web.apply.renewed import renewed
from runtime.web.callbacks import callbacks
from runtime.web.design import design
from runtime.web.identity.held import held
from runtime.web.identity.routes import identity
from runtime.web.portal.routes import portal
from runtime.web.work.routes import work

MEBIBYTE = 1024 * 1024
LARGEST_POST = 60 * MEBIBYTE
"""A few scanned papers at once; what one paper may be is for the store to say."""
BLUEPRINTS = (
    portal, identity, held, applications, apply, renewed, papers, check, parties, follow, own, work,
    callbacks, design,
)  # fmt: skip


def create(installation: Installation) -> Flask:
    """The application over one installation."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=installation.cookie_key,
        PREFERRED_URL_SCHEME=installation.settings.public_url.partition(":")[0],
        MAX_CONTENT_LENGTH=LARGEST_POST,
        MAX_FORM_MEMORY_SIZE=4 * MEBIBYTE,
        MAX_FORM_PARTS=10_000,
    )
    proxies = installation.settings.proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies)  # type: ignore[method-assign]
    app.extensions[context.EXTENSION] = installation
    static_files.keep_by_content(app)
    page.furnish(app)
    security.protect(app, installation)
    errors.handle(app)
    _connect(app, installation)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)

    @app.context_processor
    def people() -> dict[str, Any]:
        return {"person": context.person_shown(), "sandbox": installation.settings.sandbox}

    @app.get("/health")
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain")

    return app


def _connect(app: Flask, installation: Installation) -> None:
    """One database connection for as long as a request lasts."""

    @app.before_request
    def open_connection() -> None:
        if request.endpoint != "static":
            g.connection = installation.store.connected()
            g.connection.__enter__()

    @app.teardown_request
    def close_connection(_: BaseException | None) -> None:
        connection = g.pop("connection", None)
        if connection is not None:
            connection.__exit__(None, None, None)
