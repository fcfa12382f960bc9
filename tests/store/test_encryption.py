"""What is personal can't be read from the disk, moved, or lost when keys are rotated."""

from __future__ import annotations

import io
import logging
import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from definitions.model import License, Provenance
from runtime.store import (
    SYSTEM,
    Change,
    Decision,
    Enterprise,
    Invitee,
    Limits,
    NotFound,
    Slice,
    Store,
    StoredFile,
    Unreadable,
    Upload,
    open_ring,
    rotation,
)
from runtime.store.crypto import Vault
from runtime.store.database import is_sqlite
from runtime.store.keys import KeyRing, new_pair, read_ring
from tests.store.fixtures import ACME, NOW, PEOPLE, RING, Town, open_store, settle

SECRETS = {
    "number": PEOPLE["owner"][0],
    "name": PEOPLE["owner"][1],
    "invited": PEOPLE["neighbour"][1],
    "credit code": ACME,
    "answer": "珠海市香洲区情侣中路一号",
    "original": "旧名餐馆",
    "license": "粤食许2024000123",
    "file name": "陈美玲的租赁合同",
    "file content": "A-SECRET-CLAUSE",
    "reason": "家里有事不办了",
    "signature": "Chen Meiling",
    "phone": "13800138000",
}


def live(town: Town) -> None:
    """One whole life of an application, with every secret in it."""
    store, owner, friend = town.store, town.people["owner"], town.people["neighbour"]
    store.people.meet(SYSTEM, PEOPLE["owner"][0], PEOPLE["owner"][1], (), NOW, SECRETS["phone"])
    store.sessions.start(SYSTEM, owner, NOW)
    town.draft("agent")
    change = Change(
        answers={"premises.address": SECRETS["answer"]},
        provenance={"premises.address": Provenance("authority", original=SECRETS["original"])},
        licenses=(License("food_license", SECRETS["license"], ACME, {"名称": SECRETS["name"]}),),
    )
    draft = store.applications.save(owner, town.draft(), 1, change, NOW)
    content = io.BytesIO(b"%PDF-1.4\n" + SECRETS["file content"].encode() + b"\n%%EOF\n")
    upload = Upload(content, SECRETS["file name"] + ".pdf", "lease_contract")
    assert isinstance(store.files.accept(owner, draft, upload, Limits(), NOW), StoredFile)
    invitee = Invitee("seller", SECRETS["invited"], ("premises.",), key=PEOPLE["neighbour"][0])
    token = store.parties.invite(owner, draft, invitee, NOW)
    shown = store.parties.open(friend, token, NOW)
    word = Decision("sign", shown.digest, signature=SECRETS["signature"])
    store.parties.answer(friend, shown.party.id, word, NOW)
    draft = store.applications.fresh(owner, draft)
    slices = (Slice("food", "food_license", "market_regulation", draft.answers),)
    sent = store.submissions.submit(owner, draft, slices, {"name": SECRETS["signature"]}, NOW)
    store.submissions.withdraw(owner, sent.application, SECRETS["reason"], NOW)


def on_disk(town: Town, folder: Path) -> bytes:
    """Every byte that the store has written: raw database files, or all rows on PostgreSQL."""
    files = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    if is_sqlite(town.store.database):
        return b"".join(files)
    rows = [
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for table in town.store.database.get_tables()
        for row in town.store.database.execute_sql(f"SELECT * FROM {table}").fetchall()
        for value in row
    ]
    return b"".join([*files, *rows])


def test_nothing_personal_can_be_read_from_the_disk(town: Town, tmp_path: Path) -> None:
    live(town)
    raw = on_disk(town, tmp_path)
    assert b"open_restaurant" in raw
    for name, secret in SECRETS.items():
        for encoding in ("utf-8", "utf-16-le", "gb18030"):
            assert secret.encode(encoding) not in raw, name
        assert secret.encode("unicode_escape") not in raw, name


