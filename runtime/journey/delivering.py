"""Delivering: the ledger's entries go out, and what comes back is a command on the case.

Only the platform retries: exponentially with jitter, up to a limit; then a person has to look.
A write whose answer was lost is asked after by its key, never sent with another. Each connector
has threads of its own, and one that fails again and again is left alone for a while: neither
starves another.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock
from time import perf_counter
from typing import Any

from plugins.asking import Breaker
from plugins.contract import (
    Answered,
    BadReply,
    Connector,
    Done,
    Misconfigured,
    NotFound,
    OutcomeUnknown,
    Pending,
    PluginError,
    Rejected,
    Unavailable,
)
from runtime.engine.approvals import NotAllowed
from runtime.engine.approvals.commands import Command
from runtime.installation import Installation
from runtime.journey.cases import Case, act, open_case
from runtime.journey.errands import Call, Errand, Undo, connector_of
from runtime.journey.issuing import Issue, Revoke
from runtime.journey.messages import tell
from runtime.journey.paying import Bill, Drop, Refund
from runtime.store import SYSTEM, Conflict, Person, Preferences
from runtime.store.ledger import Entry, Sort

FIRST_WAIT, LONGEST_WAIT = 5.0, 3600.0
"""Seconds to the second attempt, and at most between two."""
SHORTEST_WAIT = 1.0
"""Nothing is asked after sooner, whatever the other side says."""
MOST_TRIES = 32
"""About a day of failures in a row."""
FAILURES, REST = 5, 60.0
"""So many failures in a row let a connector rest, for so many seconds."""
WIDTH = 2
"""So many entries go to one connector at a time."""
RACES = 20
"""How often a result tries to be stored while others move the same application."""
UNKNOWN = "outcome unknown"
"""How the error of an entry begins that may have been done."""
NOBODY = Person("", "", "platform", "", (), Preferences())
MONEY: Mapping[str, type[Errand]] = {"bill": Bill, "refund": Refund, "drop": Drop}


@dataclass
class Deliverer:
    """Works the ledger off; one for the life of a process. `jitter` is 0 to 1."""

    installation: Installation
    clock: Callable[[], datetime]
    jitter: Callable[[], float] = random.random
    _breakers: dict[tuple[str, str], Breaker] = field(default_factory=dict)
    _busy: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def work(self) -> int:
        """Deliver until nothing is due any more; how many times something was taken."""
        taken = 0
        while found := self._round():
            taken += found
        return taken

    def next_due(self) -> datetime | None:
        """When there is something to do again; None while nothing waits."""
        store = self.installation.store
        with store.connected():
            return store.ledger.next_due(SYSTEM)

    def _round(self) -> int:
        """What is due now, each connector's by itself; how many entries were taken."""
        store = self.installation.store
        lanes: dict[str, list[Sort]] = {}
        with store.connected():
            for sort in store.ledger.due(SYSTEM, self.clock()):
                lanes.setdefault(connector_of(*sort), []).append(sort)
        if not lanes:
            return 0
        work = [(name, sorts) for name, sorts in lanes.items() for _ in range(WIDTH)]
        with ThreadPoolExecutor(len(work)) as pool:
            return sum(pool.map(lambda one: self._lane(*one), work))

    def _lane(self, name: str, sorts: Collection[Sort]) -> int:
        """One connector's entries one after the other, if it hasn't enough at a time already."""
        with self._lock:
            if self._busy[name] >= WIDTH:
                return 0
            self._busy[name] += 1
        try:
            return self._drain(sorts)
        finally:
            with self._lock:
                self._busy[name] -= 1

    def _drain(self, sorts: Collection[Sort]) -> int:
        store, taken = self.installation.store, 0
        with store.connected():
            while entry := store.ledger.lease(SYSTEM, sorts, self.clock()):
                taken += 1
                self._safely(entry)
        return taken

    def _safely(self, entry: Entry) -> None:
        """One entry; whatever goes wrong with it stays with it."""
        try:
            self._deliver(entry)
        except Exception:
            self.installation.log.exception("delivery %s", entry.id)
            if entry.tries >= MOST_TRIES:
                self.installation.store.ledger.dead(SYSTEM, entry, "internal error")
            else:
                self._again(entry, "internal error")

    def _deliver(self, entry: Entry) -> None:
        case = self._case(entry)
        if entry.kind == "notify":
            tell(case, entry)
            self._close(entry, {})
            return
        errand = errand_of(case, entry)
        wait = errand.waits()
        if errand.is_void():
            self._close(entry, entry.exchange)
        elif wait:
            self._rest(entry, wait)
        elif not errand.connector:
            self._take(errand, self._sent(errand), Done(errand.payload()))
        else:
            self._outside(errand)

    def _outside(self, errand: Errand) -> None:
        """Through the connector, unless it rests."""
        entry, name = errand.entry, errand.connector
        connector = self.installation.instances.connectors.get(name)
        if connector is None:
            self._give_up(errand, f"no connector {name}")
            return
        breaker = self._breaker(name, entry.district)
        rest = breaker.allows(self.clock().timestamp())
        if rest:
            self._rest(entry, rest)
            return
        exchange, begun = self._sent(errand), perf_counter()
        answer = self._heard(breaker, lambda: _attempt(errand, connector, exchange["sent"]))
        self._note(errand, type(answer).__name__, perf_counter() - begun)
        if isinstance(answer, PluginError):
            self._failed(errand, exchange, answer)
        else:
            self._take(errand, exchange, errand.read(answer))

    def _heard(self, breaker: Breaker, call: Callable[[], Answered]) -> Answered | PluginError:
        """What comes of a call, noted by the connector's breaker: a refusal is an answer too."""
        fine = False
        try:
            answer = call()
            fine = True
        except PluginError as error:
            fine = isinstance(error, Rejected)
            return error
        finally:
            breaker.note(answered=fine, now=self.clock().timestamp())
        return answer

    def _note(self, errand: Errand, came: str, seconds: float) -> None:
        """Every call is logged: what, why, how long, what came back; never what was in it."""
        context = errand.context
        what = f"{errand.connector}.{errand.operation}{' asked after' * bool(errand.entry.handle)}"
        self.installation.log.info(
            "%s for %s of %s: %s in %.2f s", what, context.item, context.case, came, seconds
        )

    def _breaker(self, name: str, district: str) -> Breaker:
        with self._lock:
            return self._breakers.setdefault((name, district), Breaker(FAILURES, REST))

    def _sent(self, errand: Errand) -> dict[str, Any]:
        """What is kept with an entry before it goes out: the same is sent with the same key."""
        entry = errand.entry
        if "sent" not in entry.exchange:
            exchange = {"sent": dict(errand.payload())}
            self.installation.store.ledger.keep(SYSTEM, entry, exchange)
            return exchange
        return dict(entry.exchange)

    def _take(self, errand: Errand, exchange: Mapping[str, Any], answer: Answered) -> None:
        """An answer: the case hears of it first, then it is written down.

        Killed between the two, the entry goes out again, and the case notes the second as late.
        """
        entry = errand.entry
        if isinstance(answer, Pending):
            self._ask_later(errand, answer)
            return
        if not isinstance(answer, Done) and not errand.for_person:
            self._give_up(errand, f"{errand.operation}: {type(answer).__name__}")
            return
        self._say(entry, errand.said(answer))
        data = dict(answer.data) if isinstance(answer, Done) else {}
        kept = {"answer": data, **exchange}
        more = errand.more(answer) if isinstance(answer, Done) else None
        if more is None:
            self._close(entry, kept)
        else:
            self.installation.store.ledger.keep(SYSTEM, entry, kept)
            self._ask_later(errand, more)

    def _ask_later(self, errand: Errand, answer: Pending) -> None:
        """Ask again when it was said, unless the time for it is over."""
        if answer.until and self.clock() > _moment(answer.until):
            self._give_up(errand, f"no answer until {answer.until}")
            return
        due_at = self._after(max(answer.ask_again_after, SHORTEST_WAIT))
        ledger = self.installation.store.ledger
        ledger.later(SYSTEM, errand.entry, due_at, handle=answer.handle)

    def _failed(self, errand: Errand, exchange: Mapping[str, Any], error: PluginError) -> None:
        """No answer. What is refused for good, or again and again, is for a person."""
        entry = errand.entry
        if isinstance(error, Rejected) and errand.for_person:
            self._say(entry, errand.failed(f"{error.code}: {error.message}"))
            told = {"code": error.code, "message": error.message}
            self._close(entry, {**exchange, "rejected": told})
        elif isinstance(error, Rejected | Misconfigured) or entry.tries + 1 >= MOST_TRIES:
            self._give_up(errand, str(error))
        else:
            lost = isinstance(error, OutcomeUnknown | BadReply) or entry.error.startswith(UNKNOWN)
            wait = error.retry_after if isinstance(error, Unavailable) else None
            text = str(error).removeprefix(UNKNOWN).strip()
            self._again(entry, f"{UNKNOWN} {text}" if lost else text, wait)

    def _give_up(self, errand: Errand, error: str) -> None:
        """Nobody can deliver it: the case is told, an admin finds it."""
        self._say(errand.entry, errand.failed(error))
        self.installation.store.ledger.dead(SYSTEM, errand.entry, error)
        self.installation.log.error("delivery %s is dead: %s", errand.entry.id, error)

    def _again(self, entry: Entry, error: str, seconds: float | None = None) -> None:
        """Try again, when the other side says or after a while."""
        wait = max(seconds or backoff(entry.tries, self.jitter()), SHORTEST_WAIT)
        self.installation.store.ledger.later(SYSTEM, entry, self._after(wait), error=error)
        self.installation.log.warning("delivery %s again in %.0f s: %s", entry.id, wait, error)

    def _rest(self, entry: Entry, seconds: float) -> None:
        self.installation.store.ledger.rest(SYSTEM, entry, self._after(seconds))

    def _after(self, seconds: float) -> datetime:
        return self.clock() + timedelta(seconds=seconds)

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


