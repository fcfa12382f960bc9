"""A sent application at work: commands on it, and the world that they are decided in.

A case is the draft of an application (its plan, its answers) with where its approvals stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from definitions import canonical
from definitions.formats import credit_code_fault
from definitions.plan.process import PlanStep
from runtime.engine.approvals import (
    By,
    Delivery,
    Event,
    Facts,
    Owed,
    State,
    begin,
    transition,
)
from runtime.engine.approvals.clocks import due
from runtime.engine.approvals.commands import Command
from runtime.engine.approvals.state import StepState
from runtime.engine.approvals.ticking import is_outside
from runtime.engine.meaning import known_keys
from runtime.installation import Installation
from runtime.journey.draft import Draft
from runtime.journey.offices import office
from runtime.journey.owed import promises
from runtime.journey.papers import work_calendar
from runtime.store import SYSTEM, Actor, Application, Person
from runtime.store.cases import Move, Stored, Task
from runtime.store.supplied import Supplied

APPLICANT = "applicant"
"""Stands for whoever acts for the application among those who do a step."""


@dataclass(frozen=True)
class Case:
    """A sent application, as one actor sees it at one moment."""

    draft: Draft
    stored: Stored

    @property
    def state(self) -> State:
        """Where its approvals stand."""
        return self.stored.state

    @property
    def application(self) -> Application:
        """The application itself."""
        return self.stored.application

    def plan(self, step: str) -> PlanStep:
        """A step as it is defined. Raises KeyError for one that there is not."""
        return self.draft.plan.process.steps[step]

    @cached_property
    def facts(self) -> Facts:
        """The world that its next command is decided in."""
        return facts_of(self.draft, self.state, self.stored)


def open_case(
    installation: Installation, actor: Actor, person: Person, application: str, now: datetime
) -> Case:
    """The sent application with this id, for whoever has to do with it.

    Raises:
        NotFound: there is none that the actor may know of.
    """
    found = installation.store.cases.open(actor, application)
    plan = installation.plan(found.application.release)
    return Case(Draft(installation, actor, person, found.application, plan, now), found)


def act(case: Case, command: Command, supplied: Supplied | None = None, **columns: Any) -> Case:
    """The case after a command; `columns` are of the application, written with it.

    `supplied` is what an answer to a supplement changes of what was sent.

    A command that nothing comes of, such as a tick when nothing is due, leaves no trace.

    Raises:
        NotAllowed: the rules don't allow it; nothing has happened.
        Conflict: somebody else's command came first.
        NotFound: the actor has nothing to do with it.
    """
    draft = case.draft
    process = draft.plan.process
    state, events, deliveries = transition(process, case.state, command, case.facts, draft.now)
    if not events and not columns:
        return case
    move = moved(draft, type(command).__name__, state, events, deliveries, columns, supplied)
    store = draft.installation.store
    store.cases.move(draft.actor, case.application, move, draft.now)
    if deliveries:
        draft.installation.wake()
    return reopened(case)


def reopened(case: Case) -> Case:
    """The same case as it is stored now.

    Raises:
        NotFound: it isn't the actor's any more.
    """
    draft = case.draft
    found = draft.installation.store.cases.open(draft.actor, case.application.id)
    return Case(draft.with_application(found.application), found)


def beginning(draft: Draft, signed: Mapping[str, Mapping[str, str]]) -> Move:
    """What sending an application sets going. `signed` tells who has signed what already."""
    facts = facts_of(draft, None, None, signed)
    process = draft.plan.process
    state, events, deliveries = begin(process, draft.state.active, facts, draft.now)
    return moved(draft, "submit", state, events, deliveries)


def moved(
    draft: Draft,
    command: str,
    state: State,
    events: Sequence[Event],
    deliveries: Sequence[Delivery],
    columns: Mapping[str, Any] | None = None,
    supplied: Supplied | None = None,
) -> Move:
    """What has to be stored for a transition."""
    return Move(
        command=command,
        events=events,
        tasks=tuple(_tasks(draft, state)),
        deliveries=deliveries,
        deeds=tuple(_deeds(events, state)),
        closed=state.closed_at is not None,
        withdrawn=all(one.ending == "withdrawn" for one in state.items.values()),
        columns=columns or {},
        supplied=supplied,
    )


def by(case: Case) -> By:
    """Who gives a command: the applicant or a party by their keys, staff by their positions."""
    actor, person = case.draft.actor, case.draft.person
    if actor.kind == "officer":
        return By(actor.person, actor.name, frozenset(actor.positions))
    own = actor.acting_for == case.application.enterprise and (
        bool(actor.acting_for) or actor.person == case.application.owner
    )
    return By(actor.person, person.name, applicant=own)


def names_of(installation: Installation, actor: Actor, person: Person) -> tuple[str, ...]:
    """The names under which somebody signs: of their number, of the enterprise they act for."""
    keys = [person.number, *([actor.acting_for] if actor.acting_for else [])]
    return tuple(signer(installation, key) for key in keys)


def facts_of(
    draft: Draft,
    state: State | None,
    found: Stored | None,
    signed: Mapping[str, Mapping[str, str]] | None = None,
) -> Facts:
    """The world of an application: its answers, its offices, its days, who must sign."""
    installation, uses = draft.installation, draft.state.active
    store, surroundings = installation.store, installation.surroundings
    units = {use: office(draft, use).id for use in uses}
    return Facts(
        views={use: view_of(draft, use, state) for use in uses},
        units=units,
        holders=lambda unit, role: store.staff.holders(SYSTEM, unit, role),
        calendar=work_calendar(installation),
        digests={use: digest_of(draft, use) for use in uses},
        delegated=_delegated(draft, units),
        parents={
            unit.id: unit.parent or unit.of or ""
            for organisation in surroundings.organisations.values()
            for unit in organisation.units.values()
        },
        parties=_parties(draft),
        signed=signed or {},
        owed=_owed(draft, found),
    )


def view_of(draft: Draft, use: str, state: State | None) -> dict[str, Any]:
    """An item's view of the answers, with what earlier items' results have told since."""
    view = dict(draft.state.views.get(use, {}))
    if state is None:
        return view
    for path, sources in draft.plan.combination.later.get(use, {}).items():
        for one in sources:
            told = result_of(draft, state, one.use).get(one.result_field)
            if told is not None:
                view[path] = told
    return view


def result_of(draft: Draft, state: State, use: str) -> Mapping[str, Any]:
    """What an item's result says, by the names of its result; empty before there is one."""
    for id in draft.plan.process.items.get(use, ()):
        step = state.steps.get(id)
        if draft.plan.process.steps[id].kind == "issue" and step and step.effect == "in_force":
            return step.form
    return {}


