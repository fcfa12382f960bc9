"""Every connector keeps the contract, and can do what the definitions ask of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from definitions.model import Library
from definitions.reader import load_library
from plugins.contract import (
    BadReply,
    Connector,
    Misconfigured,
    NotFound,
    Operation,
    Rejected,
    Request,
)
from plugins.registry import Instances, discover
from plugins.sandbox.outside import SYSTEMS
from plugins.sandbox.settings import OUTSIDE, addresses, instances
from tests.plugins.conftest import why

CONNECTORS = discover().open(instances(addresses()), sandbox=True).connectors
EVERY = [(name, op) for name, one in CONNECTORS.items() for op in one.operations()]
LIBRARY = load_library()


def connector_steps(library: Library) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Every step of the library that calls a connector: its item, its name, what it says."""
    for item in library.items.values():
        for step in item.steps.values():
            if step.kind == "connector":
                yield item.id, step.id, step.settings


def variables(rule: Any) -> Iterator[str]:
    """The names that a rule reads."""
    if isinstance(rule, Mapping):
        for operator, given in rule.items():
            if operator == "var":
                yield given if isinstance(given, str) else given[0]
            else:
                yield from variables(given)
    elif isinstance(rule, list | tuple):
        for one in rule:
            yield from variables(one)


def operation(name: str) -> Operation:
    connector, _, short = name.partition(".")
    return CONNECTORS[connector].operations()[short]


STEPS = [pytest.param(*one, id=f"{one[0]}.{one[1]}") for one in connector_steps(LIBRARY)]


def test_the_outside_systems_are_those_that_are_configured() -> None:
    assert list(SYSTEMS) == list(OUTSIDE) == list(CONNECTORS)
    for name, system in SYSTEMS.items():
        assert system.known == CONNECTORS[name].operations()
        assert set(system.operations) == set(system.known)


@pytest.mark.parametrize(("name", "op"), EVERY)
def test_what_goes_in_and_out_is_described(name: str, op: str) -> None:
    one = CONNECTORS[name].operations()[op]
    for schema in (one.input, one.output):
        Draft202012Validator.check_schema(dict(schema))
        assert schema["type"] == "object"
        assert set(schema["required"]) <= set(schema["properties"])
    assert one.input["additionalProperties"] is False
    assert one.effect in ("read", "write")
    assert 0 < one.timeout <= 30


@pytest.mark.parametrize(("name", "op"), EVERY)
def test_an_undo_undoes_a_write_of_the_same_connector(name: str, op: str) -> None:
    operations = CONNECTORS[name].operations()
    undone = operations[op].undoes
    if undone:
        assert operations[undone].effect == operations[op].effect == "write"
        assert set(operations[op].input["properties"]) == {"key", "sent", "answer"}


@pytest.mark.parametrize("name", CONNECTORS)
def test_it_says_that_the_sandbox_works(instances: Instances, name: str) -> None:
    one = instances.connectors[name]
    findings = type(one).check(one.config)
    assert [finding.state for finding in findings] == ["ok"]
    assert all({"zh-CN", "en"} <= set(finding.text) for finding in findings)


@pytest.mark.parametrize("name", CONNECTORS)
def test_it_refuses_what_it_cannot_do(instances: Instances, name: str) -> None:
    one = instances.connectors[name]
    with pytest.raises(Misconfigured):
        one.call("dance", {}, why())
    op = next(iter(one.operations()))
    with pytest.raises(Rejected, match="bad_input"):
        one.call(op, {"nobody": "asks this"}, why())


@pytest.mark.parametrize("name", CONNECTORS)
def test_it_knows_no_key_and_no_handle_that_was_never_used(instances: Instances, name: str) -> None:
    one = instances.connectors[name]
    assert one.reconcile("never used") == NotFound()
    assert one.poll("never given") == NotFound()


@pytest.mark.parametrize("name", CONNECTORS)
def test_it_believes_no_callback_without_a_signature(name: str) -> None:
    config = instances(addresses(), "http://127.0.0.1:9/callbacks")[name].config
    one: Connector = type(CONNECTORS[name])(config)
    with pytest.raises(BadReply):
        one.on_callback(Request({}, b"{}"))
    with pytest.raises(Misconfigured):
        CONNECTORS[name].on_callback(Request({}, b"{}"))


@pytest.mark.parametrize(("item", "step", "settings"), STEPS)
def test_a_step_sends_and_reads_what_its_operation_has(
    item: str, step: str, settings: Mapping[str, Any]
) -> None:
    one = operation(settings["operation"])
    sent = set(settings.get("input") or {})
    assert set(one.input["required"]) <= sent <= set(one.input["properties"])
    rules = [settings.get("output") or {}, settings.get("refuse_when") or {}]
    read = {name for rule in _outputs(rules) for name in variables(rule)}
    answers = {name.removeprefix("answer.") for name in read if name.startswith("answer.")}
    assert answers <= set(one.output["properties"])
    assert answers - set(one.output["required"]) <= {"proof_number"}  # none without a new loan


def _outputs(rules: list[Any]) -> Iterator[Any]:
    yield from rules[0].values()
    yield rules[1]


@pytest.mark.parametrize(("item", "step", "settings"), STEPS)
def test_a_step_with_an_effect_is_undone_or_final(
    item: str, step: str, settings: Mapping[str, Any]
) -> None:
    one = operation(settings["operation"])
    if one.effect == "write":
        assert settings.get("undo") or settings.get("final")
    if settings.get("undo"):
        assert operation(settings["undo"]).undoes == settings["operation"].partition(".")[2]


def test_a_charge_that_is_quoted_has_its_quotation() -> None:
    fees = [fee for item in LIBRARY.items.values() for fee in item.fees.values()]
    quoted = {fee.source for fee in fees if fee.source}
    assert len(quoted) >= 5
    for name in quoted:
        assert operation(name).effect == "read"
