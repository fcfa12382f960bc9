"""Whatever a license office does wrong, the plugin says what it was and never believes it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from plugins.contract import (
    BadReply,
    Denied,
    Done,
    Misconfigured,
    NotFound,
    PluginError,
    Purpose,
    Rejected,
    Unavailable,
)
from plugins.license_http import LicenseHttp
from tests.plugins import fault_server
from tests.plugins.conftest import Fault
from tests.plugins.fault_server import KEY, Script, answering

HOLDER = "11010519491231002X"
LICENSE: dict[str, Any] = {
    "type": "passport",
    "number": "E12345678",
    "identifier": "",
    "holder": HOLDER,
    "holder_name": "某人",
    "issuer": "某局",
    "status": "valid",
    "data": {"姓名": "某人"},
}


def reply(*licenses: dict[str, Any], **more: Any) -> bytes:
    answer = {"request_id": "1", "licenses": list(licenses), **more}
    return json.dumps(answer, ensure_ascii=False).encode()


def ask(script: Script, purpose: Purpose, **config: Any) -> Any:
    with fault_server.serving(script) as address:
        settings = {"address": address, "client": "c", "key": KEY, "timeout": 1, **config}
        return LicenseHttp(settings).find(HOLDER, ["passport"], purpose)


def test_a_right_answer_is_believed(purpose: Purpose) -> None:
    found = ask(answering(reply(LICENSE)), purpose)
    assert isinstance(found, Done)
    assert found.data[0].data == {"姓名": "某人"}


GOOD = reply(LICENSE)
BAD: dict[str, Script] = {
    "unsigned": answering(GOOD, signed=False),
    "signed_for_another_request": answering(GOOD, nonce="0" * 32),
    "garbage": answering(b"\x00\xff<html>"),
    "wrong_charset": answering(GOOD, media_type="application/json; charset=gbk"),
    "in_gbk": answering(GOOD.decode().encode("gbk")),
    "html": answering(GOOD, media_type="text/html; charset=utf-8"),
    "error_inside_200": answering(b'{"error": "database is down"}'),
    "cut_off_json": answering(GOOD[:-20]),
    "cut_off_body": answering(GOOD, length=len(GOOD) + 100),
    "huge": answering(b" " * 2048 + GOOD),
    "deep": answering(b"[" * 900 + b"]" * 900),
    "redirect": answering(b"{}", status=302, headers={"Location": "http://127.0.0.1:9/"}),
    "another_person": answering(reply({**LICENSE, "holder": "440524188001010014"})),
    "another_type": answering(reply({**LICENSE, "type": "diploma"})),
    "unknown_state": answering(reply({**LICENSE, "status": "fine"})),
    "unknown_keys": answering(reply({**LICENSE, "trust": "A"})),
    "data_of_another_shape": answering(reply({**LICENSE, "data": {"姓名": {"a": 1}}})),
    "not_a_list": answering(b'{"request_id": "1", "licenses": {}}'),
    "teapot": answering(b"{}", status=418),
    "denied_without_words": answering(b"{}", status=403),
    "denied_unsigned": answering(b'{"message": "x"}', status=403, signed=False),
}


@pytest.mark.parametrize("script", BAD.values(), ids=list(BAD))
def test_a_wrong_answer_is_a_bad_reply(script: Script, purpose: Purpose) -> None:
    with pytest.raises(BadReply) as error:
        ask(script, purpose, max_bytes=2048)
    assert "某人" not in str(error.value)


ERRORS: dict[str, tuple[Script, type[PluginError]]] = {
    "hangs_up": (fault_server.hanging_up, Unavailable),
    "gateway": (answering(b"<html>", status=502, signed=False), Unavailable),
    "key_refused": (answering(b"{}", status=401, signed=False), Misconfigured),
    "rejected": (answering('{"message": "格式不对"}'.encode(), status=422), Rejected),
}


@pytest.mark.parametrize(("script", "expected"), ERRORS.values(), ids=list(ERRORS))
def test_every_refusal_has_its_error(
    script: Script, expected: type[PluginError], purpose: Purpose
) -> None:
    with pytest.raises(expected):
        ask(script, purpose)


def test_nothing_listens(purpose: Purpose) -> None:
    config = {"address": "http://127.0.0.1:9", "client": "c", "key": KEY}
    with pytest.raises(Unavailable):
        LicenseHttp(config).find(HOLDER, ["passport"], purpose)


@pytest.mark.parametrize("script", [fault_server.silent(1.0), fault_server.dripping(2.0)])
def test_it_does_not_wait_for_ever(script: Script, purpose: Purpose) -> None:
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        ask(script, purpose, timeout=0.3)
    assert time.monotonic() - begun < 0.9


def test_a_busy_office_says_when_to_come_back(purpose: Purpose) -> None:
    script = answering(b"", status=429, headers={"Retry-After": "7"}, signed=False)
    with pytest.raises(Unavailable) as error:
        ask(script, purpose)
    assert error.value.retry_after == 7


def test_answers_without_licences(purpose: Purpose) -> None:
    assert ask(answering(reply()), purpose) == NotFound()
    denied = ask(answering('{"message": "不提供"}'.encode(), status=403), purpose)
    assert denied == Denied({"zh-CN": "不提供"})


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("down", Unavailable),
        ("errors", Unavailable),
        ("silent", Unavailable),
        ("wrong", BadReply),
    ],
)
def test_every_fault_of_the_sandbox_is_noticed(
    kind: str,
    expected: type[PluginError],
    fault: Fault,
    impatient: LicenseHttp,
    purpose: Purpose,
) -> None:
    fault("province", kind)
    with pytest.raises(expected):
        impatient.find(HOLDER, ["passport"], purpose)


def test_an_office_that_is_only_late_is_waited_for(
    fault: Fault, impatient: LicenseHttp, purpose: Purpose
) -> None:
    fault("province", "late", 100)
    assert impatient.find(HOLDER, ["passport"], purpose) == NotFound()
