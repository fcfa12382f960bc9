"""Walks the repositories: who asks is always said, and a stranger finds nothing."""

from __future__ import annotations

import inspect
import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from runtime.store import (
    SYSTEM,
    Actor,
    Application,
    Change,
    Decision,
    Invitee,
    Limits,
    NotFound,
    Preferences,
    Refused,
    Slice,
    Store,
    StoredFile,
    Upload,
)
from runtime.store.access import RIGHTS, covers
from runtime.store.rates import SIGN_IN
from tests.store.fixtures import ACME, NOW, Town, release

REPOSITORIES = (
    "releases", "applications", "submissions", "parties", "events", "files", "people",
    "sessions", "held", "rates",
)  # fmt: skip
OF_CASES = ("cases", "work", "staff", "messages", "ledger")
"""Repositories of what runs after sending: journeys hold them to their rights, on real cases."""
THE_DOOR = {("sessions", "resume")}
"""An actor comes out of it, so none can go in."""

PDF = b"%PDF-1.4\n%%EOF\n"


def methods(store: Store) -> list[tuple[str, str, Any]]:
    found = []
    for repository in REPOSITORIES:
        thing = getattr(store, repository)
        for name, method in inspect.getmembers(thing, inspect.ismethod):
            if not name.startswith("_") and (repository, name) not in THE_DOOR:
                found.append((repository, name, method))
    return found


def test_every_method_takes_an_actor_first(sqlite_town: Town) -> None:
    for repository, name, method in methods(sqlite_town.store):
        first = next(iter(inspect.signature(method).parameters.values()), None)
        assert first is not None, (repository, name)
        assert first.annotation == "Actor", (repository, name)


def test_every_method_says_a_moment_instead_of_asking_the_clock(sqlite_town: Town) -> None:
    for repository in REPOSITORIES:
        source = inspect.getsource(inspect.getmodule(type(getattr(sqlite_town.store, repository))))
        assert "datetime.now(" not in source, repository


class World:
    """Something of everything, made by the owner."""

    def __init__(self, town: Town) -> None:
        self.town, self.store = town, town.store
        owner = town.people["owner"]
        self.draft = town.draft()
        upload = Upload(io.BytesIO(PDF), "a.pdf", "lease_contract")
        kept = self.store.files.accept(owner, self.draft, upload, Limits(), NOW)
        self.file = kept.id  # type: ignore[union-attr]
        invitee = Invitee("seller", "林志强", ("seller.",))
        self.token = self.store.parties.invite(owner, self.draft, invitee, NOW)
        self.invitation = self.store.parties.open(town.people["neighbour"], self.token, NOW)
        self.invited = self.invitation.party
        self.party = self.invited.id
        sent = self.store.submissions.submit(owner, town.draft(), (SLICE,), {}, NOW)
        self.sent = sent.application
        later = Upload(io.BytesIO(PDF), "a.pdf", "food_safety_rules")
        added = self.store.files.add(owner, self.sent, later, Limits(), NOW)
        assert isinstance(added, StoredFile)
        self.added = added.id
        self.sent = self.store.applications.fresh(owner, self.sent)
        self.submission = self.store.submissions.of(owner, self.sent)[0].id
        self.session = self.store.sessions.resume(
            self.store.sessions.start(SYSTEM, owner, NOW), NOW
        )
        self.draft = self.store.applications.fresh(owner, self.draft)


SLICE = Slice("food", "food_license", "market_regulation", {"area": 80})
SESSION = Actor("applicant", "x", "x")
ANSWER = Decision("confirm", "0" * 64)

Call = Callable[[World, Actor], Any]
OWNER, PARTY, OFFICER, ANYONE = {"owner"}, {"neighbour"}, {"officer"}, {"*"}

