"""A draft follows its service to a new release; what was sent stays where it is."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from definitions.canonical import digest
from runtime.catalog import make_card
from runtime.journey.renew import renew, renewal
from runtime.store import SYSTEM, Refused
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.world import NOW, World, library, released

EQUIPMENT = "food.equipment"


def with_changed_food(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same service, but the food licence asks for equipment no more and for its chef."""
    made: dict[str, Any] = copy.deepcopy(dict(content))
    form = made["definitions"]["item/food_license_application"]["form"]
    del form["schema"]["properties"]["equipment"]
    form["schema"]["properties"]["chef"] = {
        "type": "string",
        "title": {"zh-CN": "厨师长姓名", "en": "Name of the chef"},
    }
    form["schema"]["required"] = [*form["schema"]["required"], "chef"]
    _drop(form, "equipment")
    _drop(made["definitions"]["service/open_restaurant"], "food.equipment")
    return made


def _drop(node: Any, name: str) -> None:
    """Take a name out of every list below."""
    if isinstance(node, dict):
        for part in node.values():
            _drop(part, name)
    elif isinstance(node, list):
        node[:] = [one for one in node if one != name]
        for part in node:
            _drop(part, name)


def go_live(world: World) -> str:
    """The changed service, live; its id."""
    release, plan, _ = released("open_restaurant")
    content = with_changed_food(release.content)
    card = make_card(library(), plan.service, {})
    store = world.installation.store
    record = store.releases.publish(SYSTEM, content, card, "厨师长", NOW)
    assert record == digest(content)
    return record


def test_nothing_is_new_while_the_release_is_live(world: World) -> None:
    draft = world.filled("open_restaurant")
    assert renewal(draft) is None
    assert draft.application.is_current


def test_a_new_release_is_told_in_words_with_what_does_not_fit(world: World) -> None:
    draft = world.filled("open_restaurant")
    go_live(world)
    draft = world.open(draft.actor, draft.application.id)
    assert not draft.application.is_current
    found = renewal(draft)
    assert found is not None
    assert {change.code for change in found.changes} >= {
        "diff.field_added", "diff.field_removed",
    }  # fmt: skip
    assert [question.id for question in found.dropped] == [EQUIPMENT]


def test_what_fits_comes_along_and_the_rest_is_asked(world: World) -> None:
    draft = world.filled("open_restaurant")
    release = go_live(world)
    moved = renew(draft, release)
    assert moved.application.release == release
    assert EQUIPMENT not in moved.answers
    assert moved.answers["applicant.party.name"] == draft.answers["applicant.party.name"]
    assert moved.application.provenance["applicant.party.name"].origin == "authority"
    assert "food.chef" in moved.state.asked
    events = world.installation.store.events.of(draft.actor, moved.application)
    assert "renewed" in {event.kind for event in events}
    assert world.installation.store.events.verify_chain(draft.actor, moved.application) is None


def test_what_has_been_sent_stays_on_its_release(sqlite_world: World) -> None:
    draft = hand_in_everything(sqlite_world, sqlite_world.filled("open_restaurant"))
    sent(sqlite_world, draft)
    release = go_live(sqlite_world)
    again = sqlite_world.open(draft.actor, draft.application.id)
    assert renewal(again) is None
    with pytest.raises(Refused):
        renew(again, release)
