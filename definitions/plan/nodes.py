"""The single values of an item, compiled: each node reads its view and adds its own name to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any, Protocol

from definitions.fieldtypes.contract import Check, Fault
from definitions.plan.run import Run, View
from definitions.plan.sources import Source
from definitions.rules import round_half_up

Condition = Callable[[View], bool]
"""Whether something holds; a condition that is null doesn't."""

Name = tuple[str, str]
"""A value by use and own name."""


class Node(Protocol):
    """A piece of a program. Nodes run in an order in which each finds what it needs, and only
    where `show` holds (None: always).

    `reads` are the values that matter to it; `questions` those whose state it may touch; `answers`
    those whose answer it looks at, and `controls` those that decide where it looks; `waits_for`
    the uses whose being active matters to it.
    """

    name: str
    reads: frozenset[Name]
    questions: frozenset[str]
    answers: frozenset[str]
    controls: frozenset[str]
    waits_for: frozenset[str]

    @property
    def show(self) -> Condition | None:
        """Whether it is there at all."""

    def run(self, run: Run, view: View) -> None:
        """Find the value, judge it, add it to the view, given that it is shown."""


Step = tuple[Condition | None, Callable[[Run, View], None]]
"""What a node does, and when."""


def steps(nodes: Iterable[Node]) -> tuple[Step, ...]:
    """The nodes, ready to be run one after the other."""
    return tuple((node.show, node.run) for node in nodes)


def take(ready: Iterable[Step], run: Run, view: View) -> None:
    """Run each node whose condition holds by the time of its turn."""
    for show, do in ready:
        if show is None or show(view):
            do(run, view)


Judged = tuple[str, str, Check]
"""An own name, the question where its value stands, and its check."""


def judge(fields: Iterable[Judged], required: Set[str], run: Run, view: View) -> None:
    """Put answers into the view under own names, judged; miss what is `required` and not there."""
    get, faults = run.answers.get, run.faults
    for name, question, check in fields:
        value = get(question)
        if value is None:
            if question in required:
                run.missing(question)
            continue
        view[name] = value
        fault = check(value)
        if fault is not None:
            faults.append((question, fault))


_NOTHING: frozenset[Any] = frozenset()


class Still:
    """A node that looks at no answer and waits for no item."""

    __slots__ = ()
    answers: frozenset[str] = _NOTHING
    controls: frozenset[str] = _NOTHING
    waits_for: frozenset[str] = _NOTHING


class Leaf:
    """A field that takes an answer."""

    __slots__ = (
        "answers",
        "check",
        "controls",
        "name",
        "questions",
        "reads",
        "require",
        "required",
        "show",
        "source",
        "waits_for",
    )

    def __init__(
        self,
        name: str,
        source: Source,
        check: Check,
        required: bool,
        show: Condition | None = None,
        require: Condition | None = None,
        reads: frozenset[Name] = _NOTHING,
        waits_for: frozenset[str] = _NOTHING,
    ) -> None:
        self.name = name
        self.source = source
        self.check = check
        self.required = required
        self.show = show
        self.require = require
        self.reads = reads
        self.waits_for = waits_for
        self.questions = source.questions
        self.answers = source.questions
        self.controls = source.controls

    @property
    def direct(self) -> bool:
        """Whether it stands at its own question whenever it is shown."""
        alone = self.source.questions == {self.source.question}
        return alone and self.require is None and not self.waits_for

    def run(self, run: Run, view: View) -> None:
        """Nothing while an earlier item's result will answer it."""
        if self.waits_for and not run.active.isdisjoint(self.waits_for):
            run.later.add(self.source.question)
            return
        way, value = self.source.find(run)
        control = way[-1]
        if self.required:
            run.required.update(way)
        if self.require is not None:
            run.pending.append((self.require, view, way, value is None))
        if value is None:
            if self.required:
                run.missing(control)
            return
        view[self.name] = value
        fault = self.check(value)
        if fault is not None:
            run.faults.append((control, fault))


