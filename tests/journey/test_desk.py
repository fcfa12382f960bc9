"""What staff may know of a case: items that came to them, and no others."""

from __future__ import annotations

import pytest

from runtime.journey.desk import open_work
from runtime.store import Actor, NotFound
from tests.journey.beyond import answer_for_others
from tests.journey.test_cases import UNIT, employ, submitted
from tests.journey.world import NOW, World

FIRE = "xiangzhou_fire_rescue"


@pytest.fixture
def market(world: World) -> Actor:
    """An officer of the office that is asked first."""
    return employ(world, "440402198601010010", "周敏", (UNIT, "officer"))


@pytest.fixture
def case(world: World, market: Actor) -> str:
    id = submitted(world, "open_restaurant")
    answer_for_others(world.installation, id, NOW)
    return id


def test_an_item_is_for_the_unit_that_it_came_to(world: World, market: Actor, case: str) -> None:
    fire = employ(world, "440402198602020029", "彭涛", (FIRE, "officer"))
    cases = world.installation.store.cases
    assert cases.uses(market, case) == {"check", "food"}
    assert cases.uses(fire, case) == {"fire"}
    assert not cases.uses(world.meet("440402199001010010", "邻居"), case)
    assert open_work(world.installation, market, case, "check.check", NOW).may >= {"approve"}
    with pytest.raises(NotFound):
        open_work(world.installation, fire, case, "check.check", NOW)


def test_papers_are_those_of_the_item(world: World, market: Actor, case: str) -> None:
    work = open_work(world.installation, market, case, "food.accept", NOW)
    [plan] = [one for one in work.papers if one.paper.id == "food_layout_plan"]
    files, held = world.installation.store.files, work.case.application
    stored, content = files.open_of_item(market, held, "food", work.paper_ids, plan.files[0].id)
    content.close()
    assert stored.purpose == "food_layout_plan"
    with pytest.raises(NotFound):
        files.open_of_item(market, held, "food", ["lease_contract"], plan.files[0].id)
    with pytest.raises(NotFound):
        files.of_item(market, held, "fire", ["fire_plan"])


def test_colleagues_and_applicants_are_named_to_staff_alone(
    world: World, market: Actor, case: str
) -> None:
    other = employ(world, "440402198602020029", "何建军", (UNIT, "reviewer"))
    work = open_work(world.installation, market, case, "check.check", NOW)
    assert work.colleagues == {other.person: (UNIT, "reviewer")}
    people = world.installation.store.people
    assert people.named(market, [other.person])[other.person].name == "何建军"
    with pytest.raises(NotFound):
        people.named(world.meet("440402199001010010", "邻居"), [other.person])
