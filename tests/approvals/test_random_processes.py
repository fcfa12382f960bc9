"""Whatever happens to whatever process, the rules hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from definitions.checks import check
from definitions.problems import errors
from tests.approvals.generated import world
from tests.approvals.walking import Walk
from tests.combination.factory import library


@settings(max_examples=400)
@given(st.integers(0, 10**6))
def test_every_command_leaves_all_as_the_rules_say(seed: int) -> None:
    Walk(seed).walk(commands=45)


@settings(max_examples=120)
@given(st.integers(0, 10**6))
def test_who_always_says_yes_comes_to_the_end_from_everywhere(seed: int) -> None:
    one = Walk(seed)
    one.finish()
    for _ in range(25):
        one.step()
        one.finish()


@settings(max_examples=40)
@given(st.integers(0, 999))
def test_the_processes_are_valid(seed: int) -> None:
    known = library(*world(seed).spec.definitions)
    parts = ("/process", "/order", "/joint", "/items")
    found = [one for one in errors(check(known)) if any(part in one.where for part in parts)]
    assert not found, found
