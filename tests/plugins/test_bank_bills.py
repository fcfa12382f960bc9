"""Bills of many lines, paid in parts on a page; callbacks that come later, twice or never."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests

from plugins import sandbox
from plugins.connector_bank import Bank
from plugins.contract import BadReply, Done, Pending, Rejected, Request
from plugins.registry import discover
from plugins.signed_http import webhooks
from tests.plugins.conftest import Fault, why

LINES = [
    {"id": "tax.deed_tax", "title": "契税", "amount": 1980000, "payer": "李晓雯"},
    {"id": "tax.vat", "title": "增值税及附加", "amount": 5000, "payer": "周建国"},
    {"id": "transfer.registration", "title": "登记费", "amount": 8000},
]


class Platform:
    """What stands where the bank calls back."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.came: queue.Queue[Request] = queue.Queue()

    def next(self) -> Request:
        """The next callback; it is waited for."""
        return self.came.get(timeout=10)


@pytest.fixture
def platform() -> Iterator[Platform]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.came.put(Request(dict(self.headers), body))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Platform(f"http://127.0.0.1:{server.server_port}/callbacks")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


@pytest.fixture
def bank(addresses: dict[str, str], platform: Platform) -> Bank:
    settings = sandbox.instances(addresses, platform.address)
    found = discover().open({"bank": settings["bank"]}, sandbox=True).connectors["bank"]
    assert isinstance(found, Bank)
    return found


def call(bank: Bank, operation: str, payload: dict[str, Any], key: str = "") -> dict[str, Any]:
    done = bank.call(operation, payload, why(key))
    assert isinstance(done, Done)
    return dict(done.data)


def bill(bank: Bank, reference: str, lines: list[dict[str, Any]] = LINES) -> dict[str, Any]:
    return call(bank, "bill", {"reference": reference, "lines": lines})


def pay(made: dict[str, Any], *lines: str) -> requests.Response:
    return requests.post(made["page"], data={"line": list(lines)}, timeout=5)


def states(bank: Bank, made: dict[str, Any]) -> list[str]:
    found = call(bank, "bill_state", {"number": made["number"]})
    return [line["state"] for line in found["lines"]]


def test_a_bill_is_paid_in_parts_and_each_is_told(bank: Bank, platform: Platform) -> None:
    made = bill(bank, "in parts")
    assert "契税" in requests.get(made["page"], timeout=5).text
    pay(made, "tax.deed_tax")
    told = bank.on_callback(platform.next())
    event = {"event": "paid", "number": made["number"], "lines": ["tax.deed_tax"]}
    assert (told.handle, told.result) == (made["number"], Done(event))
    assert states(bank, made) == ["paid", "due", "due"]
    assert isinstance(bank.poll(made["number"]), Pending)
    pay(made, "tax.vat", "transfer.registration")
    again = bank.on_callback(platform.next())
    assert again.id != told.id
    settled = bank.poll(made["number"])
    assert isinstance(settled, Done)
    assert [line["state"] for line in settled.data["lines"]] == ["paid"] * 3


def test_what_is_paid_is_not_paid_again(bank: Bank, platform: Platform) -> None:
    made = bill(bank, "twice paid")
    for _ in range(2):
        assert pay(made, "tax.vat").status_code == 200
    pay(made, "tax.deed_tax")
    told = [bank.on_callback(platform.next()).result for _ in range(2)]
    lines = {one.data["lines"][0] for one in told if isinstance(one, Done)}
    assert lines == {"tax.vat", "tax.deed_tax"}
    assert platform.came.empty()


def test_lines_are_added_to_a_bill_that_there_is(bank: Bank) -> None:
    made = bill(bank, "growing", LINES[:1])
    pay(made, "tax.deed_tax")
    more = bill(bank, "growing")
    assert (more["number"], more["page"]) == (made["number"], made["page"])
    assert [line["state"] for line in more["lines"]] == ["paid", "due", "due"]


def test_a_dropped_line_is_not_paid_and_a_paid_one_is_named(bank: Bank) -> None:
    made = bill(bank, "dropped")
    pay(made, "tax.vat")
    both = {"number": made["number"], "lines": ["tax.vat", "transfer.registration"]}
    done = call(bank, "drop", both)
    assert (done["dropped"], done["paid"]) == (["transfer.registration"], ["tax.vat"])
    pay(made, "transfer.registration")
    assert states(bank, made) == ["due", "paid", "dropped"]


