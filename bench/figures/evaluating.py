"""A whole submission: rules, requiredness and validation with problems."""

from __future__ import annotations

from collections.abc import Iterator

from bench.baselines import baseline
from bench.measure import Aim, Effort, Line, compare, line
from bench.samples import Answers, Sample, samples
from runtime.engine.form import evaluate

AGAINST = "jsonschema-rs + one datalogic-py rule"
AIM = Aim("most", 3.0)


def lines(effort: Effort) -> Iterator[Line]:
    """Each form with a right submission and with one of ten errors, in microseconds."""
    for sample in samples(effort.sizes):
        yield _line(sample, "valid", sample.right, effort)
        yield _line(sample, "10 errors", sample.wrong, effort)


def _line(sample: Sample, words: str, answers: Answers, effort: Effort) -> Line:
    def ours() -> object:
        return evaluate(sample.plan, answers, sample.today)

    found = compare(ours, baseline(sample, answers), effort)
    return line("evaluate", f"{sample.name}, {words}", found, "us", AGAINST, AIM)
