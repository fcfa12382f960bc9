"""Generated services: items, bindings, rules, tables, later answers and what a person answers."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from definitions.plan import Plan, Question
from tests.combination.factory import (
    Raw,
    equals,
    item,
    leaf,
    meaning,
    rows,
    service,
    text,
    use,
    var,
)

ELEMENTS = ("name", "count", "flag", "sort", "area")
SERVICE_SUBJECTS: Raw = {
    "ann": {"kind": "person"},
    "bob": {"kind": "person", "may_be": ["ann"]},
    "many": {"kind": "person", "many": True},
    "one": {"kind": "person", "one_of": "many"},
    "house": {"kind": "home"},
}
ITEM_SUBJECTS: Raw = {
    "who": {"kind": "person"},
    "other": {"kind": "person"},
    "people": {"kind": "person", "many": True},
    "place": {"kind": "home"},
}
LOCAL: Mapping[str, Raw] = {
    "boolean": leaf("boolean"),
    "integer": leaf("integer", minimum=0, maximum=50),
    "string": leaf("string", maxLength=8),
}
SITUATION: Raw = {"q0": leaf("boolean"), "q1": meaning("e.sort", "ann")}


class Maker:
    """Makes one service, with a taste for conditional fields that several items share."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def chance(self, percent: int) -> bool:
        return self.rng.randint(1, 100) <= percent

    def definitions(self) -> list[Raw]:
        names = [f"i{number}" for number in range(self.rng.randint(1, 4))]
        items = [self._item(name) for name in names]
        uses = {f"u{one['id']}": self._use(one["id"], names, one) for one in items}
        situation = {"questions": SITUATION, "order": list(SITUATION)}
        if self.chance(30):
            situation["rules"] = {"s": {"when": equals("q0", True), "show": ["q1"]}}
        made = service(SERVICE_SUBJECTS, uses, situation=situation, same=self._same(items, uses))
        return [*items, made]

    def _item(self, name: str) -> Raw:
        fields: Raw = {}
        for number in range(self.rng.randint(2, 7)):
            fields[f"f{number}"] = self._field()
        if self.chance(50):
            fields["t"] = self._table("people")
        if self.chance(25):
            fields["own"] = self._table(None)
        rules = self._rules(fields)
        shown = {one for rule in rules.values() for one in rule.get("show", ())}
        worked_out = {rule["set"] for rule in rules.values() if "set" in rule}
        free = [one for one in fields if one not in shown | worked_out]
        required = [one for one in free if self.chance(40)]
        result = {
            "title": text("result"),
            "kind": "record",
            "data": {
                f"r{number}": meaning(f"e.{element}", self.rng.choice(["who", "place"]))
                for number, element in enumerate(self.rng.sample(ELEMENTS, 3))
            },
        }
        return item(name, ITEM_SUBJECTS, fields, required, rules=rules, result=result)

    def _field(self) -> Raw:
        if self.chance(30):
            return dict(LOCAL[self.rng.choice(list(LOCAL))])
        about = self.rng.choice(["who", "who", "other", "place", ["who", "place"]])
        element = self.rng.choice(ELEMENTS)
        narrower: Raw = {}
        if element == "count" and self.chance(40):
            narrower = {"maximum": self.rng.choice([10, 60])}
        if element == "name" and self.chance(40):
            narrower = {"minLength": self.rng.choice([1, 3])}
        return meaning(f"e.{element}", about, **narrower)

    def _table(self, about: str | None) -> Raw:
        columns: Raw = {}
        for number in range(self.rng.randint(1, 3)):
            element = self.rng.choice(ELEMENTS)
            local = dict(LOCAL[self.rng.choice(list(LOCAL))])
            known = {"$ref": f"element:e.{element}"}
            columns[f"c{number}"] = local if about is None or self.chance(30) else known
        rules: Raw = {}
        if len(columns) > 1 and self.chance(40):
            condition = self._condition({"c0": columns["c0"]})
            if self.chance(30):
                condition = {"==": [var("row_number"), 1]}
            rules["rr"] = {"when": condition, "show": ["c1"], "require": ["c1"]}
        shown = {"c1"} if rules else set()
        required = [one for one in columns if one not in shown and self.chance(40)]
        more: Raw = {"unique_by": ["c0"]} if self.chance(30) else {}
        return rows(about, columns, required, rules=rules, **more)

    def _rules(self, fields: Raw) -> Raw:
        """Each rule reads only fields that stand before what it shows: no circles."""
        singles = [one for one in fields if one.startswith("f")]
        rules: Raw = self._sum(fields, singles)
        for number, name in enumerate(list(fields)[1:], 1):
            before = {one: fields[one] for one in singles[:number]}
            if rules.get("sum", {}).get("set") == name:
                continue
            if self.chance(45):
                rule: Raw = {"when": self._condition(before), "show": [name]}
                rule |= {"require": [name]} if self.chance(60) else {}
                rules[f"s{number}"] = rule
            elif self.chance(20):
                rules[f"q{number}"] = {"when": self._condition(before), "require": [name]}
        if self.chance(25):
            before = {one: fields[one] for one in singles}
            rules["no"] = {"when": self._condition(before), "refuse": text("no")}
        return rules

    def _sum(self, fields: Raw, singles: list[str]) -> Raw:
        """Now and then, the last field is worked out from two before it, and hidden for some."""
        last = singles[-1]
        numbers = [one for one in singles[:-1] if _kind(fields[one]) == "integer"]
        if not numbers or not self.chance(50):
            return {}
        fields[last] = leaf("integer")
        total = {"+": [var(self.rng.choice(numbers)), {"coalesce": [var(numbers[0]), 1]}]}
        rules: Raw = {"sum": {"set": last, "to": total}}
        if self.chance(40):
            before = {one: fields[one] for one in singles[:-1]}
            rules["seen"] = {"when": self._condition(before), "show": [last]}
        return rules

    def _condition(self, fields: Raw) -> Raw:
        name = self.rng.choice(list(fields))
        kind = _kind(fields[name])
        simple = {
            "boolean": equals(name, self.chance(60)),
            "integer": {">": [var(name), 5]},
            "number": {"<": [var(name), 50]},
            "choice": equals(name, self.rng.choice(["x", "y"])),
            "string": {"is_answered": [var(name)]},
        }[kind]
        if self.chance(20):
            simple = {"!": [simple]}
        if self.chance(20):
            other = {"is_answered": [var(self.rng.choice(list(fields)))]}
            simple = {self.rng.choice(["and", "or"]): [simple, other]}
        return simple

    def _use(self, name: str, names: list[str], made: Raw) -> Raw:
        subjects = {
            "who": self.rng.choice(["ann", "bob", "one"]),
            "other": self.rng.choice(["ann", "bob", "one"]),
            "people": self.rng.choice(["many", "many", "many", "ann", "one"]),
            "place": "house",
        }
        more: Raw = {}
        earlier = [f"u{one}" for one in names if one < name]
        if earlier and self.chance(50):
            more["after"] = [self.rng.choice(earlier)]
        if self.chance(40):
            more["when"] = self.rng.choice([equals("q0", True), equals("q1", "x")])
        fields = made["form"]["schema"]["properties"]
        local = [one for one in fields if fields[one].get("type") == "boolean"]
        if local and self.chance(25):
            more["fixed"] = {self.rng.choice(local): True}
        return use(name, subjects, **more)

    def _same(self, items: list[Raw], uses: Raw) -> list[list[str]]:
        """Now and then, two local fields of a type are the same."""
        found: dict[str, list[str]] = {}
        for one in items:
            form = one["form"]
            worked_out = {rule.get("set") for rule in form["rules"].values()}
            for name, field in form["schema"]["properties"].items():
                given = uses[f"u{one['id']}"].get("fixed", {})
                if field.get("type") in LOCAL and name not in {*worked_out, *given}:
                    found.setdefault(field["type"], []).append(f"u{one['id']}.{name}")
        return [names for names in found.values() if len(names) > 1 and self.chance(30)]