def test_a_refund_is_done_once_and_told(bank: Bank, platform: Platform) -> None:
    made = bill(bank, "refunded")
    pay(made, "tax.deed_tax")
    platform.next()
    given = {"number": made["number"], "lines": ["tax.deed_tax"]}
    first = call(bank, "refund", given, "back")
    assert call(bank, "refund", given, "back") == first
    pay(made, "tax.vat")
    told = [bank.on_callback(platform.next()).result for _ in range(2)]
    event = {"event": "refunded", "number": made["number"], "lines": ["tax.deed_tax"]}
    assert told.count(Done(event)) == 1
    assert platform.came.empty()
    assert states(bank, made) == ["refunded", "paid", "due"]
    with pytest.raises(Rejected, match="not_paid"):
        call(bank, "refund", given)


def test_a_bill_that_has_run_out_is_not_paid(bank: Bank) -> None:
    given = {"reference": "old", "lines": LINES, "expires_on": "2020-01-01"}
    made = call(bank, "bill", given)
    assert pay(made, "tax.vat").status_code == 410
    assert states(bank, made) == ["due"] * 3


def test_after_paying_one_goes_back(bank: Bank, platform: Platform) -> None:
    given = {"reference": "back to", "lines": LINES, "return_to": "http://127.0.0.1:9/follow"}
    made = call(bank, "bill", given)
    answer = requests.post(made["page"], data={"line": "tax.vat"}, timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "http://127.0.0.1:9/follow")


def test_a_callback_that_comes_later(bank: Bank, platform: Platform, fault: Fault) -> None:
    made = bill(bank, "later")
    fault("bank", "callback_later", 60_000)
    pay(made, "tax.vat")
    assert states(bank, made) == ["due", "paid", "due"]
    assert platform.came.empty()
    fault("bank", "none")
    assert bank.on_callback(platform.next()).handle == made["number"]


def test_a_callback_that_comes_twice_has_one_id(
    bank: Bank, platform: Platform, fault: Fault
) -> None:
    made = bill(bank, "twice")
    fault("bank", "callback_twice")
    pay(made, "tax.vat")
    first, second = (bank.on_callback(platform.next()) for _ in range(2))
    assert first == second


def test_a_callback_that_never_comes_is_asked_for(
    bank: Bank, platform: Platform, fault: Fault
) -> None:
    made = bill(bank, "never")
    fault("bank", "callback_never")
    pay(made, "tax.deed_tax", "tax.vat", "transfer.registration")
    assert isinstance(bank.poll(made["number"]), Done)
    assert platform.came.empty()


def test_what_was_pending_is_told_when_it_is_ready(
    bank: Bank, platform: Platform, fault: Fault
) -> None:
    fault("bank", "pending", 60_000)
    pending = bank.call("bill", {"reference": "slow", "lines": LINES}, why())
    assert isinstance(pending, Pending)
    fault("bank", "none")
    told = bank.on_callback(platform.next())
    assert told.handle == pending.handle
    assert bank.poll(pending.handle) == told.result


class TestForgeries:
    """Callbacks that are believed by nobody."""

    BODY = json.dumps({"handle": "B1", "data": {"event": "paid"}}).encode()

    def headers(self, bank: Bank, **more: Any) -> dict[str, str]:
        signed = webhooks.sign(bank.config["callback_key"], "msg_1", 1_000_000, self.BODY)
        return {**signed, **more}

    def test_a_right_one_is_believed_at_its_time(
        self, bank: Bank, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("time.time", lambda: 1_000_100.0)
        told = bank.on_callback(Request(self.headers(bank), self.BODY))
        assert (told.id, told.handle) == ("msg_1", "B1")

    def test_an_old_one(self, bank: Bank) -> None:
        with pytest.raises(BadReply, match="too old"):
            bank.on_callback(Request(self.headers(bank), self.BODY))

    @pytest.mark.parametrize(
        "more",
        [{"webhook-id": "msg_2"}, {"webhook-timestamp": "1000001"}, {"webhook-signature": "v1,é"}],
    )
    def test_a_changed_head(self, bank: Bank, more: dict[str, str]) -> None:
        with pytest.raises(BadReply, match="signature"):
            bank.on_callback(Request(self.headers(bank, **more), self.BODY))

    def test_a_changed_body(self, bank: Bank) -> None:
        with pytest.raises(BadReply, match="signature"):
            bank.on_callback(Request(self.headers(bank), self.BODY + b" "))

    @pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"handle": "x"}', b"\xff"])
    def test_nonsense_rightly_signed(
        self, bank: Bank, body: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("time.time", lambda: 1_000_000.0)
        signed = webhooks.sign(bank.config["callback_key"], "msg_1", 1_000_000, body)
        with pytest.raises(BadReply):
            bank.on_callback(Request(signed, body))