MATRIX: dict[tuple[str, str], tuple[set[str], Call]] = {
    ("applications", "create_draft"): (
        {"owner", "neighbour", "stranger", "agent"},
        lambda w, a: w.store.applications.create_draft(
            a, w.town.release, "open_restaurant", "440402", "applicant", {}, NOW
        ),
    ),
    ("applications", "load"): (
        OWNER, lambda w, a: w.store.applications.load(a, w.draft.id, NOW)
    ),
    ("applications", "load_by_number"): (
        OWNER, lambda w, a: w.store.applications.load_by_number(a, w.sent.number or "", NOW)
    ),
    ("applications", "fresh"): (OWNER, lambda w, a: w.store.applications.fresh(a, w.draft)),
    ("applications", "save"): (
        OWNER, lambda w, a: w.store.applications.save(a, w.draft, 1, Change({"a": 1}), NOW)
    ),
    ("applications", "renew"): (
        OWNER,
        lambda w, a: w.store.applications.renew(a, w.draft, w.town.release, Change(), NOW),
    ),
    ("applications", "contribute"): (
        PARTY,
        lambda w, a: w.store.applications.contribute(
            a, w.invited, w.draft, Change({"seller.party.name": "林志强"}), NOW
        ),
    ),
    ("applications", "mine"): (
        {"owner", "neighbour", "stranger", "agent"},
        lambda w, a: w.store.applications.mine(a, NOW),
    ),
    ("applications", "discard"): (
        OWNER, lambda w, a: w.store.applications.discard(a, w.draft)
    ),
    ("applications", "sweep"): (set(), lambda w, a: w.store.applications.sweep(a, NOW)),
    ("submissions", "submit"): (
        OWNER, lambda w, a: w.store.submissions.submit(a, w.draft, (SLICE,), {}, NOW)
    ),
    ("submissions", "withdraw"): (
        OWNER, lambda w, a: w.store.submissions.withdraw(a, w.sent, "", NOW)
    ),
    ("submissions", "of"): (OWNER, lambda w, a: w.store.submissions.of(a, w.sent)),
    ("submissions", "get"): (OFFICER, lambda w, a: w.store.submissions.get(a, w.submission)),
    ("submissions", "arrived"): (OFFICER, lambda w, a: w.store.submissions.arrived(a)),
    ("events", "of"): (OWNER, lambda w, a: w.store.events.of(a, w.draft)),
    ("events", "of_own"): (
        {"owner", "neighbour", "stranger", "agent"},
        lambda w, a: w.store.events.of_own(a, [w.draft.id], "created"),
    ),
    ("events", "verify_chain"): (OWNER, lambda w, a: w.store.events.verify_chain(a, w.draft)),
    ("events", "sweep"): (set(), lambda w, a: list(w.store.events.sweep(a))),
    ("parties", "invite"): (
        OWNER,
        lambda w, a: w.store.parties.invite(a, w.draft, Invitee("buyer", "甲", ("b.",)), NOW),
    ),
    ("parties", "of"): (OWNER, lambda w, a: w.store.parties.of(a, w.draft)),
    ("parties", "open"): (PARTY, lambda w, a: w.store.parties.open(a, w.token, NOW)),
    ("parties", "get"): (PARTY, lambda w, a: w.store.parties.get(a, w.party)),
    ("parties", "answer"): (PARTY, lambda w, a: w.store.parties.answer(a, w.party, ANSWER, NOW)),
    ("parties", "follow"): (
        set(), lambda w, a: w.store.parties.follow(a, w.invitation, ("seller.",), ())
    ),
    ("parties", "joined"): (
        {"owner", "neighbour", "stranger", "agent"},
        lambda w, a: w.store.parties.joined(a, w.draft.id),
    ),
    ("files", "accept"): (
        OWNER,
        lambda w, a: w.store.files.accept(
            a, w.draft, Upload(io.BytesIO(PDF), "b.pdf", "p"), Limits(), NOW
        ),
    ),
    ("files", "add"): (
        OWNER,
        lambda w, a: w.store.files.add(
            a, w.sent, Upload(io.BytesIO(PDF), "b.pdf", "p"), Limits(), NOW
        ),
    ),
    ("files", "receive"): (
        OWNER,
        lambda w, a: w.store.files.receive(
            a, w.sent, Upload(io.BytesIO(PDF), "b.pdf", "p"), Limits(), NOW
        ),
    ),
    ("files", "take_back"): (OWNER, lambda w, a: w.store.files.take_back(a, w.sent, w.added, NOW)),
    ("files", "of"): (OWNER, lambda w, a: w.store.files.of(a, w.draft)),
    ("files", "open"): (OWNER, lambda w, a: w.store.files.open(a, w.draft, w.file)[1].close()),
    ("files", "of_item"): (
        OFFICER, lambda w, a: w.store.files.of_item(a, w.sent, "food", ["food_safety_rules"])
    ),
    ("files", "open_of_item"): (
        OFFICER,
        lambda w, a: w.store.files.open_of_item(
            a, w.sent, "food", ["food_safety_rules"], w.added
        )[1].close(),
    ),
    ("files", "remove"): (OWNER, lambda w, a: w.store.files.remove(a, w.draft, w.file)),
    ("files", "sweep"): (set(), lambda w, a: w.store.files.sweep(a, NOW)),
    ("releases", "publish"): (
        {"admin"},
        lambda w, a: w.store.releases.publish(a, release(), {}, "再发布", NOW, ("440402",)),
    ),
    ("releases", "cards"): (ANYONE, lambda w, a: w.store.releases.cards(a, [w.town.release])),
    ("releases", "go_live"): (
        {"admin"},
        lambda w, a: w.store.releases.go_live(a, w.town.release, ("440402",), "", NOW),
    ),
    ("releases", "get"): (ANYONE, lambda w, a: w.store.releases.get(a, w.town.release)),
    ("releases", "all_live"): (ANYONE, lambda w, a: w.store.releases.all_live(a)),
    ("releases", "history"): (ANYONE, lambda w, a: w.store.releases.history(a, "x")),
    ("people", "meet"): (set(), lambda w, a: w.store.people.meet(a, "1", "甲", (), NOW)),
    ("people", "get"): (
        OWNER, lambda w, a: w.store.people.get(a, w.town.people["owner"].person)
    ),
    ("people", "named"): (
        {"officer"}, lambda w, a: w.store.people.named(a, [w.town.people["owner"].person])
    ),
    ("people", "prefer"): (
        {"owner", "neighbour", "stranger", "agent"},
        lambda w, a: w.store.people.prefer(a, Preferences()),
    ),
    ("sessions", "start"): (
        set(), lambda w, a: w.store.sessions.start(a, w.town.people["owner"], NOW)
    ),
    ("sessions", "act_for"): (
        OWNER, lambda w, a: w.store.sessions.act_for(a, w.session, None, NOW)
    ),
    ("sessions", "end"): (OWNER, lambda w, a: w.store.sessions.end(a, w.session)),
    ("sessions", "sweep"): (set(), lambda w, a: w.store.sessions.sweep(a, NOW)),
    ("held", "keep"): (set(), lambda w, a: w.store.held.keep(a, {}, NOW)),
    ("held", "take"): (set(), lambda w, a: w.store.held.take(a, "", NOW)),
    ("held", "sweep"): (set(), lambda w, a: w.store.held.sweep(a, NOW)),
    ("rates", "allow"): (ANYONE, lambda w, a: w.store.rates.allow(a, "x", SIGN_IN, NOW)),
    ("rates", "sweep"): (set(), lambda w, a: w.store.rates.sweep(a, NOW)),
}  # fmt: skip


