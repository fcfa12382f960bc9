"""What staff see of a case and do in it: one step of one item, and nothing of other departments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from definitions.combine.model import Calculated
from definitions.model import Provenance
from definitions.plan.process import PlanStep
from runtime.engine.approvals import By, NotAllowed
from runtime.engine.approvals.clocks import Clock, clock, due
from runtime.engine.approvals.commands import Command
from runtime.engine.approvals.deciding import WHILE_DELEGATED, actions, demand, is_theirs
from runtime.engine.approvals.state import ItemState, Pause, StepState
from runtime.engine.approvals.ticking import is_outside
from runtime.engine.schedule import limit
from runtime.installation import Installation
from runtime.journey.cases import Case, act, by, open_case, reopened, view_of
from runtime.journey.offices import office
from runtime.journey.papers import HandIn, hand_ins, work_calendar
from runtime.store import SYSTEM, Actor, Conflict, NotFound
from runtime.store.events import Event as Told

HELD = "hold:"
"""How the pause of a special procedure begins."""
ATTEMPTS = 5
"""How often a command is said again because another department was quicker with its own."""


class Overtaken(Exception):
    """The item has moved on since the page was shown; `work` is how it is now."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.id)
        self.work = work


@dataclass(frozen=True)
class Happened:
    """Something in an item's history: what, by whom, when, and the number of its command."""

    kind: str
    data: Mapping[str, Any]
    at: datetime
    seq: int


@dataclass(frozen=True)
class Work:
    """A step of a case, as one of staff sees it."""

    case: Case
    id: str

    @property
    def plan(self) -> PlanStep:
        """The step as it is defined."""
        return self.case.plan(self.id)

    @property
    def use(self) -> str:
        """The item that it belongs to."""
        return self.plan.use

    @property
    def step(self) -> StepState:
        """Where the step stands."""
        return self.case.state.steps[self.id]

    @property
    def item(self) -> ItemState:
        """Where its item stands."""
        return self.case.state.items[self.use]

    @property
    def actor(self) -> Actor:
        """Who looks at it."""
        return self.case.draft.actor

    @cached_property
    def by(self) -> By:
        """The same as whoever gives a command."""
        return by(self.case)

    @property
    def is_open(self) -> bool:
        """Whether something can be done in it at all."""
        return self.step.standing == "open"

    @property
    def is_mine(self) -> bool:
        """Whether whoever looks is among those who act in it."""
        return self.is_open and is_theirs(self.step, self.by)

    @cached_property
    def may(self) -> frozenset[str]:
        """What whoever looks may do in it now."""
        return frozenset(_may(self)) if self.is_mine else frozenset()

    @property
    def waits_for_applicant(self) -> bool:
        """Whether a supplement of its item is awaited."""
        return bool(self.item.supplement and self.item.supplement.waits)

    @property
    def held(self) -> Pause | None:
        """The special procedure that its item is in."""
        open_ = (one for one in self.item.pauses if one.end is None and one.id.startswith(HELD))
        return next(open_, None)

    @property
    def targets(self) -> tuple[str, ...]:
        """The steps that it can be returned to, the nearest last."""
        order = self.case.draft.plan.process.items[self.use]
        return tuple(
            one
            for one in order
            if one in self.plan.above and self.case.state.steps[one].standing == "done"
        )

    @property
    def removable(self) -> tuple[str, ...]:
        """The signers who have said nothing yet; none when only one is left."""
        said = {vote.person for vote in self.step.votes}
        left = tuple(one.person for one in self.step.signers if one.person not in said)
        return left if len(self.step.signers) > 1 else ()

    @cached_property
    def colleagues(self) -> Mapping[str, tuple[str, str]]:
        """Whom one can hand it to, by id, each with their unit and roles there.

        They work in the person's own units that have the step, or in any of their own where none
        of these has.
        """
        store = self.case.draft.installation.store
        units = {self.unit, *(unit for unit, _ in self.step.offices)}
        mine = dict.fromkeys(unit for unit, _ in self.actor.positions)
        found: dict[str, tuple[str, str]] = {}
        for unit in mine:
            if unit in units or units.isdisjoint(mine):
                for person, roles in store.staff.of_unit(self.actor, unit).items():
                    found.setdefault(person, (unit, ",".join(roles)))
        found.pop(self.actor.person, None)
        return found

    @cached_property
    def unit(self) -> str:
        """The office that handles the item."""
        return office(self.case.draft, self.use).id

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """The item's slice: what its own form shows, but for what this step hides."""
        hidden = self.plan.settings.get("fields", {})
        known = view_of(self.case.draft, self.use, self.case.state)
        fields = self.case.draft.plan.items[self.use].item.form.fields
        return {
            name: known[name]
            for name in fields
            if known.get(name) is not None and hidden.get(name) != "hidden"
        }

    def source(self, field: str) -> tuple[str, Provenance | None]:
        """The question that a field of the item reads, and where its answer is from."""
        reading = self.case.draft.plan.items[self.use].readings.get(field)
        if isinstance(reading, Calculated):
            return reading.question, Provenance("derived")
        question = self._answered_at(str(getattr(reading, "question", "")))
        return question, self.case.application.provenance.get(question)

    def _answered_at(self, question: str) -> str:
        """Where a question is answered: one about somebody who is another subject, is there."""
        draft = self.case.draft
        alias = draft.plan.combination.aliases.get(question)
        other = alias and alias.others.get(draft.answers.get(alias.control, ""))
        return str(getattr(other, "question", "") or question)

    @cached_property
    def papers(self) -> tuple[HandIn, ...]:
        """The papers that the item gets, with their files; those of other items aren't read."""
        wanted = {one.paper.id: one for one in self._asked}
        draft = self.case.draft
        files = draft.installation.store.files.of_item(
            self.actor, self.case.application, self.use, tuple(wanted)
        )
        return tuple(
            replace(one, files=tuple(file for file in files if file.purpose == id))
            for id, one in wanted.items()
        )

    @cached_property
    def _asked(self) -> tuple[HandIn, ...]:
        draft, sent_at = self.case.draft, self.case.application.submitted_at
        as_sent = replace(draft, now=sent_at or draft.now)
        return tuple(one for one in hand_ins(as_sent, ()) if self.use in one.paper.asks)

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """The ids of these papers."""
        return tuple(one.paper.id for one in self._asked)

    @cached_property
    def history(self) -> tuple[Happened, ...]:
        """What happened to the item, the oldest first."""
        return tuple(one for told in self.case.stored.history for one in _of_item(told, self.use))

    def since(self, version: int) -> tuple[Happened, ...]:
        """What has happened to the item since the application had this version."""
        held = self.case.application
        seen = held.events - (held.version - version)
        return tuple(one for one in self.history if one.seq > seen)

    @cached_property
    def earlier(self) -> Mapping[str, Any] | None:
        """What this person said in an earlier run of the step, which they can confirm."""
        if self.step.votes or not self.step.earlier:
            return None
        mine = [
            one.data
            for one in self.history
            if one.kind == "voted"
            and one.data["step"] == self.id
            and one.data["run"] < self.step.run
            and one.data["person"] == self.actor.person
        ]
        return mine[-1] if mine else None

    @property
    def due(self) -> date | None:
        """The day by which the step should be done."""
        draft, plan = self.case.draft, self.plan
        calendar, outside = work_calendar(draft.installation), is_outside(plan, self.step)
        state = self.case.state
        return due(plan.settings, state, self.id, calendar, draft.now, outside=outside)

    @property
    def clocks(self) -> Iterator[Clock]:
        """The item's clocks, the promised one first."""
        draft = self.case.draft
        plan, view = draft.plan.items[self.use], view_of(draft, self.use, self.case.state)
        for kind in ("promised", "legal"):
            span = limit(plan, kind, view)
            calendar = work_calendar(draft.installation)
            found = span and clock(kind, span, self.item, calendar, draft.now)
            if found:
                yield found

    @property
    def parts(self) -> Sequence[str]:
        """The other steps of a joint one that take part: only how they stand is to be told."""
        process = self.case.draft.plan.process
        return [
            one for one in process.parts(self.id) if one != self.id and one in self.case.state.steps
        ]


