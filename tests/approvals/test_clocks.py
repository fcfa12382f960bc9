"""Clocks of items and of the whole: legal and promised days, pauses, lights."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.calendars import WorkCalendar
from definitions.model import Calendar, Span
from runtime.engine.approvals.clocks import Clock, after, clock, clock_of_all
from runtime.engine.approvals.state import ItemState, Pause
from runtime.engine.days import CHINA
from tests.approvals.worlds import MONDAY, REVIEW, Story, calendar, process

VECTORS = json.loads(
    (Path(__file__).parent.parent / "data" / "workday_vectors.json").read_text("utf-8")
)


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=CHINA)


def paused(*stretches: tuple[str, str | None]) -> tuple[Pause, ...]:
    return tuple(
        Pause(f"hold:{number}", "hearing", at(first), at(last, 16) if last else None)
        for number, (first, last) in enumerate(stretches)
    )


def seen(
    started: str,
    days: float,
    now: str,
    *stretches: tuple[str, str | None],
    unit: Any = "working",
    days_off: WorkCalendar | None = None,
    **item: Any,
) -> Clock:
    state = ItemState(
        started_at=at(started), clock_started_at=at(started), pauses=paused(*stretches), **item
    )
    found = clock("promised", Span(days, unit), state, days_off or calendar(), at(now))
    assert found is not None
    return found


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["accepted"])
def test_clocks_are_due_as_worked_out_by_hand(vector: dict[str, Any]) -> None:
    stretches = [tuple(one) for one in vector["paused"]]
    found = seen(vector["accepted"], vector["promise"], vector["due"], *stretches)
    assert found.due.isoformat() == vector["due"]
    assert found.left == 0


@pytest.mark.parametrize(
    ("started", "days", "due"),
    [
        ("2026-03-02", 5, "2026-03-09"),
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-02", 0.5, "2026-03-03"),  # half a day takes the whole day
        ("2026-03-06", 1.5, "2026-03-10"),
        ("2026-03-07", 1, "2026-03-09"),  # begun on a Saturday
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked
        ("2026-02-14", 1, "2026-02-24"),  # over the Spring Festival
        ("2025-12-31", 1, "2026-01-04"),  # New Year, and a Sunday that is worked
        ("2026-09-30", 1, "2026-10-08"),  # the National Day
        ("2024-12-31", 1, "2025-01-02"),
    ],
)
def test_working_days_count_from_the_day_after(started: str, days: float, due: str) -> None:
    assert seen(started, days, started).due.isoformat() == due


@pytest.mark.parametrize(
    ("stretches", "due"),
    [
        ([], "2026-03-09"),
        ([("2026-03-03", "2026-03-04")], "2026-03-11"),
        ([("2026-03-03", "2026-03-03")], "2026-03-09"),  # within a day: none
        ([("2026-03-07", "2026-03-08")], "2026-03-09"),  # a weekend stops nothing
        ([("2026-03-03", "2026-03-05"), ("2026-03-04", "2026-03-06")], "2026-03-13"),  # overlap
        ([("2026-03-03", "2026-03-06"), ("2026-03-04", "2026-03-05")], "2026-03-13"),  # one inside
        ([("2026-03-03", "2026-03-04"), ("2026-03-04", "2026-03-05")], "2026-03-12"),  # share a day
        ([("2026-02-25", "2026-02-27")], "2026-03-09"),  # before it began
        ([("2026-03-20", "2026-03-24")], "2026-03-09"),  # after it was due
    ],
)
def test_paused_days_do_not_count(stretches: list[tuple[str, str]], due: str) -> None:
    assert seen("2026-03-02", 5, "2026-03-31", *stretches).due.isoformat() == due


def test_an_open_pause_pushes_the_end_day_by_day() -> None:
    """It is what it would be if the clock went on today; so much is left as when it stopped."""
    for today, due in (("2026-03-05", "2026-03-11"), ("2026-03-12", "2026-03-18")):
        found = seen("2026-03-02", 5, today, ("2026-03-04", None))
        assert (found.due.isoformat(), found.left, found.paused) == (due, 4, True)


def test_a_clock_that_was_overdue_is_no_later_for_a_pause() -> None:
    for today in ("2026-03-16", "2026-03-20"):
        assert seen("2026-03-02", 5, today, ("2026-03-11", None)).left == -1


@pytest.mark.parametrize(
    ("today", "left", "light"),
    [
        ("2026-03-02", 5, "green"), ("2026-03-05", 2, "green"), ("2026-03-06", 1, "yellow"),
        ("2026-03-08", 1, "yellow"), ("2026-03-09", 0, "yellow"), ("2026-03-10", -1, "red"),
        ("2026-03-16", -5, "red"),
    ],
)  # fmt: skip
def test_lights(today: str, left: int, light: str) -> None:
    found = seen("2026-03-02", 5, today)
    assert (found.left, found.light) == (left, light)


def test_a_clock_stops_at_the_decision_and_stays_so() -> None:
    """Whatever happens later, also a pause that was open then."""
    for today in ("2026-03-06", "2026-05-06"):
        found = seen("2026-03-02", 5, today, ("2026-03-04", None), decided_at=at("2026-03-05"))
        assert (found.due.isoformat(), found.left) == ("2026-03-11", 4)
        assert (found.stopped, found.paused) == (True, False)
    late = seen("2026-03-02", 5, "2026-05-06", decided_at=at("2026-03-11"))
    assert (late.left, late.light) == (-2, "red")


def test_days_are_those_of_china() -> None:
    """Five in the afternoon in London is the next day."""
    night = datetime(2026, 3, 2, 17, tzinfo=UTC)
    state = ItemState(clock_started_at=night)
    found = clock("legal", Span(1, "working"), state, calendar(), night)
    assert found is not None
    assert (found.started, found.due) == (date(2026, 3, 3), date(2026, 3, 4))


def test_calendar_days_are_all_days() -> None:
    assert seen("2026-02-13", 5, "2026-02-13", unit="calendar").due == date(2026, 2, 18)
    pause = ("2026-02-14", "2026-02-16")
    assert seen("2026-02-13", 5, "2026-02-13", pause, unit="calendar").due == date(2026, 2, 18)
    found = seen("2026-02-13", 5, "2026-02-20", pause, unit="calendar")
    assert found.due == date(2026, 2, 21)


def test_a_calendar_that_is_edited_afterwards_counts_anew() -> None:
    """A holiday that is announced while an application runs moves its end."""
    title = {"zh-CN": "2028"}
    plain = WorkCalendar([Calendar("a", title, 2028, "provisional", {}, {})])
    edited = WorkCalendar(
        [Calendar("a", title, 2028, "announced", {"2028-05-03": "x"}, {"2028-05-06": "y"})]
    )
    assert seen("2028-05-02", 4, "2028-05-02", days_off=plain).due == date(2028, 5, 8)
    assert seen("2028-05-02", 4, "2028-05-02", days_off=edited).due == date(2028, 5, 8)
    assert seen("2028-05-02", 3, "2028-05-02", days_off=edited).due == date(2028, 5, 6)
    story = Story(process({"a": {"x": {"within": {"n": 1, "unit": "working"}}}}))
    holiday = {f"2026-03-0{day}": "x" for day in range(3, 7)}
    story.know(calendar=WorkCalendar([Calendar("a", title, 2026, "announced", holiday, {})]))
    assert story.tick(7).step("a.x").level == 0
    assert story.tick(1).step("a.x").level == 1


@given(
    st.dates(date(2024, 1, 1), date(2027, 6, 30)),
    st.integers(0, 30),
    st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 12)), max_size=4),
)
def test_so_many_days_are_worked_outside_pauses(
    start: date, many: int, stretches: list[tuple[int, int]]
) -> None:
    """Counted one by one: the end is worked, unpaused, and the n-th such day."""
    stands = [
        (start + timedelta(days=first), start + timedelta(days=first + length))
        for first, length in stretches
    ]
    end = after(calendar(), start, Span(many, "working"), stands)
    days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    counted = [
        day
        for day in days
        if calendar().is_working(day) and not any(a <= day <= b for a, b in stands)
    ]
    assert len(counted) == many
    assert not counted or counted[-1] == end


# What starts and stops them


def test_clocks_start_at_acceptance() -> None:
    steps = {"accept": {**REVIEW, "accepts": True}, "x": {"after": ["accept"]}}
    story = Story(process({"a": steps}))
    assert clock("legal", Span(5, "working"), story.item("a"), calendar(), MONDAY) is None
    story.later(days=3).accept("a.accept")
    assert story.item("a").clock_started_at == story.now


def test_clocks_start_with_the_step_that_says_so_once() -> None:
    steps = {"first": {}, "x": {**REVIEW, "after": ["first"], "starts_clock": True},
             "y": {**REVIEW, "after": ["x"]}}  # fmt: skip
    story = Story(process({"a": steps}))
    assert story.approve("a.first").item("a").clock_started_at is None
    started = story.later(days=2).approve("a.x").now
    assert story.item("a").clock_started_at == started
    story.later(days=1).go_back("a.y", "x").later(days=1).approve("a.x")
    assert story.item("a").clock_started_at == started


def test_clocks_stop_with_the_step_that_decides_and_run_on_when_it_is_redone() -> None:
    steps = {"x": {**REVIEW, "decides": True}, "y": {**REVIEW, "after": ["x"]}}
    story = Story(process({"a": steps})).later(days=1).approve("a.x")
    assert story.item("a").decided_at == story.now
    assert story.go_back("a.y", "x").item("a").decided_at is None
    story.later(days=1).reject("a.x")
    assert story.item("a").decided_at == story.now


# The time of a step


def test_an_officer_s_time_stands_still_with_the_item() -> None:
    """What the applicant takes for a supplement is not the officer's; nor is a hold."""
    within = {"n": 2, "unit": "working"}
    story = Story(process({"a": {"x": {**REVIEW, "within": within}}})).ask("a.x", papers=["p"])
    story.tick(4)  # to Friday
    story.supply("a").tick(3)  # Monday is the first day that counts
    assert story.step("a.x").level == 0
    story.tick(2)  # Tuesday the second, Wednesday late
    assert story.step("a.x").level == 1