def test_the_matrix_has_every_method(sqlite_town: Town) -> None:
    assert set(MATRIX) == {(one, name) for one, name, _ in methods(sqlite_town.store)}


def actors(town: Town) -> dict[str, Actor]:
    other = replace(town.people["officer"], district="440403", positions=())
    elsewhere = replace(
        town.people["officer"], unit="tax_bureau", positions=(("tax_bureau", "officer"),)
    )
    return {
        **town.people,
        "agent of another": replace(town.people["agent"], acting_for="91440400MA0000000X"),
        "officer across districts": other,
        "officer of another department": elsewhere,
        "admin": Actor("admin", "a1", "管理员", district="440400"),
        "admin across districts": Actor("admin", "a2", "管理员", district="440403"),
        "clerk": Actor("clerk", "c1", "窗口", district="440402"),
        "nobody": Actor("applicant"),
    }


ONLY_ANOTHER_NAME = {
    "agent of another": "agent",
    "officer across districts": "officer",
    "officer of another department": "officer",
    "admin across districts": "admin",
}


@pytest.mark.parametrize("method", MATRIX, ids=".".join)
def test_whoever_has_no_standing_finds_nothing(sqlite_town: Town, method: tuple[str, str]) -> None:
    allowed, call = MATRIX[method]
    world = World(sqlite_town)
    everybody = actors(sqlite_town)
    for name, actor in everybody.items():
        general = ONLY_ANOTHER_NAME.get(name) in allowed and _is_general(method)
        if "*" in allowed or name in allowed or general:
            continue
        if method == ("submissions", "arrived") and actor.kind == "officer":
            assert call(world, actor) == []
            continue
        with pytest.raises(NotFound):
            call(world, actor)


