"""Conditions and calculations: do they read what is there, and give what is wanted?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from definitions.checks.registry import Findings, check
from definitions.model import Expression, Field, Item, Library, Policy, RuleDefinition, Service
from definitions.problems import Problem
from definitions.rules import BadRule, Node, Type, compile_rule, field_type, order, type_of, types
from definitions.rules import check as judge
from definitions.rules.types import title_of

Types = Mapping[str, Type]


def read_by(expression: Expression) -> frozenset[str]:
    """The names that an expression reads; none when it can't be compiled, which others report."""
    try:
        return compile_rule(expression).reads
    except BadRule:
        return frozenset()


def types_of(fields: Mapping[str, Field], prefix: str = "") -> dict[str, Type]:
    """What can be read of a form's fields, each under its name."""
    return {f"{prefix}{name}": field_type(field) for name, field in fields.items()}


def _row_types(table: Field, form: Types) -> dict[str, Type]:
    around = {f"form.{name}": kind for name, kind in form.items()}
    return {**around, **types_of(table.columns), "row_number": types.INTEGER}


def step_types(item: Item) -> dict[str, Type]:
    """What conditions of steps can read: the item's answers, and what earlier steps recorded."""
    known = types_of(item.form.fields)
    for step in item.steps.values():
        for name in read_by(step.when):
            if name.startswith("steps.") and _can_tell(item, name):
                known[name] = types.ANY
    return known


def _can_tell(item: Item, name: str) -> bool:
    """Whether `steps.X.outcome` or `steps.X.form.f` is what step X comes to.

    Of a step that there is not, another check tells; what a system answers isn't known here.
    """
    _, other, *rest = name.split(".")
    step = item.steps.get(other)
    if step is None or rest == ["outcome"]:
        return True
    if len(rest) < 2 or rest[0] != "form":
        return False
    if step.kind in ("review", "task"):
        return step.form is not None and rest[1] in step.form.fields
    if step.kind == "notice":
        return rest[1] == "objections"
    output = step.settings.get("output")
    return step.kind in ("connector", "issue") and (not output or rest[1] in output)


def _rule_set(
    rules: Mapping[str, RuleDefinition], known: Types, where: str, row: bool = False
) -> Iterator[Problem]:
    for name, rule in rules.items():
        if rule.when is not None:
            yield from judge(rule.when, known, f"{where}/{name}/when", condition=True, row=row)
        if rule.to is not None:
            yield from judge(rule.to, known, f"{where}/{name}/to", row=row)


def _results(
    form: Mapping[str, Field],
    rules: Mapping[str, RuleDefinition],
    known: Types,
    where: str,
    row: bool = False,
) -> Iterator[Problem]:
    """What rules work out is of the type that their field takes."""
    for name, rule in rules.items():
        target = form.get(rule.set or "")
        if target is None:
            continue
        found = type_of(rule.to, known, row=row)
        if not _takes(target, found):
            words = {"found": title_of(found.name), "wanted": title_of(field_type(target).name)}
            params = {**words, "field": target.title}
            yield Problem("definition.rule_gives", f"{where}/{name}/to", params)


_WRITTEN = types.TEXTUAL | {"date", "time"}
_LISTS = frozenset({"list", "choices"})


def _takes(target: Field, found: Type) -> bool:
    """Whether a field takes values of a type; one that only shows a result is not particular.

    Whole numbers may be money, since a constant of money is whole fen by now.
    """
    wanted = field_type(target)
    if types.joined(found, wanted) is not None or (found.name, wanted.name) == ("integer", "money"):
        return True
    alike = (types.TEXTUAL, _LISTS)
    if target.type == "computed":
        alike = (_WRITTEN, types.NUMERIC)
    return found.name != wanted.name and any({found.name, wanted.name} <= kinds for kinds in alike)


