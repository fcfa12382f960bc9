"""Signing in, end to end: by persona, and by OpenID Connect against the sandbox's provider."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from plugins import sandbox
from plugins.contract import (
    BadReply,
    Denied,
    Enterprise,
    Identity,
    Login,
    Person,
    SignedIn,
    Unavailable,
)
from plugins.identity_oidc import IdentityOidc
from plugins.identity_oidc.tokens import UnknownKey, claims_of
from plugins.registry import Instances
from plugins.sandbox import seeds
from tests.plugins import fault_server
from tests.plugins.conftest import Fault
from tests.plugins.fault_server import Script, answering

BACK = "http://127.0.0.1:5000/sign-in/oidc"
CHEN = seeds.people()["chen_haishan"]
HAISHAN = seeds.enterprises()["haishan"]


@pytest.fixture
def oidc(instances: Instances) -> Identity:
    return instances.identities["oidc"]


def choose(login: Login, person: str) -> dict[str, str]:
    """What the browser brings back after somebody chose a person on the provider's page."""
    page = requests.get(login.address, timeout=5)
    assert "沙盒" in page.text
    answer = requests.post(login.address, data={"person": person}, allow_redirects=False, timeout=5)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(BACK)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def test_a_person_signs_in_with_their_enterprises(oidc: Identity) -> None:
    login = oidc.login(BACK)
    signed_in = oidc.complete(choose(login, "chen_haishan"), login.keep)
    assert signed_in == SignedIn(
        Person(CHEN["id_number"], "陈海珊", CHEN["phone"]),
        (Enterprise(HAISHAN["credit_code"], HAISHAN["name"], "legal_representative"),),
    )


def test_somebody_without_an_enterprise_signs_in_too(oidc: Identity) -> None:
    login = oidc.login(BACK)
    signed_in = oidc.complete(choose(login, "tang_yifan"), login.keep)
    assert isinstance(signed_in, SignedIn)
    assert signed_in.enterprises == ()


def test_who_cancels_is_not_signed_in(oidc: Identity) -> None:
    login = oidc.login(BACK)
    assert isinstance(oidc.complete(choose(login, ""), login.keep), Denied)


def test_a_code_works_once(oidc: Identity) -> None:
    login = oidc.login(BACK)
    query = choose(login, "chen_haishan")
    assert isinstance(oidc.complete(query, login.keep), SignedIn)
    assert isinstance(oidc.complete(query, login.keep), Denied)


def test_an_answer_to_another_sign_in_is_refused(oidc: Identity) -> None:
    mine, other = oidc.login(BACK), oidc.login(BACK)
    query = choose(other, "chen_haishan")
    assert isinstance(oidc.complete(query, mine.keep), Denied), "another state"
    stolen = {**query, "state": mine.keep["state"]}
    assert isinstance(oidc.complete(stolen, mine.keep), Denied), "another verifier"


def test_a_code_with_the_right_verifier_but_another_nonce_is_refused(oidc: Identity) -> None:
    login = oidc.login(BACK)
    query = choose(login, "chen_haishan")
    with pytest.raises(BadReply):
        oidc.complete(query, {**login.keep, "nonce": "another"})


def test_an_answer_from_another_issuer_is_refused(oidc: Identity) -> None:
    login = oidc.login(BACK)
    query = {**choose(login, "chen_haishan"), "iss": "http://127.0.0.1:1"}
    with pytest.raises(BadReply):
        oidc.complete(query, login.keep)


def test_a_provider_that_is_down_is_said_to_be(
    oidc: Identity, fault: Fault, addresses: dict[str, str]
) -> None:
    fault("identity", "down")
    with pytest.raises(Unavailable):
        IdentityOidc(sandbox.instances(addresses)["oidc"].config).login(BACK)


def begin(script: Script) -> Login:
    """Begin to sign in with a provider that answers as it is told."""
    with fault_server.serving(script) as address:
        config = {"issuer": address, "client_id": "c", "client_secret": "s" * 16, "timeout": 0.3}
        return IdentityOidc(config).login(BACK)


@pytest.mark.parametrize(
    "script",
    [fault_server.silent(1.0), fault_server.dripping(2.0), fault_server.hanging_up],
    ids=["silent", "dripping", "hangs up"],
)
def test_a_provider_is_not_waited_for_longer_than_agreed(script: Script) -> None:
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        begin(script)
    assert time.monotonic() - begun < 0.9


