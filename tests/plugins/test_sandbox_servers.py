"""The sandbox starts, shows itself, and leaves nothing behind."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import requests

from plugins import sandbox
from plugins.sandbox import faults, seeds
from plugins.sandbox.control import KINDS, create_control
from plugins.sandbox.outside.server import FAULTS
from plugins.sandbox.settings import OUTSIDE, TITLES


def test_the_page_shows_everybody(addresses: dict[str, str]) -> None:
    page = requests.get(addresses["control"], timeout=5).text
    assert "沙盒" in page
    for one in (*seeds.people().values(), *seeds.enterprises().values()):
        assert one["name"] in page
    assert "营业执照" in page
    assert "吊销" in page


def test_the_page_lists_every_server_and_account(addresses: dict[str, str]) -> None:
    page = requests.get(addresses["control"], timeout=5).text
    for name, title in TITLES.items():
        if name != "control":
            assert title in page
            assert addresses[name] in page
    assert "0304210088" in page
    assert "128.50" in page
    assert page.count('value="callback_twice"') == len(OUTSIDE)


def test_every_server_says_that_it_is_the_sandbox(addresses: dict[str, str]) -> None:
    for address in addresses.values():
        assert requests.get(f"{address}/health", timeout=5).json()["sandbox"] is True


def test_every_fault_has_a_name_on_the_page() -> None:
    assert set(KINDS) == {*faults.KINDS, *FAULTS}


def test_the_ports_follow_each_other() -> None:
    assert sorted(sandbox.PORTS.values()) == list(range(8100, 8100 + len(TITLES)))
    assert (sandbox.PORTS["control"], sandbox.PORTS["identity"]) == (8100, 8103)


def test_a_fault_is_switched_on_the_page(addresses: dict[str, str]) -> None:
    for kind in ("late", "none"):
        data = {"fault": kind, "ms": "10"}
        answer = requests.post(f"{addresses['control']}/faults/city", data=data, timeout=5)
        assert answer.status_code == 200
        state = requests.get(f"{addresses['city']}/sandbox/faults", timeout=5).json()
        assert state["fault"] == kind


def test_a_server_that_has_ended_is_shown_as_such() -> None:
    nowhere = "http://127.0.0.1:9"
    page = create_control({"province": nowhere, "city": nowhere, "identity": nowhere}).test_client()
    assert page.post("/faults/city", data={"fault": "late", "ms": "soon"}).status_code == 303
    assert "已停止" in page.get("/").text
    assert page.post("/faults/elsewhere", data={"fault": "late"}).status_code == 404


def test_an_unknown_fault_is_refused(addresses: dict[str, str]) -> None:
    url = f"{addresses['city']}/sandbox/faults"
    assert requests.post(url, json={"fault": "fire"}, timeout=5).status_code == 422


def test_what_one_system_does_another_does_not(addresses: dict[str, str]) -> None:
    url = f"{addresses['city']}/sandbox/faults"
    assert requests.post(url, json={"fault": "callback_never"}, timeout=5).status_code == 422


@pytest.mark.parametrize(("name", "title"), [("identity", "统一身份认证"), ("gas", "税务系统")])
def test_a_taken_port_is_said_and_nothing_is_left_over(
    tmp_path: Path, name: str, title: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = {name: taken.getsockname()[1]}
        with pytest.raises(sandbox.SandboxFailed, match=title):  # noqa: SIM117
            with sandbox.started(tmp_path, ports):
                pytest.fail("it must not start")
    assert {one.suffix for one in tmp_path.iterdir()} <= {".db", ".log"}
