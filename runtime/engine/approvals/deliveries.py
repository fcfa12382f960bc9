"""What has to go out of the platform because of what happened.

Each has a key that stays the same however often it is sent: its effect happens once. The key of a
run's call is that run's; another run has another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from definitions.plan.process import Process
from runtime.engine.approvals.deciding import APPLICANT
from runtime.engine.approvals.events import Event

Kind = Literal["call", "undo", "bill", "refund", "drop", "notify"]
TOLD = frozenset(
    {
        "item_accepted", "item_ended", "supplement_sent", "appointed", "reminded",
        "result_revoked", "effect_stuck", "call_failed", "copied", "transferred", "delegated",
    }
)  # fmt: skip
"""Events that somebody is told of."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to be done outside. `step` and `run` say for what; `data` is the event's."""

    kind: Kind
    key: str
    step: str = ""
    run: int = 0
    operation: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


def deliveries(process: Process, event: Event) -> Iterator[Delivery]:
    """What an event makes necessary outside; mostly nothing."""
    data = event.data
    step, run = data.get("step", ""), data.get("run", 0)
    if event.kind in ("step_opened", "called_again"):
        yield from _opening(process, step, run, data)
    elif event.kind == "effect_undoing":
        plan = process.steps[step]
        if plan.kind != "payment":  # money goes back by its lines
            usual = "revoke" if plan.kind == "issue" else ""
            operation = plan.settings.get("undo") or usual
            yield Delivery("undo", f"{step}#{run}:undo", step, run, operation)
    elif event.kind in _MONEY:
        kind: Kind = _MONEY[event.kind]
        # of a bill that parts of a joint step share, what was said last is the whole
        lines = "" if kind == "bill" else ":" + ",".join(sorted(data["lines"]))
        yield Delivery(kind, f"{data['bill']}:{kind}{lines}", data=data)
    elif event.kind in TOLD:
        subject = data.get("step") or data.get("item", "")
        key = f"{event.kind}:{subject}:{run}:{event.at.isoformat()}"
        yield Delivery("notify", key, step, run, data={"event": event.kind, **data})


_MONEY: Mapping[str, Kind] = {
    "billed": "bill",
    "lines_refunding": "refund",
    "lines_dropped": "drop",
}


def _opening(
    process: Process, step: str, run: int, opened: Mapping[str, Any]
) -> Iterator[Delivery]:
    plan = process.steps[step]
    if plan.kind == "connector":
        operation = plan.settings["operation"]
        yield Delivery("call", f"{step}#{run}", step, run, operation)
    elif plan.kind == "issue":
        yield Delivery("call", f"{step}#{run}", step, run, "issue")
    elif plan.kind in ("sign", "payment") or APPLICANT in opened.get("persons", ()):
        data = {"event": "asked"}
        yield Delivery("notify", f"asked:{step}#{run}", step, run, data=data)
