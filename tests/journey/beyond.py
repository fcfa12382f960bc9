"""What happens beyond the pages: systems outside answer, payers pay, parties sign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from runtime.engine.approvals import PLATFORM, By
from runtime.engine.approvals.commands import Answer, Command, Paid, Sign
from runtime.installation import Installation
from runtime.journey.cases import Case, act, digest_of, open_case
from runtime.store import SYSTEM
from tests.journey.test_cases import GOOD


def answer_for_others(installation: Installation, application: str, now: datetime) -> None:
    """Whatever doesn't wait for staff is done, until only staff have to act."""
    with installation.store.connected():
        case = _case(installation, application, now)
        while command := _next(case):
            act(case, command)
            case = _case(installation, application, now)


def _case(installation: Installation, application: str, now: datetime) -> Case:
    owner = installation.store.cases.open(SYSTEM, application).application.owner
    person = installation.store.people.get(SYSTEM, owner)
    return open_case(installation, SYSTEM, person, application, now)


def _next(case: Case) -> Command | None:
    for id, state in case.state.steps.items():
        kind = case.plan(id).kind
        on: dict[str, Any] = {"step": id, "run": state.run}
        if state.standing != "open" or kind not in ("connector", "issue", "sign", "payment"):
            continue
        if kind == "sign":
            digest = digest_of(case.draft, case.plan(id).use)
            return Sign(**on, by=By(state.persons[0]), digest=digest)
        if kind == "payment":
            bill = case.state.bills[state.bill]
            return Paid(bill.id, tuple(line.id for line in bill.lines), PLATFORM)
        return Answer(**on, by=PLATFORM, result="done", data=GOOD)
    return None
