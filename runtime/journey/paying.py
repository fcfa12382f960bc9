"""Bills: made at the bank, asked after until nothing on them is due, dropped or paid back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugins.contract import Answered, Connector, Context, Done, Pending
from runtime.engine.approvals import PLATFORM
from runtime.engine.approvals.commands import Command, Paid, Refunded
from runtime.journey.cases import Case
from runtime.store import SYSTEM
from runtime.store.ledger import Entry

ASK_AGAIN = 5.0
"""Seconds between two questions whether a bill is paid; a callback comes before."""
UNTIL = "9999-12-31"
BANK = "bank"

Say = Callable[[Command], None]


def pay(case: Case, entry: Entry, bank: Connector, say: Say) -> Answered:
    """Bring an entry about money to the bank; what has been paid there is told to the case."""
    name = entry.data["bill"]
    context = Context(f"{entry.application}:{entry.key}", "", case.application.number or "",
                      entry.district)  # fmt: skip
    if entry.kind == "bill":
        return _bill(case, entry, bank, context, say)
    number = number_of(case, name)
    lines = list(entry.data["lines"])
    if not number:
        return Pending("", ASK_AGAIN, UNTIL)
    answer = bank.call(entry.kind, {"number": number, "lines": lines}, context)
    if isinstance(answer, Done) and entry.kind == "refund":
        say(Refunded(name, tuple(lines), PLATFORM))
    elif isinstance(answer, Done) and answer.data["paid"]:
        say(Paid(name, tuple(answer.data["paid"]), PLATFORM))
    return answer


def number_of(case: Case, bill: str) -> str:
    """The bank's number of a bill; empty before it is made there."""
    return str(made(case, bill).get("number", ""))


def made(case: Case, bill: str) -> dict[str, Any]:
    """What the bank said of a bill when it was made: its number, the page to pay at."""
    ledger = case.draft.installation.store.ledger
    for one in ledger.of(SYSTEM, case.application.id):
        if one.kind == "bill" and one.data["bill"] == bill and one.exchange:
            return dict(one.exchange.get("answer", {}))
    return {}


def _bill(case: Case, entry: Entry, bank: Connector, context: Context, say: Say) -> Answered:
    """Make the bill, then ask after it until no line is due."""
    bill = case.state.bills[entry.data["bill"]]
    ledger = case.draft.installation.store.ledger
    if not entry.exchange:
        lines = [_line(case, line) for line in bill.lines]
        answer = bank.call("bill", {"reference": bill.id, "lines": lines}, context)
        if isinstance(answer, Done):
            ledger.keep(SYSTEM, entry, {"answer": dict(answer.data)})
            return Pending(answer.data["number"], ASK_AGAIN, UNTIL)
        return answer
    answer = bank.call("bill_state", {"number": entry.exchange["answer"]["number"]}, context)
    if not isinstance(answer, Done):
        return answer
    due = {line.id for line in bill.lines if line.standing == "due"}
    paid = [one["id"] for one in answer.data["lines"] if one["state"] == "paid"]
    if due & set(paid):
        say(Paid(bill.id, tuple(one for one in paid if one in due), PLATFORM))
    if any(one["state"] == "due" for one in answer.data["lines"]):
        return Pending(entry.exchange["answer"]["number"], ASK_AGAIN, UNTIL)
    return answer


def _line(case: Case, line: Any) -> dict[str, Any]:
    use, _, fee = line.id.partition(".")
    title = case.draft.plan.items[use].item.fees[fee].title["zh-CN"]
    return {"id": line.id, "title": title, "amount": line.amount, "payer": line.payer}
