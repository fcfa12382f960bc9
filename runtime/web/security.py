"""What every answer carries so that a browser runs our files and nothing else."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, Literal

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature, URLSafeTimedSerializer

from runtime.installation import Installation
from runtime.kept import Kept

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
FRAMES = "frame-src 'self'; " + POLICY
"""Of a page that shows a file of ours inside itself."""
FRAMED = "default-src 'none'; object-src 'self'; img-src 'self'; frame-ancestors 'self'"
"""Of a file that a page of ours may show inside itself."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CALLBACKS = "callbacks.receive"
"""Where other systems post: they sign what they say, and no browser's cookie means anything."""
CHECKED = 4096
"""Cookies and tokens of forms that a process knows to be signed by us."""


def protect(app: Flask, installation: Installation) -> CSRFProtect:
    """Headers on every answer and a token on every form; pages about people are never cached.

    A form may lead to an identity provider: a browser minds where its answer redirects to.
    """
    hosts = identity_hosts(installation)
    policy = " ".join([POLICY, *hosts])
    policies = {"page": " ".join([FRAMES, *hosts]), "file": FRAMED}
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
        if "framing" in g:
            response.headers["Content-Security-Policy"] = policies[g.framing]
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return Tokens(app)


class Tokens(CSRFProtect):
    """A proof with every post that it comes from our page. Only callbacks bring another one."""

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuses a post without it; there are no exemptions to look up on each request."""
        if request.endpoint and request.endpoint != CALLBACKS:
            super().protect()


class Cookies(SecureCookieSessionInterface):
    """Signed cookies. A signature that was checked is known again by the cookie's text.

    How old a cookie may be is looked at each time.
    """

    def __init__(self) -> None:
        self._signs: URLSafeTimedSerializer | None = None
        self._checked: Kept[str, tuple[dict[str, Any], datetime]] = Kept(CHECKED)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs the cookies of this application, made once; None while it has no key."""
        if self._signs is None:
            self._signs = super().get_signing_serializer(app)
        return self._signs

    def open_session(self, app: Flask, asking: Request) -> SecureCookieSession | None:
        """What the cookie of a request says; nothing where it isn't ours or is too old."""
        signs = self.get_signing_serializer(app)
        text = asking.cookies.get(self.get_cookie_name(app))
        if signs is None or not text:
            return self.session_class()
        try:
            said, since = self._checked.get(text, lambda: signs.loads(text, return_timestamp=True))
        except BadSignature:
            return self.session_class()
        if datetime.now(UTC) - since > app.permanent_session_lifetime:
            return self.session_class()
        return self.session_class(deepcopy(said))


def framing(part: Literal["page", "file"]) -> None:
    """Lets the answer to this request be a page that shows a file of ours, or such a file."""
    g.framing = part


def csrf_token() -> str:
    """The token of this session's forms. It has no end of its own, so it is signed once."""
    raw = session.get("csrf_token")
    if raw and "csrf_token" not in g:
        g.csrf_token = _tokens.get((current_app.secret_key, raw), generate_csrf)
    return str(generate_csrf())


_tokens: Kept[tuple[object, str], str] = Kept(CHECKED)


def identity_hosts(installation: Installation) -> list[str]:
    """The origins that sign-in may lead to: the addresses in the plugins' configuration."""
    plugins = installation.instances.identities.values()
    hosts = {host.format_map(plugin.config) for plugin in plugins for host in plugin.spec().hosts}
    return sorted(hosts)
