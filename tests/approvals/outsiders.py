"""The bank and the systems outside, as they are: driven only by deliveries, slow, forgetful.

A system knows a call by its key and does it once, however often it is asked; it may fail, and its
answer may come late, twice and after others. Who has answered is what the outside really is: the
model judges the platform by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from random import Random
from typing import Any

from runtime.engine.approvals import PLATFORM, Delivery
from runtime.engine.approvals import commands as said
from tests.approvals.generated import ASKS, OR_NO

Line = tuple[str, str]
"""A bill and its line."""


class Broken(AssertionError):
    """A rule doesn't hold."""


def demand(holds: Any, rule: str, *what: Any) -> None:
    """Raise Broken unless it holds."""
    if not holds:
        raise Broken(rule, *what)


class Outsiders:
    """What has been asked of the outside, what is in force there, and what it is about to say."""

    def __init__(self) -> None:
        self.asked: list[Delivery] = []
        self.in_force: set[str] = set()
        self.made: Counter[str] = Counter()
        self.gone: set[str] = set()
        self.saying: list[said.Command] = []
        self.lines: dict[Line, int] = {}
        self.shut: set[Line] = set()
        self.paid: set[Line] = set()
        self.back: set[Line] = set()

    def copy(self) -> Outsiders:
        """The same, apart."""
        other = Outsiders()
        for name, known in vars(self).items():
            setattr(other, name, known if name == "saying" else deepcopy(known))
        other.saying = list(self.saying)
        return other

    @property
    def held(self) -> dict[Line, int]:
        """The money that the bank has and hasn't paid back."""
        return {line: self.lines[line] for line in self.paid - self.back}

    @property
    def telling(self) -> set[Line]:
        """The lines of which the bank has something to say that hasn't been heard yet."""
        money = [one for one in self.saying if isinstance(one, said.Paid | said.Refunded)]
        return {(one.bill, line) for one in money for line in one.lines}

    def hear(self, deliveries: Iterable[Delivery]) -> None:
        """Take what goes out of the platform. A call that comes again drops what it had failed."""
        for one in deliveries:
            bill = one.data.get("bill", "")
            if one.kind == "bill":
                lines = {(bill, line["id"]): line["amount"] for line in one.data["lines"]}
                same = all(self.lines.get(line, sum_) == sum_ for line, sum_ in lines.items())
                demand(same, "16", "a line is billed twice with another amount", lines)
                self.lines |= lines
            elif one.kind == "drop":
                self.shut |= {(bill, line) for line in one.data["lines"]}
            elif one.kind != "notify":
                if one.kind == "call":
                    demand(one.key not in self.gone, "7", "an undone key is used again", one.key)
                    self.saying = [each for each in self.saying if not _failed(each, one)]
                self.asked.append(one)

    def do(self, rng: Random, *, well: bool = False) -> None:
        """Do one of the things that are asked, and get ready to say so."""
        one = self.asked.pop(0 if well else rng.randrange(len(self.asked)))
        failing = not well and rng.random() < 0.3
        if one.kind == "call":
            refusing = one.operation.endswith(OR_NO) and not well and rng.random() < 0.3
            self._call(one, rng, failing=failing, no=refusing)
        elif one.kind == "undo":
            key = one.key.removesuffix(":undo")
            if not failing or key not in self.in_force:
                self.in_force.discard(key)
                self.gone.add(key)
            gone = key not in self.in_force
            self._say(said.Undone(step=one.step, run=one.run, by=PLATFORM, gone=gone))
        elif one.kind == "refund":
            lines = tuple(one.data["lines"])
            back = {(one.data["bill"], line) for line in lines}
            demand(back <= self.paid, "16", "money goes back that was never paid", back)
            self.back |= back
            self._say(said.Refunded(one.data["bill"], lines, PLATFORM))

    def _call(self, one: Delivery, rng: Random, *, failing: bool, no: bool) -> None:
        known = one.key in self.in_force
        if one.key in self.gone or (failing and not known):
            result: Any = rng.choice(["rejected", "not_found"])
            self._say(said.Answer(step=one.step, run=one.run, by=PLATFORM, result=result))
            return
        if not known and not no and not one.operation.startswith(ASKS):
            self.in_force.add(one.key)
            self.made[one.key] += 1
        data = {"no": True} if no and not known else {"number": 7}
        self._say(said.Answer(step=one.step, run=one.run, by=PLATFORM, result="done", data=data))

    def _say(self, one: said.Command) -> None:
        self.saying.append(one)

    def pay(self, lines: Iterable[Line]) -> None:
        """The applicant pays, one line or several; the bank will say so."""
        new = [line for line in lines if line not in self.paid | self.shut]
        self.paid |= {*new}
        for bill in dict.fromkeys(bill for bill, _ in new):
            self._say(said.Paid(bill, tuple(line for of, line in new if of == bill), PLATFORM))

    def payable(self) -> list[Line]:
        """What is billed and neither paid nor dropped."""
        return [line for line in self.lines if line not in self.paid | self.shut]

    def settle(self, one: said.Settle, *, changes: bool) -> None:
        """A person has done by hand what they say, if the step `changes` anything outside."""
        key = f"{one.step}#{one.run}"
        if one.how == "gone":
            self.in_force.discard(key)
            self.gone.add(key)
        elif one.how == "done" and changes and key not in self.in_force:
            self.in_force.add(key)
            self.made[key] += 1

    def effects(self, step: str) -> set[str]:
        """The runs of a step whose effects are in force."""
        return {key for key in self.in_force if key.partition("#")[0] == step}

    def unanswered(self, step: str) -> bool:
        """Whether a system has yet to do what a step has called it for."""
        calls = [one for one in self.asked if one.kind == "call" and one.step == step]
        return any(not one.operation.startswith(ASKS) for one in calls)

    def next(self, rng: Random, *, well: bool = False) -> said.Command:
        """The next thing that it says: any of them, and some of them twice."""
        at = 0 if well else rng.randrange(len(self.saying))
        again = not well and rng.random() < 0.25
        return self.saying[at] if again else self.saying.pop(at)


def _failed(one: said.Command, call: Delivery) -> bool:
    """Whether it is a failure of a call that is now made again: its answer is not waited for."""
    same = isinstance(one, said.Answer) and (one.step, one.run) == (call.step, call.run)
    return same and isinstance(one, said.Answer) and one.result != "done"
