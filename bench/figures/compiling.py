"""From a release's JSON to something that runs and something that renders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench.measure import Aim, Effort, Line, once
from bench.samples import library, release_of
from definitions.plan import compile_plan
from definitions.release import make_release
from runtime.web.render import compile_form

FIELDS = 100
MOST_FOR_A_FORM = Aim("most", 100.0)
MOST_FOR_A_RELEASE = Aim("most", 10_000.0)
LANG = "zh-CN"


def lines(effort: Effort) -> Iterator[Line]:
    """Milliseconds for a form of 100 fields, for a large release, and for the four services."""
    small = release_of(1, FIELDS)
    yield _plan("100 fields", small, 5, MOST_FOR_A_FORM)
    yield _pieces("100 fields", small)
    large = release_of(effort.items, FIELDS)
    case = f"{effort.items} items, {effort.items * FIELDS} fields"
    yield _plan(case, large, 1, MOST_FOR_A_RELEASE)
    yield _pieces(case, large)
    for name in sorted(library().services):
        yield _plan(name, make_release(library(), name).content, 3)


def _plan(case: str, release: Mapping[str, Any], rounds: int, aim: Aim | None = None) -> Line:
    seconds = once(lambda: compile_plan(release, ""), rounds)
    return Line("compile", f"{case}: plan", seconds * 1e3, "ms", aim=aim)


def _pieces(case: str, release: Mapping[str, Any]) -> Line:
    plan = compile_plan(release, "")
    seconds = once(lambda: compile_form(plan, LANG), 1)
    return Line("compile", f"{case}: page", seconds * 1e3, "ms")
