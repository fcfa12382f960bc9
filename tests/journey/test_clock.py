"""The clock: whoever may have something to hear is told, and nobody twice for nothing."""

from __future__ import annotations

from datetime import timedelta

from runtime.journey.cases import Case, open_case
from runtime.journey.clock import Clock
from runtime.journey.delivering import NOBODY
from runtime.store import SYSTEM
from tests.journey.outside import Outside, say_yes
from tests.journey.test_cases import everybody, submitted
from tests.journey.world import World


def case_of(world: World, outside: Outside, id: str) -> Case:
    return open_case(world.installation, SYSTEM, NOBODY, id, outside.now)


def test_each_application_is_told_once_a_day_and_after_it_has_moved(world: World) -> None:
    outside = Outside(world.installation)
    outside.system("registry")
    clock = Clock(world.installation, lambda: outside.now)
    officer = everybody(world)
    first, _ = (submitted(world, "open_restaurant") for _ in range(2))
    assert (clock.tick(), clock.tick()) == (2, 0)
    outside.work()  # both were answered
    assert clock.tick() == 2
    say_yes(world, first, officer, outside.now)
    assert (clock.tick(), clock.tick()) == (1, 0)
    outside.now += timedelta(days=1)
    assert (clock.tick(), clock.tick()) == (2, 0)
    assert Clock(world.installation, lambda: outside.now).tick() == 2  # a new process knows nothing


def test_a_tick_that_nothing_comes_of_leaves_no_trace(world: World) -> None:
    outside = Outside(world.installation)
    id = submitted(world, "open_restaurant")
    Clock(world.installation, lambda: outside.now).tick()
    before = case_of(world, outside, id).application
    Clock(world.installation, lambda: outside.now).tick()
    after = case_of(world, outside, id).application
    assert (after.version, after.events) == (before.version, before.events)


def test_what_is_late_is_told_to_its_office_and_further_up(world: World) -> None:
    outside = Outside(world.installation)
    outside.system("registry")
    officer = everybody(world)
    submitted(world, "open_restaurant")
    outside.work()
    clock = Clock(world.installation, lambda: outside.now)
    for _ in range(9):  # days
        outside.now += timedelta(days=1)
        clock.tick()
        outside.work()
    store = world.installation.store
    unit = "xiangzhou_market_regulation"
    told = store.messages.of(officer, [f"{unit}/officer", f"{unit}/clerk"])
    assert {one.kind for one in told} == {"reminded"}
    surroundings = world.installation.surroundings.organisations["zhuhai"].units[unit]
    above = surroundings.parent or surroundings.of
    assert store.messages.of(officer, [f"{above}/admin"])