def _kind(field: Raw) -> str:
    known = {"name": "string", "count": "integer", "flag": "boolean", "sort": "choice"}
    if "$ref" in field:
        return known.get(field["$ref"].partition(".")[2], "number")
    return str(field["type"])


def answers(made: Plan, rng: Random, spoilt: int = 5) -> Raw:
    """Answers to most questions, hidden ones too; `spoilt` percent of them are wrong."""
    found: Raw = {}
    for question in made.questions.values():
        if question.role == "may_be":
            if rng.random() < 0.6:
                found[question.id] = rng.choice(list(question.options))
        elif question.role == "pick":
            if rng.random() < 0.8:
                found[question.id] = rng.choice(["r1", "r2", "r3"])
        elif question.columns:
            if rng.random() < 0.9:
                found[question.id] = [
                    {"$row": f"r{number}", **_cells(question, rng, spoilt)}
                    for number in range(1, rng.randint(1, 3) + 1)
                ]
        elif question.takes_answer and rng.random() < 0.9:
            found[question.id] = value(question, rng, spoilt)
    return found


def _cells(table: Question, rng: Random, spoilt: int) -> Raw:
    return {
        column.id: value(column, rng, spoilt)
        for column in table.columns.values()
        if column.takes_answer and rng.random() < 0.9
    }


def value(question: Question, rng: Random, spoilt: int = 0) -> Any:
    """A value for a question, now and then one of its type that its schema refuses."""
    if rng.randint(1, 100) <= spoilt:
        wrong = {"text": "a" * 30, "integer": 1000, "number": -5, "choice": "w", "boolean": False}
        return wrong[question.type]
    return {
        "boolean": lambda: rng.random() < 0.6,
        "integer": lambda: rng.choice([0, 3, 7, 10]),
        "number": lambda: rng.choice([0, 1.5, 49.99, 80]),
        "choice": lambda: rng.choice(["x", "y", "z"]),
        "text": lambda: rng.choice(["abc", "defg", "hij"]),
    }[question.type]()
