"""A change says what judging the whole form again would say, and looks only at what hangs on it."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.plan import plan_of
from runtime.engine.change import Change, _difference, change, seen
from runtime.engine.form import evaluate
from tests.combination.factory import TODAY, equals, item, leaf, library, plan, service, use
from tests.combination.generated import Maker, answers


@settings(max_examples=200)
@given(st.integers(0, 10**9))
def test_a_change_is_the_difference_of_two_judgements(seed: int) -> None:
    rng = Random(seed)
    made = plan_of(library(*Maker(rng).definitions()), "service")
    before, other = answers(made, rng, 10), answers(made, rng, 10)
    names = sorted(before.keys() | other.keys())
    changed = set(rng.sample(names, min(len(names), rng.choice([1, 1, 1, 2, 4]))))
    after = {name: one for name, one in before.items() if name not in changed}
    after |= {name: other[name] for name in changed & other.keys()}

    found = change(made, before, after, changed, TODAY)

    old, new = evaluate(made, before, TODAY), evaluate(made, after, TODAY)
    whole = _difference(seen(old), seen(new), new.active if new.active != old.active else None)
    assert _plain(found) == _plain(whole)
    for control, problems in found.problems.items():
        assert set(map(repr, problems)) == set(map(repr, whole.problems.get(control, ())))
    assert _differing(old, new) <= found.problems.keys()


def _plain(found: Change) -> tuple[object, ...]:
    return (
        set(found.shown),
        set(found.hidden),
        set(found.required),
        set(found.optional),
        found.values,
        found.active,
    )


def _differing(old: object, new: object) -> set[str]:
    one, other = seen(old).problems, seen(new).problems  # type: ignore[arg-type]
    return {
        control
        for control in one.keys() | other.keys()
        if set(map(repr, one.get(control, ()))) != set(map(repr, other.get(control, ())))
    }


def test_the_work_does_not_grow_with_the_form() -> None:
    sizes = []
    for count in (10, 500):
        fields = {f"f{number}": leaf("string") for number in range(count)}
        fields |= {"flag": leaf("boolean"), "more": leaf("string")}
        rules = {"r": {"when": equals("flag", True), "show": ["more"], "require": ["more"]}}
        one = item("one", {"who": {"kind": "person"}}, fields, rules=rules)
        made = plan(one, service({"ann": {"kind": "person"}}, {"a": use("one", {"who": "ann"})}))
        part = made.program.part({"a.flag"})
        sizes.append(sum(len(block.nodes) for block in part.program.blocks))
        found = change(made, {}, {"a.flag": True}, {"a.flag"}, TODAY)
        assert found.shown == ("a.more",)
        assert found.required == ("a.more",)
    assert sizes[0] == sizes[1] == 2
