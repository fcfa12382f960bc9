"""Asks licence sources in parallel with one deadline; whoever does not answer is named.

A slow or dead source costs nobody the form: its threads are its own (a bulkhead), they are left
behind when the deadline comes, and after some failures it is not asked at all for a while (a
breaker). What the other sources know is there in time.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from definitions.formats import mask
from definitions.model import License, Text
from definitions.problems import Problem
from plugins.contract import (
    BadReply,
    Denied,
    Done,
    LicenseSource,
    Misconfigured,
    NotFound,
    PluginError,
    Purpose,
    Rejected,
    Unavailable,
)

log = logging.getLogger(__name__)

Clock = Callable[[], float]
Answer = Done[tuple[License, ...]] | NotFound | Denied | PluginError
Trouble = NotFound | Denied | PluginError | None
CODES: Mapping[type, str] = {
    Unavailable: "source.unavailable",
    BadReply: "source.bad_reply",
    Rejected: "source.rejected",
    Misconfigured: "source.misconfigured",
    Denied: "source.denied",
}
FINE = NotFound()
"""What stands for no trouble at all; None stands for no answer in time."""


@dataclass(frozen=True, slots=True)
class Question:
    """The licences of some types that one holder may have, and what for."""

    holder: str
    types: tuple[str, ...]
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Silent:
    """A source that did not answer everything: why, and when to try again (seconds)."""

    source: str
    problem: Problem
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What the sources said: licences in the order of sources and questions, and who is missing."""

    licenses: tuple[License, ...]
    silent: tuple[Silent, ...]
    seconds: float


class Breaker:
    """Rests a source after `limit` failures in a row; then one try decides.

    The try comes after the rest, or before when a person presses for it.
    """

    def __init__(self, limit: int, rest: float) -> None:
        self._limit, self._rest = limit, rest
        self._failures = 0
        self._until = 0.0
        self._trying = False
        self._lock = threading.Lock()

    def allows(self, now: float, *, pressed: bool = False) -> float:
        """0 if the source may be asked, else the seconds until it may.

        Somebody who `pressed` may ask at once, unless another is trying already.
        """
        with self._lock:
            if self._failures < self._limit:
                return 0
            if now < self._until and (self._trying or not pressed):
                return self._until - now
            self._until = now + self._rest  # this caller tries; the others go on resting
            self._trying = True
            return 0

    def note(self, *, answered: bool, now: float) -> None:
        """Remember how one asking went."""
        with self._lock:
            self._failures = 0 if answered else self._failures + 1
            self._until = now + self._rest
            self._trying = False


class Bulkhead:
    """A few threads and a short queue for one source. The threads never keep a process alive."""

    def __init__(self, name: str, workers: int, waiting: int) -> None:
        self._tasks: queue.Queue[Callable[[], None] | None] = queue.Queue(waiting)
        self._threads: list[threading.Thread] = []
        self._name, self._workers = name, workers
        self._lock = threading.Lock()

    def submit(self, task: Callable[[], None]) -> bool:
        """Take the task on, or say at once that there is no room."""
        try:
            self._tasks.put_nowait(task)
        except queue.Full:
            return False
        with self._lock:
            if len(self._threads) < self._workers:
                thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._threads.append(thread)
                thread.start()
        return True

    def close(self) -> None:
        """Let the threads go when they have finished what they are at."""
        for _ in self._threads:
            try:
                self._tasks.put_nowait(None)
            except queue.Full:
                return

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()


