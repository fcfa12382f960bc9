"""Random services whose processes are valid, and what their world holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from random import Random
from typing import Any

from definitions.calendars import WorkCalendar
from definitions.plan import plan_of
from definitions.plan.process import Process
from runtime.engine.approvals import By, Facts, Owed
from tests.combination.factory import Raw, equals, item, leaf, library, service, text
from tests.combination.factory import use as using

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
FIELDS = ("f0", "f1", "f2")
PEOPLE: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("office", "officer"): ("p1", "p2", "p3"),
    ("office", "chief"): ("q1",),
    ("office", "admin"): ("boss",),
    ("other", "officer"): ("o1", "o2"),
}
"""Who holds a role in a unit. Nobody is `nobody`."""
STAFF = tuple(dict.fromkeys(person for held in PEOPLE.values() for person in held))
PARTIES = ("ann", "bob")
ASKS, DOES, OR_NO = "x.ask", "x.do", "_or_no"
"""Operations: one that changes nothing, one that does, and what ends those that may say no."""
EXTRAS = (
    "supplement", "return", "return", "transfer", "delegate", "add_signer_before",
    "add_signer_after", "take_off_signer", "copy", "hold", "comment", "attach",
)  # fmt: skip


def by(person: str) -> By:
    """Somebody, with all that they hold."""
    held = frozenset(office for office, holders in PEOPLE.items() if person in holders)
    return By(person, person.title(), held, applicant=person == "applicant")


def holders(unit: str, role: str) -> tuple[str, ...]:
    """Who holds a role in a unit."""
    return PEOPLE.get((unit, role), ())


@dataclass(frozen=True)
class Spec:
    """A service as it was written: by step its settings, with what its joint step says for all.

    `after` are the edges of a step, those from `order` among them; `items` the steps of each use.
    """

    steps: Mapping[str, Raw]
    after: Mapping[str, tuple[str, ...]]
    items: Mapping[str, tuple[str, ...]]
    uses_after: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, str]
    joint: Mapping[str, tuple[str, ...]]
    fees: Mapping[str, Raw]
    shared: bool
    definitions: tuple[Raw, ...] = field(repr=False, default=())

    def above(self, step: str) -> set[str]:
        """Every step above, by walking up."""
        found: set[str] = set()
        ways = list(self.after[step])
        while ways:
            one = ways.pop()
            if one not in found:
                found.add(one)
                ways += self.after[one]
        return found


class Maker:
    """Makes one service."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def chance(self, percent: int) -> bool:
        """True so often."""
        return self.rng.randint(1, 100) <= percent

    def spec(self) -> Spec:
        """A service of one to four items whose steps wait for each other in no circle."""
        uses = [f"u{number}" for number in range(self.rng.choice([1, 1, 2, 2, 3, 4]))]
        steps = {use: self._steps() for use in uses}
        fees = {use: self._fees() for use in uses}
        uses_after = {
            use: (self.rng.choice(uses[:at]),) if at and self.chance(25) else ()
            for at, use in enumerate(uses)
        }
        needs = {use: self.rng.choice(["issued", "ended"]) for use in uses}
        graph = _Graph(steps, uses_after)
        joint = self._joint(steps, graph) if len(uses) > 1 else {}
        order = self._order(graph) if len(uses) > 1 else {}
        return self._written(uses, steps, fees, uses_after, needs, joint, order)

    def _steps(self) -> Raw:
        made: Raw = {}
        for number in range(self.rng.randint(1, 6)):
            before = list(made)
            many = min(len(before), self.rng.choice([0, 1, 1, 1, 2]))
            after = self.rng.sample(before, many)
            late = any(made[one].get("follow_up") for one in after)
            follow_up = late or bool(number and self.chance(10))
            if not follow_up:
                after = [one for one in after if not made[one].get("follow_up")]
            kinds = ["review"] * 5 + ["connector"] * 2
            kinds += ["task", "sign", "payment", "notice", "issue"]
            if number == 0:
                kinds.remove("issue")
            step = self._step(self.rng.choice(kinds), _all_above(made, after))
            step |= {"after": after, "follow_up": True} if follow_up else {"after": after}
            if follow_up and step.pop("accepts", False):
                step["actions"] = ["approve", "reject"]
            made[f"s{number}"] = step
        return made

    def _step(self, kind: str, above: Mapping[str, Raw]) -> Raw:
        step: Raw = {"kind": kind, "title": text(kind)}
        step |= getattr(self, f"_{kind}")(above)
        if kind in ("review", "task"):
            recorded = {"ok": leaf("boolean"), "unit": leaf("string")}
            step["form"] = {"schema": {"type": "object", "properties": recorded}}
        if self.chance(20):
            step["when"] = self._when(above)
        if self.chance(10):
            step["stops_clock"] = True
        if self.chance(5):
            step["starts_clock"] = True
        if self.chance(8):
            step["decides"] = True
        return step

    def _when(self, above: Mapping[str, Raw]) -> Raw:
        if above and self.chance(60):
            name = self.rng.choice(list(above))
            outcome = {"task": "approved", "review": "approved"}.get(above[name]["kind"], "skipped")
            if outcome == "approved" and self.chance(40):
                return equals(f"steps.{name}.form.ok", True)
            return equals(f"steps.{name}.outcome", outcome)
        return equals(self.rng.choice(FIELDS), self.chance(70))

    def _review(self, above: Mapping[str, Raw]) -> Raw:
        actions = ["approve", "reject", *dict.fromkeys(self.rng.sample(EXTRAS, 6))]
        step: Raw = {"fields": self._rights()}
        if self.chance(15):
            step["accepts"] = True
            actions += ["accept", "refuse_acceptance"]
            if self.chance(40):
                actions.remove("approve")
        if self.chance(40):
            step["rule"] = self._rule()
            step["assignees"] = {"role": "officer"}
        elif self.chance(60):
            step["assignees"] = self._assignees(above)
        if self.chance(30):
            step["within"] = {"n": self.rng.randint(1, 4), "unit": "working"}
        return step | {"actions": actions}

    def _rights(self) -> Raw:
        rights = {name: self.rng.choice(["hidden", "read", "write"]) for name in FIELDS}
        return {name: right for name, right in rights.items() if self.chance(60)}

    def _rule(self) -> Raw:
        rule: Raw = {
            "order": self.rng.choice(["together", "in_turn"]),
            "pass": self.rng.choice(["all", "any", 1, 2, 5]),
            "reject": self.rng.choice(["any", "all", 1, 2]),
            "stop_early": self.chance(40),
        }
        return {name: one for name, one in rule.items() if self.chance(80)}

    def _assignees(self, above: Mapping[str, Raw]) -> Any:
        ways: list[Any] = [
            {"role": "officer"},
            {"role": "nobody"},
            {"organisation": "other"},
            [{"role": "nobody"}, {"role": "chief"}],
        ]
        people = [name for name, one in above.items() if one["kind"] in ("review", "task")]
        if people:
            ways += [{"did": self.rng.choice(people)}, {"form": f"{people[0]}.unit"}]
        return self.rng.choice(ways)

    def _task(self, above: Mapping[str, Raw]) -> Raw:
        if self.chance(40):
            return {"assignees": {"applicant": True}, **self._lapse()}
        step: Raw = {"assignees": self._assignees(above), "appointment": True}
        if self.chance(60):
            step["actions"] = ["approve", "reject", "return", "comment", "transfer", "delegate"]
        return step

    def _lapse(self) -> Raw:
        within: Raw = {
            "n": self.rng.randint(1, 6),
            "unit": self.rng.choice(["working", "calendar"]),
        }
        if self.chance(20):
            within["from"] = self.rng.choice(["submitted", "accepted"])
        return {"within": within, "lapse": self.rng.choice(["remind", "skip", "end"])}

    def _sign(self, above: Mapping[str, Raw]) -> Raw:
        more = {"any": True} if self.chance(30) else {}
        return {"party": self.rng.choice(["who", "people"]), **self._lapse(), **more}

    def _connector(self, above: Mapping[str, Raw]) -> Raw:
        how = self.rng.choice(["ask", "undo", "undo", "final", "final"])
        step: Raw = {"operation": ASKS if how == "ask" else DOES}
        if how != "ask":
            step |= {"undo": "x.undo"} if how == "undo" else {"final": True}
        if self.chance(40):
            step["operation"] += OR_NO
            step["refuse_when"] = equals("answer.no", True)
        if self.chance(60):
            step["input"] = {"a": {"var": self.rng.choice(FIELDS)}}
        return step

    def _payment(self, above: Mapping[str, Raw]) -> Raw:
        step: Raw = self._lapse()
        if self.chance(50):
            step["charges"] = [self.rng.choice(["c0", "c1"])]
        if self.chance(30):
            step |= self.rng.choice([{"kept": True}, {"refund": False}])
        return step

    def _fees(self) -> Raw:
        fees: Raw = {
            "c0": {"title": text("c0"), "amount": self.rng.choice([0, 100])},
            "c1": {"title": text("c1"), "amount": 250},
        }
        if self.chance(30):
            fees["c0"]["amount"] = {"if": [{"var": "f0"}, 700, 0]}
        if self.chance(30):
            fees["c1"]["when"] = equals("f1", True)
        return fees

    def _notice(self, above: Mapping[str, Raw]) -> Raw:
        days = {"n": self.rng.randint(1, 3), "unit": self.rng.choice(["working", "calendar"])}
        return {"days": days, "objections": self.chance(50)}

    def _issue(self, above: Mapping[str, Raw]) -> Raw:
        return {}

    def _joint(self, steps: Mapping[str, Raw], graph: _Graph) -> Raw:
        made: Raw = {}
        taken: set[str] = set()
        for number in range(self.rng.randint(0, 3)):
            kind = self.rng.choice(["task", "payment", "review", "review", "sign", "connector"])
            parts = [
                f"{use}.{self.rng.choice(own)}"
                for use, one in steps.items()
                if (own := [name for name, step in one.items() if step["kind"] == kind])
            ]
            parts = [one for one in parts if one not in taken and not graph.follows(one)][:3]
            if len(parts) > 1 and graph.tie(parts):
                taken |= {*parts}
                made[f"j{number}"] = self._joint_step(kind, parts)
        return made

    def _joint_step(self, kind: str, parts: list[str]) -> Raw:
        step: Raw = {"kind": kind, "title": text(kind), "for": parts}
        if kind in ("payment", "sign"):
            step |= self._lapse()
        if kind == "sign":
            step["party"] = "who"
        if kind in ("task", "review") and self.chance(50):
            step["assignees"] = {"role": "officer"}
        if kind == "connector":
            step["operation"] = DOES
        return step

    def _order(self, graph: _Graph) -> dict[str, list[str]]:
        made: dict[str, list[str]] = {}
        for _ in range(self.rng.randint(0, 3)):
            one, other = self.rng.sample(sorted(graph.edges), 2)
            apart = one.partition(".")[0] != other.partition(".")[0]
            if apart and not graph.follows(other) and graph.add(one, other):
                made.setdefault(one, []).append(other)
        return made

    def _written(
        self,
        uses: list[str],
        steps: Mapping[str, Raw],
        fees: Mapping[str, Raw],
        uses_after: Mapping[str, tuple[str, ...]],
        needs: Mapping[str, str],
        joint: Raw,
        order: Mapping[str, list[str]],
    ) -> Spec:
        kind = {"kind": "person"}
        subjects = {"who": kind, "people": kind}
        fields = {name: leaf("boolean") for name in FIELDS}
        made = [
            item(f"i{name}", subjects, dict(fields), steps=steps[name], fees=fees[name])
            for name in uses
        ]
        more: Raw = {"order": {name: [*dict.fromkeys(waits)] for name, waits in order.items()}}
        bound = {
            name: using(
                f"i{name}", {"who": "ann", "people": "ann"}, after=[*uses_after[name]],
                needs=needs[name],
            )
            for name in uses
        }  # fmt: skip
        whole = service({"ann": kind}, bound, joint=joint, **more)
        flat = {f"{use}.{name}": dict(one) for use in uses for name, one in steps[use].items()}
        for agreed in joint.values():
            said = {key: agreed[key] for key in ("within", "lapse", "assignees") if key in agreed}
            for part in agreed["for"]:
                flat[part] |= said
        after = {
            id: (*(f"{id.partition('.')[0]}.{one}" for one in step["after"]), *order.get(id, ()))
            for id, step in flat.items()
        }
        return Spec(
            steps=flat,
            after=after,
            items={use: tuple(id for id in flat if id.partition(".")[0] == use) for use in uses},
            uses_after=uses_after,
            needs=needs,
            joint={name: tuple(one["for"]) for name, one in joint.items()},
            fees=fees,
            shared=self.chance(40),
            definitions=(*made, whole),
        )


