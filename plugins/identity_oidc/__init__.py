"""Identity by OpenID Connect Core 1.0: authorization code with PKCE (RFC 7636), nonce and state.

The provider's claims are mapped by configuration: who signs in must come with a citizen number,
and may come with enterprises they act for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from plugins.contract import (
    BadReply,
    Config,
    Denied,
    Enterprise,
    Finding,
    Identity,
    Login,
    Misconfigured,
    Person,
    PluginError,
    SignedIn,
    Spec,
)
from plugins.identity_oidc.http import fetch
from plugins.identity_oidc.tokens import UnknownKey, claims_of

CLAIMS = {
    "id_number": "citizen_number",
    "name": "name",
    "phone": "phone_number",
    "enterprises": "enterprises",
}
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
ROLES = ("legal_representative", "agent")
CONFIG: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "issuer": {"type": "string", "title": "认证服务地址", "pattern": "^https?://[^?#]+[^/?#]$"},
        "client_id": {"type": "string", "title": "应用标识", "minLength": 1},
        "client_secret": {"type": "string", "title": "应用密钥", "minLength": 16, "secret": True},
        "scope": {"type": "string", "title": "授权范围", "default": "openid profile"},
        "claims": {
            "type": "object",
            "title": "身份信息的声明名称",
            "properties": {key: {"type": "string", "default": CLAIMS[key]} for key in CLAIMS},
            "additionalProperties": False,
        },
        "timeout": {
            "type": "number",
            "title": "超时（秒）",
            "exclusiveMinimum": 0,
            "maximum": 30,
            "default": 5,
        },
    },
    "required": ["issuer", "client_id", "client_secret"],
    "additionalProperties": False,
}
CANCELLED: Mapping[str, str] = {"zh-CN": "登录已取消。", "en": "Sign-in was cancelled."}
STALE: Mapping[str, str] = {
    "zh-CN": "这次登录已失效，请重新登录。",
    "en": "This sign-in is no longer valid. Please sign in again.",
}


class IdentityOidc(Identity):
    """One OpenID provider. Its metadata and keys are fetched when first needed, then kept."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._timeout = config.get("timeout", CONFIG["properties"]["timeout"]["default"])
        self._scope = config.get("scope", CONFIG["properties"]["scope"]["default"])
        self._claims = CLAIMS | dict(config.get("claims", {}))
        self._metadata: dict[str, Any] = {}
        self._keys: dict[str, Any] = {}
        self._lock = threading.Lock()

    @classmethod
    def spec(cls) -> Spec:
        """Who it is and what it needs."""
        return Spec(
            id="identity_oidc",
            kind="identity",
            version="1.0",
            title={"zh-CN": "统一身份认证（OpenID Connect）", "en": "OpenID Connect"},
            config=CONFIG,
            hosts=("{issuer}",),
            data_classes=("public", "personal"),
        )

    @classmethod
    def check(cls, config: Config) -> list[Finding]:
        """Whether the provider describes itself and publishes keys."""
        try:
            plugin = cls(config)
            plugin._fetch_keys()
        except PluginError as error:
            text = {"zh-CN": f"认证服务不可用：{error}", "en": f"The provider fails: {error}"}
            return [Finding("failed", text)]
        text = {"zh-CN": "认证服务应答正常。", "en": "The provider answers."}
        return [Finding("ok", text)]

    def login(self, return_to: str) -> Login:
        """The provider's address; state, nonce and verifier stay here.

        Raises Misconfigured or BadReply if the provider doesn't describe itself as agreed,
        Unavailable if it is down.
        """
        keep = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        query = {
            "response_type": "code",
            "client_id": self.config["client_id"],
            "redirect_uri": return_to,
            "scope": self._scope,
            "state": keep["state"],
            "nonce": keep["nonce"],
            "code_challenge": _challenge(keep["verifier"]),
            "code_challenge_method": "S256",
        }
        address = self._provider()["authorization_endpoint"]
        joint = "&" if "?" in address else "?"
        return Login(f"{address}{joint}{urlencode(query)}", keep={**keep, "return_to": return_to})

    def complete(self, query: Mapping[str, str], keep: Mapping[str, str]) -> SignedIn | Denied:
        """The person that the provider vouches for, with the enterprises they may act for.

        Denied if they cancelled or the sign-in is no longer valid. Raises BadReply for an answer
        that is not genuine, Misconfigured if the provider refuses us, Unavailable if it is down.
        """
        if not hmac.compare_digest(query.get("state", "").encode(), keep["state"].encode()):
            return Denied(STALE)
        if query.get("iss", self.config["issuer"]) != self.config["issuer"]:  # RFC 9207
            raise BadReply("the answer is from another issuer")
        if "code" not in query:
            return Denied(CANCELLED)
        tokens = self._exchange(query["code"], keep)
        if tokens is None:
            return Denied(STALE)
        subject = self._subject(str(tokens.get("id_token", "")), keep["nonce"])
        return self._signed_in(self._userinfo(str(tokens.get("access_token", "")), subject))

    def _exchange(self, code: str, keep: Mapping[str, str]) -> dict[str, Any] | None:
        """The tokens for a code; None if the code is used or too old."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": keep["return_to"],
            "code_verifier": keep["verifier"],
        }
        login = (self.config["client_id"], self.config["client_secret"])
        url = self._provider()["token_endpoint"]
        status, answer = fetch("POST", url, self._timeout, data=form, auth=login)
        if status == 200:
            return answer
        if answer.get("error") == "invalid_grant":
            return None
        raise Misconfigured(f"the token endpoint says {str(answer.get('error'))[:60]}")

    def _subject(self, id_token: str, nonce: str) -> str:
        """Who the id token is about; new keys are fetched once if none fits."""
        expected = {
            "issuer": self.config["issuer"],
            "client": self.config["client_id"],
            "nonce": nonce,
        }
        try:
            claims = claims_of(id_token, self._keys or self._fetch_keys(), **expected)
        except UnknownKey:
            claims = claims_of(id_token, self._fetch_keys(), **expected)
        return str(claims["sub"])

    def _userinfo(self, token: str, subject: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        url = self._provider()["userinfo_endpoint"]
        status, answer = fetch("GET", url, self._timeout, headers=headers)
        if status != 200 or answer.get("sub") != subject:
            raise BadReply("userinfo is about somebody else")
        return answer

    def _signed_in(self, claims: Mapping[str, Any]) -> SignedIn:
        wanted = {key: claims.get(name, "") for key, name in self._claims.items()}
        texts = [wanted[key] for key in ("id_number", "name", "phone")]
        if not all(isinstance(one, str) for one in texts) or not all(texts[:2]):
            raise BadReply("no citizen number or name")
        return SignedIn(Person(*texts), _enterprises(wanted["enterprises"] or []))

    def _provider(self) -> dict[str, Any]:
        """The provider's metadata (OpenID Connect Discovery 1.0)."""
        with self._lock:
            if not self._metadata:
                url = f"{self.config['issuer']}/.well-known/openid-configuration"
                status, found = fetch("GET", url, self._timeout)
                if status != 200 or found.get("issuer") != self.config["issuer"]:
                    raise Misconfigured("the issuer does not describe itself")
                if not all(isinstance(found.get(name), str) for name in ENDPOINTS):
                    raise BadReply("endpoints are missing")
                self._metadata = found
        return self._metadata

    def _fetch_keys(self) -> dict[str, Any]:
        status, keys = fetch("GET", self._provider()["jwks_uri"], self._timeout)
        if status != 200 or not isinstance(keys.get("keys"), list):
            raise BadReply("no keys")
        self._keys = keys
        return keys


def _enterprises(claim: Any) -> tuple[Enterprise, ...]:
    try:
        found = tuple(Enterprise(one["credit_code"], one["name"], one["role"]) for one in claim)
    except (TypeError, KeyError) as error:
        raise BadReply("enterprises of another shape") from error
    if any(one.role not in ROLES or not isinstance(one.credit_code, str) for one in found):
        raise BadReply("enterprises of another shape")
    return found


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


PLUGIN = IdentityOidc
