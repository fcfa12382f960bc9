"""Sources are asked side by side; who is slow, dead or wrong is named and delays nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from definitions.model import License
from definitions.wording import say
from plugins.asking import Asker, Breaker, Question
from plugins.contract import (
    BadReply,
    Config,
    Denied,
    Done,
    Finding,
    LicenseSource,
    Misconfigured,
    NotFound,
    Purpose,
    Rejected,
    Spec,
    Unavailable,
)
from plugins.registry import Instances
from plugins.sandbox import seeds
from tests.plugins.conftest import Fault

PURPOSE = Purpose(("x",), "draft-1")
QUESTIONS = [Question("A", ("passport",), PURPOSE), Question("B", ("diploma",), PURPOSE)]
PRESSED = {"pressed": True}
Answer = Callable[[str, Sequence[str]], Any]


class Source(LicenseSource):
    """A source that answers with a function, and counts."""

    def __init__(self, answer: Answer) -> None:
        super().__init__({})
        self.answer = answer
        self.asked = 0

    @classmethod
    def spec(cls) -> Spec:
        raise NotImplementedError

    @classmethod
    def check(cls, config: Config) -> list[Finding]:
        raise NotImplementedError

    def find(self, holder: str, types: Sequence[str], purpose: Purpose) -> Any:
        self.asked += 1
        return self.answer(holder, types)

    def verify(self, license: License, purpose: Purpose) -> Any:
        raise NotImplementedError

    def file(self, license: License, purpose: Purpose) -> Any:
        raise NotImplementedError


def knows(holder: str, types: Sequence[str]) -> Any:
    return Done((License(types[0], "1", holder, {}),))


def raises(error: Exception) -> Answer:
    def answer(holder: str, types: Sequence[str]) -> Any:
        raise error

    return answer


@contextmanager
def asking(sources: Mapping[str, LicenseSource], **settings: Any) -> Iterator[Asker]:
    titles = {name: {"zh-CN": f"{name}库", "en": name} for name in sources}
    asker = Asker(sources, titles, **settings)
    yield asker
    asker.close()


def test_all_answers_come_in_order_and_bear_their_source() -> None:
    with asking({"province": Source(knows), "city": Source(knows)}) as asker:
        report = asker.ask_all(QUESTIONS, 2)
    assert [(one.source, one.holder) for one in report.licenses] == [
        ("province", "A"),
        ("province", "B"),
        ("city", "A"),
        ("city", "B"),
    ]
    assert report.silent == ()


def test_no_questions_are_no_work() -> None:
    source = Source(knows)
    with asking({"a": source}) as asker:
        assert asker.ask_all([], 2).licenses == ()
    assert source.asked == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unavailable("x", 9), "source.unavailable"),
        (BadReply("x"), "source.bad_reply"),
        (Rejected("1", "x"), "source.rejected"),
        (Misconfigured("x"), "source.misconfigured"),
        (ZeroDivisionError(), "source.bad_reply"),
    ],
)
def test_a_source_that_fails_is_named(error: Exception, code: str) -> None:
    with asking({"bad": Source(raises(error)), "good": Source(knows)}) as asker:
        report = asker.ask_all(QUESTIONS, 2)
    assert [(one.source, one.problem.code) for one in report.silent] == [("bad", code)]
    assert "bad库" in say(report.silent[0].problem, "zh-CN")
    assert {one.source for one in report.licenses} == {"good"}


def test_a_source_that_denies_is_named_with_its_reason() -> None:
    denied = Source(lambda holder, types: Denied({"zh-CN": "不开放", "en": "closed"}))
    with asking({"a": denied}) as asker:
        report = asker.ask_all(QUESTIONS, 2)
    assert "不开放" in say(report.silent[0].problem, "zh-CN")


def test_a_slow_source_costs_the_deadline_and_no_more() -> None:
    release = threading.Event()
    slow = Source(lambda holder, types: release.wait(5) and NotFound())
    with asking({"slow": slow, "good": Source(knows)}) as asker:
        begun = time.monotonic()
        report = asker.ask_all(QUESTIONS, 0.2)
        took = time.monotonic() - begun
        release.set()
    assert took < 0.4
    assert [one.problem.code for one in report.silent] == ["source.slow"]
    assert len(report.licenses) == 2


def test_what_a_source_says_in_time_is_kept_though_the_rest_is_late() -> None:
    release = threading.Event()

    def half(holder: str, types: Sequence[str]) -> Any:
        return knows(holder, types) if holder == "A" else release.wait(5) and NotFound()

    with asking({"half": Source(half)}) as asker:
        report = asker.ask_all(QUESTIONS, 0.2)
        release.set()
    assert [one.holder for one in report.licenses] == ["A"]
    assert [one.source for one in report.silent] == ["half"]


def test_a_dead_source_is_soon_not_asked_any_more() -> None:
    dead = Source(raises(Unavailable("x")))
    with asking({"dead": dead}, failures=2, rest=60) as asker:
        reports = [asker.ask_all(QUESTIONS[:1], 1) for _ in range(4)]
    assert dead.asked == 2
    assert [report.silent[0].problem.code for report in reports[2:]] == ["source.resting"] * 2
    assert 0 < (reports[3].silent[0].retry_after or 0) <= 60


def test_a_source_that_only_says_no_is_asked_again() -> None:
    strict = Source(raises(Rejected("1", "x")))
    with asking({"strict": strict}, failures=2) as asker:
        for _ in range(4):
            asker.ask_all(QUESTIONS[:1], 1)
    assert strict.asked == 4


def test_a_stuck_source_holds_its_own_threads_only() -> None:
    release = threading.Event()
    stuck = Source(lambda holder, types: release.wait(5) and NotFound())
    with asking({"stuck": stuck, "good": Source(knows)}, workers=1, waiting=4) as asker:
        reports = [asker.ask_all(QUESTIONS * 2, 0.1) for _ in range(2)]
        release.set()
    assert stuck.asked == 1
    assert all(len(report.licenses) == 4 for report in reports)
    assert all(report.silent[0].source == "stuck" for report in reports)


def test_a_breaker_lets_one_try_after_the_rest() -> None:
    breaker = Breaker(limit=2, rest=10)
    assert breaker.allows(0) == 0
    breaker.note(answered=False, now=0)
    assert breaker.allows(0) == 0
    breaker.note(answered=False, now=0)
    assert breaker.allows(4) == 6
    assert breaker.allows(10) == 0
    assert breaker.allows(10) > 0, "the others rest while one tries"
    breaker.note(answered=True, now=11)
    assert breaker.allows(11) == 0


def test_a_person_who_presses_tries_a_resting_source_one_at_a_time() -> None:
    breaker = Breaker(limit=1, rest=10)
    breaker.note(answered=False, now=0)
    assert breaker.allows(4) == 6
    assert breaker.allows(4, pressed=True) == 0
    assert breaker.allows(5, pressed=True) > 0, "one is trying already"
    assert breaker.allows(5) > 0
    breaker.note(answered=False, now=6)
    assert breaker.allows(7) == 9, "the rest begins anew"
    assert breaker.allows(7, pressed=True) == 0
    breaker.note(answered=True, now=8)
    assert breaker.allows(8) == 0


def test_a_source_that_is_back_answers_the_person_who_presses() -> None:
    source = Source(raises(Unavailable("x")))
    with asking({"a": source}, failures=1, rest=60) as asker:
        asker.ask_all(QUESTIONS, 1)
        source.answer = knows
        assert asker.ask_all(QUESTIONS, 1).silent[0].problem.code == "source.resting"
        assert len(asker.ask_all(QUESTIONS, 1, pressed=True).licenses) == 2
        assert asker.ask_all(QUESTIONS, 1).silent == ()


def test_presses_at_one_time_are_one_try() -> None:
    release = threading.Event()
    source = Source(raises(Unavailable("x")))
    with asking({"a": source}, failures=1, rest=60) as asker:
        asker.ask_all(QUESTIONS[:1], 1)
        source.answer = lambda holder, types: release.wait(5) and knows(holder, types)
        trying = threading.Thread(target=asker.ask_all, args=(QUESTIONS[:1], 5), kwargs=PRESSED)
        trying.start()
        while source.asked < 2:
            time.sleep(0.001)
        others = [asker.ask_all(QUESTIONS[:1], 1, pressed=True) for _ in range(3)]
        release.set()
        trying.join()
    assert source.asked == 2
    assert [report.silent[0].problem.code for report in others] == ["source.resting"] * 3


def test_every_asking_is_logged_with_its_reason_and_nobodys_data(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="plugins.asking")
    chen = seeds.people()["chen_haishan"]["id_number"]
    question = Question(chen, ("passport",), Purpose(("tobacco",), "draft-7"))
    sources = {"good": Source(knows), "bad": Source(raises(Unavailable("no answer in time")))}
    with asking(sources) as asker:
        asker.ask_all([question], 2)
    good, bad = sorted(caplog.records, key=lambda one: one.levelno)
    assert (good.levelname, bad.levelname) == ("INFO", "WARNING")
    for said in ("good", "passport", "tobacco", "draft-7", "1 found", " ms"):
        assert said in good.getMessage()
    assert "Unavailable: no answer in time" in bad.getMessage()
    assert chen not in caplog.text


def test_the_sandbox_with_one_office_silent(instances: Instances, fault: Fault) -> None:
    haishan = seeds.enterprises()["haishan"]["credit_code"]
    fault("province", "silent")
    asker = Asker(instances.sources, instances.titles)
    report = asker.ask_all([Question(haishan, ("business_license",), PURPOSE)], 0.5)
    asker.close()
    assert [one.source for one in report.licenses] == ["city"]
    assert "广东省电子证照库" in say(report.silent[0].problem, "zh-CN")