def _all_above(made: Mapping[str, Raw], after: Iterable[str]) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    ways = list(after)
    while ways:
        name = ways.pop()
        found[name] = made[name]
        ways += made[name]["after"]
    return found


class _Graph:
    """What waits for what, with items that wait for items: no tie or edge may close a circle."""

    def __init__(self, steps: Mapping[str, Raw], after: Mapping[str, tuple[str, ...]]) -> None:
        self.steps = {f"{use}.{name}": one for use in steps for name, one in steps[use].items()}
        self.edges: dict[str, set[str]] = {
            id: {f"{id.partition('.')[0]}.{name}" for name in one["after"]}
            for id, one in self.steps.items()
        }
        self.knots: dict[str, str] = {}
        for id in self.edges:
            use = id.partition(".")[0]
            before = [*after[use], *([use] if self.follows(id) else [])]
            self.edges[id] |= {
                one
                for one in self.steps
                if one.partition(".")[0] in before and not self.follows(one)
            }

    def follows(self, id: str) -> bool:
        """Whether a step is a follow-up."""
        return bool(self.steps[id].get("follow_up"))

    def tie(self, parts: list[str]) -> bool:
        """Let steps open together, if that makes no circle."""
        old = dict(self.knots)
        self.knots |= dict.fromkeys(parts, parts[0])
        if self._holds():
            return True
        self.knots = old
        return False

    def add(self, id: str, above: str) -> bool:
        """Let a step wait for another, if that makes no circle."""
        if above in self.edges[id]:
            return False
        self.edges[id].add(above)
        if self._holds():
            return True
        self.edges[id].discard(above)
        return False

    def _holds(self) -> bool:
        tied: dict[str, set[str]] = {}
        for id, above in self.edges.items():
            known = tied.setdefault(self.knots.get(id, id), set())
            known |= {self.knots.get(one, one) for one in above}
        try:
            TopologicalSorter(tied).prepare()
        except CycleError:
            return False
        return True