def digest_of(draft: Draft, use: str) -> str:
    """The hash of what an item's office gets: what signatures are over."""
    return canonical.digest(draft.state.slices(use))


def signatures(draft: Draft, keys: Iterable[str]) -> dict[str, dict[str, str]]:
    """What the holders of these keys have signed, with the form as it stands.

    By `<use>.<subject>` and signer, the hash that the signature is over.
    """
    mine = {signer(draft.installation, key) for key in keys if key}
    return {
        place: {one: digest_of(draft, place.partition(".")[0]) for one in named if one in mine}
        for place, named in _parties(draft).items()
    }


def signer(installation: Installation, key: str) -> str:
    """The name that a signer has in the history: found by their number, but not telling it."""
    plain = "".join(key.split()).upper()
    sort = "person" if credit_code_fault(plain) else "enterprise"
    return f"{sort}:{installation.store.ground.vault.index(sort, plain)}"


def _parties(draft: Draft) -> dict[str, Sequence[str]]:
    """Who signs for a subject of an item, by `<use>.<subject>`."""
    keys = known_keys(draft.plan, draft.answers)
    found: dict[str, Sequence[str]] = {}
    for plan in draft.plan.process.steps.values():
        if plan.kind != "sign" or plan.use not in draft.state.active:
            continue
        own = plan.settings["party"]
        subject = draft.plan.items[plan.use].use.subjects.get(own)
        named = [
            signer(draft.installation, key) for who, key in keys.items() if who.subject == subject
        ]
        found[f"{plan.use}.{own}"] = tuple(dict.fromkeys(named))
    return found


