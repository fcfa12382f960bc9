"""The plugin and the sandbox's office understand each other, sign everything, log every use."""

from __future__ import annotations

import io
import json
import time

import pdfplumber
import pytest
import requests

from plugins import sandbox
from plugins.contract import Denied, Done, Misconfigured, NotFound, Purpose
from plugins.license_http import LicenseHttp
from plugins.registry import Instances
from plugins.sandbox import seeds
from plugins.signed_http import signing

CHEN = seeds.people()["chen_haishan"]["id_number"]
HAISHAN = seeds.enterprises()["haishan"]["credit_code"]
SHI = seeds.enterprises()["huimin"]["credit_code"]


@pytest.fixture
def province(instances: Instances) -> LicenseHttp:
    return instances.plugins["province"]  # type: ignore[return-value]


@pytest.fixture
def city(instances: Instances) -> LicenseHttp:
    return instances.plugins["city"]  # type: ignore[return-value]


def test_licences_are_found_by_holder_and_type(province: LicenseHttp, purpose: Purpose) -> None:
    found = province.find(HAISHAN, ["business_license", "bank_account_permit"], purpose)
    assert isinstance(found, Done)
    assert [one.type for one in found.data] == ["business_license", "bank_account_permit"]
    license = found.data[0]
    assert license.data["名称"] == license.holder_name == "珠海市海珊餐饮有限公司"
    assert (license.trust, license.signature, license.holder) == ("A", "valid", HAISHAN)


def test_nothing_is_found_for_nobody(province: LicenseHttp, purpose: Purpose) -> None:
    assert province.find("110101199003070000", ["passport"], purpose) == NotFound()


def test_a_request_without_an_item_is_denied(province: LicenseHttp) -> None:
    assert isinstance(province.find(CHEN, ["passport"], Purpose((), "draft-1")), Denied)


def test_an_expired_licence_says_so(city: LicenseHttp, purpose: Purpose) -> None:
    feng = seeds.enterprises()["weijia"]["credit_code"]
    found = city.find(feng, ["food_license"], purpose)
    assert isinstance(found, Done)
    assert found.data[0].status == "expired"


def test_a_revoked_licence_says_why(city: LicenseHttp, purpose: Purpose) -> None:
    found = city.find(SHI, ["tobacco_license"], purpose)
    assert isinstance(found, Done)
    assert found.data[0].status == "revoked"
    assert found.data[0].revoked_reason


def test_what_is_revoked_later_shows_when_verified(
    city: LicenseHttp, purpose: Purpose, addresses: dict[str, str]
) -> None:
    found = city.find(CHEN, ["health_certificate"], purpose)
    assert isinstance(found, Done)
    license = found.data[0]
    url = f"{addresses['city']}/sandbox/licenses/{license.type}/{license.number}"
    change = {"status": "revoked", "revoked_reason": "试验"}
    requests.post(url, json=change, timeout=5).raise_for_status()
    verified = city.verify(license, purpose)
    requests.post(url, json={"status": "valid", "revoked_reason": ""}, timeout=5)
    assert isinstance(verified, Done)
    assert (verified.data.status, verified.data.revoked_reason) == ("revoked", "试验")


def test_the_file_is_a_pdf_of_the_licence(province: LicenseHttp, purpose: Purpose) -> None:
    found = province.find(HAISHAN, ["business_license"], purpose)
    assert isinstance(found, Done)
    file = province.file(found.data[0], purpose)
    assert isinstance(file, Done)
    text = pdfplumber.open(io.BytesIO(file.data.content)).pages[0].extract_text()
    assert all(word in text for word in ("营业执照", HAISHAN, "珠海市海珊餐饮有限公司", "沙盒"))


def test_every_use_is_logged_with_item_and_case(
    province: LicenseHttp, addresses: dict[str, str]
) -> None:
    province.find(CHEN, ["passport"], Purpose(("tobacco_license_application",), "ZH-42", "prefill"))
    use = requests.get(f"{addresses['province']}/sandbox/usage", timeout=5).json()[0]
    assert (use["action"], use["items"], use["case_number"], use["holder"], use["types"]) == (
        "find",
        "tobacco_license_application",
        "ZH-42",
        CHEN,
        "passport",
    )


def test_a_wrong_key_is_a_matter_for_the_admin(addresses: dict[str, str], purpose: Purpose) -> None:
    config = {**sandbox.instances(addresses)["province"].config, "key": "another-key-altogether"}
    with pytest.raises(Misconfigured):
        LicenseHttp(config).find(CHEN, ["passport"], purpose)


class TestTheOfficeRefuses:
    """What is not signed, not of now or not for the first time."""

    BODY = json.dumps(
        {"holder": CHEN, "types": ["passport"], "items": ["x"], "case": "", "reason": ""}
    ).encode()

    def headers(self, config: dict[str, str], now: float | None = None) -> dict[str, str]:
        at = int(time.time() if now is None else now)
        path = "/licenses/find"
        signed = signing.sign_request(config["key"], config["client"], "POST", path, self.BODY, at)
        return {"Content-Type": "application/json", **signed.headers}

    def post(self, base: str, headers: dict[str, str], body: bytes = BODY) -> int:
        return requests.post(
            f"{base}/licenses/find", data=body, headers=headers, timeout=5
        ).status_code

    @pytest.fixture
    def config(self, addresses: dict[str, str]) -> dict[str, str]:
        return dict(sandbox.instances(addresses)["province"].config)

    def test_a_replay(self, config: dict[str, str]) -> None:
        headers = self.headers(config)
        assert self.post(config["address"], headers) == 200
        assert self.post(config["address"], headers) == 401

    def test_an_old_request(self, config: dict[str, str]) -> None:
        headers = self.headers(config, time.time() - 2 * signing.WINDOW)
        assert self.post(config["address"], headers) == 401

    def test_a_changed_body(self, config: dict[str, str]) -> None:
        body = self.BODY.replace(b"passport", b"diploma ")
        assert self.post(config["address"], self.headers(config), body) == 401

    def test_an_unsigned_request(self, config: dict[str, str]) -> None:
        assert self.post(config["address"], {}) == 401

    def test_a_body_of_another_shape(self, config: dict[str, str]) -> None:
        signed = signing.sign_request(
            config["key"], config["client"], "POST", "/licenses/find", b"[]", int(time.time())
        )
        headers = {"Content-Type": "application/json", **signed.headers}
        assert self.post(config["address"], headers, b"[]") == 422