def test_a_survey_s_own_time_runs_while_it_stops_the_item_s_clock() -> None:
    within = {"n": 2, "unit": "working"}
    survey = {"kind": "task", "within": within, "stops_clock": True}
    story = Story(process({"a": {"survey": survey}})).tick(3)
    assert story.step("a.survey").level == 1
    found = clock("legal", Span(5, "working"), story.item("a"), calendar(), story.now)
    assert found is not None
    assert (found.left, found.paused) == (5, True)


def test_who_is_waited_for_outside_has_no_benefit_of_pauses() -> None:
    within = {"n": 2, "unit": "working"}
    steps = {"sign": {"kind": "sign", "party": "p", "within": within, "lapse": "end"}, "x": REVIEW}
    story = Story(process({"a": steps}), parties={"a.p": ["li"]}).hold("a.x").tick(3)
    assert story.item("a").ending == "lapsed"


# The whole


def whole(story: Story, days: float = 5) -> Clock:
    found = clock_of_all("promised", Span(days, "working"), story.state, calendar(), story.now)
    assert found is not None
    return found


TWO = {"a": {"x": REVIEW}, "b": {"y": REVIEW}}


def test_rule_19_the_whole_is_paused_only_when_every_running_item_is() -> None:
    story = Story(process(TWO)).hold("a.x")
    assert not whole(story).paused
    story.later(days=2).hold("b.y")
    assert whole(story).paused
    story.later(days=2)
    assert (whole(story).due, whole(story).left) == (date(2026, 3, 12), 4)
    story.resume("a.x", story.item("a").pauses[0].id).later(days=3)
    found = whole(story)
    assert (found.paused, found.due) == (False, date(2026, 3, 12))


def test_rule_19_an_item_that_is_over_or_has_not_started_keeps_no_whole_running() -> None:
    """Of three, one waits for another and one is withdrawn: the one that is paused is all."""
    items = {**TWO, "c": {"z": REVIEW}}
    story = Story(process(items, after={"c": ["b"]})).withdraw("a").hold("b.y")
    assert whole(story).paused


def test_the_whole_s_clock_runs_from_the_first_start_to_the_last_decision() -> None:
    steps = {"accept": {**REVIEW, "accepts": True}, "x": {"after": ["accept"]}}
    story = Story(process({"a": steps, "b": steps}))
    assert clock_of_all("x", Span(5, "working"), story.state, calendar(), story.now) is None
    story.later(days=1).accept("b.accept").approve("b.accept").later(days=1)
    assert whole(story).started == date(2026, 3, 3)
    story.approve("b.x")
    assert not whole(story).stopped
    story.accept("a.accept").approve("a.accept").later(days=1).approve("a.x").later(days=30)
    found = whole(story)
    assert (found.stopped, found.due, found.left) == (True, date(2026, 3, 10), 3)
