"""Bills: made at the bank, asked after until nothing on them is due, dropped or paid back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.contract import Answered, Connector, Done, Pending
from runtime.engine.approvals import PLATFORM
from runtime.engine.approvals.clocks import due
from runtime.engine.approvals.commands import Command, Paid, Refunded
from runtime.journey.cases import Case
from runtime.journey.errands import Errand, Final
from runtime.journey.papers import work_calendar
from runtime.store import SYSTEM
from runtime.store.ledger import Entry

SOONEST, LATEST, PATIENCE = 5.0, 3600.0, 0.1
"""Seconds between two questions whether a bill is paid, at least and at most, and as a part of its
age: the older, the more seldom. A callback comes before."""


class Money(Errand):
    """What a bank is asked to do with a bill."""

    for_person = False

    @property
    def operation(self) -> str:
        """Called as the ledger calls it."""
        return self.entry.kind

    @property
    def use(self) -> str:
        """The item of its first line."""
        line = self.entry.data["lines"][0]
        return str(line["id"] if isinstance(line, Mapping) else line).partition(".")[0]

    @property
    def bill(self) -> str:
        """The name of the bill in its case."""
        return str(self.entry.data["bill"])

    def failed(self, reason: str) -> Command | None:
        """Nothing has happened to the money: the case has nothing to know."""
        return None


class Bill(Money):
    """A bill is made, and asked after until it is settled."""

    def payload(self) -> Mapping[str, Any]:
        """Its lines, until when it is good, and where to go after paying."""
        draft = self.case.draft
        address = f"{draft.installation.settings.public_url}/applications/{draft.application.id}"
        until = _until(self.case, self.entry)
        return {
            "reference": self.bill,
            "lines": [_line(self.case, line) for line in self.entry.data["lines"]],
            "return_to": address,
            **({"expires_on": until} if until else {}),
        }

    def is_void(self) -> bool:
        """Whether another entry makes the same bill, with more lines."""
        mine = len(self.entry.data["lines"])
        return any(len(one.data["lines"]) > mine for one in bills_of(self.case, self.bill))

    def ask(self, connector: Connector) -> Answered:
        """How its lines stand."""
        return connector.call("bill_state", {"number": self.entry.handle}, self.context)

    def more(self, answer: Done[Mapping[str, Any]]) -> Pending | None:
        """It is over when no line is due any more."""
        if all(line["state"] != "due" for line in answer.data["lines"]):
            return None
        age = (self.case.draft.now - self.entry.created_at).total_seconds()
        return Pending(answer.data["number"], min(max(SOONEST, age * PATIENCE), LATEST), "")

    def said(self, answer: Final) -> Command | None:
        """What has been paid since, on the bill as it stands in the case."""
        if not isinstance(answer, Done):
            return None
        bill = self.case.state.bills[self.bill]
        waiting = {line.id for line in bill.lines if line.standing == "due"}
        paid = [one["id"] for one in answer.data["lines"] if one["state"] == "paid"]
        fresh = tuple(one for one in paid if one in waiting)
        return Paid(bill.id, fresh, PLATFORM) if fresh else None


class Settled(Money):
    """Lines of a bill that was made."""

    def waits(self) -> float:
        """Until the bill has its number."""
        return 0 if self.is_void() or made(self.case, self.bill) else SOONEST

    def is_void(self) -> bool:
        """Whether the bill could never be made."""
        dead = any(one.standing == "dead" for one in bills_of(self.case, self.bill))
        return dead and not made(self.case, self.bill)

    def payload(self) -> Mapping[str, Any]:
        """The bank's number of the bill, and which lines."""
        number = made(self.case, self.bill)["number"]
        return {"number": number, "lines": list(self.entry.data["lines"])}


class Refund(Settled):
    """Lines that were paid are paid back."""

    def said(self, answer: Final) -> Command | None:
        """What was paid back."""
        if not isinstance(answer, Done):
            return None
        return Refunded(self.bill, tuple(answer.data["refunded"]), PLATFORM)


class Drop(Settled):
    """Lines that needn't be paid any more; one may have been paid at this very moment."""

    def said(self, answer: Final) -> Command | None:
        """What was paid all the same: it is paid back then."""
        if not isinstance(answer, Done) or not answer.data["paid"]:
            return None
        return Paid(self.bill, tuple(answer.data["paid"]), PLATFORM)


def made(case: Case, bill: str) -> Mapping[str, Any]:
    """What the bank said of a bill when it was made: its number, the page to pay at.

    Empty before it is made there.
    """
    for one in bills_of(case, bill):
        if "number" in one.exchange.get("answer", ()):
            told: Mapping[str, Any] = one.exchange["answer"]
            return told
    return {}


def bills_of(case: Case, bill: str) -> list[Entry]:
    """The entries that make a bill: one for each step that joins it, with the lines so far."""
    entries = case.draft.installation.store.ledger.of(SYSTEM, case.application.id)
    return [one for one in entries if one.kind == "bill" and one.data["bill"] == bill]


def _line(case: Case, line: Mapping[str, Any]) -> dict[str, Any]:
    use, _, fee = line["id"].partition(".")
    item = case.draft.plan.items[use]
    subject = item.use.subjects.get(line["payer"], "")
    payer = case.draft.plan.service.subjects.get(subject)
    return {
        "id": line["id"],
        "title": f"{item.item.title['zh-CN']}：{item.item.fees[fee].title['zh-CN']}",
        "amount": line["amount"],
        "payer": (payer.title or {}).get("zh-CN", "") if payer else "",
    }


def _until(case: Case, entry: Entry) -> str:
    """The day by which the steps of a bill have to be done; empty where there is none."""
    days = [
        due(case.plan(step).settings, case.state, step, work_calendar(case.draft.installation),
            case.draft.now, outside=True)
        for step in dict.fromkeys(line["step"] for line in entry.data["lines"])
    ]  # fmt: skip
    known = [day for day in days if day is not None]
    return min(known).isoformat() if known else ""
