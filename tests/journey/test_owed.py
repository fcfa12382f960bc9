"""Papers that may follow: owed after sending, handed in later, and what was signed stays signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from definitions.problems import Problem
from runtime.journey import owed, papers
from runtime.journey.draft import Draft
from runtime.journey.follow import follow, withdraw
from runtime.journey.owed import Owing, Promise, Promised
from runtime.store import Actor, NotFound, Refused, StoredFile, Upload
from tests.journey.finishing import hand_in_everything, sent, upload
from tests.journey.world import NOW, PDF, World

RULES, FIRE_RULES = "food_safety_rules", "fire_rules"
LAST_DAY = date(2026, 11, 26)
"""Three working days after Monday 23 November."""

LATE = NOW + timedelta(days=4)


def promising(world: World, *later: str) -> Draft:
    """A restaurant's application, sent, with some papers put off."""
    draft = world.filled("open_restaurant")
    for paper in later:
        papers.choose(draft, paper, "may_follow")
        draft = world.open(draft.actor, draft.application.id)
    sent(world, hand_in_everything(world, draft))
    return world.open(draft.actor, draft.application.id)


def again(world: World, draft: Draft, now: datetime = NOW) -> Draft:
    """The application as it is at a moment."""
    return world.open(draft.actor, draft.application.id, now)


def file(content: bytes = PDF) -> Upload:
    return replace(upload(content), purpose=RULES)


def handed_in(draft: Draft, content: bytes = PDF) -> StoredFile:
    stored = owed.hand_in(draft, RULES, file(content))
    assert isinstance(stored, StoredFile), stored
    return stored


def found(world: World, draft: Draft, now: datetime = NOW) -> dict[str, Promised]:
    """The promises as the page shows them."""
    return {one.promise.paper: one for one in follow(again(world, draft, now)).promised}


def owing(world: World, draft: Draft, today: date = LAST_DAY) -> Owing | None:
    """What the list of applications says."""
    ids = [draft.application.id]
    return owed.owing_of(world.installation, draft.actor, ids, today).get(ids[0])


def test_what_was_put_off_is_owed_until_its_day_or_step(world: World) -> None:
    draft = promising(world, RULES, FIRE_RULES)
    promised = found(world, draft)
    assert set(promised) == {RULES, FIRE_RULES}
    assert promised[RULES].promise.day == LAST_DAY
    assert not promised[RULES].promise.kept
    assert promised[FIRE_RULES].promise.day is None
    assert promised[FIRE_RULES].promise.due[0].step
    assert owing(world, draft) == Owing(2, LAST_DAY, None, late=False)
    assert owing(world, draft, date(2026, 11, 27)) == Owing(2, LAST_DAY, None, late=True)


def test_who_promised_nothing_owes_nothing(sqlite_world: World) -> None:
    draft = promising(sqlite_world)
    assert found(sqlite_world, draft) == {}
    assert owing(sqlite_world, draft) is None


def test_handing_in_settles_it_and_leaves_what_was_signed(world: World) -> None:
    draft = promising(world, RULES)
    before = follow(draft)
    stored = handed_in(draft)
    after = follow(again(world, draft))
    assert [one.hand_in.files for one in after.promised] == [(stored,)]
    assert after.promised[0].promise.kept
    assert owing(world, draft) is None
    assert after.signature == before.signature
    assert [one.digest for one in after.slices] == [one.digest for one in before.slices]
    assert after.draft.application.papers == draft.application.papers
    assert [one.kind for one in after.events] == ["created", "submitted", "handed_in"]
    assert after.events[-1].data["file"]["sha256"] == stored.sha256
    verify = world.installation.store.events.verify_chain
    assert verify(draft.actor, after.draft.application) is None


def test_handing_in_twice_is_handing_in_once(sqlite_world: World) -> None:
    draft = promising(sqlite_world, RULES)
    assert handed_in(draft) == handed_in(draft)
    kinds = [one.kind for one in follow(again(sqlite_world, draft)).events]
    assert kinds.count("handed_in") == 1


