"""An OpenID Connect provider of the sandbox (统一身份认证): a page to choose who one is.

Authorization code with PKCE (S256), RS256, discovery and JWKS. It sends people back to loopback
addresses only. Codes and tokens live in memory: after a restart one signs in again.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, jsonify, redirect, render_template, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from plugins.sandbox import seeds
from plugins.sandbox.faults import with_faults
from plugins.signed_http import signing

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LIFETIME = 300
"""Seconds that a code and a token live."""


@dataclass(frozen=True, slots=True)
class Grant:
    """That a person let a client in, until a moment."""

    person: str
    client: str
    redirect_uri: str
    challenge: str
    nonce: str
    until: float


class Refusal(Exception):
    """An OAuth error: its code, and what to do about it."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.code, self.description, self.status = code, description, status


class Provider:
    """Keys, codes and tokens."""

    def __init__(self, clients: Mapping[str, str]) -> None:
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        self._clients = clients
        self._codes: dict[str, Grant] = {}
        self._tokens: dict[str, Grant] = {}

    def check_client(self, query: Mapping[str, str]) -> None:
        """Refuse an authorization request that is not what was agreed."""
        wanted = {"response_type": "code", "code_challenge_method": "S256"}
        if query.get("client_id") not in self._clients:
            raise Refusal("unauthorized_client", "client_id is not registered")
        if urlsplit(query.get("redirect_uri", "")).hostname not in LOOPBACK:
            raise Refusal("invalid_request", "redirect_uri must be a loopback address")
        if any(query.get(name) != value for name, value in wanted.items()):
            raise Refusal("invalid_request", f"must be: {wanted}")
        if not query.get("code_challenge") or "openid" not in query.get("scope", "").split():
            raise Refusal("invalid_request", "code_challenge and scope openid are needed")

    def code(self, person: str, query: Mapping[str, str]) -> str:
        """A code for a person who said yes."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = Grant(
            person,
            query["client_id"],
            query["redirect_uri"],
            query["code_challenge"],
            query.get("nonce", ""),
            time.time() + LIFETIME,
        )
        return code

    def exchange(self, client: str, secret: str, form: Mapping[str, str]) -> tuple[str, Grant]:
        """An access token for a code, once."""
        if not signing.same(self._clients.get(client, " "), secret):
            raise Refusal("invalid_client", "unknown client or wrong secret", 401)
        grant = self._codes.pop(form.get("code", ""), None)
        if grant is None or grant.until < time.time() or grant.client != client:
            raise Refusal("invalid_grant", "the code is unknown, used or too old")
        if grant.redirect_uri != form.get("redirect_uri"):
            raise Refusal("invalid_grant", "another redirect_uri than before")
        if not signing.same(_challenge(form.get("code_verifier", "")), grant.challenge):
            raise Refusal("invalid_grant", "the code_verifier does not fit")
        token = secrets.token_urlsafe(24)
        self._tokens[token] = grant
        return token, grant

    def id_token(self, issuer: str, grant: Grant) -> str:
        """Who signed in, signed."""
        now = int(time.time())
        claims = {
            "iss": issuer,
            "sub": grant.person,
            "aud": grant.client,
            "iat": now,
            "exp": now + LIFETIME,
            "nonce": grant.nonce,
        }
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key)

    def person(self, token: str) -> dict[str, Any]:
        """What userinfo says about the bearer of a token."""
        grant = self._tokens.get(token)
        if grant is None or grant.until < time.time():
            raise Refusal("invalid_token", "the token is unknown or too old", 401)
        person = seeds.people()[grant.person]
        return {
            "sub": grant.person,
            "name": person["name"],
            "citizen_number": person["id_number"],
            "phone_number": person["phone"],
            "enterprises": seeds.enterprises_of(grant.person),
        }


def create_provider(clients: Mapping[str, str]) -> Flask:
    """The provider; `clients` are the secrets of those who may ask."""
    app = Flask(__name__)
    provider = Provider(clients)
    with_faults(app, "/")
    _serve_metadata(app, provider)
    _serve_sign_in(app, provider)
    _serve_tokens(app, provider)

    @app.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> tuple[Response, int]:
        words = {"error": refusal.code, "error_description": refusal.description}
        return jsonify(words), refusal.status

    return app


def _serve_metadata(app: Flask, provider: Provider) -> None:
    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        """Where everything is (OpenID Connect Discovery 1.0), below the address that was asked."""
        base = _issuer()
        return jsonify(
            issuer=base,
            authorization_endpoint=f"{base}/authorize",
            token_endpoint=f"{base}/token",
            userinfo_endpoint=f"{base}/userinfo",
            jwks_uri=f"{base}/jwks",
            response_types_supported=["code"],
            subject_types_supported=["public"],
            id_token_signing_alg_values_supported=["RS256"],
            code_challenge_methods_supported=["S256"],
            authorization_response_iss_parameter_supported=True,
        )

    @app.get("/jwks")
    def jwks() -> Response:
        return jsonify(keys=[provider.key.as_dict(private=False)])

    @app.get("/health")
    def health() -> Response:
        return jsonify(sandbox=True)


def _serve_sign_in(app: Flask, provider: Provider) -> None:
    @app.get("/authorize")
    def choose() -> str:
        provider.check_client(request.args)
        return render_template("choose.html", people=seeds.people().values())

    @app.post("/authorize")
    def chosen() -> Response:
        """Back to the client: with a code for a person there is, else with access_denied.

        Raises Refusal for a request that is not what was agreed.
        """
        provider.check_client(request.args)
        back = {"state": request.args.get("state", ""), "iss": _issuer()}
        person = request.form.get("person", "")
        if person in seeds.people():
            back["code"] = provider.code(person, request.args)
        else:
            back["error"] = "access_denied"
        uri = request.args["redirect_uri"]
        joint = "&" if urlsplit(uri).query else "?"
        return redirect(f"{uri}{joint}{urlencode(back)}", 303)  # type: ignore[return-value]


def _serve_tokens(app: Flask, provider: Provider) -> None:
    @app.post("/token")
    def token() -> Response:
        """The tokens for a code. Raises Refusal for a wrong client, code or verifier."""
        login = request.authorization
        client = (login.username if login else None) or request.form.get("client_id", "")
        secret = (login.password if login else None) or request.form.get("client_secret", "")
        access_token, grant = provider.exchange(client, secret, request.form)
        answer = jsonify(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": LIFETIME,
                "id_token": provider.id_token(_issuer(), grant),
            }
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @app.get("/userinfo")
    def userinfo() -> Response:
        return jsonify(provider.person(request.headers.get("Authorization", "")[7:]))


def _issuer() -> str:
    return request.url_root.rstrip("/")


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