def _delegated(draft: Draft, units: Mapping[str, str]) -> dict[tuple[str, str], list[str]]:
    """To which units a unit hands on which steps."""
    found: dict[tuple[str, str], list[str]] = {}
    delegations = [
        one
        for organisation in draft.installation.surroundings.organisations.values()
        for one in organisation.delegations.values()
    ]
    for id, plan in draft.plan.process.steps.items():
        unit = units.get(plan.use)
        item = draft.plan.items[plan.use].item.id
        for one in delegations:
            covers = item in one.items and (not one.steps or plan.step.id in one.steps)
            if unit == one.source and covers:
                found.setdefault((unit, id), []).append(one.target)
    return found


def _owed(draft: Draft, found: Stored | None) -> dict[str, list[Owed]]:
    """The papers that were put off and haven't come, by use."""
    owed: dict[str, list[Owed]] = {}
    if found is None:
        return owed
    history = draft.installation.store.events.of(SYSTEM, found.application)
    for one in promises(history):
        for due_ in one.due if not one.kept else ():
            step = _awaiting(draft, due_.use, one.paper) if due_.day is None else ""
            owed.setdefault(due_.use, []).append(Owed(one.paper, due_.day, step))
    return owed


def _awaiting(draft: Draft, use: str, paper: str) -> str:
    """The step before which an item wants a paper."""
    asks = draft.plan.materials[paper].asks if paper in draft.plan.materials else ()
    return next(
        (
            material.may_follow.by_step or ""
            for one, material in asks
            if one == use and material.may_follow is not None
        ),
        "",
    )


def _tasks(draft: Draft, state: State) -> Iterable[Task]:
    """Every way in which an open step waits for somebody."""
    calendar = work_calendar(draft.installation)
    for id, step in state.steps.items():
        plan = draft.plan.process.steps[id]
        if step.standing != "open" or not (step.offices or step.persons or step.signers):
            continue
        outside = is_outside(plan, step)
        last = due(plan.settings, state, id, calendar, draft.now, outside=outside)
        for who in waiting_for(step):
            yield Task(
                step=id,
                run=step.run,
                use=plan.use,
                kind=plan.kind,
                who=who,
                joint=plan.joint,
                opened_at=step.opened_at,
                due=_day(last),
            )


def waiting_for(step: StepState) -> Iterable[str]:
    """Offices and persons; of several signers those whose turn it is; never who handed it on."""
    if step.signers:
        said = {vote.person for vote in step.votes}
        turn = (one for one in step.signers if said.issuperset(one.after))
        persons = [one.person for one in turn if one.person not in said]
    else:
        persons = [one for one in step.persons if one not in step.signed]
    handed = dict(step.delegated)
    found = [handed.pop(person, person) for person in persons]
    offices = [] if step.signers or handed else [f"{unit}/{role}" for unit, role in step.offices]
    return dict.fromkeys((*found, *handed.values(), *offices))


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _deeds(events: Iterable[Event], state: State) -> Iterable[tuple[str, str, int, str]]:
    """Who has done what in these events, and to whom it was shown."""
    for one in events:
        step = one.data.get("step")
        if step and one.kind in ("voted", "signed", "given_back", "transferred"):
            yield one.data["person"], step, one.data["run"], "done"
        elif step and one.kind == "commented" and ":" in one.data["person"]:
            yield one.data["person"], step, one.data["run"], "done"  # a signer who declined
        elif step and one.kind == "copied":
            yield one.data["to"], step, state.steps[step].run, "copied"


__all__ = [
    "APPLICANT",
    "Case",
    "act",
    "beginning",
    "by",
    "digest_of",
    "facts_of",
    "moved",
    "names_of",
    "open_case",
    "reopened",
    "result_of",
    "signatures",
    "signer",
    "view_of",
    "waiting_for",
]
