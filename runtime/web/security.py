"""What every answer carries so that a browser runs our files and nothing else."""

from __future__ import annotations

from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer

from runtime.installation import Installation

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def protect(app: Flask, installation: Installation) -> CSRFProtect:
    """Headers on every answer and a token on every form; pages about people are never cached.

    A form may lead to an identity provider: a browser minds where its answer redirects to.
    """
    policy = " ".join([POLICY, *identity_hosts(installation)])
    always = {"Content-Security-Policy": policy, **HEADERS}
    app.session_interface = Cookies()
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # the server ends a sign-in long before its cookie
        SESSION_COOKIE_SECURE=app.config.get("PREFERRED_URL_SCHEME") == "https",
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open for days; the session's end is its end
        WTF_CSRF_HEADERS=["X-CSRFToken"],
    )

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.extend(always)
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return CSRFProtect(app)


class Cookies(SecureCookieSessionInterface):
    """Signed cookies; what signs them is made once, since an application keeps its key."""

    def __init__(self) -> None:
        self._signs: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs the cookies of this application; None while it has no key."""
        if self._signs is None:
            self._signs = super().get_signing_serializer(app)
        return self._signs


def identity_hosts(installation: Installation) -> list[str]:
    """The origins that sign-in may lead to: the addresses in the plugins' configuration."""
    plugins = installation.instances.identities.values()
    hosts = {host.format_map(plugin.config) for plugin in plugins for host in plugin.spec().hosts}
    return sorted(hosts)