@pytest.mark.parametrize("method", MATRIX, ids=".".join)
def test_whoever_has_standing_is_let_in(sqlite_town: Town, method: tuple[str, str]) -> None:
    allowed, call = MATRIX[method]
    for name in actors(sqlite_town) if "*" in allowed else allowed:
        world = World(sqlite_town)
        with suppress(Refused):
            call(world, actors(sqlite_town)[name])


def _is_general(method: tuple[str, str]) -> bool:
    """What any applicant may do does not depend on which one they are."""
    return method in {
        ("applications", "create_draft"), ("applications", "mine"), ("parties", "joined"),
        ("people", "prefer"), ("people", "named"), ("events", "of_own"),
    }  # fmt: skip


def test_an_enterprise_application_belongs_to_whoever_acts_for_it_now(sqlite_town: Town) -> None:
    agent = sqlite_town.people["agent"]
    draft = sqlite_town.draft("agent")
    load = sqlite_town.store.applications.load
    assert load(replace(agent, person="somebody-else"), draft.id, NOW).enterprise == ACME
    with pytest.raises(NotFound):
        load(replace(agent, acting_for=None), draft.id, NOW)


def test_a_wrong_id_looks_like_somebody_elses(sqlite_town: Town) -> None:
    draft: Application = sqlite_town.draft()
    messages = set()
    for record in (draft.id, "0" * 32):
        with pytest.raises(NotFound) as caught:
            sqlite_town.store.applications.load(sqlite_town.people["stranger"], record, NOW)
        messages.add(str(caught.value))
    assert len(messages) == 1


def test_a_city_covers_its_districts_and_nothing_covers_itself_by_being_empty() -> None:
    assert covers("440400", "440402")
    assert covers("440402", "440402")
    assert not covers("440402", "440403")
    assert not covers("440402", "440400")
    assert not covers("", "440402")
    assert not covers("000000", "440402")


def test_every_right_is_asked_for_somewhere(sqlite_town: Town) -> None:
    sources = "".join(
        inspect.getsource(inspect.getmodule(type(getattr(sqlite_town.store, one))))
        for one in (*REPOSITORIES, *OF_CASES)
    )
    assert {right for right in RIGHTS if f'"{right}"' not in sources} == set()


def test_the_system_keeps_house(sqlite_town: Town) -> None:
    swept = sqlite_town.store.sweep(datetime.max.replace(tzinfo=NOW.tzinfo))
    assert swept.broken == ()
    assert sqlite_town.store.applications.sweep(SYSTEM, NOW) == 0
