"""Delivering: the ledger's entries go out, and what comes back is a command on the case.

Only the platform retries: exponentially with jitter, up to a limit; then a person has to look.
A write whose answer was lost is asked after by its key, never sent with another. One connector
that fails again and again is left alone for a while, and starves no other.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from definitions.rules import compile_rule
from plugins.asking import Breaker
from plugins.contract import (
    Answered,
    BadReply,
    Connector,
    Context,
    Denied,
    Done,
    Misconfigured,
    NotFound,
    OutcomeUnknown,
    Pending,
    PluginError,
    Rejected,
    Unavailable,
)
from runtime.engine.approvals import PLATFORM, NotAllowed
from runtime.engine.approvals.commands import Answer, Command, Undone
from runtime.engine.approvals.turn import StepView
from runtime.installation import Installation
from runtime.journey.cases import Case, act, open_case, view_of
from runtime.journey.issuing import license_payload, result_data, told
from runtime.journey.messages import tell
from runtime.journey.paying import BANK, pay
from runtime.store import SYSTEM, Conflict, Person, Preferences
from runtime.store.ledger import Entry

FIRST_WAIT, LONGEST_WAIT = 5.0, 3600.0
"""Seconds to the second attempt, and at most between two."""
GIVE_UP = timedelta(hours=24)
FAILURES, REST = 5, 60.0
"""So many failures in a row let a connector rest, for so many seconds."""
WORKERS = 8
LICENSES = "licenses"
"""The connector to the office that issues e-licenses."""
RACES = 20
"""How often a result tries to be stored while others move the same application."""
NOBODY = Person("", "", "platform", "", (), Preferences())


@dataclass
class Deliverer:
    """Works the ledger off; one for the life of a process. `jitter` is 0 to 1."""

    installation: Installation
    clock: Callable[[], datetime]
    jitter: Callable[[], float] = random.random
    _breakers: dict[tuple[str, str], Breaker] = field(default_factory=dict)

    def work(self) -> int:
        """Deliver what is due; how many entries were taken."""
        store = self.installation.store
        with store.connected():
            taken = store.ledger.lease(SYSTEM, self.clock())
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(self._safely, taken))
        return len(taken)

    def work_off(self, most: int = 1000) -> int:
        """Deliver until nothing is due any more; how many entries were taken."""
        taken = 0
        while taken < most and (found := self.work()):
            taken += found
        return taken

    def _safely(self, entry: Entry) -> None:
        """One entry; whatever goes wrong with it stays with it."""
        with self.installation.store.connected():
            try:
                self._deliver(entry)
            except Exception:
                self.installation.log.exception("delivery %s", entry.id)
                self._later(entry, "internal error")

    def _deliver(self, entry: Entry) -> None:
        case = self._case(entry)
        if entry.kind == "notify":
            tell(case, entry.data)
            self._close(entry, {})
        elif entry.kind in ("bill", "refund", "drop"):
            self._outside(BANK, entry, lambda bank: pay(case, entry, bank, self._speak(entry)))
        elif case.plan(entry.step).kind == "issue":
            self._issue(case, entry)
        else:
            self._operate(case, entry)

    def _issue(self, case: Case, entry: Entry) -> None:
        """Issue a result or take it back: a licence by the office of licences, a letter by us."""
        sent = license_payload(case, entry)
        if sent is None:
            self._take(entry, {}, Done(result_data(case, entry)))
            return
        context = self._context(case, entry)
        if entry.kind == "undo":
            undone = self._undoing(entry)
            self._outside(LICENSES, entry, lambda one: one.call("revoke", undone, context), undone)
            return

        def call(office: Connector) -> Answered:
            answer = office.call("issue", sent, context)
            if not isinstance(answer, Done):
                return answer
            return Done({**result_data(case, entry), **told(case, sent["type"], answer.data)})

        self._outside(LICENSES, entry, call, sent)

    def _context(self, case: Case, entry: Entry) -> Context:
        return Context(
            key=f"{entry.application}:{entry.key}",
            item=case.draft.plan.items[case.plan(entry.step).use].item.id,
            case=case.application.number or "",
            district=entry.district,
        )

    def _speak(self, entry: Entry) -> Callable[[Command], None]:
        return lambda command: self._say(entry, command)

    def _operate(self, case: Case, entry: Entry) -> None:
        """Call an operation of a connector, or undo one."""
        name, _, operation = entry.operation.partition(".")
        sent = self._undoing(entry) if entry.kind == "undo" else payload(case, entry)
        context = self._context(case, entry)

        def call(connector: Connector) -> Answered:
            if entry.handle:
                return connector.poll(entry.handle)
            if entry.error == UNKNOWN:
                known = connector.reconcile(context.key)
                if not isinstance(known, NotFound):
                    return known
            return connector.call(operation, sent, context)

        self._outside(name, entry, call, sent)

    def _undoing(self, entry: Entry) -> dict[str, Any]:
        """What an undo is given: the key of the call, what was sent, what was answered."""
        key = entry.key.removesuffix(":undo")
        done = self.installation.store.ledger.by_key(SYSTEM, entry.application, key)
        return {"key": f"{entry.application}:{key}", **(done.exchange if done else {})}

    def _outside(
        self,
        name: str,
        entry: Entry,
        call: Callable[[Connector], Answered],
        sent: Mapping[str, Any] | None = None,
    ) -> None:
        connector = self.installation.instances.connectors.get(name)
        if connector is None:
            self._give_up(entry, f"no connector {name}")
            return
        breaker = self._breakers.setdefault((name, entry.district), Breaker(FAILURES, REST))
        moment = self.clock()
        rest = breaker.allows(moment.timestamp())
        if rest:
            self._later(entry, entry.error or f"{name} rests", rest)
            return
        try:
            answer = call(connector)
        except PluginError as error:
            fine = isinstance(error, Rejected)
            breaker.note(answered=fine, now=self.clock().timestamp())
            self._failed(entry, error)
        else:
            breaker.note(answered=True, now=self.clock().timestamp())
            self._take(entry, sent or {}, answer)

    def _take(self, entry: Entry, sent: Mapping[str, Any], answer: Answered) -> None:
        """An answer: the case hears of it first, then the entry is closed.

        Killed between the two, the entry goes out again, and the case notes the second as late.
        """
        if isinstance(answer, Pending):
            self._later(entry, "", answer.ask_again_after, answer.handle)
            return
        data = dict(answer.data) if isinstance(answer, Done) else {}
        self._say(entry, answered(entry, answer))
        self._close(entry, {"sent": dict(sent), "answer": data, **entry.exchange})

    def _failed(self, entry: Entry, error: PluginError) -> None:
        if isinstance(error, Rejected):
            self._say(entry, failed(entry, f"{error.code}: {error.message}"))
            self._close(entry, {"answer": {"code": error.code, "message": error.message}})
        elif isinstance(error, Misconfigured) or self.clock() - entry.created_at > GIVE_UP:
            self._give_up(entry, str(error))
        else:
            unknown = isinstance(error, OutcomeUnknown | BadReply)
            wait = error.retry_after if isinstance(error, Unavailable) else None
            self._later(entry, UNKNOWN if unknown else str(error), wait)

    def _give_up(self, entry: Entry, error: str) -> None:
        """Nobody can deliver it: the case is told, an admin finds it."""
        self._say(entry, failed(entry, error))
        self.installation.store.ledger.dead(SYSTEM, entry, error)

    def _later(
        self, entry: Entry, error: str, seconds: float | None = None, handle: str = ""
    ) -> None:
        wait = seconds or backoff(entry.tries, self.jitter())
        due_at = self.clock() + timedelta(seconds=wait)
        self.installation.store.ledger.later(SYSTEM, entry, error, due_at, handle)

    def _close(self, entry: Entry, exchange: Mapping[str, Any]) -> None:
        self.installation.store.ledger.done(SYSTEM, entry, exchange, self.clock())

    def _say(self, entry: Entry, command: Command | None) -> None:
        """Tell the case, however many others are telling it something at this moment."""
        if command is None:
            return
        for _ in range(RACES):
            try:
                act(self._case(entry), command)
            except Conflict:
                continue
            except NotAllowed as refused:
                self.installation.log.warning("%s of %s: %s", entry.key, entry.id, refused)
            return
        raise TimeoutError(f"{entry.id} lost {RACES} races")

    def _case(self, entry: Entry) -> Case:
        return open_case(self.installation, SYSTEM, NOBODY, entry.application, self.clock())


UNKNOWN = "outcome unknown"


def backoff(tries: int, jitter: float) -> float:
    """Seconds to wait after so many failures: doubled each time, half of it by chance."""
    longest = min(FIRST_WAIT * 2.0 ** min(tries, 20), LONGEST_WAIT)
    return longest * (0.5 + jitter / 2)


def payload(case: Case, entry: Entry) -> dict[str, Any]:
    """What is sent: each name's rule over the item's answers, and what its steps came to."""
    plan = case.plan(entry.step)
    view = StepView(view_of(case.draft, plan.use, case.state), plan.use, case.state)
    found = {name: compile_rule(rule).fn(view) for name, rule in plan.settings["input"].items()}
    return {name: value for name, value in found.items() if value is not None}


def answered(entry: Entry, answer: Done[Any] | NotFound | Denied) -> Command | None:
    """What an answer means for the case."""
    on: dict[str, Any] = {"step": entry.step, "run": entry.run, "by": PLATFORM}
    if entry.kind == "undo":
        return Undone(**on, gone=isinstance(answer, Done))
    if entry.kind != "call":
        return None
    if isinstance(answer, Done):
        return Answer(**on, result="done", data=dict(answer.data))
    if isinstance(answer, Denied):
        return Answer(**on, result="rejected", reason=answer.reason["zh-CN"])
    return Answer(**on, result="not_found")


def failed(entry: Entry, reason: str) -> Command | None:
    """What it means for the case that a delivery can't be made."""
    on: dict[str, Any] = {"step": entry.step, "run": entry.run, "by": PLATFORM}
    if entry.kind == "undo":
        return Undone(**on, gone=False, reason=reason)
    return Answer(**on, result="rejected", reason=reason) if entry.kind == "call" else None
