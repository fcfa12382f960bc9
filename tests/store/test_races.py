"""Many at once, and processes that die in the middle: nothing double, nothing acknowledged lost."""

from __future__ import annotations

import base64
import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime.store import (
    SYSTEM,
    Change,
    Conflict,
    Enterprise,
    Limits,
    Refused,
    Slice,
    StoreError,
    Upload,
)
from tests.store.fixtures import NOW, RING, Town, open_store, release, settle

SLICE = Slice("food", "food_license", "market_regulation", {"area": 80})


def at_once(town: Town, count: int, work: Callable[[int], Any]) -> list[Any]:
    """What each of so many threads returned or raised, all let go at the same moment."""
    gate, results = threading.Barrier(count), [None] * count

    def run(number: int) -> None:
        gate.wait()
        with town.store.connected():
            try:
                results[number] = work(number)
            except StoreError as error:
                results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_fifty_sendings_at_once_make_one_application(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()
    submit = town.store.submissions.submit
    receipts = at_once(town, 50, lambda _: submit(owner, draft, (SLICE,), {}, NOW))
    assert [one.repeated for one in receipts].count(False) == 1
    assert len({one.application.number for one in receipts}) == 1
    (sent,) = town.store.applications.mine(owner, NOW)
    held = town.store.applications.load(owner, sent.id, NOW)
    assert len(town.store.submissions.of(owner, held)) == 1
    assert [event.kind for event in town.store.events.of(owner, held)] == ["created", "submitted"]


def test_numbers_have_no_gap_and_no_double(town: Town) -> None:
    owner = town.people["owner"]
    drafts = [town.draft() for _ in range(12)]
    submit = town.store.submissions.submit
    receipts = at_once(town, 12, lambda n: submit(owner, drafts[n], (SLICE,), {}, NOW))
    counts = sorted(int(one.application.number.split("-")[2]) for one in receipts)
    assert counts == list(range(1, 13))


def test_everybody_who_saves_another_question_gets_it_saved(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()
    save = town.store.applications.save
    saved = at_once(town, 12, lambda n: save(owner, draft, 1, Change({f"q{n}": n}), NOW))
    assert not [one for one in saved if isinstance(one, StoreError)]
    answers = town.store.applications.load(owner, draft.id, NOW).answers
    assert answers == {"situation.area": 80, **{f"q{n}": n for n in range(12)}}


def test_of_those_who_save_the_same_question_one_wins(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()
    save = town.store.applications.save
    saved = at_once(town, 8, lambda n: save(owner, draft, 1, Change({"q": n}), NOW))
    assert sum(isinstance(one, Conflict) for one in saved) == 7
    (won,) = [one for one in saved if not isinstance(one, StoreError)]
    assert town.store.applications.load(owner, draft.id, NOW).answers == won.answers


def test_saving_against_sending_loses_nothing(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()

    def work(number: int) -> Any:
        if number % 2:
            return town.store.submissions.submit(owner, draft, (SLICE,), {}, NOW)
        change = Change({f"q{number}": number})
        return town.store.applications.save(owner, draft, 1, change, NOW)

    results = at_once(town, 8, work)
    held = town.store.applications.load(owner, draft.id, NOW)
    kept = {f"q{n}" for n in range(0, 8, 2) if not isinstance(results[n], StoreError)}
    assert kept == set(held.answers) - {"situation.area"}
    refused = [one for one in results if isinstance(one, StoreError)]
    assert all(isinstance(one, Conflict | Refused) for one in refused)
    assert town.store.events.verify_chain(owner, held) is None


def test_pressing_twice_hands_in_once(town: Town) -> None:
    owner, draft = town.people["owner"], town.draft()
    held = town.store.submissions.submit(owner, draft, (SLICE,), {}, NOW).application

    def hand_in(number: int) -> Any:
        content = f"%PDF-1.4 {number * (number % 2 == 0)} %%EOF".encode()
        upload = Upload(io.BytesIO(content), f"{number}.pdf", "rules")
        return town.store.files.add(owner, held, upload, Limits(), NOW)

    kept = at_once(town, 8, hand_in)
    assert len({one.id for one in kept}) == 4, "three alone, and one that came five times"
    held = town.store.applications.fresh(owner, held)
    assert len(town.store.files.of(owner, held)) == 4
    kinds = [event.kind for event in town.store.events.of(owner, held)]
    assert kinds.count("handed_in") == 4
    assert town.store.events.verify_chain(owner, held) is None
    assert held.file_bytes == sum(one.size for one in town.store.files.of(owner, held))


def test_one_person_who_signs_in_twice_at_once_is_one_person(town: Town) -> None:
    powers = (Enterprise("91440400MA0000000X", "甲"),)
    meet = town.store.people.meet
    people = at_once(town, 8, lambda _: meet(SYSTEM, "440402200001010055", "新人", powers, NOW))
    assert len({one.id for one in people}) == 1


def test_publishing_the_same_release_at_once_keeps_one(town: Town) -> None:
    same = release(title="同一版")
    ids = at_once(town, 6, lambda _: town.store.releases.publish(SYSTEM, same, {}, "发布", NOW))
    assert len(set(ids)) == 1


CHILD = """
import base64, sys
from pathlib import Path
from runtime.store import *
from runtime.store.keys import Key, KeyRing
from tests.store.fixtures import NOW
ring = KeyRing((Key("test", base64.b64decode(sys.argv[3])),))
store = Store(sys.argv[1], Path(sys.argv[2]), ring)
owner = Actor("applicant", sys.argv[4], "陈美玲")
slices = (Slice("food", "food_license", "market_regulation", {"area": 80}),)
while True:
    draft = store.applications.create_draft(
        owner, sys.argv[5], "open_restaurant", "440402", "applicant", {}, NOW)
    sent = store.submissions.submit(owner, draft, slices, {}, NOW).application
    print(sent.number, flush=True)
"""


def test_a_process_killed_in_the_middle_loses_nothing_it_has_acknowledged(
    database_url: str, tmp_path: Path
) -> None:
    store = open_store(database_url, tmp_path / "data")
    town = settle(store)
    owner = town.people["owner"]
    secret = base64.b64encode(RING.newest.secret).decode()
    arguments = [database_url, str(tmp_path / "data"), secret, owner.person, town.release]
    acknowledged: list[str] = []
    for count in (1, 3, 7, 12):
        acknowledged += _kill_after(count, arguments)
    kept = {
        row["number"]: row["id"] for row in store.ground.tables.application.select().dicts()
        if row["status"] == "submitted"
    }  # fmt: skip
    assert set(acknowledged) <= set(kept)
    for record in kept.values():
        held = store.applications.load(owner, record, NOW)
        assert len(store.submissions.of(owner, held)) == 1
    assert list(store.events.sweep(SYSTEM)) == []
    store.close()


def _kill_after(count: int, arguments: list[str]) -> list[str]:
    """The numbers that a child acknowledged before it was killed without a warning."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    numbers = [child.stdout.readline().strip() for _ in range(count)]
    os.kill(child.pid, signal.SIGKILL)
    numbers += [line.strip() for line in child.stdout if line.endswith("\n")]
    child.stdout.close()
    child.wait()
    return numbers


DYING = """
import base64, os, signal, sys
from pathlib import Path
from runtime.store import *
from runtime.store.keys import Key, KeyRing
from tests.store.fixtures import NOW
ring = KeyRing((Key("test", base64.b64decode(sys.argv[3])),))
store = Store(sys.argv[1], Path(sys.argv[2]), ring)
owner = Actor("applicant", sys.argv[4], "陈美玲")
draft = store.applications.load(owner, sys.argv[5], NOW)
slices = (Slice("food", "food_license", "market_regulation", {"area": 80}),)
left = int(sys.argv[6])
def die(event):
    global left
    left -= not event.sql.startswith("PRAGMA")
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
store.database.query_hooks.append(die)
store.submissions.submit(owner, draft, slices, {}, NOW)
"""
STATEMENTS = 6


def test_a_sending_that_dies_after_any_statement_is_whole_or_was_never(
    database_url: str, tmp_path: Path
) -> None:
    store = open_store(database_url, tmp_path / "data")
    town = settle(store)
    owner, draft = town.people["owner"], town.draft()
    secret = base64.b64encode(RING.newest.secret).decode()
    arguments = [database_url, str(tmp_path / "data"), secret, owner.person, draft.id]
    for statement in range(1, STATEMENTS + 1):
        child = [sys.executable, "-c", DYING, *arguments, str(statement)]
        assert subprocess.run(child, check=False).returncode == -signal.SIGKILL
        held = store.applications.load(owner, draft.id, NOW)
        assert held == draft
        assert store.submissions.of(owner, held) == []
    receipt = store.submissions.submit(owner, draft, (SLICE,), {}, NOW)
    assert not receipt.repeated
    assert receipt.application.number
    assert receipt.application.number.startswith("4404-20261123-000001-")
    assert list(store.events.sweep(SYSTEM)) == []
    store.close()
