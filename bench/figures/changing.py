"""One changed answer: the work grows with what depends on it, not with the form."""

from __future__ import annotations

from collections.abc import Iterator

from bench.forms import HUB
from bench.measure import Aim, Effort, Line, Work, compare, line
from bench.samples import Sample, synthetic
from runtime.engine.change import change
from runtime.engine.form import evaluate

DEPENDENTS = (0, 1, 6, 20, 60, 200)
AIM = Aim("most", 1.5)
"""How much longer a change may take in the largest form than in the smallest that can hold it."""


def lines(effort: Effort) -> Iterator[Line]:
    """Each number of dependents in the largest form, against a small form and a whole check."""
    largest = max(effort.sizes)
    for dependents in DEPENDENTS:
        fitting = [size for size in effort.sizes if size // 5 >= dependents]
        if not fitting:
            continue
        large, small = (synthetic(size, dependents) for size in (largest, min(fitting)))
        case = f"{dependents} dependents, {large.name}"
        if small.name != large.name:
            found = compare(_changing(large), _changing(small), effort)
            yield line("change", case, found, "us", f"the same in {small.name}", AIM)
        found = compare(_changing(large), _whole(large), effort)
        yield line("change", case, found, "us", "evaluating the form twice")


def _changing(sample: Sample) -> Work:
    hub = f"form.{HUB}"
    after = {**sample.right, hub: "c"}
    return lambda: change(sample.plan, sample.right, after, {hub}, sample.today)


def _whole(sample: Sample) -> Work:
    after = {**sample.right, f"form.{HUB}": "c"}

    def twice() -> None:
        evaluate(sample.plan, sample.right, sample.today)
        evaluate(sample.plan, after, sample.today)

    return twice
