"""The properties bite: without a rule they break soon.

Each mutant takes one rule out of the engine. The walks that hold with all of them must find it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from runtime.engine.approvals import (
    applicants,
    changing,
    clocks,
    deciding,
    endings,
    officers,
    opening,
    outside,
    ticking,
)
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.events import kinds
from runtime.engine.approvals.finishing import finish
from runtime.engine.approvals.turn import Turn
from tests.approvals.outsiders import Broken
from tests.approvals.walking import Walk

RUNS, COMMANDS = 300, 45
transition = import_module("runtime.engine.approvals.transition")  # the package has its function
Patch = pytest.MonkeyPatch
Mutant = Callable[[Patch], None]
MUTANTS: dict[str, Mutant] = {}


def mutant(change: Mutant) -> Mutant:
    MUTANTS[change.__name__] = change
    return change


def unheard(patch: Patch, *kinds: str) -> None:
    """These events never happen."""
    emit = Turn.emit

    def without(turn: Turn, kind: str, **data: Any) -> None:
        if kind not in kinds:
            emit(turn, kind, **data)

    patch.setattr(Turn, "emit", without)


def unguarded(patch: Patch) -> None:
    """Nobody asks whether a step is final before it is taken back."""
    for module in (endings, officers):
        for name in ("demand_none_final", "_demand_not_final"):
            patch.setattr(module, name, lambda turn, steps: None, raising=False)


@mutant
def rule_3_another_run_decides(patch: Patch) -> None:
    patch.setattr(transition, "_is_late", lambda state, command: False)


@mutant
def rule_3_an_answer_counts_whenever_it_comes(patch: Patch) -> None:
    patch.setitem(transition.HANDLERS, said.Answer, outside._take)


@mutant
def rule_5_what_is_below_stays(patch: Patch) -> None:
    def only(turn: Turn, steps: Any) -> None:
        for id in steps:
            endings.cancel(turn, id)

    patch.setattr(officers, "redo", only)


@mutant
def rule_5_nothing_freezes(patch: Patch) -> None:
    unheard(patch, "step_frozen")


@mutant
def rule_5_what_is_frozen_wakes_at_once(patch: Patch) -> None:
    settled = opening._above_settled
    patch.setattr(
        opening,
        "_above_settled",
        lambda turn, plan: turn.step(plan.id).standing == "frozen" or settled(turn, plan),
    )


@mutant
def rule_6_final_steps_are_passed(patch: Patch) -> None:
    unguarded(patch)


@mutant
def rule_7_nothing_is_undone(patch: Patch) -> None:
    unheard(patch, "effect_undoing")


@mutant
def rule_7_nobody_waits_for_an_answer(patch: Patch) -> None:
    unheard(patch, "effect_unwanted")


@mutant
def rule_7_a_step_opens_while_it_is_undone(patch: Patch) -> None:
    patch.setattr(opening, "LOOSE", frozenset())


@mutant
def rule_8_changed_answers_redo_nothing(patch: Patch) -> None:
    patch.setattr(changing, "redo", lambda turn, steps: None)


@mutant
def rule_8_what_a_final_step_read_may_change(patch: Patch) -> None:
    patch.setattr(changing, "fixed_fields", lambda turn, use: frozenset())
    unguarded(patch)


@mutant
def rule_9_passing_is_looked_at_first(patch: Patch) -> None:
    tally = deciding.tally

    def eager(rule: Any, signers: Any, votes: Any) -> bool | None:
        passed = tally({**rule, "reject": "all"}, signers, votes)
        return passed if passed else tally(rule, signers, votes)

    patch.setattr(officers, "tally", eager)


@mutant
def rule_9_a_count_may_be_more_than_the_signers(patch: Patch) -> None:
    needed = deciding._needed
    patch.setattr(deciding, "_needed", lambda rule, many: rule if rule == 5 else needed(rule, many))


@mutant
def rule_9_a_person_counts_twice(patch: Patch) -> None:
    patch.setattr(deciding, "_demand_turn", lambda step, by: None)


@mutant
def rule_12_open_steps_stay(patch: Patch) -> None:
    unheard(patch, "step_closed")


@mutant
def rule_12_an_ended_item_undoes_nothing(patch: Patch) -> None:
    emit = Turn.emit

    def without(turn: Turn, kind: str, **data: Any) -> None:
        undoing = kind in ("effect_undoing", "effect_unwanted")
        if not undoing or not turn.item(turn.plan(data["step"]).use).ending:
            emit(turn, kind, **data)

    patch.setattr(Turn, "emit", without)


@mutant
def rule_15_anything_can_be_withdrawn(patch: Patch) -> None:
    patch.setattr(applicants, "withdrawable", lambda turn, use: not turn.item(use).ending)


@mutant
def rule_18_time_approves(patch: Patch) -> None:
    patch.setattr(ticking, "_lapse", lambda turn, plan: finish(turn, plan.id, "approved"))


@mutant
def rule_18_nothing_lapses(patch: Patch) -> None:
    patch.setattr(ticking, "_lapse", lambda turn, plan: None)


def _end_for_it(turn: Turn, plan: Any) -> None:
    endings.end(turn, plan.use, "lapsed", {"step": plan.id})


@mutant
def rule_18_who_is_inside_lapses_too(patch: Patch) -> None:
    patch.setattr(ticking, "is_outside", lambda plan, state: True)
    patch.setattr(ticking, "_lapse", _end_for_it)


@mutant
def rule_19_clocks_run_on(patch: Patch) -> None:
    patch.setattr(clocks, "pauses", lambda found, now, but="": ())


@mutant
def rule_19_nothing_pauses(patch: Patch) -> None:
    unheard(patch, "paused")


@mutant
def rule_19_a_pause_never_ends(patch: Patch) -> None:
    unheard(patch, "resumed")


def test_with_all_rules_they_hold_whatever_can_happen() -> None:
    seen = set()
    for seed in range(RUNS):
        one = Walk(seed)
        one.walk(COMMANDS)
        seen |= {event.kind for event in one.history}
    assert not kinds() - seen


@pytest.mark.parametrize("name", MUTANTS)
def test_without_the_rule_the_properties_break(name: str, monkeypatch: Patch) -> None:
    MUTANTS[name](monkeypatch)
    assert any(_breaks(seed) for seed in range(RUNS))


def _breaks(seed: int) -> bool:
    try:
        Walk(seed).walk(COMMANDS)
    except Broken:
        return True
    return False
