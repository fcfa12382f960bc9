"""What several people bring at once stays: licences are joined, rows keep their names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from definitions.model import License
from runtime.store import SYSTEM, Change, Invitee, NotFound
from runtime.store.changes import join_licenses
from tests.store.fixtures import NOW, Town

HIS = License("deed", "1", "440402196811013192", {"区": "香洲"}, source="office")
HERS = replace(HIS, holder="440402197002144285")
CARD = License("card", "2", "440402199306062448", {"姓名": "李晓雯"}, source="office")


def test_who_brings_licences_at_the_same_time_takes_none_of_the_others_away(town: Town) -> None:
    owner, applications = town.people["owner"], town.store.applications
    loaded = town.draft()
    applications.save(owner, loaded, loaded.version, Change(licenses=(HIS,)), NOW)
    saved = applications.save(owner, loaded, loaded.version, Change(licenses=(CARD,)), NOW)
    assert set(_by_holder(saved.licenses)) == {HIS.holder, CARD.holder}


def test_two_who_hold_one_licence_together_are_two(town: Town) -> None:
    owner, applications = town.people["owner"], town.store.applications
    loaded = town.draft()
    applications.save(owner, loaded, loaded.version, Change(licenses=(HIS,)), NOW)
    saved = applications.save(owner, loaded, loaded.version, Change(licenses=(HERS,)), NOW)
    assert set(_by_holder(saved.licenses)) == {HIS.holder, HERS.holder}


def test_what_one_renewed_and_the_other_left_alone_is_the_renewed(town: Town) -> None:
    revoked = replace(HIS, status="revoked")
    assert join_licenses([HIS], [HIS, CARD], [revoked]) == (revoked, CARD)
    assert join_licenses([HIS], [revoked], [HIS, CARD]) == (revoked, CARD)
    assert join_licenses([HIS], [HIS], []) == ()
    assert join_licenses([HIS], [], [HIS]) == ()
    assert join_licenses([HIS], [], [revoked]) == (revoked,)


def test_a_party_takes_nothing_away_and_hands_nothing_in(town: Town) -> None:
    owner, applications, parties = town.people["owner"], town.store.applications, town.store.parties
    draft = town.draft()
    draft = applications.save(owner, draft, draft.version, Change(licenses=(HIS,)), NOW)
    token = parties.invite(owner, draft, Invitee("seller", "林志强", ("seller.",)), NOW)
    neighbour = town.people["neighbour"]
    party = parties.open(neighbour, token, NOW).party
    for change in (
        Change(licenses=(CARD,)),
        Change(papers={"lease": {"choice": "upload"}}),
        Change(picks={"home": "x"}),
        Change(typed={"seller.a": ["x"]}),
    ):
        with pytest.raises(NotFound):
            applications.contribute(neighbour, party, draft, change, NOW)
    given = applications.contribute(neighbour, party, draft, Change(licenses=(HIS, CARD)), NOW)
    assert given.licenses == (HIS, CARD)


def test_the_highest_row_is_never_forgotten(town: Town) -> None:
    owner, applications = town.people["owner"], town.store.applications
    held = town.draft()
    rows = {"sellers": [{"$row": "r1"}, {"$row": "r2"}]}
    for answers in (rows, {"sellers/r2": None}, {f"q{number}": 1 for number in range(300)}):
        held = applications.save(owner, held, held.version, Change(answers=answers), NOW)
    assert applications.load(owner, held.id, NOW).highest_row("sellers") == 2
    assert held.highest_row("buyers") == 0


def test_a_power_that_has_ended_ends_in_every_sign_in(town: Town) -> None:
    agent, sessions = town.people["agent"], town.store.sessions
    token = sessions.start(SYSTEM, agent, NOW)
    draft = town.draft("agent")
    session = sessions.resume(token, NOW)
    assert session is not None
    assert session.actor.acting_for == draft.enterprise
    town.store.people.meet(SYSTEM, session.person.number, agent.name, (), NOW)
    session = sessions.resume(token, NOW + timedelta(minutes=1))
    assert session is not None
    assert session.actor.acting_for is None
    with pytest.raises(NotFound):
        town.store.applications.load(session.actor, draft.id, NOW)


def _by_holder(licenses: tuple[License, ...]) -> dict[str, License]:
    return {one.holder: one for one in licenses}
