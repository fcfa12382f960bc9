"""Every plugin that ships keeps the contract; a broken one is named and stops nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from definitions.wording import say
from plugins.contract import CONTRACT, Config, Finding, Message, Notifier, Plugin, Spec
from plugins.registry import Candidate, Instances, Setting, discover
from plugins.sandbox.settings import OUTSIDE

PLUGINS = discover().plugins
GOOD = Spec("notifier_good", "notifier", "1", {"zh-CN": "好"}, {"type": "object"})


class Good(Notifier):
    """The smallest plugin there is."""

    @classmethod
    def spec(cls) -> Spec:
        return GOOD

    @classmethod
    def check(cls, config: Config) -> list[Finding]:
        return []

    def send(self, message: Message) -> Any:
        raise NotImplementedError


class FromTheFuture(Good):
    """Made for another contract."""

    @classmethod
    def spec(cls) -> Spec:
        return replace(GOOD, contract=CONTRACT + 1)


class Wrong(Good):
    """Says that it is something else than it is."""

    @classmethod
    def spec(cls) -> Spec:
        return replace(GOOD, kind="identity")


class Unfinished(Notifier):
    """Has nothing that a plugin needs."""


def found_with(*candidates: Candidate) -> list[tuple[str, str]]:
    registry = discover(Path(__file__).parent, candidates)
    return [(problem.code, problem.where) for problem in registry.problems]


def test_all_that_ship_are_found_and_none_is_broken() -> None:
    others = {name for name in PLUGINS if not name.startswith("connector_")}
    assert others == {"license_http", "identity_persona", "identity_oidc"}
    assert set(PLUGINS) - others == {plugin for plugin, _ in OUTSIDE.values()}
    assert discover().problems == ()


@pytest.mark.parametrize("plugin", PLUGINS.values(), ids=list(PLUGINS))
def test_it_says_who_it_is(plugin: type[Plugin]) -> None:
    spec = plugin.spec()
    assert spec.contract == CONTRACT
    assert spec.kind == plugin.kind
    assert spec.id.startswith(spec.kind.split("_")[0])
    assert {"zh-CN", "en"} <= set(spec.title)
    assert set(spec.data_classes) <= {"public", "personal", "sensitive"}


@pytest.mark.parametrize("plugin", PLUGINS.values(), ids=list(PLUGINS))
def test_its_configuration_can_be_drawn_as_a_form(plugin: type[Plugin]) -> None:
    schema = plugin.spec().config
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    assert all(one.get("title") for one in schema["properties"].values())


@pytest.mark.parametrize("plugin", PLUGINS.values(), ids=list(PLUGINS))
def test_what_looks_like_a_secret_is_marked(plugin: type[Plugin]) -> None:
    properties: Mapping[str, Any] = plugin.spec().config["properties"]
    secrets = {name for name in properties if "secret" in name or "key" in name}
    assert all(properties[name].get("secret") for name in secrets)


@pytest.mark.parametrize("name", ["province", "city", "persona", "oidc"])
def test_it_says_in_sentences_that_the_sandbox_works(instances: Instances, name: str) -> None:
    plugin = instances.plugins[name]
    findings = type(plugin).check(plugin.config)
    assert [finding.state for finding in findings] == ["ok"]
    assert all({"zh-CN", "en"} <= set(finding.text) for finding in findings)


def test_it_says_in_sentences_what_does_not_work() -> None:
    nowhere = "http://127.0.0.1:9"
    configs: dict[str, Config] = {
        "license_http": {"address": nowhere, "client": "x", "key": "k" * 16},
        "identity_oidc": {"issuer": nowhere, "client_id": "x", "client_secret": "s" * 16},
        "identity_persona": {"folder": "/nowhere"},
    }
    office = configs["license_http"]
    for name, plugin in PLUGINS.items():
        config = office if plugin.kind == "connector" else configs[name]
        assert [finding.state for finding in plugin.check(config)] == ["failed"], name


def test_a_broken_one_is_named() -> None:
    def broken() -> Any:
        raise ImportError("no such thing")

    assert found_with(("one", broken)) == [("plugin.broken", "/one")]
    assert found_with(("two", lambda: 42)) == [("plugin.broken", "/two")]
    assert found_with(("three", lambda: Unfinished)) == [("plugin.broken", "/three")]
    assert found_with(("four", lambda: Wrong)) == [("plugin.broken", "/four")]
    assert found_with(("five", lambda: FromTheFuture)) == [("plugin.other_contract", "/five")]


def test_the_second_of_one_name_stays_off() -> None:
    assert found_with(("one", lambda: Good), ("two", lambda: Good)) == [
        ("plugin.duplicate", "/two")
    ]


def test_one_plugin_can_be_configured_twice(instances: Instances) -> None:
    assert list(instances.sources) == ["province", "city"]
    assert list(instances.identities) == ["persona", "oidc"]
    assert list(instances.connectors) == list(OUTSIDE)


def test_a_sandbox_plugin_stays_off_outside_the_sandbox() -> None:
    settings = {"persona": Setting("identity_persona", {"zh-CN": "人物"}, {"folder": "/nowhere"})}
    opened = discover().open(settings)
    assert opened.plugins == {}
    assert [problem.code for problem in opened.problems] == ["plugin.only_sandbox"]


def test_a_wrong_configuration_is_named_without_its_values() -> None:
    config = {"address": "ftp://x", "client": "c", "key": "short-secret"}
    settings = {"a": Setting("license_http", {}, config), "b": Setting("nothing", {}, {})}
    opened = discover().open(settings)
    codes = [problem.code for problem in opened.problems]
    assert codes == ["plugin.misconfigured", "plugin.misconfigured", "plugin.unknown"]
    assert not any("short-secret" in str(problem.params) for problem in opened.problems)
    assert all(problem.code not in say(problem, "zh-CN") for problem in opened.problems)