@check("item")
def item_expressions(item: Item, library: Library) -> Findings:
    """Every expression of an item reads what is there, and types agree."""
    known = types_of(item.form.fields)
    yield from _rule_set(item.form.rules, known, "/form/rules")
    yield from _results(item.form.fields, item.form.rules, known, "/form/rules")
    for name, field in item.form.fields.items():
        where, inside = f"/form/schema/properties/{name}/items/rules", _row_types(field, known)
        yield from _rule_set(field.rules, inside, where, row=True)
        yield from _results(field.columns, field.rules, inside, where, row=True)
    for where, condition in _conditions(item):
        yield from judge(condition, known, where, condition=True)
    for name, fee in item.fees.items():
        if fee.amount is not None:
            yield from judge(fee.amount, known, f"/fees/{name}/amount")
    for name, step in item.steps.items():
        if step.when is not None:
            where = f"/process/steps/{name}/when"
            yield from judge(step.when, step_types(item), where, condition=True)


def _conditions(item: Item) -> Iterator[tuple[str, Expression]]:
    found = [(f"/materials/{name}/when", one.when) for name, one in item.materials.items()]
    found += [(f"/fees/{name}/when", one.when) for name, one in item.fees.items()]
    for name, limits in item.clocks.items():
        found += [(f"/clocks/{name}/{at}/when", one.when) for at, one in enumerate(limits)]
    return ((where, when) for where, when in found if when is not None)


@check("service")
def service_expressions(service: Service, library: Library) -> Findings:
    """Every expression of a service; activation and situation read situation answers only."""
    situation = types_of(service.situation.fields)
    yield from _rule_set(service.situation.rules, situation, "/situation/rules")
    for name, use in service.uses.items():
        if use.when is not None:
            yield from judge(use.when, situation, f"/items/{name}/when", condition=True)
    known = types_of(service.situation.fields, "situation.")
    for name, use in service.uses.items():
        if use.item in library.items:
            known |= types_of(library.items[use.item].form.fields, f"{name}.")
    yield from _rule_set(service.rules, known, "/rules")
    for name, limits in service.clocks.items():
        for at, limit in enumerate(limits):
            if limit.when is not None:
                yield from judge(limit.when, known, f"/clocks/{name}/{at}/when", condition=True)


@check("policy")
def policy_expressions(policy: Policy, library: Library) -> Findings:
    """Every expression of a policy."""
    known = types_of(policy.fields)
    for name, (_, when) in policy.conditions.items():
        yield from judge(when, known, f"/conditions/{name}/when", condition=True)
    if policy.amount is not None:
        yield from judge(policy.amount, known, "/amount")


@check("item", "definition.rule_circle")
def shows_and_calculations_have_an_order(item: Item, library: Library) -> Findings:
    """What a rule reads is settled before it runs; both ends of a circle are named."""
    yield from _circle(_nodes(item.form.rules, item.form.fields), "/form/rules")


@check("service", "definition.rule_circle")
def situation_shows_have_an_order(service: Service, library: Library) -> Findings:
    """No situation question waits for itself."""
    yield from _circle(
        _nodes(service.situation.rules, service.situation.fields), "/situation/rules"
    )


def _circle(nodes: list[Node], where: str) -> Findings:
    cycle = order(nodes).cycle
    if cycle:
        first, last = cycle[0], cycle[-1]
        place = first.source.partition("/")[0]
        params: dict[str, Any] = {
            "rule": first.source,
            "other": last.source,
            "fields": [link.name for link in cycle],
        }
        yield f"{where}/{place}", params


def _nodes(rules: Mapping[str, RuleDefinition], fields: Mapping[str, Field]) -> list[Node]:
    nodes = [_node(name, rule) for name, rule in rules.items()]
    for table in fields.values():
        nodes += [_row_node(name, rule, table.id) for name, rule in table.rules.items()]
    return nodes


def _decided(rule: RuleDefinition) -> frozenset[str]:
    return frozenset((*rule.show, rule.set) if rule.set else rule.show)


def _node(name: str, rule: RuleDefinition) -> Node:
    return Node(name, read_by(rule.when) | read_by(rule.to), _decided(rule))


def _row_node(name: str, rule: RuleDefinition, table: str) -> Node:
    """A rule of a row reads columns of its table and, by form.<field>, the form around it."""
    reads = {
        one.removeprefix("form.") if one.startswith("form.") else f"{table}.{one}"
        for one in read_by(rule.when) | read_by(rule.to)
    }
    writes = {f"{table}.{one}" for one in _decided(rule)}
    return Node(f"{table}/{name}", frozenset(reads), frozenset(writes | {table} if writes else ()))
