"""Conditions and calculations: JSON Logic with strict null, compiled once, checked before that.

    rule = compile_rule({">": [{"var": "area"}, 100]})
    rule.fn({"area": 120})      # True; {} gives None, and a condition that is None doesn't hold
    rule.reads                  # {"area"}
    check(rule.expression, {"area": types.NUMBER})      # []

A view is anything with `get(name)`; it carries today under TODAY and the working days under
CALENDAR. Operators are registered by the modules of their families.
"""

from definitions.rules import (  # the families register their operators when imported
    arithmetic,
    compare,
    dates,
    logic,
    null,
    tables,
    text,
    types,
)
from definitions.rules.checker import check, type_of
from definitions.rules.compiler import (
    BUDGET,
    CALENDAR,
    TODAY,
    BadRule,
    Rule,
    RuleTooExpensive,
    compile_rule,
)
from definitions.rules.graph import Link, Node, Order, order
from definitions.rules.numbers import round_half_up
from definitions.rules.registry import OPERATORS, Operator
from definitions.rules.sentence import sentence
from definitions.rules.types import Type, field_type

FAMILIES = (logic, compare, arithmetic, text, tables, dates, null)

__all__ = [
    "BUDGET",
    "CALENDAR",
    "FAMILIES",
    "OPERATORS",
    "TODAY",
    "BadRule",
    "Link",
    "Node",
    "Operator",
    "Order",
    "Rule",
    "RuleTooExpensive",
    "Type",
    "check",
    "compile_rule",
    "field_type",
    "order",
    "round_half_up",
    "sentence",
    "type_of",
    "types",
]
