"""Small services for tests of approvals, and stories that happen in them.

    story = Story(process({"a": {"check": {}, "issue": {"kind": "issue", "after": ["check"]}}}))
    story.approve("a.check").answer("a.issue")
    assert story.item("a").ending == "issued"

After every command a story checks what must always hold: the state is its history folded, also
after the history was written down as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import definitions
from definitions.calendars import WorkCalendar
from definitions.combine.model import Combination, Question
from definitions.model import (
    Calendar,
    Fee,
    Field,
    Form,
    Item,
    Library,
    Service,
    Step,
    Use,
)
from definitions.plan.process import Process, compile_process
from definitions.wording import say
from runtime.engine.approvals import (
    PLATFORM,
    By,
    Delivery,
    Event,
    Facts,
    NotAllowed,
    State,
    begin,
    fold,
    transition,
)
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.state import Bill, ItemState, StepState
from runtime.engine.days import CHINA

Raw = Mapping[str, Any]
MONDAY = datetime(2026, 3, 2, 9, tzinfo=CHINA)
"""When stories begin: a Monday, with no holiday near."""

STAFF: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("hall", "officer"): ("ann", "bo", "cy"),
    ("hall", "chief"): ("dee",),
    ("hall", "admin"): ("ada",),
    ("park", "officer"): ("pam",),
    ("city", "admin"): ("carl",),
}
"""Who holds a role in a unit. The hall and the park are under the city, that under the province."""

EVERY_ACTION = (
    "approve", "reject", "accept", "refuse_acceptance", "supplement", "return", "transfer",
    "delegate", "add_signer_before", "add_signer_after", "take_off_signer", "copy", "remind",
    "hold", "comment", "attach",
)  # fmt: skip

REVIEW: Raw = {"actions": list(EVERY_ACTION)}
APPLICANT = By("zhang", applicant=True)


def text(word: str) -> dict[str, str]:
    return {"zh-CN": word, "en": word}


def step(name: str, raw: Raw) -> Step:
    """A step of a short description: a review, unless it says something else."""
    settings = {k: v for k, v in raw.items() if k not in ("kind", "title", "after", "when")}
    kind: Any = raw.get("kind", "review")
    return Step(name, kind, text(name), tuple(raw.get("after", ())), raw.get("when"), settings)


def process(
    items: Mapping[str, Mapping[str, Raw]],
    *,
    order: Mapping[str, Iterable[str]] | None = None,
    joint: Mapping[str, Raw] | None = None,
    after: Mapping[str, Iterable[str]] | None = None,
    needs: Mapping[str, Any] | None = None,
    fees: Mapping[str, Mapping[str, Any]] | None = None,
    fields: Mapping[str, Iterable[str]] | None = None,
    shared: Iterable[tuple[tuple[str, str], ...]] = (),
) -> Process:
    """The process of a service: by item its steps.

    `fees` are by item and fee the amount in fen, or what a Fee says; `fields` the own names of an
    item's form; `shared` the fields of several items that are one question.
    """
    uses = {
        use: Use(use, use, after=tuple((after or {}).get(use, ())),
                 needs=(needs or {}).get(use, "issued"))
        for use in items
    }  # fmt: skip
    service = Service(
        "service", text("service"), "hall", {}, (), uses, Form({}),
        order={step: tuple(names) for step, names in (order or {}).items()},
        joint={name: step(name, raw) for name, raw in (joint or {}).items()},
    )  # fmt: skip
    built = {
        use: Item(
            use, text(use), "hall", {}, Form(_fields((fields or {}).get(use, ()))),
            fees=_fees((fees or {}).get(use, {})),
            steps={name: step(name, raw) for name, raw in steps.items()},
        )
        for use, steps in items.items()
    }  # fmt: skip
    return compile_process(_combination(service, built, shared))


def _combination(
    service: Service, items: Mapping[str, Item], shared: Iterable[tuple[tuple[str, str], ...]]
) -> Combination:
    questions = {
        f"q{number}": Question(f"q{number}", _field("q"), fields=tuple(fields))
        for number, fields in enumerate(shared)
    }
    library = Library()
    return Combination(library, service, items, questions, (), {}, {}, {}, {}, ())


def _field(name: str) -> Field:
    return Field(name, "text", text(name), {"type": "string"})


def _fields(names: Iterable[str]) -> dict[str, Field]:
    return {name: _field(name) for name in names}


def _fees(raw: Mapping[str, Any]) -> dict[str, Fee]:
    whole = {
        name: one if isinstance(one, Mapping) else {"amount": one} for name, one in raw.items()
    }
    return {name: Fee(name, text(name), **one) for name, one in whole.items()}


@cache
def calendar() -> WorkCalendar:
    """The working days of 2024 to 2027, as the library has them."""
    folder = Path(definitions.__file__).parent / "library" / "calendars"
    return WorkCalendar(_year(json.loads(one.read_text("utf-8"))) for one in folder.glob("*.json"))


def _year(raw: Raw) -> Calendar:
    return Calendar(
        raw["id"], raw["title"], raw["year"], raw["status"], raw.get("holidays", {}),
        raw.get("workdays", {}),
    )  # fmt: skip


def facts_of(process: Process, **changes: Any) -> Facts:
    """The world as stories find it: every item with the hall, no answers, nothing owed."""
    uses = list(process.items)
    staff = changes.pop("staff", STAFF)
    known: dict[str, Any] = {
        "views": {use: {} for use in uses},
        "units": dict.fromkeys(uses, "hall"),
        "holders": lambda unit, role: staff.get((unit, role), ()),
        "calendar": calendar(),
        "digests": {use: f"{use}/1" for use in uses},
        "parents": {"hall": "city", "park": "city", "city": "province"},
    }
    return Facts(**{**known, **changes})


def who(person: str) -> By:
    """Somebody of staff, with the roles that they hold."""
    return By(person, person, frozenset(office for office, names in STAFF.items()
                                        if person in names))  # fmt: skip


class Story:
    """An application on its way: what has happened, where it stands, what went out.

    Every verb gives the story back. Whoever does something is an officer called ann, unless `by`
    says who; a run is the step's latest, unless `run` says which.
    """

    def __init__(self, process: Process, *, active: Iterable[str] | None = None,
                 now: datetime = MONDAY, **facts: Any) -> None:  # fmt: skip
        self.process, self.now = process, now
        self.facts = facts_of(process, **facts)
        self.history: list[Event] = []
        self.out: list[Delivery] = []
        self.last: tuple[Event, ...] = ()
        uses = list(process.items if active is None else active)
        self._take(begin(process, uses, self.facts, now))

    # what happens

    def do(self, command: said.Command) -> Story:
        self._take(transition(self.process, self.state, command, self.facts, self.now))
        return self

    def _take(self, result: tuple[State, tuple[Event, ...], tuple[Delivery, ...]]) -> None:
        self.state, self.last, out = result
        self.history += self.last
        self.out += out
        check(self.history, self.state)

    def refuses(self, code: str, verb: str, *args: Any, **more: Any) -> Mapping[str, Any]:
        """A verb is not allowed, for this reason, which can be said; what the reason knows."""
        before = self.state
        with pytest.raises(NotAllowed) as caught:
            getattr(self, verb)(*args, **more)
        problem = caught.value.problem
        assert problem.code == f"approval.{code}"
        assert "{" not in say(problem, "zh-CN") + say(problem, "en")
        assert self.state is before
        return problem.params

    def _on(self, what: Any, step: str, by: str | By = "ann", run: int = 0, **more: Any) -> Story:
        someone = by if isinstance(by, By) else who(by)
        return self.do(what(step=step, run=run or self.step(step).run, by=someone, **more))

    def approve(self, step: str, by: str | By = "ann", **more: Any) -> Story:
        return self._on(said.Decide, step, by, yes=True, **more)

    def reject(self, step: str, by: str | By = "ann", **more: Any) -> Story:
        return self._on(said.Decide, step, by, yes=False, **more)

    def accept(self, step: str, by: str | By = "ann", **more: Any) -> Story:
        return self._on(said.Accept, step, by, yes=True, **more)

    def refuse(self, step: str, reason: str = "not ours", **more: Any) -> Story:
        return self._on(said.Accept, step, yes=False, reason=reason, **more)

    def ask(self, step: str, *fields: str, papers: Iterable[str] = (), **more: Any) -> Story:
        return self._on(
            said.AskSupplement, step, fields=dict.fromkeys(fields, "why"),
            papers=dict.fromkeys(papers, "why"), **more,
        )  # fmt: skip

    def supply(self, use: str, *fields: str, by: By = APPLICANT, **others: Any) -> Story:
        changes = {use: frozenset(fields), **{k: frozenset(v) for k, v in others.items()}}
        return self.do(said.Supply(use, changes, self._digests(changes), by))

    def write(self, step: str, *fields: str, by: str = "ann", **more: Any) -> Story:
        changes = {step.partition(".")[0]: frozenset(fields)}
        return self._on(said.Write, step, by, fields=fields, changes=changes,
                        digests=self._digests(changes), **more)  # fmt: skip

    def _digests(self, uses: Iterable[str]) -> dict[str, str]:
        return {use: f"{use}/{len(self.history)}" for use in uses}

    def go_back(self, step: str, to: str, mode: Any = "redo", **more: Any) -> Story:
        return self._on(said.Return, step, to=to, mode=mode, reason="look again", **more)

    def transfer(self, step: str, to: str, **more: Any) -> Story:
        return self._on(said.Transfer, step, to=to, **more)

    def delegate(self, step: str, to: str, **more: Any) -> Story:
        return self._on(said.Delegate, step, to=to, **more)

    def give_back(self, step: str, by: str, **more: Any) -> Story:
        return self._on(said.GiveBack, step, by, opinion="seen", **more)

    def add_signer(self, step: str, person: str, place: Any = "after", **more: Any) -> Story:
        return self._on(said.AddSigner, step, person=person, place=place, **more)

    def take_off(self, step: str, person: str, **more: Any) -> Story:
        return self._on(said.TakeOffSigner, step, person=person, **more)

    def copy(self, step: str, to: str, **more: Any) -> Story:
        return self._on(said.CopyTo, step, to=to, **more)

    def remind(self, step: str, by: str | By = APPLICANT, **more: Any) -> Story:
        return self._on(said.Remind, step, by, **more)

    def hold(self, step: str, kind: str = "hearing", reason: str = "they ask for it",
             **more: Any) -> Story:  # fmt: skip
        return self._on(said.Hold, step, kind=kind, reason=reason, **more)

    def resume(self, step: str, pause: str, **more: Any) -> Story:
        return self._on(said.Resume, step, pause=pause, **more)

    def comment(self, step: str, **more: Any) -> Story:
        return self._on(said.Comment, step, **more)

    def appoint(self, step: str, at: str, by: str | By = "ann", **more: Any) -> Story:
        return self._on(said.Appoint, step, by, at=at, **more)

    def object(self, step: str, words: str = "too loud", **more: Any) -> Story:
        return self._on(said.Object, step, By("neighbour"), words=words, **more)

    def sign(self, step: str, by: str, yes: bool = True, digest: str = "", **more: Any) -> Story:
        digest = digest or self.item(step.partition(".")[0]).digest
        return self._on(said.Sign, step, By(by), yes=yes, digest=digest, **more)

    def answer(self, step: str, result: Any = "done", run: int = 0, **data: Any) -> Story:
        return self._on(said.Answer, step, PLATFORM, run, result=result, data=data)

    def undone(self, step: str, gone: bool = True, **more: Any) -> Story:
        return self._on(said.Undone, step, PLATFORM, gone=gone, **more)

    def settle(self, step: str, how: Any, by: str = "ada", **more: Any) -> Story:
        return self._on(said.Settle, step, by, how=how, reason="seen to", **more)

    def pay(self, step: str, *fees: str, bill: str = "") -> Story:
        """Pay these charges of a step's bill; without a name, all that are due."""
        found = self.state.bills[bill or self.step(step).bill]
        use = step.partition(".")[0]
        named = [f"{use}.{fee}" for fee in fees]
        due = [one.id for one in found.lines if one.step == step and one.standing == "due"]
        return self.do(said.Paid(found.id, tuple(named or due), PLATFORM))

    def refunded(self, bill: str, *lines: str) -> Story:
        going = [one.id for one in self.state.bills[bill].lines if one.standing == "refunding"]
        return self.do(said.Refunded(bill, lines or tuple(going), PLATFORM))

    def withdraw(self, *uses: str, by: By = APPLICANT) -> Story:
        return self.do(said.Withdraw(uses, by, "not needed"))

    def dispute(self, use: str, field: str, by: By = APPLICANT) -> Story:
        return self.do(said.Dispute(use, field, "it is otherwise", by))

    def tick(self, days: int = 0) -> Story:
        """Let days pass, one after the other, as the platform's clock does; none: just look."""
        for _ in range(days):
            self.now += timedelta(days=1)
            self.do(said.Tick(PLATFORM))
        return self if days else self.do(said.Tick(PLATFORM))

    def later(self, **span: float) -> Story:
        """Time passes and nothing happens."""
        self.now += timedelta(**span)
        return self

    def know(self, **changes: Any) -> Story:
        """The world is different from now on."""
        self.facts = replace(self.facts, **changes)
        return self

    # where it stands

    def step(self, id: str) -> StepState:
        return self.state.steps[id]

    def item(self, use: str) -> ItemState:
        return self.state.items[use]

    def bill(self, step: str) -> Bill:
        return self.state.bills[self.step(step).bill]

    def standing(self, *steps: str) -> str | list[str]:
        found: list[str] = [self.step(one).standing for one in steps]
        return found if len(found) > 1 else found[0]

    def endings(self) -> dict[str, str]:
        return {use: item.ending for use, item in self.state.items.items()}

    def lines(self) -> dict[str, list[str]]:
        """By bill what its lines stand at."""
        return {name: [line.standing for line in one.lines]
                for name, one in self.state.bills.items()}  # fmt: skip

    def kinds(self) -> list[str]:
        """What the last command brought about."""
        return [event.kind for event in self.last]

    def sent(self, kind: str, step: str = "") -> list[Delivery]:
        return [one for one in self.out if one.kind == kind and step in ("", one.step)]


def check(history: list[Event], state: State) -> None:
    """What holds of every history and the state that it came to."""
    written = json.loads(json.dumps([event.data for event in history]))
    again = [Event(one.kind, data, one.at) for one, data in zip(history, written, strict=True)]
    assert fold(history) == state
    assert fold(again) == state
    for id, one in state.steps.items():
        item = state.items[id.partition(".")[0]]
        without = item.ending not in ("", "issued")
        assert not (without and one.standing in ("open", "frozen", "waiting")), f"{id} is left"
        assert not (state.closed_at and one.standing in ("open", "frozen")), f"{id} is open"
