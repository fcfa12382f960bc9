"""What applications send goes out: once, whatever goes wrong, and nobody waits for it."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from plugins.contract import (
    Answered,
    BadReply,
    Denied,
    Done,
    Misconfigured,
    NotFound,
    OutcomeUnknown,
    Pending,
    Rejected,
    Unavailable,
)
from runtime.engine.approvals import By
from runtime.engine.approvals.commands import Settle
from runtime.engine.approvals.deliveries import deliveries
from runtime.engine.approvals.endings import cancel
from runtime.engine.approvals.turn import Turn
from runtime.journey import delivering
from runtime.journey.cases import Case, act, moved, open_case
from runtime.journey.delivering import MOST_TRIES, NOBODY, backoff
from runtime.store import SYSTEM, Actor, Conflict
from runtime.store.ledger import LEASE
from tests.journey.outside import ACTIVE, Outside, say_yes, sent_by_all
from tests.journey.test_cases import UNIT, employ, everybody, opened, submitted, the_next
from tests.journey.world import NOW, World, released

STEP, KEY = "check.query", "check.query#1"


@pytest.fixture
def outside(world: World) -> Outside:
    return Outside(world.installation)


def seen(world: World, id: str) -> Case:
    """The case as the platform sees it."""
    return open_case(world.installation, SYSTEM, NOBODY, id, NOW)


def standing(world: World, id: str, step: str = STEP) -> tuple[str, str]:
    """Where a step stands, and what failed."""
    state = seen(world, id).state.steps[step]
    return state.standing, state.failed


def test_an_answer_moves_the_case(world: World, outside: Outside) -> None:
    registry = outside.system("registry")
    id = submitted(world, "open_restaurant")
    assert outside.work() == 1
    [(operation, sent, context)] = registry.called
    assert operation == "enterprise"
    assert sent == {"credit_code": "91440402MA5161619R"}
    assert context.key == f"{id}:{KEY}"
    assert context.item == "license_check"
    assert context.case
    assert context.district == "440402"
    assert standing(world, id) == ("done", "")
    entry = outside.entry(id, KEY)
    assert entry.standing == "done"
    assert entry.exchange == {"sent": sent, "answer": dict(ACTIVE.data)}
    assert outside.work(60) == 0


def test_what_takes_its_time_is_asked_after(world: World, outside: Outside) -> None:
    registry = outside.system("registry")
    registry.script = [Pending("h1", 20, ""), Pending("h1", 20, ""), ACTIVE]
    id = submitted(world, "open_restaurant")
    outside.work()
    assert outside.worker.next_due() == outside.entry(id, KEY).due_at
    assert outside.work(19) == 0
    assert outside.work(1) == 1
    assert standing(world, id) == ("open", "")
    assert outside.work(20) == 1
    assert (len(registry.called), registry.polled) == (1, ["h1", "h1"])
    assert standing(world, id) == ("done", "")


def test_what_takes_longer_than_was_said_is_for_a_person(world: World, outside: Outside) -> None:
    registry = outside.system("registry")
    registry.usual = Pending("h1", 20, "2026-11-23T06:30:30+00:00")
    id = submitted(world, "open_restaurant")
    outside.work()
    outside.work(20)
    assert standing(world, id) == ("open", "")
    outside.work(20)
    assert standing(world, id)[1].startswith("no answer until")
    assert outside.entry(id, KEY).standing == "dead"


def test_who_does_not_answer_is_tried_less_and_less_often(world: World, outside: Outside) -> None:
    registry = outside.system("registry")
    registry.script = [Unavailable("down"), Unavailable("down"), Unavailable("busy", 7)]
    id = submitted(world, "open_restaurant")
    outside.work()
    entry = outside.entry(id, KEY)
    assert (entry.tries, entry.error) == (1, "down")
    assert outside.work(4.9) == 0
    assert outside.work(0.1) == 1
    assert outside.work(9.9) == 0
    assert outside.work(0.1) == 1
    assert outside.work(6.9) == 0  # as long as the other side said
    assert outside.work(0.1) == 1
    assert standing(world, id) == ("done", "")
    assert len({context.key for _, _, context in registry.called}) == 1


def test_waiting_grows_by_chance_and_has_an_end() -> None:
    assert [backoff(tries, 1) for tries in range(4)] == [5, 10, 20, 40]
    assert [backoff(tries, 0) for tries in range(4)] == [2.5, 5, 10, 20]
    assert backoff(1000, 1) == 3600


def test_after_a_day_of_failures_a_person_looks(world: World, outside: Outside) -> None:
    outside.system("registry").usual = Unavailable("down")
    id = submitted(world, "open_restaurant")
    for _ in range(400):
        outside.work(3600)
    entry = outside.entry(id, KEY)
    assert (entry.standing, entry.tries) == ("dead", MOST_TRIES)
    assert standing(world, id) == ("open", "down")


@pytest.mark.parametrize("lost", [OutcomeUnknown("x"), BadReply("cut off")])
def test_a_lost_answer_is_asked_after_by_its_key(
    world: World, outside: Outside, lost: Exception
) -> None:
    registry = outside.system("registry")
    id = submitted(world, "open_restaurant")
    key = f"{id}:{KEY}"

    def do_it_and_say_nothing() -> Answered:
        registry.done[key] = ACTIVE
        raise lost

    registry.script = [do_it_and_say_nothing]
    outside.work()
    assert standing(world, id) == ("open", "")
    outside.work(10)
    assert len(registry.called) == 1
    assert registry.asked == [key]
    assert standing(world, id) == ("done", "")


def test_what_never_arrived_is_sent_again_with_the_same_content(
    world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = outside.system("registry")
    registry.script = [OutcomeUnknown("x"), Unavailable("down")]
    id = submitted(world, "open_restaurant")
    outside.work()
    monkeypatch.setattr("runtime.journey.errands.view_of", lambda *_: {})  # answers have changed
    outside.work(10)
    outside.work(20)
    assert registry.asked == [f"{id}:{KEY}"] * 2  # still unknown after it could not be reached
    assert [sent for _, sent, _ in registry.called] == [registry.called[0][1]] * 3
    assert standing(world, id) == ("done", "")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Rejected("E7", "企业已注销"), "E7: 企业已注销"),
        (Denied({"zh-CN": "无权查询"}), "无权查询"),
        (NotFound(), "not_found"),
    ],
)
def test_a_no_is_for_a_person(
    world: World, outside: Outside, said: Answered | Rejected, words: str
) -> None:
    registry = outside.system("registry")
    registry.script = [said]
    id = submitted(world, "open_restaurant")
    admin = employ(world, "440402198601010010", "管理", (UNIT, "admin"))
    outside.work()
    assert standing(world, id) == ("open", words)
    assert outside.entry(id, KEY).standing == "done"
    [told] = world.installation.store.messages.of(admin, [f"{UNIT}/admin"])
    assert (told.kind, told.data["reason"]) == ("call_failed", words)
    by = By(admin.person, "管理", frozenset(admin.positions))
    act(opened(world, admin, id), Settle(step=STEP, run=1, by=by, how="again"))
    outside.work()
    assert standing(world, id) == ("done", "")
    assert outside.entry(id, KEY).exchange["answer"] == dict(ACTIVE.data)
    assert {context.key for _, _, context in registry.called} == {f"{id}:{KEY}"}


def test_what_cannot_work_is_dead_at_once_and_can_be_sent_again(
    world: World, outside: Outside
) -> None:
    id = submitted(world, "open_restaurant")
    outside.work()
    assert standing(world, id) == ("open", "no connector registry")
    store = world.installation.store
    [dead] = store.ledger.stuck(SYSTEM)
    assert (dead.standing, dead.key) == ("dead", KEY)
    registry = outside.system("registry")
    registry.script = [Misconfigured("the key is refused")]
    store.ledger.revive(SYSTEM, dead, outside.now)
    outside.work()
    [dead] = store.ledger.stuck(SYSTEM)
    assert dead.error == "the key is refused"
    store.ledger.revive(SYSTEM, dead, outside.now)
    outside.work()
    assert standing(world, id) == ("done", "")
    assert store.ledger.stuck(SYSTEM) == []


def test_a_killed_worker_s_call_goes_out_again_once_its_lease_is_over(
    world: World, outside: Outside
) -> None:
    registry = outside.system("registry")
    id = submitted(world, "open_restaurant")
    store = world.installation.store
    sorts = store.ledger.due(SYSTEM, outside.now)
    taken = store.ledger.lease(SYSTEM, sorts, outside.now)
    assert taken is not None
    assert outside.work() == 0
    assert outside.work(LEASE.total_seconds()) == 1
    assert [context.key for _, _, context in registry.called] == [f"{id}:{KEY}"]
    # it was not dead, only slow: what it has to say now counts for nothing
    store.ledger.dead(SYSTEM, taken, "late")
    assert outside.entry(id, KEY).standing == "done"


def test_killed_between_answer_and_ledger_the_case_hears_it_twice_and_takes_it_once(
    world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = outside.system("registry")
    id = submitted(world, "open_restaurant")
    with monkeypatch.context() as killed:
        killed.setattr(outside.worker, "_close", lambda *_: exit_())
        killed.setattr(outside.worker, "_again", lambda *_: None)
        outside.work()
    assert standing(world, id) == ("done", "")
    before = seen(world, id).state
    outside.work(LEASE.total_seconds())
    assert len(registry.called) == 2
    case = seen(world, id)
    assert case.state == before
    assert "late" in happened(case)
    assert outside.entry(id, KEY).standing == "done"


def exit_() -> None:
    raise RuntimeError("killed")


def happened(case: Case) -> list[str]:
    """The kinds of all events of a case."""
    return [one["kind"] for told in case.stored.history for one in told.data.get("events", ())]


def test_a_result_is_stored_however_many_others_move_the_application(
    world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.system("registry")
    id = submitted(world, "open_restaurant")
    lost = 0

    def act_after_others(case: Case, command: Any) -> Case:
        nonlocal lost
        if lost < 5:
            lost += 1
            raise Conflict(case.application)
        return act(case, command)

    monkeypatch.setattr(delivering, "act", act_after_others)
    outside.work()
    assert standing(world, id) == ("done", "")


def test_answers_of_one_application_come_at_once_and_none_is_lost(
    world: World, outside: Outside
) -> None:
    companies = ("water", "power", "gas", "network")
    go_live(world, "connect_utilities")
    officer = everybody(world)
    id = submitted(world, "connect_utilities")
    quotes = [f"{one}.quote" for one in companies]
    while any(seen(world, id).state.steps[step].standing == "waiting" for step in quotes):
        assert say_yes(world, id, officer, NOW)
    for name in companies:
        outside.system(name).usual = Done({"amount": 5000})
    outside.work()
    state = seen(world, id).state
    assert {state.steps[step].standing for step in quotes} == {"done"}


def go_live(world: World, service: str) -> None:
    """Make one more service live."""
    release, _, card = released(service)
    world.installation.store.releases.publish(SYSTEM, release.content, card, "测试", NOW)


def sold(world: World, outside: Outside) -> str:
    """A home sale that was sent: the register of real estate is asked first."""
    outside.system("real_estate").usual = Done({"owners": [], "seized": False, "mortgaged": False})
    return sent_by_all(world, "sell_home", case=1)


def publish(world: World, outside: Outside) -> tuple[str, Actor]:
    """An application whose notice to creditors stands in the register."""
    officer = everybody(world)
    go_live(world, "deregister_enterprise")
    id = submitted(world, "deregister_enterprise")
    registry = outside.system("registry")
    registry.script = [ACTIVE]
    registry.usual = Done({"number": "GG1", "start": "2026-11-24", "end": "2026-12-13"})
    outside.work()
    while standing(world, id, "notice.publish")[0] == "waiting":
        assert say_yes(world, id, officer, NOW)
    outside.work()
    assert standing(world, id, "notice.publish") == ("done", "")
    return id, officer


def take_back(world: World, id: str, step: str) -> None:
    """What going back past a step does."""
    case = seen(world, id)
    turn = Turn(case.draft.plan.process, case.state, case.facts, NOW)
    cancel(turn, step)
    found = [one for event in turn.events for one in deliveries(turn.process, event)]
    move = moved(case.draft, "Return", turn.state, turn.events, found)
    world.installation.store.cases.move(SYSTEM, case.application, move, NOW)


def test_an_undo_is_told_what_it_undoes(world: World, outside: Outside) -> None:
    id, _ = publish(world, outside)
    call = outside.entry(id, "notice.publish#1")
    take_back(world, id, "notice.publish")
    registry = outside.system("registry")
    outside.work()
    (operation, sent, context), (again, _, anew) = registry.called[-2:]
    assert (operation, again) == ("withdraw_notice", "publish_notice")
    assert anew.key == f"{id}:notice.publish#2", "only then it is published anew"
    assert sent == {
        "key": f"{id}:notice.publish#1",
        "sent": call.exchange["sent"],
        "answer": {"number": "GG1", "start": "2026-11-24", "end": "2026-12-13"},
    }
    assert context.key == f"{id}:notice.publish#1:undo"


def test_what_cannot_be_undone_is_for_a_person(world: World, outside: Outside) -> None:
    id, _ = publish(world, outside)
    take_back(world, id, "notice.publish")
    outside.system("registry").script = [Rejected("gone", "公告已结束")]
    outside.work()
    state = seen(world, id).state.steps["notice.publish"]
    assert (state.effect, state.failed) == ("stuck", "gone: 公告已结束")


def test_two_workers_never_take_the_same(world: World, outside: Outside) -> None:
    registry = outside.system("registry")
    ids = [submitted(world, "open_restaurant") for _ in range(4)]
    start = threading.Barrier(2)

    def work(worker: Any) -> None:
        start.wait()
        worker.work()

    workers = [outside.worker, outside.another_worker()]
    threads = [threading.Thread(target=work, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [context.key for _, _, context in registry.called]
    assert sorted(keys) == sorted(f"{id}:{KEY}" for id in ids)


def test_a_system_that_fails_rests_and_starves_no_other(world: World, outside: Outside) -> None:
    registry = outside.system("registry")
    registry.usual = Unavailable("down")
    ids = [submitted(world, "open_restaurant") for _ in range(8)]
    other = sold(world, outside)
    outside.work()
    assert 5 <= len(registry.called) <= 6  # two at a time: one may be under way at the fifth
    tries = [outside.entry(id, KEY).tries for id in ids]
    assert sorted(tries)[:2] == [0, 0]  # who rests was not tried
    assert standing(world, other, "filing.check")[0] == "done"
    registry.usual = ACTIVE
    outside.work(70)
    outside.work(70)
    assert {standing(world, id)[0] for id in ids} == {"done"}


def test_a_system_that_hangs_holds_up_no_other(world: World, outside: Outside) -> None:
    registry, hang = outside.system("registry"), threading.Event()

    def wait() -> Answered:
        hang.wait(30)
        return ACTIVE

    registry.usual = wait
    ids = [submitted(world, "open_restaurant") for _ in range(5)]
    stuck = threading.Thread(target=outside.worker.work)
    stuck.start()
    while registry.at_once < delivering.WIDTH:
        pass
    other = sold(world, outside)
    outside.worker.work()  # another thread of the same process is woken
    assert standing(world, other, "filing.check")[0] == "done"
    hang.set()
    stuck.join()
    assert registry.most_at_once == delivering.WIDTH
    assert {standing(world, id)[0] for id in ids} == {"done"}


def test_a_message_is_there_once_however_often_it_goes_out(world: World, outside: Outside) -> None:
    outside.system("registry")
    officer = everybody(world)
    id = submitted(world, "open_restaurant")
    outside.work()
    case = opened(world, officer, id)
    act(case, the_next(case, officer)[0])  # accepted: the applicant is told
    store = world.installation.store
    outside.work()
    [told] = outside.entries(id, "notify")
    assert told.standing == "done"
    store.ledger.revive(SYSTEM, told, outside.now)
    outside.work()
    applicant = case.application.enterprise
    me = Actor("applicant", case.application.owner, "", acting_for=applicant)
    assert [one.kind for one in store.messages.of(me, [])] == ["item_accepted"]