def test_it_is_replaced_until_its_day_each_time_an_event(sqlite_world: World) -> None:
    draft = promising(sqlite_world, RULES)
    first = handed_in(draft)
    for _ in range(2):
        assert owed.take_back(again(sqlite_world, draft), RULES, first.id) is None
    assert owing(sqlite_world, draft) == Owing(1, LAST_DAY, None, late=False)
    other = handed_in(again(sqlite_world, draft), PDF + b"%%EOF\n")
    followed = follow(again(sqlite_world, draft))
    assert followed.promised[0].hand_in.files == (other,)
    kinds = [one.kind for one in followed.events][2:]
    assert kinds == ["handed_in", "taken_back", "handed_in"]


def test_after_its_day_it_is_still_taken_and_stays(sqlite_world: World) -> None:
    draft = again(sqlite_world, promising(sqlite_world, RULES), LATE)
    assert found(sqlite_world, draft, LATE)[RULES].promise.is_over(draft.today)
    stored = handed_in(draft)
    problem = owed.take_back(again(sqlite_world, draft, LATE), RULES, stored.id)
    assert problem is not None
    assert problem.code == "application.paper_stays"
    assert found(sqlite_world, draft)[RULES].hand_in.files == (stored,)


def test_its_own_day_still_counts(sqlite_world: World) -> None:
    promise = Promise(RULES, (papers.Following("food", LAST_DAY),), ())
    assert not promise.is_over(LAST_DAY)
    assert promise.is_over(LAST_DAY + timedelta(days=1))


def test_a_single_paper_before_a_step_names_the_step(sqlite_world: World) -> None:
    left = owing(sqlite_world, promising(sqlite_world, FIRE_RULES))
    assert left is not None
    assert left.step is not None
    assert left.step["zh-CN"] == "事后核查"


@pytest.mark.parametrize(
    ("content", "code"), [(b"MZ\x90", "file.unknown_type"), (b"", "file.empty")]
)
def test_hostile_files_are_refused_as_before(
    sqlite_world: World, content: bytes, code: str
) -> None:
    draft = promising(sqlite_world, RULES)
    problem = owed.hand_in(draft, RULES, file(content))
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert owing(sqlite_world, draft)


def test_only_what_was_promised_can_follow(sqlite_world: World) -> None:
    draft = promising(sqlite_world, RULES)
    for paper in ("lease_contract", FIRE_RULES, "nothing"):
        with pytest.raises(NotFound):
            owed.hand_in(draft, paper, file())
        with pytest.raises(NotFound):
            owed.take_back(draft, paper, "x")


def test_only_who_acts_for_the_enterprise_hands_in(sqlite_world: World) -> None:
    draft = promising(sqlite_world, RULES)
    code = draft.application.enterprise or ""
    colleague = sqlite_world.meet("440402199001010018", "陈美玲", code)
    assert handed_in(sqlite_world.open(colleague, draft.application.id))
    alone = Actor("applicant", colleague.person, colleague.name)
    with pytest.raises(NotFound):
        owed.hand_in(replace(draft, actor=alone), RULES, file())


def test_nothing_follows_what_was_withdrawn(sqlite_world: World) -> None:
    draft = promising(sqlite_world, RULES)
    withdraw(draft, "不办了")
    with pytest.raises(Refused):
        owed.hand_in(again(sqlite_world, draft), RULES, file())


def test_a_paper_whose_file_is_there_is_not_put_off(sqlite_world: World) -> None:
    draft = sqlite_world.filled("open_restaurant")
    assert isinstance(papers.add_file(draft, RULES, file()), StoredFile)
    papers.choose(again(sqlite_world, draft), RULES, "may_follow")
    assert papers.hand_in(again(sqlite_world, draft), RULES).paper.state == "upload"
