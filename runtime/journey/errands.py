"""Errands: what one entry of the ledger has a connector do, and what its answer means.

Each kind says what is sent, how it is asked after, and which command on the case an answer is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from definitions.rules import compile_rule
from plugins.contract import Answered, Connector, Context, Denied, Done, NotFound, Pending
from runtime.engine.approvals import PLATFORM
from runtime.engine.approvals.commands import Answer, Command, Undone
from runtime.engine.approvals.turn import StepView
from runtime.journey.cases import Case, view_of
from runtime.store import SYSTEM
from runtime.store.ledger import Entry

Final = Done[Mapping[str, Any]] | NotFound | Denied
"""An answer that is more than “later”."""


@dataclass(frozen=True)
class Errand:
    """One entry of a case's ledger on its way out; its kinds are below and in their own rooms."""

    case: Case
    entry: Entry
    for_person: ClassVar[bool] = True
    """Whether the case has a person look at it when nothing comes of it; else only an admin can."""

    @property
    def connector(self) -> str:
        """Whom it goes to; empty where the platform does it itself."""
        return connector_of(self.entry.kind, self.entry.operation)

    @property
    def use(self) -> str:
        """The item that it is for."""
        return self.entry.step.partition(".")[0]

    @property
    def operation(self) -> str:
        """What is called."""
        return self.entry.operation.partition(".")[2]

    @property
    def context(self) -> Context:
        """Why; the key is the entry's for as long as it lives."""
        return Context(
            key=f"{self.entry.application}:{self.entry.key}",
            item=self.case.draft.plan.items[self.use].item.id,
            case=self.case.application.number or "",
            district=self.entry.district,
        )

    def payload(self) -> Mapping[str, Any]:
        """What is sent; looked at once, then it stays what it was."""
        raise NotImplementedError

    def ask(self, connector: Connector) -> Answered:
        """How it stands that was answered with “later”."""
        return connector.poll(self.entry.handle)

    def read(self, answer: Answered) -> Answered:
        """An answer with what the platform adds to it."""
        return answer

    def waits(self) -> float:
        """Seconds until it can go out; 0: now."""
        return 0

    def is_void(self) -> bool:
        """Whether nothing is left to do."""
        return False

    def more(self, answer: Done[Mapping[str, Any]]) -> Pending | None:
        """What is to be asked after once it was done; mostly nothing."""
        return None

    def said(self, answer: Final) -> Command | None:
        """What an answer means for the case; None: nothing."""
        raise NotImplementedError

    def failed(self, reason: str) -> Command | None:
        """What it means for the case that nothing comes of it."""
        raise NotImplementedError

    @property
    def on(self) -> dict[str, Any]:
        """The opening of the step that a command about it is for."""
        return {"step": self.entry.step, "run": self.entry.run, "by": PLATFORM}


class Call(Errand):
    """An operation of a connector."""

    def payload(self) -> Mapping[str, Any]:
        """Each name's rule over the item's answers, and what its steps came to."""
        case, plan = self.case, self.case.plan(self.entry.step)
        view = StepView(view_of(case.draft, plan.use, case.state), plan.use, case.state)
        found = {name: compile_rule(rule).fn(view) for name, rule in plan.settings["input"].items()}
        return {name: value for name, value in found.items() if value is not None}

    def said(self, answer: Final) -> Command | None:
        """The answer to the step's call."""
        if isinstance(answer, Done):
            return Answer(**self.on, result="done", data=dict(answer.data))
        if isinstance(answer, Denied):
            return Answer(**self.on, result="rejected", reason=answer.reason["zh-CN"])
        return Answer(**self.on, result="not_found")

    def failed(self, reason: str) -> Command | None:
        """A person has to look."""
        return Answer(**self.on, result="rejected", reason=reason)


class Undo(Errand):
    """The operation that undoes another one: it is told its key, what was sent and answered."""

    def payload(self) -> Mapping[str, Any]:
        """The call that is undone."""
        key = self.entry.key.removesuffix(":undo")
        ledger = self.case.draft.installation.store.ledger
        done = ledger.by_key(SYSTEM, self.entry.application, key)
        known = done.exchange if done else {}
        told = {name: known[name] for name in ("sent", "answer") if name in known}
        return {"key": f"{self.entry.application}:{key}", **told}

    def said(self, answer: Final) -> Command | None:
        """Whether the effect is gone: only who has undone it says so."""
        reason = answer.reason["zh-CN"] if isinstance(answer, Denied) else ""
        return Undone(**self.on, gone=isinstance(answer, Done), reason=reason)

    def failed(self, reason: str) -> Command | None:
        """It stays, and a person has to see to it."""
        return Undone(**self.on, gone=False, reason=reason)


BANK, LICENSES = "bank", "licenses"
"""The connectors to the bank and to the office that issues e-licenses."""
MONEY = frozenset({"bill", "refund", "drop"})


def connector_of(kind: str, operation: str) -> str:
    """Which connector a delivery of a kind and operation is for; empty: none, it is our own."""
    if kind in MONEY:
        return BANK
    if kind == "notify":
        return ""
    head, dot, _ = operation.partition(".")
    return head if dot else LICENSES
