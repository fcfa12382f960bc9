"""Preferences, counters and releases: the small things that everything leans on."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest

from runtime.store import SYSTEM, Actor, NotFound, Preferences, Unreadable
from runtime.store.rates import Rate
from tests.store.fixtures import NOW, PEOPLE, Town, release

LATER = NOW + timedelta(hours=1)


def test_a_person_is_known_again_with_what_was_said_last(town: Town) -> None:
    owner = town.people["owner"]
    town.store.people.prefer(owner, Preferences("en", large_text=True))
    again = town.store.people.meet(SYSTEM, PEOPLE["owner"][0], "陈美玲二", (), LATER)
    assert (again.id, again.name) == (owner.person, "陈美玲二")
    assert again.preferences == Preferences("en", large_text=True)
    assert town.store.people.get(owner, owner.person) == again


def test_tries_beyond_the_rate_are_refused_until_time_has_passed(town: Town) -> None:
    rate, nobody = Rate(3, 60), Actor("applicant")
    tried = [town.store.rates.allow(nobody, "sign-in/1", rate, NOW) for _ in range(5)]
    assert tried == [True, True, True, False, False]
    assert town.store.rates.allow(nobody, "sign-in/2", rate, NOW)
    assert town.store.rates.allow(nobody, "sign-in/1", rate, NOW + timedelta(seconds=60))
    assert town.store.rates.sweep(SYSTEM, NOW + timedelta(days=2)) == 3


def test_one_release_is_live_for_a_service_in_a_district(town: Town) -> None:
    releases = town.store.releases
    second = releases.publish(SYSTEM, release(title="新版"), {}, "改名", LATER, ("440402",))
    assert releases.all_live(SYSTEM) == {
        ("open_restaurant", "440402"): second,
        ("open_restaurant", "440403"): town.release,
    }
    releases.go_live(SYSTEM, town.release, ("440402",), "退回", LATER + timedelta(hours=1))
    assert releases.all_live(SYSTEM)["open_restaurant", "440402"] == town.release
    history = releases.history(SYSTEM, "open_restaurant")
    assert [one.reason for one in history] == ["退回", "改名", "第一版", "第一版"]


def test_the_same_content_is_one_release_whatever_the_order_of_its_keys(town: Town) -> None:
    turned = dict(reversed(list(release().items())))
    assert town.store.releases.publish(SYSTEM, turned, {}, "又一次", LATER) == town.release
    assert town.store.releases.get(SYSTEM, town.release) == release()


def test_a_release_that_was_changed_is_not_handed_out(town: Town) -> None:
    table = town.store.ground.tables.release
    table.update(body=zlib.compress(b"{}")).execute()
    with pytest.raises(Unreadable):
        town.store.releases.get(SYSTEM, town.release)


def test_lists_read_the_cards_of_releases_and_not_their_bodies(town: Town) -> None:
    card = {"title": {"zh-CN": "开办餐饮店"}}
    other = town.store.releases.publish(SYSTEM, release(title="新版"), card, "改名", LATER)
    with town.store.queries() as queries:
        cards = town.store.releases.cards(SYSTEM, [other, town.release, "0" * 64])
    assert cards == {other: card, town.release: {}}
    assert len(queries) == 1
    assert town.store.releases.cards(SYSTEM, []) == {}


def test_a_release_must_hold_its_service(town: Town) -> None:
    with pytest.raises(ValueError, match="service"):
        town.store.releases.publish(SYSTEM, {"service": "x", "definitions": {}}, {}, "", NOW)


def test_an_admin_publishes_only_where_they_are_admin(town: Town) -> None:
    admin = Actor("admin", "a", "管", district="440402")
    town.store.releases.publish(admin, release(title="区"), {}, "区里改", LATER, ("440402",))
    with pytest.raises(NotFound):
        town.store.releases.publish(admin, release(title="市"), {}, "全市改", LATER)
