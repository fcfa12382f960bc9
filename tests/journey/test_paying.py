"""Money: a bill is made once, paid in parts, asked after, dropped and paid back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from plugins.contract import Answered, Context, Denied, Done, Rejected, Unavailable
from runtime.engine.approvals.deliveries import deliveries
from runtime.engine.approvals.endings import cancel
from runtime.engine.approvals.turn import Turn
from runtime.journey.cases import Case, moved, open_case
from runtime.journey.delivering import NOBODY
from runtime.journey.paying import made
from runtime.store import SYSTEM, Actor
from tests.journey.outside import Outside, System, say_yes
from tests.journey.test_cases import everybody, submitted
from tests.journey.world import NOW, World, released

COMPANIES = ("water", "power", "gas", "network")


class Bank(System):
    """Bills with lines that a test pays."""

    def __init__(self) -> None:
        super().__init__({})
        self.bills: dict[str, dict[str, dict[str, Any]]] = {}

    def call(self, operation: str, payload: Mapping[str, Any], context: Context) -> Answered:
        """What the sandbox's bank does, in short."""
        self.called.append((operation, dict(payload), context))
        if self.script:
            return self._say()
        number = payload.get("number") or f"B-{payload['reference']}"
        lines = self.bills.setdefault(number, {})
        for line in payload["lines"] if operation == "bill" else ():
            lines.setdefault(line["id"], {**line, "state": "due"})
        if operation in ("bill", "bill_state"):
            page = {"page": f"https://bank.test/{number}"} if operation == "bill" else {}
            return Done({"number": number, "lines": [*lines.values()], **page})
        named = [lines[one] for one in payload["lines"]]
        paid = [one["id"] for one in named if one["state"] == "paid"]
        for one in named:
            if operation == "refund" or one["state"] == "due":
                one["state"] = "refunded" if operation == "refund" else "dropped"
        told = {"refunded": [one["id"] for one in named]} if operation == "refund" else {}
        return Done({"number": number, "paid": paid, **told})

    def pay(self, *lines: str) -> None:
        """Pay these lines, on whatever bill they are."""
        for bill in self.bills.values():
            for line in lines:
                if line in bill:
                    bill[line]["state"] = "paid"


@pytest.fixture
def outside(world: World) -> Outside:
    made = Outside(world.installation)
    for name in COMPANIES:
        made.system(name).usual = Done({"amount": 5000})
    return made


@pytest.fixture
def bank(outside: Outside) -> Bank:
    one = Bank()
    outside.systems["bank"] = one
    outside.system("bank")
    return one


@pytest.fixture
def officer(world: World) -> Actor:
    release, _, card = released("connect_utilities")
    world.installation.store.releases.publish(SYSTEM, release.content, card, "测试", NOW)
    return everybody(world)


@pytest.fixture
def id(world: World, outside: Outside, bank: Bank, officer: Actor) -> str:
    """The id of an application that waits for money: four connections on one bill."""
    id = submitted(world, "connect_utilities")
    while not case_of(world, id).state.bills:
        outside.work()
        say_yes(world, id, officer, outside.now)
    outside.work()
    return id


def case_of(world: World, id: str) -> Case:
    return open_case(world.installation, SYSTEM, NOBODY, id, NOW)


def standing(world: World, id: str) -> dict[str, str]:
    """How each line stands in the case."""
    [bill] = case_of(world, id).state.bills.values()
    return {line.id: line.standing for line in bill.lines}


def operations(bank: Bank, *but: str) -> list[str]:
    """What the bank was asked, but for these."""
    return [operation for operation, _, _ in bank.called if operation not in but]


LINES = tuple(f"{name}.works" for name in COMPANIES)


def test_parts_that_open_together_are_one_bill(world: World, bank: Bank, id: str) -> None:
    assert operations(bank) == ["bill"]
    [(_, sent, context)] = bank.called
    assert [line["id"] for line in sent["lines"]] == list(LINES)
    assert {line["amount"] for line in sent["lines"]} == {5000}
    assert len({line["title"] for line in sent["lines"]}) == 4, "one can tell them apart"
    assert {line["payer"] for line in sent["lines"]} == {"申请单位"}
    assert sent["return_to"] == f"https://yibiao.test/applications/{id}"
    assert sent["expires_on"] == "2026-12-08"
    assert context.item
    [bill] = case_of(world, id).state.bills
    assert made(case_of(world, id), bill)["page"].startswith("https://bank.test/")