def open_work(
    installation: Installation, actor: Actor, application: str, step: str, now: datetime
) -> Work:
    """A step of a sent application, for staff who have to do with its item.

    Raises:
        NotFound: there is none such, or its item is no business of theirs.
    """
    if step.partition(".")[0] not in installation.store.cases.uses(actor, application):
        raise NotFound
    own = installation.store.people.get(SYSTEM, actor.person)
    case = open_case(installation, actor, own, application, now)
    if step not in case.state.steps:
        raise NotFound
    owner = installation.store.people.named(actor, [case.application.owner])
    applicant = owner.get(case.application.owner, own)
    return Work(Case(replace(case.draft, person=applicant), case.stored), step)


def do(work: Work, run: int, version: int, say: Callable[[Work], Command]) -> Work:
    """The work after a command about a run of its step, given on a page that showed `version`.

    Other departments work on the same application at the same time: only what has happened to
    this item stands in the way.

    Raises:
        NotAllowed: the rules don't allow it; nothing has happened.
        Overtaken: the step is over, or its item has moved on since.
    """
    for _ in range(ATTEMPTS):
        if not work.is_open or work.step.run != run or work.since(version):
            raise Overtaken(work)
        try:
            return Work(act(work.case, say(work)), work.id)
        except Conflict:
            work = Work(reopened(work.case), work.id)
    raise Overtaken(work)


def _may(work: Work) -> Iterator[str]:
    """The actions that are switched on and possible."""
    plan, state = work.plan, work.step
    switched_on = actions(plan) if plan.kind in ("review", "task") else ()
    if work.actor.person in state.delegated.values():
        yield "give_back"
        switched_on = tuple(one for one in switched_on if one in WHILE_DELEGATED)
    for action in switched_on:
        with suppress(NotAllowed):
            demand(plan, state, work.by, action)
            if _makes_sense(work, action):
                yield action
    if plan.settings.get("appointment"):
        yield "appoint"
    if state.failed:
        yield "settle"


def _makes_sense(work: Work, action: str) -> bool:
    item, votes = work.item, {vote.person for vote in work.step.votes}
    if action in ("approve", "reject"):
        return not work.waits_for_applicant
    if action == "accept":
        again = "approve" not in actions(work.plan)
        return not work.waits_for_applicant and (again or not item.accepted_at)
    if action == "refuse_acceptance":
        return not work.waits_for_applicant and not item.accepted_at
    if action == "supplement":
        once = item.supplement is None or not item.supplement.sent_at
        return not work.waits_for_applicant and (once or bool(item.allowed_again))
    if action == "return":
        return bool(work.targets)
    if action == "take_off_signer":
        return bool(work.removable)
    if action in ("transfer", "add_signer_before", "add_signer_after"):
        return work.actor.person not in votes
    return action not in ("remind", "attach")


def _of_item(told: Told, use: str) -> Iterator[Happened]:
    """The events of one command that concern an item."""
    for one in told.data.get("events", ()):
        data = one["data"]
        place = str(data.get("step", "")).partition(".")[0] or data.get("item")
        if place == use:
            yield Happened(one["kind"], data, told.at, told.seq)