class Together(Still):
    """Fields that one condition shows, which is asked once for all of them."""

    __slots__ = ("_fields", "_required", "name", "questions", "reads", "show")

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.name = leaves[0].name
        self.show = leaves[0].show
        self.reads = leaves[0].reads
        self.questions = frozenset(leaf.source.question for leaf in leaves)
        self._fields = tuple((leaf.name, leaf.source.question, leaf.check) for leaf in leaves)
        self._required = frozenset(leaf.source.question for leaf in leaves if leaf.required)

    def run(self, run: Run, view: View) -> None:
        """As each of the fields would do by itself."""
        run.shown |= self.questions
        run.required |= self._required
        judge(self._fields, self._required, run, view)


class Shown(Still):
    """A field that is shown and takes no answer."""

    __slots__ = ("name", "question", "questions", "reads", "show")

    def __init__(
        self, name: str, question: str, show: Condition | None, reads: frozenset[Name]
    ) -> None:
        self.name = name
        self.question = question
        self.show = show
        self.reads = reads
        self.questions = frozenset((question,))


class Calculation(Shown):
    """A field that a rule sets."""

    __slots__ = ("check", "decimals", "value")

    def __init__(
        self,
        name: str,
        question: str,
        value: Callable[[View], Any],
        check: Check,
        decimals: int | None,
        show: Condition | None,
        reads: frozenset[Name],
    ) -> None:
        super().__init__(name, question, show, reads)
        self.value = value
        self.check = check
        self.decimals = decimals

    def run(self, run: Run, view: View) -> None:
        """Work it out over the view; what comes to null is absent."""
        run.shown.add(self.question)
        value = rounded(self.value(view), self.decimals)
        if value is None:
            return
        view[self.name] = value
        run.values[self.question] = value
        fault = self.check(value)
        if fault is not None:
            run.faults.append((self.question, fault))


class Given(Shown):
    """A field that the service answers: shown, never asked."""

    __slots__ = ("value",)

    def __init__(
        self,
        name: str,
        question: str,
        value: Any,
        show: Condition | None,
        reads: frozenset[Name],
    ) -> None:
        super().__init__(name, question, show, reads)
        self.value = value

    def run(self, run: Run, view: View) -> None:
        """Put the constant into the view."""
        run.shown.add(self.question)
        run.values[self.question] = self.value
        view[self.name] = self.value


class Refusal(Still):
    """A rule that refuses what was answered, at the first question that it reads."""

    __slots__ = ("control", "fault", "name", "questions", "reads", "show")

    def __init__(
        self, name: str, control: str, when: Condition, fault: Fault, reads: frozenset[Name]
    ) -> None:
        self.name = name
        self.control = control
        self.show = when
        self.fault = fault
        self.reads = reads
        self.questions = frozenset((control,))

    def run(self, run: Run, view: View) -> None:
        """Note the refusal."""
        run.faults.append((self.control, self.fault))


class Demand(Still):
    """A service's rule that requires a question that is shown."""

    __slots__ = ("control", "name", "questions", "reads", "when")
    show = None

    def __init__(self, name: str, control: str, when: Condition, reads: frozenset[Name]) -> None:
        self.name = name
        self.control = control
        self.when = when
        self.reads = reads
        self.questions = frozenset((control,))

    def run(self, run: Run, view: View) -> None:
        """Require the question, and miss it if nobody else does."""
        if self.control in run.shown and self.control not in run.required and self.when(view):
            run.required.add(self.control)
            if run.answers.get(self.control) in (None, []):
                run.missing(self.control)


def rounded(value: Any, decimals: int | None) -> Any:
    """A number with so many decimals, half away from zero; anything else as it is."""
    if decimals is None or value.__class__ not in (int, float):
        return value
    return round_half_up(value, decimals)
