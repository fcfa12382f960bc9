"""A sent application at work: whoever has to act finds it, and what they say is stored."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from definitions.plan.process import PlanStep
from runtime.engine.approvals import PLATFORM, By, NotAllowed
from runtime.engine.approvals.commands import (
    Accept,
    Answer,
    Command,
    Decide,
    Paid,
    Sign,
    Tick,
)
from runtime.engine.approvals.deciding import actions
from runtime.journey.cases import Case, act, digest_of, open_case
from runtime.journey.delivering import NOBODY
from runtime.store import SYSTEM, Actor, Conflict, NotFound
from runtime.store.worklist import Filter
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.world import NOW, World, built

UNIT = "xiangzhou_market_regulation"
SERVICES = ("open_restaurant", "deregister_enterprise", "connect_utilities")
ROLES = ("clerk", "officer", "reviewer", "surveyor", "approver", "admin")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[World]:
    """A world in which all these services are live."""
    with built(tmp_path, f"sqlite:///{tmp_path / 'one.db'}", SERVICES) as made:
        yield made


def employ(world: World, number: str, name: str, *positions: tuple[str, str]) -> Actor:
    """Somebody of staff."""
    met = world.meet(number, name)
    world.installation.store.staff.appoint(SYSTEM, met.person, positions, "test", NOW)
    return Actor("officer", met.person, name, positions=positions)


def everybody(world: World) -> Actor:
    """One who holds every role everywhere."""
    units = world.installation.surroundings.organisations["zhuhai"].units
    return employ(
        world, "440402198601010010", "万能", *((unit, role) for unit in units for role in ROLES)
    )


def submitted(world: World, service: str, case: int = 0) -> str:
    """The id of an application of a case that was sent."""
    draft = hand_in_everything(world, world.filled(service, case=case))
    return sent(world, draft).receipt.application.id


def opened(world: World, actor: Actor, id: str, days: int = 0) -> Case:
    """The case as somebody sees it, some days later."""
    people = world.installation.store.people
    person = people.get(SYSTEM, actor.person) if actor.person else NOBODY
    return open_case(world.installation, actor, person, id, NOW + timedelta(days=days))


def the_next(case: Case, officer: Actor) -> tuple[Command, bool]:
    """A yes to the first open step, and whether it is the platform's."""
    id, state = next((id, one) for id, one in case.state.steps.items() if one.standing == "open")
    plan: PlanStep = case.plan(id)
    who = By(officer.person, officer.name, frozenset(officer.positions))
    on = {"step": id, "run": state.run}
    match plan.kind:
        case "review" | "task":
            return _said(case, plan, on, who), False
        case "sign":
            digest = digest_of(case.draft, plan.use)
            return Sign(**on, by=By(state.persons[0]), digest=digest), True
        case "payment":
            bill = case.state.bills[state.bill]
            return Paid(bill.id, tuple(line.id for line in bill.lines), PLATFORM), True
        case "notice":
            return Tick(PLATFORM), True
    return Answer(**on, by=PLATFORM, result="done", data=GOOD), True


GOOD = {"status": "active", "arrears": 0, "insured": 0, "open": False, "amount": 5000}


def _said(case: Case, plan: PlanStep, on: dict[str, object], who: By) -> Command:
    accepted = case.state.items[plan.use].accepted_at
    if "accept" in actions(plan) and not accepted:
        return Accept(**on, by=who, yes=True)
    return Decide(**on, by=who, yes=True, opinion="同意")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_goes_from_application_to_result(town: World, service: str) -> None:
    officer = everybody(town)
    id = submitted(town, service)
    days = 0
    for _ in range(200):
        case = opened(town, SYSTEM, id, days)
        if case.state.closed_at:
            break
        command, platform = the_next(case, officer)
        days += 60 if isinstance(command, Tick) else 0
        seen = opened(town, SYSTEM if platform else officer, id, days)
        act(seen, command)
    assert case.application.status == "closed"
    assert {one.ending for one in case.state.items.values()} == {"issued"}
    store = town.installation.store
    assert store.events.verify_chain(SYSTEM, case.application) is None
    assert store.work.page(officer, "group", Filter(), NOW.date()).entries == ()
    assert store.work.page(officer, "done", Filter(), NOW.date()).entries


def test_what_waits_is_in_the_list_of_its_office_alone(world: World) -> None:
    officer = employ(world, "440402198601010010", "周敏", (UNIT, "officer"))
    stranger = employ(world, "440402198601010029", "别人", ("customs", "officer"))
    id = submitted(world, "open_restaurant")
    store, today = world.installation.store, NOW.date()
    # the register is asked first: nobody's turn yet
    assert store.work.page(officer, "group", Filter(), today).entries == ()
    case = opened(world, SYSTEM, id)
    act(case, the_next(case, officer)[0])
    [waiting] = store.work.page(officer, "group", Filter(), today).entries
    assert (waiting.application, waiting.step) == (id, "check.check")
    assert store.work.counts(officer, today) == {"group": 1, "mine": 0, "late": 0}
    assert store.work.page(stranger, "group", Filter(), today).entries == ()
    with pytest.raises(NotFound):
        opened(world, stranger, id)


def test_of_two_officers_one_wins_and_the_other_is_told(world: World) -> None:
    first = employ(world, "440402198601010010", "周敏", (UNIT, "officer"))
    second = employ(world, "440402198601010029", "何建军", (UNIT, "officer"))
    id = submitted(world, "open_restaurant")
    case = opened(world, SYSTEM, id)
    act(case, the_next(case, first)[0])
    mine, theirs = opened(world, first, id), opened(world, second, id)
    who = By(first.person, holds=frozenset(first.positions))
    command = Accept(step="check.check", run=1, by=who, yes=True)
    assert act(mine, command).state.items["check"].accepted_at
    with pytest.raises(Conflict):
        act(theirs, command)
    fresh = opened(world, second, id)
    with pytest.raises(NotAllowed) as refused:
        act(fresh, command)
    assert refused.value.problem.code == "approval.accepted_already"
