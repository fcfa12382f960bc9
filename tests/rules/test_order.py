"""Shows and calculations in the order of what they read, or the circle they make."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from definitions.rules import Node, order


def node(name: str, reads: str, writes: str) -> Node:
    return Node(name, frozenset(reads.split()), frozenset(writes.split()))


def test_rules_come_after_those_they_read() -> None:
    found = order([node("total", "a b", "t"), node("show_b", "x", "b"), node("sum_a", "y", "a")])
    assert found.sequence == ("show_b", "sum_a", "total")
    assert found.cycle == ()


def test_otherwise_they_stay_as_given() -> None:
    assert order([node("z", "", "a"), node("y", "", "b")]).sequence == ("z", "y")


def test_a_cycle_names_both_ends() -> None:
    found = order([node("p", "y", "x"), node("q", "x", "y"), node("r", "y", "z")])
    assert found.sequence == ()
    assert sorted((link.source, link.name, link.target) for link in found.cycle) == [
        ("p", "x", "q"),
        ("q", "y", "p"),
    ]


def test_a_rule_that_reads_what_it_decides_is_a_cycle() -> None:
    [link] = order([node("show_x", "x", "x")]).cycle
    assert (link.source, link.name, link.target) == ("show_x", "x", "show_x")


def test_what_does_not_wait_for_the_cycle_is_still_sorted() -> None:
    found = order([node("p", "x", "x"), node("q", "a", "b")])
    assert found.sequence == ("q",)


_names = st.sets(st.sampled_from("abcdef"), max_size=2)


@given(st.lists(st.tuples(_names, _names), max_size=8))
def test_an_order_respects_every_link_and_a_cycle_is_one(
    rules: list[tuple[set[str], set[str]]],
) -> None:
    nodes = [
        Node(str(place), frozenset(reads), frozenset(writes))
        for place, (reads, writes) in enumerate(rules)
    ]
    by_id = {one.id: one for one in nodes}
    found = order(nodes)
    assert bool(found.cycle) == (len(found.sequence) < len(nodes))
    for place, one in enumerate(found.sequence):
        later = found.sequence[place:]
        assert not any(by_id[one].reads & by_id[other].writes for other in later)
    for link, following in zip(found.cycle, [*found.cycle[1:], *found.cycle[:1]], strict=True):
        assert link.target == following.source
        assert link.name in by_id[link.source].writes & by_id[link.target].reads