def test_it_may_be_paid_in_parts_and_is_asked_after_until_it_is(
    world: World, outside: Outside, bank: Bank, id: str
) -> None:
    bank.pay("water.works")
    outside.work(5)
    assert standing(world, id) == {"water.works": "paid"} | dict.fromkeys(LINES[1:], "due")
    assert case_of(world, id).state.steps["water.pay"].standing == "done"
    assert outside.entries(id, "bill")[-1].standing in ("ready", "done")
    bank.pay(*LINES)
    outside.work(5)
    assert set(standing(world, id).values()) == {"paid"}
    assert {one.standing for one in outside.entries(id, "bill")} == {"done"}


def test_the_older_a_bill_the_more_seldom_it_is_asked_after(
    outside: Outside, bank: Bank, id: str
) -> None:
    for _ in range(24):
        outside.work(3600)
    before = len(bank.called)
    for _ in range(60):
        outside.work(60)
    assert len(bank.called) - before <= 2


def take_back(world: World, id: str, step: str) -> None:
    """What going back past a payment does."""
    case = case_of(world, id)
    turn = Turn(case.draft.plan.process, case.state, case.facts, NOW)
    cancel(turn, step)
    found = [one for event in turn.events for one in deliveries(turn.process, event)]
    move = moved(case.draft, "Return", turn.state, turn.events, found)
    world.installation.store.cases.move(SYSTEM, case.application, move, NOW)


def test_what_was_paid_goes_back_and_what_was_not_is_dropped(
    world: World, outside: Outside, bank: Bank, id: str
) -> None:
    bank.pay("water.works")
    outside.work(5)
    take_back(world, id, "water.pay")
    take_back(world, id, "gas.pay")
    outside.work()
    first = case_of(world, id).state.bills[next(iter(case_of(world, id).state.bills))]
    found = {line.id: line.standing for line in first.lines}
    assert (found["water.works"], found["gas.works"]) == ("refunded", "dropped")
    [lines] = [one for name, one in bank.bills.items() if name == f"B-{first.id}"]
    assert (lines["water.works"]["state"], lines["gas.works"]["state"]) == ("refunded", "dropped")


def test_what_was_paid_at_the_moment_it_was_dropped_goes_back(
    world: World, outside: Outside, bank: Bank, id: str
) -> None:
    bank.pay("gas.works")  # nobody has told us
    take_back(world, id, "gas.pay")
    outside.work()
    asked = operations(bank, "bill", "bill_state")
    assert asked == ["drop", "refund"]
    assert standing_of_first(world, id)["gas.works"] == "refunded"


def standing_of_first(world: World, id: str) -> dict[str, str]:
    bills = case_of(world, id).state.bills
    return {line.id: line.standing for line in bills[next(iter(bills))].lines}


@pytest.mark.parametrize("said", [Rejected("E1", "not now"), Denied({"zh-CN": "不退"})])
def test_money_that_a_bank_keeps_is_for_an_admin(
    world: World, outside: Outside, bank: Bank, id: str, said: Answered
) -> None:
    bank.pay("water.works")
    outside.work(5)
    take_back(world, id, "water.pay")
    bank.script = [said] * 3
    outside.work()
    store = world.installation.store
    dead = [one for one in store.ledger.stuck(SYSTEM) if one.kind == "refund"]
    assert [one.standing for one in dead] == ["dead"]
    assert standing_of_first(world, id)["water.works"] == "refunding"
    bank.script = []
    store.ledger.revive(SYSTEM, dead[0], outside.now)
    outside.work()
    assert standing_of_first(world, id)["water.works"] == "refunded"


def test_a_bill_that_nobody_could_make_has_nothing_to_drop(
    world: World, outside: Outside, officer: Actor
) -> None:
    id = submitted(world, "connect_utilities")
    while not case_of(world, id).state.bills:
        outside.work()
        say_yes(world, id, officer, outside.now)
    outside.work()  # there is no bank
    take_back(world, id, "gas.pay")
    outside.work()
    assert {one.standing for one in outside.entries(id, "drop")} == {"done"}


def test_a_drop_waits_until_its_bill_is_made(
    world: World, outside: Outside, bank: Bank, officer: Actor
) -> None:
    bank.script = [Unavailable("down")]
    id = submitted(world, "connect_utilities")
    while not case_of(world, id).state.bills:
        outside.work()
        say_yes(world, id, officer, outside.now)
    take_back(world, id, "gas.pay")
    outside.work()
    assert operations(bank) == ["bill"]
    outside.work(10)
    outside.work(10)
    assert operations(bank, "bill", "bill_state") == ["drop"]
    assert standing_of_first(world, id)["gas.works"] == "dropped"
