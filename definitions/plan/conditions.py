"""The rules of one form, compiled: what shows, requires, sets and refuses what; what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from definitions.fieldtypes import Check, Fault, compile_check
from definitions.model import Expression, Field, RuleDefinition
from definitions.plan.nodes import Condition
from definitions.plan.run import View
from definitions.rules import Rule, compile_rule

Fn = Callable[[View], Any]
_BY_JSON_TYPE = {"integer": "integer", "number": "number", "boolean": "boolean"}


@dataclass(frozen=True, slots=True)
class Refusing:
    """A rule that refuses: when, with which words, and what it reads."""

    id: str
    when: Condition
    fault: Fault
    reads: frozenset[str]


class Rules:
    """The compiled rules of a form, of a table's rows or of a service."""

    def __init__(self, written: Mapping[str, RuleDefinition], *, row: bool = False) -> None:
        self._row = row
        self._written = written
        self._compiled: dict[str, Rule] = {}
        self._conditions: dict[tuple[str, ...], Condition] = {}
        self._shows: dict[str, list[RuleDefinition]] = {}
        self._requires: dict[str, list[RuleDefinition]] = {}
        self._sets: dict[str, RuleDefinition] = {}
        for rule in written.values():
            for name in rule.show:
                self._shows.setdefault(name, []).append(rule)
            for name in rule.require:
                self._requires.setdefault(name, []).append(rule)
            if rule.set:
                self._sets.setdefault(rule.set, rule)

    def shows(self, name: str) -> tuple[Condition | None, frozenset[str]]:
        """When a field is shown (None: always), and what that reads."""
        rules = self._shows.get(name)
        return self._any(rules) if rules else (None, frozenset())

    def requires(self, name: str) -> tuple[Condition | None, frozenset[str]]:
        """When rules require a field (None: never), and what that reads."""
        rules = self._requires.get(name, [])
        if any(rule.when is None for rule in rules):
            return _always, frozenset()
        return self._any(rules) if rules else (None, frozenset())

    def required_while_shown(self, name: str) -> bool:
        """Whether each rule that shows a field says the same when it requires it."""
        requiring = {repr(rule.when) for rule in self._requires.get(name, ())}
        shows = self._shows.get(name, ())
        return bool(shows) and all(repr(rule.when) in requiring for rule in shows)

    def sets(self, name: str) -> Rule | None:
        """How a field is worked out; None when it takes an answer."""
        found = self._sets.get(name)
        if found is None:
            return None
        if found.when is None:
            return self._compile(found.to)
        return self._compile({"if": [found.when, found.to, None]})

    def needs(self, name: str) -> frozenset[str]:
        """The names whose values decide whether a field is shown and what it comes to.

        What requires it isn't among them: that is decided when every value is known.
        """
        _, shown = self.shows(name)
        rule = self.sets(name)
        return shown | rule.reads if rule else shown

    def refusals(self) -> list[Refusing]:
        """The rules that refuse, in the order written."""
        found = []
        for rule in self._written.values():
            if rule.refuse is not None:
                when, reads = self._any([rule])
                fault = ("application.refused", {"rule": rule.id, "text": rule.refuse})
                found.append(Refusing(rule.id, when or _always, fault, reads))
        return found

    def reads(self) -> frozenset[str]:
        """Every name that any of these rules reads."""
        expressions = [
            expression
            for rule in self._written.values()
            for expression in (rule.when, rule.to)
            if expression is not None
        ]
        return frozenset().union(*(self._compile(one).reads for one in expressions))

    def _any(self, rules: Iterable[RuleDefinition]) -> tuple[Condition | None, frozenset[str]]:
        """Whether one of the rules holds; None when one always does.

        The same rules give the same function, so that fields shown together can be found.
        """
        whens = [rule.when for rule in rules]
        if None in whens:
            return None, frozenset()
        compiled = [self._compile(when) for when in whens]
        reads: frozenset[str] = frozenset().union(*(rule.reads for rule in compiled))
        key = tuple(map(repr, whens))
        if key not in self._conditions:
            self._conditions[key] = _any_holds(compiled)
        return self._conditions[key], reads

    def _compile(self, expression: Expression) -> Rule:
        key = repr(expression)
        if key not in self._compiled:
            self._compiled[key] = compile_rule(expression, row=self._row)
        return self._compiled[key]


def condition(expression: Expression) -> tuple[Condition | None, frozenset[str]]:
    """A condition by itself (None: always), and what it reads."""
    if expression is None:
        return None, frozenset()
    rule = compile_rule(expression)
    return _any_holds([rule]), rule.reads


def exclusion(expression: Expression) -> Condition | None:
    """Whether a condition can no longer hold, whatever is answered yet (None: it always holds)."""
    if expression is None:
        return None
    rule = compile_rule(expression).fn
    return lambda view: rule(view) is False


def _always(view: View) -> bool:
    return True


_COMPARING = frozenset(("==", "!=", "<", "<=", ">", ">=", "in", "is_answered"))
"""Operators that never give anything but true, false or null."""


def _any_holds(rules: list[Rule]) -> Condition:
    fns = [rule.fn for rule in rules]
    if len(fns) == 1:
        only = fns[0]
        written = rules[0].expression
        if isinstance(written, dict) and _COMPARING.issuperset(written):
            return only
        return lambda view: only(view) is True
    return lambda view: any(fn(view) is True for fn in fns)


class Checks:
    """Compiled checks; fields that say the same share one, so that they complain once."""

    def __init__(self) -> None:
        self._made: dict[str, Check] = {}

    def of(self, form_field: Field) -> Check:
        """The check of one value of a field."""
        key = repr(
            (
                form_field.type,
                form_field.schema,
                form_field.decimals,
                form_field.unit,
                sorted(form_field.options),
                form_field.settings,
            )
        )
        if key not in self._made:
            self._made[key] = compile_check(form_field)
        return self._made[key]

    def of_result(self, form_field: Field) -> Check:
        """The check of what a rule gives: that of its type; a bare result has its JSON type's."""
        if form_field.type != "computed":
            return self.of(form_field)
        kind = _BY_JSON_TYPE.get(str(form_field.schema.get("type")), "text")
        return self.of(replace(form_field, type=kind))


def decimals_of(form_field: Field) -> int | None:
    """To how many decimals a result is rounded: none for whole types, else as the field says."""
    if form_field.schema.get("type") == "integer":
        return 0
    return form_field.decimals