def errand_of(case: Case, entry: Entry) -> Errand:
    """What an entry is about."""
    if entry.kind in MONEY:
        return MONEY[entry.kind](case, entry)
    if case.plan(entry.step).kind == "issue":
        return Revoke(case, entry) if entry.kind == "undo" else Issue(case, entry)
    return Undo(case, entry) if entry.kind == "undo" else Call(case, entry)


def _attempt(errand: Errand, connector: Connector, sent: Mapping[str, Any]) -> Answered:
    """Ask how it stands that was begun, or begin it."""
    entry = errand.entry
    if entry.handle:
        return errand.ask(connector)
    if entry.error.startswith(UNKNOWN):
        known = connector.reconcile(errand.context.key)
        if not isinstance(known, NotFound):
            return known
    return connector.call(errand.operation, sent, errand.context)


def backoff(tries: int, jitter: float) -> float:
    """Seconds to wait after so many failures: doubled each time, half of it by chance."""
    longest = min(FIRST_WAIT * 2.0 ** min(tries, 20), LONGEST_WAIT)
    return longest * (0.5 + jitter / 2)


def _moment(until: str) -> datetime:
    """The moment that a connector has named; a bare one is UTC."""
    named = datetime.fromisoformat(until)
    return named if named.tzinfo else named.replace(tzinfo=UTC)