class Asker:
    """Sources, each with its bulkhead and breaker: one for the life of a process.

    `titles` are what people call the sources: sentences about silent ones use them.
    """

    def __init__(
        self,
        sources: Mapping[str, LicenseSource],
        titles: Mapping[str, Text],
        *,
        workers: int = 4,
        waiting: int = 32,
        failures: int = 2,
        rest: float = 20.0,
        clock: Clock = time.monotonic,
    ) -> None:
        self._sources, self._titles = dict(sources), dict(titles)
        self._clock = clock
        self._bulkheads = {name: Bulkhead(name, workers, waiting) for name in sources}
        self._breakers = {name: Breaker(failures, rest) for name in sources}

    def ask_all(
        self, questions: Sequence[Question], deadline: float, *, pressed: bool = False
    ) -> SourceReport:
        """Put every question to every source; comes back within `deadline` seconds.

        A source that rests is asked all the same when a person has `pressed` for it.
        """
        begun = self._clock()
        asking = _Asking(begun + deadline, self._clock)
        silent: dict[str, Silent] = {}
        for name in self._sources if questions else ():
            wait = self._breakers[name].allows(begun, pressed=pressed)
            if wait:
                silent[name] = Silent(name, self._problem(name, "source.resting"), wait)
            else:
                self._send(name, questions, asking)
        asking.wait()
        silent |= self._judge(asking)
        licenses = tuple(one for name in self._sources for one in asking.licenses(name))
        order = [silent[name] for name in self._sources if name in silent]
        return SourceReport(licenses, tuple(order), self._clock() - begun)

    def close(self) -> None:
        """End the idle threads."""
        for bulkhead in self._bulkheads.values():
            bulkhead.close()

    def _send(self, name: str, questions: Sequence[Question], asking: _Asking) -> None:
        for number, question in enumerate(questions):
            asking.expect((name, number))
            task = asking.task((name, number), self._sources[name], question)
            if not self._bulkheads[name].submit(task):
                asking.answer((name, number), Unavailable("no room"))

    def _judge(self, asking: _Asking) -> dict[str, Silent]:
        silent: dict[str, Silent] = {}
        now = self._clock()
        for name in asking.sources():
            trouble = asking.trouble(name)
            if trouble is not FINE:
                silent[name] = self._silent(name, trouble)
            answered = trouble is FINE or isinstance(trouble, Denied | Rejected)
            self._breakers[name].note(answered=answered, now=now)
        return silent

    def _silent(self, name: str, trouble: Trouble) -> Silent:
        if trouble is None:
            return Silent(name, self._problem(name, "source.slow"))
        reason = {"reason": trouble.reason} if isinstance(trouble, Denied) else {}
        retry_after = trouble.retry_after if isinstance(trouble, Unavailable) else None
        return Silent(name, self._problem(name, CODES[type(trouble)], **reason), retry_after)

    def _problem(self, name: str, code: str, **params: Text) -> Problem:
        return Problem(code, f"/{name}", {"source": self._titles[name], **params})


Slot = tuple[str, int]


class _Asking:
    """One round of questions: the answers as they come in, until all are there or time is up."""

    def __init__(self, until: float, clock: Clock) -> None:
        self._until, self._clock = until, clock
        self._answers: dict[Slot, Answer | None] = {}
        self._changed = threading.Condition()

    def expect(self, slot: Slot) -> None:
        with self._changed:
            self._answers[slot] = None

    def answer(self, slot: Slot, answer: Answer) -> None:
        with self._changed:
            if self._clock() <= self._until:
                self._answers[slot] = answer
            self._changed.notify_all()

    def task(self, slot: Slot, source: LicenseSource, question: Question) -> Callable[[], None]:
        """What a bulkhead's thread does; a question whose time is over is not put any more."""

        def run() -> None:
            if self._clock() < self._until:
                self.answer(slot, _ask(slot[0], source, question))

        return run

    def wait(self) -> None:
        with self._changed:
            self._changed.wait_for(self._complete, max(0.0, self._until - self._clock()))
            self._until = min(self._until, self._clock())  # what comes from now on is too late

    def sources(self) -> list[str]:
        return list(dict.fromkeys(name for name, _ in self._answers))

    def licenses(self, source: str) -> list[License]:
        answers = [one for (name, _), one in self._answers.items() if name == source]
        found = [one for answer in answers if isinstance(answer, Done) for one in answer.data]
        return [replace(one, source=source) for one in found]

    def trouble(self, source: str) -> Trouble:
        """The first thing that went wrong with a source; FINE if nothing did."""
        for (name, _), answer in self._answers.items():
            if name == source and not isinstance(answer, Done | NotFound):
                return answer
        return FINE

    def _complete(self) -> bool:
        return all(answer is not None for answer in self._answers.values())


def _ask(name: str, source: LicenseSource, question: Question) -> Answer:
    begun = time.monotonic()
    answer: Answer
    try:
        answer = source.find(question.holder, question.types, question.purpose)
    except PluginError as error:
        answer = error
    except Exception as error:  # a plugin's own mistake must not cost anybody the form
        log.exception("source %s failed", name)
        answer = BadReply(type(error).__name__)
    _note(name, question, answer, time.monotonic() - begun)
    return answer


def _note(name: str, question: Question, answer: Answer, seconds: float) -> None:
    """Log one asking: whom about, what, why, what came back and how long it took."""
    failed = isinstance(answer, PluginError)
    log.log(
        logging.WARNING if failed else logging.INFO,
        "source %s: %s of %s for %s in %s: %s after %.0f ms",
        name,
        " ".join(question.types),
        mask(question.holder),
        " ".join(question.purpose.items),
        question.purpose.case,
        _said(answer),
        seconds * 1000,
    )


def _said(answer: Answer) -> str:
    """What came back, without anybody's data: how many licences, or which refusal."""
    if isinstance(answer, Done):
        return f"{len(answer.data)} found"
    detail = f": {answer}" if isinstance(answer, PluginError) else ""
    return type(answer).__name__ + detail