def test_a_value_opens_only_where_it_was_sealed() -> None:
    vault = Vault(RING)
    sealed = vault.seal("application", "1", "answers", {"a": 1})
    assert vault.open("application", "1", "answers", sealed) == {"a": 1}
    for place in (
        ("application", "2", "answers"), ("event", "1", "answers"), ("application", "1", "picks"),
    ):  # fmt: skip
        with pytest.raises(Unreadable):
            vault.open(*place, sealed)


def test_every_changed_byte_is_found_out() -> None:
    vault = Vault(RING)
    sealed = vault.seal("t", "1", "c", "x")
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(Unreadable):
            vault.open("t", "1", "c", bytes(changed))
    for cut in range(len(sealed)):
        with pytest.raises(Unreadable):
            vault.open("t", "1", "c", sealed[:cut])


def test_equal_values_look_different_and_are_found_by_their_index() -> None:
    vault = Vault(RING)
    assert vault.seal("t", "1", "c", "x") != vault.seal("t", "1", "c", "x")
    assert vault.index("person", "1") == vault.index("person", "1")
    assert vault.index("person", "1") != vault.index("enterprise", "1")


def test_rotation_moves_everything_and_the_old_key_can_go(
    database_url: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    old, new = new_pair("old"), new_pair("new")
    before = open_store(database_url, data, read_ring(old))
    town = settle(before)
    live(town)
    owner = town.people["owner"]
    (sent,) = before.applications.mine(owner, NOW)
    before.close()

    both = Store(database_url, data, read_ring(f"{new},{old}"))
    again = both.people.meet(SYSTEM, *PEOPLE["owner"], (), NOW)
    assert again.id == owner.person
    assert both.applications.load(owner, sent.id, NOW).answers["premises.address"]
    seen: dict[str, int] = {}
    assert both.rotate(seen.__setitem__) > 5
    assert seen["application"] == 2
    assert both.rotate() == 0
    both.close()

    after = Store(database_url, data, read_ring(new))
    held = after.applications.load(owner, sent.id, NOW)
    assert held.answers["premises.address"] == SECRETS["answer"]
    assert after.events.verify_chain(owner, held) is None
    (kept,) = after.files.of(owner, held)
    with after.files.open(owner, held, kept.id)[1] as content:
        assert SECRETS["file content"].encode() in content.read()
    assert after.people.meet(SYSTEM, *PEOPLE["owner"], (), NOW).id == owner.person
    assert len(after.applications.mine(town.people["agent"], NOW)) == 1
    after.close()


def test_an_invitation_that_nobody_has_opened_outlives_its_key(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    data = tmp_path / "data"
    old, new = new_pair("old"), new_pair("new")
    before = open_store(database_url, data, read_ring(old))
    town = settle(before)
    owner, draft = town.people["owner"], town.draft()
    mine = Invitee("seller", "林志强", ("seller.",), key=PEOPLE["neighbour"][0])
    firm = Invitee("landlord", "公司", ("seller.",), key=ACME, kind="enterprise")
    open_ = Invitee("buyer", "谁", ("seller.",))
    tokens = [before.parties.invite(owner, draft, one, NOW) for one in (mine, firm, open_)]
    before.close()

    both = Store(database_url, data, read_ring(f"{new},{old}"))
    both.rotate()
    both.close()

    after = Store(database_url, data, read_ring(new))
    for token, who in zip(tokens, ("neighbour", "agent", "stranger"), strict=True):
        if who != "stranger":
            with pytest.raises(NotFound):
                after.parties.open(town.people["stranger"], token, NOW)
        shown = after.parties.open(town.people[who], token, NOW)
        followed = after.parties.follow(SYSTEM, shown, ("buyer.",), ())
        assert followed.party.places == ("buyer.",)
    for person, (number, name) in PEOPLE.items():
        assert after.people.meet(SYSTEM, number, name, (), NOW).id == town.people[person].person
    after.close()


def test_without_its_key_nothing_opens(sqlite_town: Town) -> None:
    other = Vault(read_ring(new_pair("other")))
    row = sqlite_town.store.ground.tables.person.select().dicts().first()
    with pytest.raises(Unreadable, match="not in the ring"):
        other.open("person", row["id"], "details", row["details"])


def test_a_store_with_other_keys_is_told_from_the_right_one(
    database_url: str, tmp_path: Path
) -> None:
    right = new_pair("right")
    town = settle(open_store(database_url, tmp_path, read_ring(right)))
    live(town)
    town.store.demand_keys()
    town.store.close()
    for wrong in (new_pair("right"), new_pair("another")):
        store = Store(database_url, tmp_path, read_ring(wrong))
        with pytest.raises(Unreadable):
            store.demand_keys()
        store.close()


def test_the_development_key_is_made_once_and_is_its_owners_only(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rings: list[KeyRing] = []
    with caplog.at_level(logging.WARNING):
        starts = [
            threading.Thread(target=lambda: rings.append(open_ring(tmp_path / "d", {})))
            for _ in range(8)
        ]
        for start in starts:
            start.start()
        for start in starts:
            start.join()
    assert len(rings) == 8
    assert len(set(rings)) == 1
    (file,) = (tmp_path / "d").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "YIBIAO_KEYS is not set" in caplog.text
    assert open_ring(tmp_path, {"YIBIAO_KEYS": new_pair("a")}).newest.id == "a"


@pytest.mark.parametrize(
    "text",
    ["", "a", "a:!!!", "a:YQ==", "a b:YQ==", ":x", f"{new_pair('a')},{new_pair('a')}"],
    ids=["nothing", "no colon", "no base64", "short", "space in the id", "no id", "twice"],
)
def test_a_ring_that_can_not_be_read_is_refused_without_showing_a_key(text: str) -> None:
    with pytest.raises(ValueError, match="YIBIAO_KEYS") as caught:
        read_ring(text)
    assert "YQ==" not in str(caught.value)


def test_a_session_can_be_ended_from_the_server(town: Town) -> None:
    sessions, owner = town.store.sessions, town.people["owner"]
    token = sessions.start(SYSTEM, owner, NOW)
    with town.store.queries() as queries:
        session = sessions.resume(token, NOW)
    assert len(queries) == 1
    assert session
    assert session.actor == owner
    assert session.person.name == PEOPLE["owner"][1]
    assert sessions.resume(token + "x", NOW) is None
    sessions.end(owner, session)
    assert sessions.resume(token, NOW) is None


def test_a_session_ends_when_nobody_is_there_and_at_the_latest_after_its_day(town: Town) -> None:
    sessions, owner = town.store.sessions, town.people["owner"]
    token = sessions.start(SYSTEM, owner, NOW)
    moment = NOW
    for _ in range(11):
        moment += timedelta(hours=1)
        assert sessions.resume(token, moment)
    assert sessions.resume(token, moment + timedelta(hours=1)) is None
    idle = sessions.start(SYSTEM, owner, NOW)
    assert sessions.resume(idle, NOW + timedelta(hours=2)) is None
    assert sessions.sweep(SYSTEM, NOW + timedelta(hours=12)) == 2


def test_a_person_acts_only_for_enterprises_that_are_theirs(town: Town) -> None:
    agent = town.people["agent"]
    token = town.store.sessions.start(SYSTEM, agent, NOW)
    session = town.store.sessions.resume(token, NOW)
    assert session
    assert session.person.enterprises == (Enterprise(ACME, "珠海测试餐饮有限公司"),)
    alone = town.store.sessions.act_for(agent, session, None, NOW)
    assert alone.acting_for is None
    again = town.store.sessions.resume(token, NOW)
    assert again
    assert again.actor == alone
    assert town.store.sessions.act_for(alone, again, ACME, NOW).acting_for == ACME
    with pytest.raises(NotFound):
        town.store.sessions.act_for(alone, again, "91440400MA0000000X", NOW)
