"""The sandbox starts, shows itself, and leaves nothing behind."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import requests

from plugins import sandbox
from plugins.sandbox import seeds
from plugins.sandbox.control import create_control


def test_the_page_shows_everybody(addresses: dict[str, str]) -> None:
    page = requests.get(addresses["control"], timeout=5).text
    assert "沙盒" in page
    for one in (*seeds.people().values(), *seeds.enterprises().values()):
        assert one["name"] in page
    assert "营业执照" in page
    assert "吊销" in page


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


def test_a_taken_port_is_said_and_nothing_is_left_over(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = {"identity": taken.getsockname()[1]}
        with pytest.raises(sandbox.SandboxFailed, match="统一身份认证"):  # noqa: SIM117
            with sandbox.started(tmp_path, ports):
                pytest.fail("it must not start")
    assert {one.suffix for one in tmp_path.iterdir()} <= {".db", ".log"}
