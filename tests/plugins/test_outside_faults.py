"""Whatever an outside system does, its connector says what it was; a key has one effect."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from plugins.connector_utility import Utility
from plugins.contract import (
    BadReply,
    Done,
    NotFound,
    OutcomeUnknown,
    Pending,
    PluginError,
    Rejected,
    Unavailable,
)
from plugins.registry import Instances
from tests.plugins import fault_server
from tests.plugins.conftest import Ask, Books, Fault, hasty, why
from tests.plugins.fault_server import KEY, Script, answering

READ = ("account", {"account_number": "0304210088"})
PLACE = {"location": "广东省珠海市香洲区试验路1号", "holder": "何家俊"}
CONFIG = {"client": "c", "key": KEY, "timeout": 0.5}


def connections(books: Books) -> list[dict[str, Any]]:
    return [call for call in books("water")["calls"] if call["operation"] == "connect"]


def test_the_same_key_has_one_answer_and_one_effect(ask: Ask, books: Books) -> None:
    before = len(connections(books))
    answers = [ask("water.connect", PLACE, "once") for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    made = connections(books)
    assert len(made) == before + 1
    assert (made[-1]["key"], made[-1]["times"]) == ("once", 3)


def test_the_same_key_at_the_same_moment_has_one_effect(ask: Ask, books: Books) -> None:
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(ask, "water.connect", PLACE, "at once") for _ in range(8)]
        answers = [call.result() for call in calls]
    assert all(answer == answers[0] for answer in answers)
    assert [one["times"] for one in connections(books) if one["key"] == "at once"] == [8]


def test_a_day_that_does_not_exist_is_not_sent(ask: Ask) -> None:
    with pytest.raises(Rejected, match="bad_input"):
        ask("water.survey_dates", {"location": "x", "from": "2026-02-30"})


def test_a_key_is_for_one_thing(ask: Ask) -> None:
    ask("water.connect", PLACE, "for this")
    with pytest.raises(Rejected, match="key_reused"):
        ask("water.connect", {**PLACE, "holder": "陈海珊"}, "for this")


def test_what_was_refused_may_be_tried_again_with_its_key(ask: Ask, instances: Instances) -> None:
    given = {"account_number": "0304388410", "new_name": "李晓雯", "new_id": "440402199306062448"}
    for _ in range(2):
        with pytest.raises(Rejected, match="arrears"):
            ask("water.transfer", given, "refused")
    assert instances.connectors["water"].reconcile("refused") == NotFound()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("down", Unavailable), ("errors", Unavailable), ("silent", Unavailable), ("wrong", BadReply)],
)
def test_a_question_that_fails_can_be_put_again(
    kind: str, expected: type[PluginError], fault: Fault, instances: Instances
) -> None:
    fault("water", kind)
    with pytest.raises(expected):
        hasty(instances, "water").call(*READ, why())


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("down", OutcomeUnknown),
        ("errors", OutcomeUnknown),
        ("silent", OutcomeUnknown),
        ("wrong", BadReply),
    ],
)
def test_a_write_that_never_came_is_reconciled_as_not_done(
    kind: str, expected: type[PluginError], fault: Fault, instances: Instances
) -> None:
    water, key = hasty(instances, "water"), f"write while {kind}"
    fault("water", kind)
    with pytest.raises(expected):
        water.call("connect", PLACE, why(key))
    fault("water", "none")
    assert water.reconcile(key) == NotFound()
    assert isinstance(water.call("connect", PLACE, why(key)), Done)


def test_a_write_whose_answer_is_lost_is_reconciled_as_done(
    fault: Fault, instances: Instances, books: Books
) -> None:
    water = instances.connectors["water"]
    fault("water", "lost")
    with pytest.raises(OutcomeUnknown) as error:
        water.call("connect", PLACE, why("lost"))
    assert error.value.key == "lost"
    fault("water", "none")
    done = water.reconcile("lost")
    assert isinstance(done, Done)
    assert water.call("connect", PLACE, why("lost")) == done
    assert len([one for one in connections(books) if one["key"] == "lost"]) == 1


def test_nobody_there_is_unavailable_for_a_write_too() -> None:
    nobody = Utility({**CONFIG, "address": "http://127.0.0.1:9"})
    with pytest.raises(Unavailable):
        nobody.call("connect", PLACE, why())


def test_one_system_that_fails_leaves_the_others_alone(
    ask: Ask, fault: Fault, instances: Instances
) -> None:
    fault("water", "silent")
    with pytest.raises(Unavailable):
        hasty(instances, "water").call(*READ, why())
    assert isinstance(ask("power.account", {"account_number": "0801120045667"}), Done)


def test_what_takes_time_is_asked_for_again(fault: Fault, instances: Instances) -> None:
    water = instances.connectors["water"]
    fault("water", "pending", 60_000)
    first = water.call("connect", PLACE, why("slowly"))
    assert isinstance(first, Pending)
    assert water.call("connect", PLACE, why("slowly")) != NotFound()
    assert isinstance(water.poll(first.handle), Pending)
    assert isinstance(water.reconcile("slowly"), Pending)
    fault("water", "none")
    done = water.poll(first.handle)
    assert isinstance(done, Done)
    assert water.reconcile("slowly") == done


def ask_script(script: Script, operation: str, payload: dict[str, Any]) -> Any:
    with fault_server.serving(script) as address:
        return Utility({**CONFIG, "address": address}).call(operation, payload, why("k"))


def reply(answer: Any, operation: str = "account") -> bytes:
    return json.dumps({"operation": operation, "answer": answer}).encode()


GOOD = {
    "account_number": "0304210088",
    "holder_name": "x",
    "location": "x",
    "arrears": 0,
    "opened_on": "2010-11-08",
}
BAD: dict[str, Script] = {
    "unsigned": answering(reply(GOOD), signed=False),
    "cut_off": answering(reply(GOOD)[:-9], length=len(reply(GOOD))),
    "half_json": answering(reply(GOOD)[:-9]),
    "other_charset": answering(reply(GOOD), media_type="application/json; charset=gbk"),
    "a_list": answering(b"[]"),
    "another_operation": answering(reply({**GOOD, "transferred_on": "2026-11-20"}, "transfer")),
    "a_day_that_does_not_exist": answering(reply({**GOOD, "opened_on": "2010-02-30"})),
    "no_such_operation": answering(reply(GOOD, "dance")),
    "a_name_missing": answering(reply({"arrears": 0})),
    "money_as_text": answering(reply({**GOOD, "arrears": "0"})),
    "pending_without_handle": answering(b"{}", status=202),
    "refused_without_words": answering(b"{}", status=422),
    "redirect": answering(b"", status=302, headers={"Location": "http://127.0.0.1:9/"}),
    "huge": answering(b" " * 2_100_000),
}


@pytest.mark.parametrize("script", BAD.values(), ids=list(BAD))
def test_a_wrong_answer_is_a_bad_reply(script: Script) -> None:
    with pytest.raises(BadReply):
        ask_script(script, *READ)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (fault_server.hanging_up, OutcomeUnknown),
        (fault_server.silent(1.0), OutcomeUnknown),
        (fault_server.dripping(1.0), OutcomeUnknown),
        (BAD["cut_off"], OutcomeUnknown),
        (answering(b"<html>", status=502, signed=False), OutcomeUnknown),
        (answering(b"<html>", status=503, signed=False), Unavailable),
        (answering(b"", status=429, signed=False), Unavailable),
    ],
)
def test_a_write_knows_whether_it_can_have_been_done(
    script: Script, expected: type[PluginError]
) -> None:
    with pytest.raises(expected):
        ask_script(script, "connect", PLACE)


def test_a_refusal_has_the_other_sides_code_and_words() -> None:
    words = json.dumps({"code": "no_pipe", "message": "没有管道"}).encode()
    with pytest.raises(Rejected) as error:
        ask_script(answering(words, status=422), "connect", PLACE)
    assert (error.value.code, error.value.message) == ("no_pipe", "没有管道")
