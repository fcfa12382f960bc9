"""Id tokens: signed by the provider, for us, for this sign-in (OpenID Connect Core 3.1.3.7)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from plugins.contract import BadReply

ALGORITHMS = ["RS256"]
LEEWAY = 60
"""Seconds that the provider's clock may differ from ours."""


class UnknownKey(BadReply):
    """The token is signed with a key that the provider did not publish (yet)."""


def claims_of(
    token: str, keys: Mapping[str, Any], *, issuer: str, client: str, nonce: str
) -> dict[str, Any]:
    """The claims of a token that this provider signed for this client and this sign-in."""
    try:
        key_set = KeySet.import_key_set({"keys": list(keys["keys"])})
        decoded = jwt.decode(token, key_set, algorithms=ALGORITHMS)
        registry = jwt.JWTClaimsRegistry(
            now=int(time.time()),
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        registry.validate(decoded.claims)
    except JoseError as error:
        kind = UnknownKey if "key" in error.error else BadReply
        raise kind(f"id token: {error.error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise UnknownKey(f"id token: {type(error).__name__}") from error
    _check_audience(decoded.claims, client)
    return decoded.claims


def _check_audience(claims: Mapping[str, Any], client: str) -> None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client not in audiences:
        raise BadReply("id token: for another client")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client:
        raise BadReply("id token: issued to another client")
