"""A combination becomes a program: one node per use and field, in an order that works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from definitions.combine.identity import SERVICE, SITUATION
from definitions.combine.model import (
    Asked,
    Calculated,
    Combination,
    Fixed,
    Later,
    OneRow,
    Picked,
    Reading,
    Rows,
)
from definitions.model import Field, Form, Item
from definitions.plan.conditions import Checks, Refusing, Rules, condition, decimals_of
from definitions.plan.nodes import Calculation, Condition, Demand, Given, Leaf, Name, Node, Refusal
from definitions.plan.program import Program
from definitions.plan.rows import Column, RowRefusal, Shape, Table
from definitions.plan.rows import OneRow as OneRowNode
from definitions.plan.run import View
from definitions.plan.sources import Direct, Either, OfPicked, Source
from definitions.plan.standing import Block
from definitions.problems import Problem
from definitions.rules import Node as Ordered
from definitions.rules import order


class NoPlan(ValueError):
    """Definitions that no plan can be made of; `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{one.where} {one.code}" for one in problems))
        self.problems = tuple(problems)


def program(combination: Combination) -> Program:
    """The program of a combination. Raises NoPlan if rules go in a circle."""
    checks = Checks()
    blocks = [_situation(combination, checks)]
    for use, item in combination.items.items():
        compiler = ItemCompiler(combination, use, item, checks)
        when, reads = condition(combination.service.uses[use].when)
        blocks.append(Block(use, compiler.nodes(), when, _named(SITUATION, reads)))
    blocks.append(Block(SERVICE, tuple(_service_rules(combination))))
    return Program(blocks, calendar=_calendar(combination))


def alone(combination: Combination, use: str) -> Program:
    """The program of one item by itself: its answers are its own names, nothing comes later."""
    item = combination.items[use]
    readings: dict[str, Reading] = {}
    for name, form_field in item.form.fields.items():
        worked_out = Rules(item.form.rules).sets(name) or form_field.type == "computed"
        own = {column: column for column in form_field.columns}
        single = Calculated(name) if worked_out else Asked(name)
        readings[name] = Rows(name, own) if form_field.type == "table" else single
    apart = replace(combination, readings={use: readings}, aliases={}, later={})
    nodes = ItemCompiler(apart, use, item, Checks()).nodes()
    return Program([Block(use, nodes)], calendar=_calendar(combination))


def _calendar(combination: Combination) -> Any:
    from definitions.calendars import WorkCalendar

    return WorkCalendar(combination.library.calendars.values())


def _named(use: str, names: Iterable[str]) -> frozenset[Name]:
    return frozenset((use, name) for name in names)


def _situation(combination: Combination, checks: Checks) -> Block:
    """The situation's questions: each required while it is shown, since others hang on it."""
    form = combination.service.situation
    rules = Rules(form.rules)
    nodes = []
    for name, form_field in form.fields.items():
        show, reads = rules.shows(name)
        source = Direct(combination.situation[name])
        check = checks.of(form_field)
        nodes.append(Leaf(name, source, check, True, show, None, _named(SITUATION, reads)))
    needs = {node.name: frozenset(name for _, name in node.reads) for node in nodes}
    return Block(SITUATION, _sorted(nodes, needs, "situation"))


def _service_rules(combination: Combination) -> Iterator[Node]:
    """What the service refuses and requires, over `<use>.<field>` and `situation.<question>`."""
    service = combination.service
    rules = Rules(service.rules)
    for refusing in rules.refusals():
        reads = frozenset(_place(name) for name in refusing.reads)
        control = _control(combination, sorted(reads))
        yield Refusal(refusing.id, control, refusing.when, refusing.fault, reads)
    for wanted in dict.fromkeys(name for rule in service.rules.values() for name in rule.require):
        when, names = rules.requires(wanted)
        control = _question(combination, *_place(wanted))
        if when is not None and control:
            reads = frozenset(_place(name) for name in names)
            yield Demand(wanted, control, when, reads)


def _place(name: str) -> Name:
    use, _, path = name.partition(".")
    return use, path


def _control(combination: Combination, places: Iterable[Name]) -> str:
    """The first of these places that stands on the page by itself; empty if none does."""
    found = (_question(combination, use, path) for use, path in places)
    return next((question for question in found if question), "")


def _question(combination: Combination, use: str, path: str) -> str:
    if use == SITUATION:
        return combination.situation.get(path, "")
    match combination.readings.get(use, {}).get(path):
        case Asked(question) | Calculated(question) | Fixed(question, _) | Rows(question, _):
            return question
        case Picked(subject, _, _):
            return f"pick.{subject}"
        case OneRow(columns):
            inner = next(iter(columns.values()), None)
            return inner.question if isinstance(inner, Asked) else ""
    return ""


def _sorted(
    nodes: Sequence[Node], needs: Mapping[str, frozenset[str]], where: str
) -> tuple[Node, ...]:
    """Nodes after those whose values they need; raises NoPlan for a circle."""
    known = {node.name: node for node in nodes}
    return tuple(known[name] for name in _in_order(needs, where))


def _in_order(needs: Mapping[str, frozenset[str]], where: str) -> tuple[str, ...]:
    """Names, each after those that it needs; raises NoPlan for a circle."""
    found = order(
        Ordered(name, needed - {name}, frozenset((name,))) for name, needed in needs.items()
    )
    if found.cycle:
        circle = " → ".join(link.source for link in found.cycle)
        raise NoPlan([Problem("definition.rule_cycle", where, {"cycle": circle})])
    return found.sequence


def _required(rules: Rules, field: Field) -> tuple[bool, Condition | None, frozenset[str]]:
    """Whether a field is required whenever it is shown; if not, when, and what that reads."""
    if field.required or rules.required_while_shown(field.id):
        return True, None, frozenset()
    return False, *rules.requires(field.id)


class ItemCompiler:
    """Compiles one item in its place in the service."""

    def __init__(self, combination: Combination, use: str, item: Item, checks: Checks) -> None:
        self.combination = combination
        self.use = use
        self.form: Form = item.form
        self.where = f"items/{item.id}"
        self.checks = checks
        self.rules = Rules(item.form.rules)
        self.readings = combination.readings[use]
        self.later: Mapping[str, tuple[Later, ...]] = combination.later.get(use, {})

    def nodes(self) -> tuple[Node, ...]:
        """Every field's node in a working order, then what refuses."""
        nodes = [self._node(form_field) for form_field in self.form.fields.values()]
        needs = {
            name: self.rules.needs(name) | _read_by_rows(form_field)
            for name, form_field in self.form.fields.items()
        }
        ordered = _sorted(nodes, needs, self.where)
        refusals = [self._refusal(refusing) for refusing in self.rules.refusals()]
        return (*ordered, *refusals)

    def _node(self, form_field: Field) -> Node:
        reading = self.readings[form_field.id]
        show, reads = self.rules.shows(form_field.id)
        match reading:
            case Fixed(question, value):
                named = _named(self.use, reads)
                return Given(form_field.id, question, value, show, named)
            case Rows():
                return self._table(form_field, reading)
            case OneRow():
                return self._one_row(form_field, reading)
            case _:
                return self._single(form_field, form_field.id, reading, self.rules)

    def _single(self, form_field: Field, path: str, reading: Reading, rules: Rules) -> Node:
        show, reads = rules.shows(form_field.id)
        if isinstance(reading, Calculated) or form_field.type == "note":
            return self._calculation(form_field, path, reading, rules)
        required, require, more = _required(rules, form_field)
        return Leaf(
            form_field.id,
            self._source(reading),
            self.checks.of(form_field),
            required,
            show,
            require,
            _named(self.use, reads | more),
            frozenset(later.use for later in self.later.get(path, ())),
        )

    def _calculation(self, form_field: Field, path: str, reading: Reading, rules: Rules) -> Node:
        """A field that a rule sets; one that nobody sets, like a note, is shown without a value."""
        show, reads = rules.shows(form_field.id)
        rule = rules.sets(form_field.id)
        named = _named(self.use, reads | rule.reads if rule else reads)
        check = self.checks.of_result(form_field)
        question = getattr(reading, "question", f"{self.use}.{path}")
        value = rule.fn if rule else _nothing
        digits = decimals_of(form_field)
        return Calculation(form_field.id, question, value, check, digits, show, named)

    def _source(self, reading: Reading, seen: frozenset[str] = frozenset()) -> Source:
        """Where a value stands; a subject that may be another one leads on, never in a circle."""
        if isinstance(reading, Picked):
            return OfPicked(reading.subject, reading.table, reading.column)
        question = getattr(reading, "question", "")
        own, alias = Direct(question), self.combination.aliases.get(question)
        if alias is None:
            return own
        seen |= {question}
        others = {
            name: self._source(other, seen)
            for name, other in alias.others.items()
            if getattr(other, "question", None) not in seen
        }
        return Either(own, alias.control, others) if others else own

    def _table(self, form_field: Field, reading: Rows) -> Node:
        rules = Rules(form_field.rules, row=True)
        show, shown = self.rules.shows(form_field.id)
        require, required = self.rules.requires(form_field.id)
        columns = [
            self._column(form_field.columns[name], reading.columns[name], rules)
            for name in _columns_in_order(form_field, rules, self.where)
        ]
        outer = _outer(rules)
        shape = Shape(
            form_field.required, self.checks.of(form_field), form_field.unique_by, tuple(outer)
        )
        refusals = [RowRefusal(one.when, one.fault) for one in rules.refusals()]
        reads = _named(self.use, shown | required | set(outer))
        return Table(form_field.id, reading.table, columns, shape, refusals, show, require, reads)

    def _column(self, column: Field, column_id: str, rules: Rules) -> Column:
        show, _ = rules.shows(column.id)
        required, require, _ = _required(rules, column)
        rule = rules.sets(column.id)
        if rule is None and column.type not in ("computed", "note"):
            check = self.checks.of(column)
            return Column(column.id, column_id, required, check, show, require)
        return Column(
            column.id,
            column_id,
            False,
            self.checks.of_result(column),
            show,
            None,
            rule.fn if rule else _nothing,
            decimals_of(column),
        )

    def _one_row(self, form_field: Field, reading: OneRow) -> Node:
        rules = Rules(form_field.rules, row=True)
        show, shown = self.rules.shows(form_field.id)
        nodes = [
            self._single(
                form_field.columns[name],
                f"{form_field.id}.{name}",
                reading.columns[name],
                rules,
            )
            for name in _columns_in_order(form_field, rules, self.where)
        ]
        outer = _outer(rules)
        refusals = [
            (_first_column(reading, one.reads), RowRefusal(one.when, one.fault))
            for one in rules.refusals()
        ]
        reads = _named(self.use, shown | set(outer))
        return OneRowNode(form_field.id, nodes, refusals, tuple(outer), show, reads)

    def _refusal(self, refusing: Refusing) -> Node:
        places = [(self.use, name) for name in self.form.fields if name in refusing.reads]
        control = _control(self.combination, places)
        reads = _named(self.use, refusing.reads)
        return Refusal(f"!{refusing.id}", control, refusing.when, refusing.fault, reads)


def _columns_in_order(table: Field, rules: Rules, where: str) -> tuple[str, ...]:
    """Column names, each after those that its own rules read."""
    return _in_order({name: rules.needs(name) for name in table.columns}, where)


def _read_by_rows(table: Field) -> frozenset[str]:
    """The names of the form that the rules of a table's rows read; none for any other field."""
    return frozenset(_outer(Rules(table.rules, row=True))) if table.rules else frozenset()


def _outer(rules: Rules) -> list[str]:
    """The names of the form that row rules read."""
    prefix = "form."
    return sorted(name.removeprefix(prefix) for name in rules.reads() if name.startswith(prefix))


def _first_column(reading: OneRow, reads: frozenset[str]) -> str:
    """The question that a row's refusal stands at."""
    named = [one for name, one in reading.columns.items() if name in reads]
    found = (getattr(one, "question", "") for one in [*named, *reading.columns.values()])
    return next((question for question in found if question), "")


def _nothing(view: View) -> None:
    return None
