"""The order in which shows and calculations run, or the circle that leaves them without one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """A rule by id: the names it reads, and those whose value or visibility it decides."""

    id: str
    reads: frozenset[str]
    writes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """`source` writes `name`, which `target` reads."""

    source: str
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Order:
    """Ids, each after those it depends on; with a `cycle`, only those that don't wait for it."""

    sequence: tuple[str, ...]
    cycle: tuple[Link, ...] = ()


def order(nodes: Iterable[Node]) -> Order:
    """Sort rules by what they read and write, otherwise as given.

    A cycle comes back as its links, in order, the last one's target being the first's source.
    """
    known = {node.id: node for node in nodes}
    links = _links(known)
    waiting = {node_id: len(incoming) for node_id, incoming in links.items()}
    followers: dict[str, list[str]] = {node_id: [] for node_id in known}
    for node_id, incoming in links.items():
        for link in incoming:
            followers[link.source].append(node_id)
    sequence = _drained(waiting, followers)
    done = set(sequence)
    return Order(tuple(sequence), _cycle(links, done) if len(done) < len(known) else ())


def _links(known: Mapping[str, Node]) -> dict[str, tuple[Link, ...]]:
    """Per rule, one link from each rule that it waits for."""
    writers: dict[str, list[str]] = {}
    for node in known.values():
        for name in sorted(node.writes):
            writers.setdefault(name, []).append(node.id)
    links: dict[str, tuple[Link, ...]] = {}
    for node in known.values():
        found: dict[str, Link] = {}
        for name in sorted(node.reads):
            for writer in writers.get(name, ()):
                found.setdefault(writer, Link(writer, name, node.id))
        links[node.id] = tuple(found.values())
    return links


def _drained(waiting: dict[str, int], followers: Mapping[str, list[str]]) -> list[str]:
    ready = deque(node_id for node_id, count in waiting.items() if count == 0)
    sequence = []
    while ready:
        node_id = ready.popleft()
        sequence.append(node_id)
        for follower in followers[node_id]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                ready.append(follower)
    return sequence


def _cycle(links: Mapping[str, tuple[Link, ...]], done: set[str]) -> tuple[Link, ...]:
    """Walk from a stuck rule to one it waits for, until a rule comes a second time."""
    node_id = next(node_id for node_id in links if node_id not in done)
    walked: list[Link] = []
    seen: dict[str, int] = {}
    while node_id not in seen:
        seen[node_id] = len(walked)
        link = next(link for link in links[node_id] if link.source not in done)
        walked.append(link)
        node_id = link.source
    return tuple(reversed(walked[seen[node_id] :]))
