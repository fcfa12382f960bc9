"""Invited parties and the history: a word stands for what was shown, and nothing is rewritten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from runtime.store import (
    SYSTEM,
    Application,
    Change,
    Conflict,
    Decision,
    Invitee,
    NotFound,
    Refused,
    Slice,
)
from runtime.store.parties import Invitation
from tests.store.fixtures import ACME, NOW, PEOPLE, Town

LATER = NOW + timedelta(hours=1)
INVITEE = Invitee("seller", "林志强", ("seller.", "sellers/r1", "home.price"))


def invited(town: Town, invitee: Invitee = INVITEE) -> tuple[Application, str]:
    owner = town.people["owner"]
    answers = {
        "seller.party.name": "林志强",
        "home.price": 100,
        "buyer.secret": "不给看",
        "sellers": [{"$row": "r1", "share": 50}, {"$row": "r2", "share": 50}],
    }
    held = town.store.applications.save(owner, town.draft(), 1, Change(answers=answers), NOW)
    token = town.store.parties.invite(owner, held, invitee, NOW)
    return town.store.applications.fresh(owner, held), token


def signed(town: Town, token: str) -> Invitation:
    friend = town.people["neighbour"]
    shown = town.store.parties.open(friend, token, NOW)
    word = Decision("sign", shown.digest, signature="林志强")
    return town.store.parties.answer(friend, shown.party.id, word, LATER)


def test_a_party_sees_its_part_and_nothing_else(town: Town) -> None:
    _, token = invited(town)
    shown = town.store.parties.open(town.people["neighbour"], token, NOW)
    assert shown.part == {
        "seller.party.name": "林志强",
        "home.price": 100,
        "sellers/r1": {"$row": "r1", "share": 50},
    }
    assert (shown.party.state, shown.party.standing) == ("invited", False)


def test_a_signature_stands_until_what_was_signed_changes(town: Town) -> None:
    owner = town.people["owner"]
    held, token = invited(town)
    assert signed(town, token).party.standing
    held = town.store.applications.fresh(owner, held)
    (party,) = town.store.parties.of(owner, held)
    assert (party.state, party.standing, party.decided_at) == ("signed", True, LATER)
    other = Change(answers={"buyer.secret": "x", "sellers/r2/share": 40})
    held = town.store.applications.save(owner, held, held.version, other, LATER)
    assert town.store.parties.of(owner, held)[0].standing
    price = Change(answers={"home.price": 99})
    held = town.store.applications.save(owner, held, held.version, price, LATER)
    assert not town.store.parties.of(owner, held)[0].standing
    back = Change(answers={"home.price": 100})
    held = town.store.applications.save(owner, held, held.version, back, LATER)
    assert town.store.parties.of(owner, held)[0].standing


def test_a_party_gives_its_own_answers_and_nothing_else(town: Town) -> None:
    friend = town.people["neighbour"]
    held, token = invited(town)
    party = town.store.parties.open(friend, token, NOW).party
    held = town.store.applications.fresh(town.people["owner"], held)
    give = town.store.applications.contribute
    own = give(friend, party, held, Change({"seller.party.phone": "0756-1"}), LATER)
    assert own.answers["seller.party.phone"] == "0756-1"
    for answers in ({"home.price": 1}, {"sellers": []}):
        with pytest.raises(NotFound):
            give(friend, party, own, Change(answers), LATER)


def test_what_changed_while_it_was_read_is_not_signed(town: Town) -> None:
    owner, friend = town.people["owner"], town.people["neighbour"]
    held, token = invited(town)
    shown = town.store.parties.open(friend, token, NOW)
    change = Change(answers={"home.price": 99})
    town.store.applications.save(owner, held, held.version, change, LATER)
    word = Decision("confirm", shown.digest)
    with pytest.raises(Refused) as caught:
        town.store.parties.answer(friend, shown.party.id, word, LATER)
    assert caught.value.problem.code == "application.part_changed"


def test_a_link_belongs_to_whoever_opens_it_first_and_ends(town: Town) -> None:
    _, token = invited(town)
    parties, friend = town.store.parties, town.people["neighbour"]
    shown = parties.open(friend, token, NOW)
    assert parties.open(friend, token, LATER) == shown
    assert parties.joined(friend, shown.party.application) == [shown]
    for actor, link, moment in (
        (town.people["stranger"], token, LATER),
        (friend, token + "x", LATER),
        (friend, token, NOW + timedelta(days=7)),
    ):
        with pytest.raises(NotFound):
            parties.open(actor, link, moment)
    raw = town.store.ground.tables.party.select().dicts().first()
    assert token not in str(raw)


def test_an_invitation_by_number_is_for_that_person_only(town: Town) -> None:
    invitee = Invitee("seller", "林志强", ("seller.",), key=PEOPLE["neighbour"][0])
    _, token = invited(town, invitee)
    with pytest.raises(NotFound):
        town.store.parties.open(town.people["stranger"], token, NOW)
    assert town.store.parties.open(town.people["neighbour"], token, NOW)


def test_an_enterprise_is_invited_by_its_code(town: Town) -> None:
    invitee = Invitee("landlord", "公司", ("seller.",), key=ACME, kind="enterprise")
    _, token = invited(town, invitee)
    with pytest.raises(NotFound):
        town.store.parties.open(town.people["neighbour"], token, NOW)
    assert town.store.parties.open(town.people["agent"], token, NOW)


def test_inviting_again_ends_the_earlier_link(town: Town) -> None:
    held, token = invited(town)
    again = town.store.parties.invite(town.people["owner"], held, INVITEE, LATER)
    with pytest.raises(NotFound):
        town.store.parties.open(town.people["neighbour"], token, LATER)
    assert town.store.parties.open(town.people["neighbour"], again, LATER)


def test_a_party_has_the_application_on_its_list_even_after_it_declined(town: Town) -> None:
    friend = town.people["neighbour"]
    held, token = invited(town)
    shown = town.store.parties.open(friend, token, NOW)
    (line,) = town.store.applications.mine(friend, NOW)
    assert (line.id, line.standing, line.answered) == (held.id, "party", False)
    signed = Decision("sign", shown.digest, signature="邻居")
    town.store.parties.answer(friend, shown.party.id, signed, LATER)
    assert town.store.applications.mine(friend, NOW)[0].answered
    word = Decision("decline", shown.digest, reason="不是我")
    declined = town.store.parties.answer(friend, shown.party.id, word, LATER)
    assert declined.party.state == "declined"
    (line,) = town.store.applications.mine(friend, NOW)
    assert (line.standing, line.answered) == ("party", True)


def test_a_word_of_a_party_after_the_check_stops_the_sending(town: Town) -> None:
    owner = town.people["owner"]
    held, token = invited(town)
    signed(town, token)
    with pytest.raises(Conflict):
        town.store.submissions.submit(owner, held, (), {}, LATER)


def test_a_party_can_not_answer_what_was_withdrawn(town: Town) -> None:
    owner, friend = town.people["owner"], town.people["neighbour"]
    held, token = invited(town)
    shown = town.store.parties.open(friend, token, NOW)
    sent = town.store.submissions.submit(owner, held, (), {}, NOW).application
    town.store.submissions.withdraw(owner, sent, "", NOW)
    word = Decision("confirm", shown.digest)
    with pytest.raises(Refused) as caught:
        town.store.parties.answer(friend, shown.party.id, word, LATER)
    assert caught.value.problem.code == "application.withdrawn"


def test_a_party_can_not_answer_a_draft_past_its_days(town: Town) -> None:
    _, token = invited(town)
    neighbour, parties = town.people["neighbour"], town.store.parties
    invitation = parties.open(neighbour, token, NOW)
    decision = Decision("sign", invitation.digest, "林志强")
    with pytest.raises(NotFound):
        parties.answer(neighbour, invitation.party.id, decision, NOW + timedelta(days=28))


def finished(town: Town) -> Application:
    owner = town.people["owner"]
    held, token = invited(town)
    signed(town, token)
    held = town.store.applications.fresh(owner, held)
    slices = (Slice("food", "food_license", "market_regulation", {"a": 1}),)
    return town.store.submissions.submit(owner, held, slices, {}, LATER).application


def test_a_history_that_nobody_touched_holds(town: Town) -> None:
    owner, held = town.people["owner"], finished(town)
    history = town.store.events.of(owner, held)
    assert [event.kind for event in history] == ["created", "invited", "signed", "submitted"]
    assert history[-1].hash == held.head
    assert town.store.events.verify_chain(owner, held) is None
    assert list(town.store.events.sweep(SYSTEM)) == []


def _reseal(town: Town, row: dict[str, object], **changes: object) -> bytes:
    """What somebody could write who has the key as well."""
    vault = town.store.ground.vault
    body = vault.open("event", str(row["id"]), "body", row["body"])  # type: ignore[arg-type]
    body["data"] = {**body["data"], **changes}
    return vault.seal("event", str(row["id"]), "body", body)


TAMPERING: dict[str, tuple[int, Callable[[Town, str], None]]] = {}


def tampering(seq: int) -> Callable[[Callable[[Town, str], None]], Callable[[Town, str], None]]:
    def note(act: Callable[[Town, str], None]) -> Callable[[Town, str], None]:
        TAMPERING[act.__name__] = (seq, act)
        return act

    return note


def _event(town: Town, record: str, seq: int) -> dict[str, object]:
    table = town.store.ground.tables.event
    same = (table.c.application_id == record) & (table.c.seq == seq)
    row: dict[str, object] = table.select().where(same).dicts().first()
    return row


def _update(town: Town, record: str, seq: int, **columns: object) -> None:
    table = town.store.ground.tables.event
    same = (table.c.application_id == record) & (table.c.seq == seq)
    table.update(**columns).where(same).execute()


@tampering(2)
def changing_a_kind(town: Town, record: str) -> None:
    _update(town, record, 2, kind="declined")


@tampering(2)
def changing_a_moment(town: Town, record: str) -> None:
    _update(town, record, 2, at="2020-01-01T00:00:00.000000Z")


@tampering(3)
def changing_what_was_said_with_the_key(town: Town, record: str) -> None:
    _update(town, record, 3, body=_reseal(town, _event(town, record, 3), signature="别人"))


@tampering(2)
def exchanging_bodies(town: Town, record: str) -> None:
    _update(town, record, 2, body=_event(town, record, 3)["body"])


@tampering(2)
def taking_one_out(town: Town, record: str) -> None:
    table = town.store.ground.tables.event
    table.delete().where((table.c.application_id == record) & (table.c.seq == 2)).execute()


@tampering(3)
def cutting_off_the_end(town: Town, record: str) -> None:
    table = town.store.ground.tables.event
    table.delete().where((table.c.application_id == record) & (table.c.seq == 4)).execute()


@tampering(0)
def taking_out_everything(town: Town, record: str) -> None:
    table = town.store.ground.tables.event
    table.delete().where(table.c.application_id == record).execute()


@tampering(4)
def changing_a_slice_with_the_key(town: Town, record: str) -> None:
    table, vault = town.store.ground.tables.submission, town.store.ground.vault
    row = table.select().where(table.c.application_id == record).dicts().first()
    sealed = vault.seal("submission", row["id"], "slice", {"area": 8})
    table.update(slice=sealed).where(table.c.id == row["id"]).execute()


@tampering(4)
def damaging_a_slice(town: Town, record: str) -> None:
    table = town.store.ground.tables.submission
    table.update(slice=b"nothing").where(table.c.application_id == record).execute()


@tampering(4)
def sending_a_slice_elsewhere(town: Town, record: str) -> None:
    table = town.store.ground.tables.submission
    table.update(unit="fire_rescue").where(table.c.application_id == record).execute()


@tampering(4)
def taking_out_a_slice(town: Town, record: str) -> None:
    table = town.store.ground.tables.submission
    table.delete().where(table.c.application_id == record).execute()


@pytest.mark.parametrize("name", TAMPERING)
def test_tampering_with_the_history_is_found_out(town: Town, name: str) -> None:
    held = finished(town)
    seq, act = TAMPERING[name]
    act(town, held.id)
    (broken,) = town.store.events.sweep(SYSTEM)
    assert broken.application == held.id
    assert broken.seq == seq


def test_a_history_that_grows_while_it_is_read_is_no_false_alarm(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, draft = town.people["owner"], town.draft()
    rows, grown = town.store.events._rows, []

    def read_and_grow(application: str) -> object:
        found = list(rows(application).dicts())
        if not grown:
            grown.append(town.store.parties.invite(owner, draft, Invitee("a", "b", ("a.",)), NOW))
        return Rows(found)

    monkeypatch.setattr(town.store.events, "_rows", read_and_grow)
    assert list(town.store.events.sweep(SYSTEM)) == []
    assert grown


class Rows(list[dict[str, object]]):
    """Rows that were read already."""

    def dicts(self) -> Rows:
        return self