@pytest.mark.parametrize(
    "script",
    [
        answering(b" " * 300_000 + b"{}", signed=False),
        answering(b"{}", length=100, signed=False),
        answering(b"<html>", signed=False),
        answering(b"[]", signed=False),
        answering(b"[" * 5_000, signed=False),
    ],
    ids=["huge", "cut off", "no JSON", "no object", "deep"],
)
def test_a_provider_that_makes_no_sense_is_not_believed(script: Script) -> None:
    with pytest.raises(BadReply):
        begin(script)


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/back"},
        {"client_id": "unknown"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"response_type": "token"},
        {"scope": "profile"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_the_provider_refuses_what_was_not_agreed(
    oidc: Identity, changes: Mapping[str, str]
) -> None:
    address = urlsplit(oidc.login(BACK).address)
    query = dict(parse_qsl(address.query)) | dict(changes)
    base = f"{address.scheme}://{address.netloc}{address.path}"
    assert requests.get(base, params=query, timeout=5).status_code == 400


class TestIdTokens:
    """Only the provider's own signature, for us, for this sign-in, now."""

    KEY = RSAKey.generate_key(2048, {"use": "sig"}, auto_kid=True)
    EXPECTED = {"issuer": "https://id.example", "client": "us", "nonce": "n"}  # noqa: RUF012

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        right = {
            "iss": "https://id.example",
            "aud": "us",
            "sub": "1",
            "nonce": "n",
            "iat": now,
            "exp": now + 60,
        }
        return {name: value for name, value in (right | changes).items() if value is not None}

    def read(self, token: str) -> dict[str, Any]:
        keys = {"keys": [self.KEY.as_dict(private=False)]}
        return claims_of(token, keys, **self.EXPECTED)

    def signed(self, **changes: Any) -> str:
        header = {"alg": "RS256", "kid": self.KEY.kid}
        return jwt.encode(header, self.claims(**changes), self.KEY)

    def test_a_right_token_is_read(self) -> None:
        assert self.read(self.signed())["sub"] == "1"

    @pytest.mark.parametrize(
        "changes",
        [
            {"iss": "https://other.example"},
            {"aud": "them"},
            {"aud": ["us", "them"]},
            {"azp": "them"},
            {"nonce": "other"},
            {"nonce": None},
            {"exp": 1_700_000_000},
            {"exp": None},
            {"sub": None},
        ],
        ids=str,
    )
    def test_a_wrong_claim_is_refused(self, changes: dict[str, Any]) -> None:
        with pytest.raises(BadReply):
            self.read(self.signed(**changes))

    def test_another_algorithm_is_refused(self) -> None:
        secret = OctKey.import_key("x" * 32)
        with pytest.raises(BadReply):
            self.read(jwt.encode({"alg": "HS256"}, self.claims(), secret))

    def test_an_unknown_key_is_told_apart(self) -> None:
        other = RSAKey.generate_key(2048, auto_kid=True)
        with pytest.raises(UnknownKey):
            self.read(jwt.encode({"alg": "RS256", "kid": other.kid}, self.claims(), other))

    def test_no_token_is_refused(self) -> None:
        for token in ("", "a.b.c", "x"):
            with pytest.raises(BadReply):
                self.read(token)


def test_every_persona_can_be_chosen(instances: Instances) -> None:
    persona = instances.identities["persona"]
    choices = persona.login(BACK).choices
    assert len(choices) >= 30
    for choice in choices:
        signed_in = persona.complete({"choice": choice.id}, {})
        assert isinstance(signed_in, SignedIn)
        assert signed_in.person.name == choice.title
        assert {"zh-CN", "en"} <= set(choice.note)


def test_an_agent_may_act_for_several(instances: Instances) -> None:
    signed_in = instances.identities["persona"].complete({"choice": "ye_zhiming"}, {})
    assert isinstance(signed_in, SignedIn)
    assert {one.role for one in signed_in.enterprises} == {"agent"}
    assert len(signed_in.enterprises) >= 3


def test_nobody_can_be_chosen_who_is_not_there(instances: Instances) -> None:
    persona = instances.identities["persona"]
    assert isinstance(persona.complete({"choice": "nobody"}, {}), Denied)
    assert isinstance(persona.complete({}, {}), Denied)
