"""The figures by name, in the order in which they are measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from bench.figures import changing, compiling, evaluating, rendering, serving, starting
from bench.measure import Effort, Line

Figure = Callable[[Effort], Iterator[Line]]

FIGURES: Mapping[str, Figure] = {
    "evaluate": evaluating.lines,
    "change": changing.lines,
    "render": rendering.lines,
    "compile": compiling.lines,
    "start": starting.lines,
    "http": serving.lines,
}
