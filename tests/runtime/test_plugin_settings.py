"""An installation says in a file which plugins it uses; the sandbox brings its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.plugin_settings import plugin_settings
from runtime.settings import Settings, from_environment


def settings(folder: Path, *, sandbox: bool) -> Settings:
    return Settings(folder, "sqlite://", sandbox=sandbox)


def test_the_sandbox_brings_its_own(tmp_path: Path) -> None:
    assert "persona" in plugin_settings(settings(tmp_path, sandbox=True), {})
    assert plugin_settings(settings(tmp_path, sandbox=False), {}) == {}


def test_the_outside_systems_of_the_sandbox_call_this_installation_back(tmp_path: Path) -> None:
    here = Settings(tmp_path, "sqlite://", base_url="https://yibiao.example/", sandbox=True)
    bank = plugin_settings(here, {})["bank"]
    assert bank.plugin == "connector_bank"
    assert bank.config["callback"] == "https://yibiao.example/callbacks/bank"


def test_a_file_in_the_data_folder_configures_plugins(tmp_path: Path) -> None:
    office = {"plugin": "license_http", "title": {"zh-CN": "省库"}, "config": {"key": "k"}}
    (tmp_path / "plugins.json").write_text(json.dumps({"office": office}), encoding="utf-8")
    found = plugin_settings(settings(tmp_path, sandbox=False), {})
    assert found["office"].plugin == "license_http"
    assert found["office"].config == {"key": "k"}


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', '{"a": {"title": {}}}'])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    place = tmp_path / "mine.json"
    place.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"mine\.json"):
        plugin_settings(settings(tmp_path, sandbox=False), {"YIBIAO_PLUGINS": str(place)})


def test_a_number_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="YIBIAO_PORT"):
        from_environment({"YIBIAO_PORT": "x"})
