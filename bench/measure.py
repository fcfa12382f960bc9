"""Fair timing on a machine that others use too: two functions in turn, their ratio per round.

Time is what the processor spent on this process: waiting for a turn doesn't count. What disturbs
one round beyond that disturbs both functions in it, so that the median of the rounds' ratios says
more than two times measured one after the other.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import median
from time import process_time
from typing import Any, Literal

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much a run takes upon itself. `slice` and `seconds` are seconds, `sizes` fields.

    A comparison takes `rounds` rounds, in each of which both sides run for about a `slice`; HTTP
    figures send requests for `seconds` in each of `http_rounds` rounds.
    """

    sizes: tuple[int, ...]
    rounds: int
    slice: float
    http_sizes: tuple[int, ...]
    http_rounds: int
    seconds: float
    items: int
    services: int


FULL = Effort((30, 100, 300, 1000), 31, 0.005, (30, 100, 300, 1000), 3, 1.0, 50, 500)
QUICK = Effort((30, 100), 9, 0.002, (100,), 1, 1.0, 10, 20)
SMALLEST = Effort((30,), 2, 0.0, (30,), 1, 0.2, 2, 2)


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of the rounds' ratios and how far they spread."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, ratios: list[float]) -> Ratio:
        """The ratio of these rounds."""
        return cls(median(ratios), min(ratios), max(ratios))


@dataclass(frozen=True, slots=True)
class Comparison:
    """Seconds (or a rate) of both sides, and their ratio."""

    ours: float
    base: float
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be: `most` or `least` of its ratio, or of itself if it has none."""

    bound: Literal["most", "least"]
    value: float

    def met(self, value: float) -> bool:
        """Whether a value keeps to it."""
        return value <= self.value if self.bound == "most" else value >= self.value


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: what was measured on what, in which unit, against which baseline."""

    figure: str
    case: str
    ours: float
    unit: str
    against: str = ""
    base: float | None = None
    ratio: Ratio | None = None
    aim: Aim | None = None

    @property
    def met(self) -> bool | None:
        """Whether its aim is met; None where it has none."""
        if self.aim is None:
            return None
        return self.aim.met(self.ours if self.ratio is None else self.ratio.median)

    def as_json(self) -> dict[str, Any]:
        """The line as JSON."""
        return asdict(self) | {"met": self.met}


def line(
    figure: str, case: str, found: Comparison, unit: str, against: str, aim: Aim | None = None
) -> Line:
    """The line of a comparison; times are given in `unit` (us or ms), rates as they are."""
    scale = {"us": 1e6, "ms": 1e3}.get(unit, 1.0)
    return Line(
        figure, case, found.ours * scale, unit, against, found.base * scale, found.ratio, aim
    )


def compare(ours: Work, base: Work, effort: Effort) -> Comparison:
    """Seconds that one call of each takes, measured in turn: A B A B."""
    with undisturbed():
        counts = _count(ours, effort.slice), _count(base, effort.slice)
        pairs = [
            (_time(ours, counts[0]), _time(base, counts[1])) for _ in range(max(1, effort.rounds))
        ]
    return Comparison(
        median(a for a, _ in pairs),
        median(b for _, b in pairs),
        Ratio.of([a / b for a, b in pairs]),
    )


def once(work: Work, rounds: int) -> float:
    """Seconds that one call takes, for work too long to be repeated often: the median."""
    with undisturbed():
        return median(_time(work, 1) for _ in range(rounds))


def _count(work: Work, seconds: float) -> int:
    """How many calls fill so many seconds; the first one, which warms up, doesn't count."""
    work()
    return max(1, int(seconds / max(_time(work, 1), 1e-7)))


def _time(work: Work, count: int) -> float:
    start = process_time()
    for _ in range(count):
        work()
    return (process_time() - start) / count


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the garbage collector, whose turn would fall on either side by chance."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