@dataclass
class World:
    """A process and what is known around it; `answers` are each item's."""

    spec: Spec
    process: Process
    active: tuple[str, ...]
    answers: dict[str, dict[str, bool]]
    owed: dict[str, tuple[Owed, ...]]
    now: datetime = START

    def facts(self) -> Facts:
        """As a transition is told it."""
        answers = {use: dict(known) for use, known in self.answers.items()}
        return Facts(
            views=answers,
            units=dict.fromkeys(self.spec.items, "office"),
            holders=holders,
            calendar=_CALENDAR,
            digests=self.digests(),
            parents={"office": "county"},
            parties={
                f"{use}.{party}": PARTIES if party == "people" else PARTIES[:1]
                for use in self.spec.items
                for party in ("who", "people")
            },
            owed=dict(self.owed),
        )

    def digests(self) -> dict[str, str]:
        """By item the hash of its answers."""
        return {use: repr(sorted(known.items())) for use, known in self.answers.items()}

    def changed(self, use: str, fields: Iterable[str]) -> tuple[World, dict[str, frozenset[str]]]:
        """The world with other answers to these fields, and what that changes in which item."""
        uses = self.active if self.spec.shared else (use,)
        answers = {name: dict(known) for name, known in self.answers.items()}
        for name in uses:
            for one in fields:
                answers[name][one] = not answers[name][one]
        changes = {name: frozenset(fields) for name in uses} if fields else {}
        return replace(self, answers=answers), changes


_CALENDAR = WorkCalendar([])


@lru_cache(maxsize=1000)
def _compiled(seed: int) -> tuple[Spec, Process]:
    spec = Maker(Random(seed)).spec()
    return spec, plan_of(library(*spec.definitions), "service").process


def world(seed: int) -> World:
    """A random service and its world."""
    spec, process = _compiled(seed)
    maker = Maker(Random(seed + 1))
    active = tuple(use for use in spec.items if maker.chance(85)) or tuple(spec.items)[:1]
    answers = {use: {name: maker.chance(60) for name in FIELDS} for use in spec.items}
    if spec.shared:
        answers = {use: dict(answers[active[0]]) for use in spec.items}
    owed: dict[str, tuple[Owed, ...]] = {}
    for use in active:
        if maker.chance(8):
            owed[use] = (
                Owed("paper", by_step=maker.rng.choice(spec.items[use]).partition(".")[2]),
            )
        elif maker.chance(4):
            owed[use] = (Owed("paper", until=START.date() + timedelta(days=9)),)
    return World(spec, process, active, answers, owed)
