"""One paper once; the strictest item decides; a license or data spares it."""

from __future__ import annotations

from typing import Any

from definitions.model import License
from definitions.plan import Plan
from runtime.engine.form import evaluate
from runtime.engine.materials import Paper, State, papers
from tests.combination.factory import (
    TODAY,
    Raw,
    equals,
    item,
    meaning,
    plan,
    rows,
    service,
    text,
    use,
)
from tests.engine.test_prefill import CARD

WHO: Raw = {"who": {"kind": "person"}}
KEY: Raw = {"key": meaning("e.key", "who"), "flag": meaning("e.flag", "who")}
ANN: Raw = {"ann": {"kind": "person"}, "bob": {"kind": "person"}}
BY_CARD: Raw = {"license": "card", "about": "who"}
ANN_CARD = License("card", "1", "K1", {"姓名": "安"})


def paper(material: str = "lease", **more: Any) -> Raw:
    return {"$ref": f"material:{material}", "necessity": "required", **more}


def two(first: Raw, second: Raw, subjects: tuple[str, str] = ("ann", "ann"), **more: Any) -> Plan:
    one = item("one", WHO, KEY, materials={"m": first}, **more)
    other = item("two", WHO, KEY, materials={"n": second}, **more)
    uses = {"a": use("one", {"who": subjects[0]}), "b": use("two", {"who": subjects[1]})}
    return plan(one, other, service(ANN, uses), CARD)


def found(made: Plan, *licenses: License, chosen: dict[str, State] | None = None) -> list[Paper]:
    answers = {"ann.e.key": "K1", "ann.e.flag": True}
    return papers(made, evaluate(made, answers, TODAY), licenses, answers, TODAY, chosen)


def test_a_paper_that_two_items_ask_for_is_handed_in_once() -> None:
    [one] = found(two(paper(), paper(necessity="optional")))
    assert one.uses == ("a", "b")
    assert one.required
    assert one.state == "upload"


def test_papers_about_different_people_are_different_papers() -> None:
    made = two(paper(satisfied_by=[BY_CARD]), paper(satisfied_by=[BY_CARD]), ("ann", "bob"))
    first, second = found(made, ANN_CARD)
    assert (first.id, first.state) == ("lease.ann", "waived")
    assert first.licenses == (ANN_CARD,)
    assert (second.id, second.state) == ("lease.bob", "upload")


def test_a_paper_is_spared_only_if_every_item_is_satisfied() -> None:
    [one] = found(two(paper(satisfied_by=[BY_CARD]), paper()), ANN_CARD)
    assert one.state == "upload"
    assert one.asking == ("b",)
    assert set(one.satisfied) == {"a"}


def test_a_license_that_is_not_good_spares_nothing() -> None:
    revoked = License("card", "1", "K1", {}, status="revoked")
    by_card = paper(satisfied_by=[BY_CARD])
    [one] = found(two(by_card, by_card), revoked)
    assert one.to_hand_in


def test_data_that_comes_by_itself_spares_a_paper() -> None:
    by_data = paper(satisfied_by=[{"data": "tax.receipts"}])
    [one] = found(two(by_data, by_data))
    assert one.state == "data"


def test_a_paper_may_follow_only_if_every_item_lets_it() -> None:
    later = {"within": {"n": 5, "unit": "working"}}
    [one] = found(two(paper(may_follow=later), paper()))
    assert one.choices == ("upload",)
    [one] = found(two(paper(may_follow=later), paper(may_follow=later)))
    assert one.choices == ("upload", "may_follow")
    [one] = found(
        two(paper(may_follow=later), paper(may_follow=later)), chosen={"lease": "may_follow"}
    )
    assert one.state == "may_follow"
    assert not one.to_hand_in


def test_a_commitment_can_stand_for_a_paper() -> None:
    commitments = {"c": {"version": "1", "title": text("c"), "text": text("I promise")}}
    way = paper(satisfied_by=[{"commitment": "c"}, {"upload": True}])
    [one] = found(two(way, way, commitments=commitments))
    assert one.choices == ("upload", "commitment")
    assert set(one.commitments) == {"a", "b"}


def test_a_condition_reads_the_item_s_view() -> None:
    made = two(paper(when=equals("flag", False)), paper(when=equals("flag", True)))
    [one] = found(made)
    assert one.uses == ("b",)


def test_a_paper_per_row_is_asked_of_each() -> None:
    subjects = {"people": {"kind": "person", "many": True}}
    table = {"t": rows("people", {"key": {"$ref": "element:e.key"}})}
    by_card = paper(per_row="people", satisfied_by=[{"license": "card", "about": "people"}])
    one = item("one", subjects, table, materials={"m": by_card})
    everyone = {"all": {"kind": "person", "many": True}, **ANN}
    made = plan(one, service(everyone, {"a": use("one", {"people": "all"})}, applicant="ann"), CARD)
    answers = {"all": [{"$row": "x", "e.key": "K1"}, {"$row": "y", "e.key": "K2"}]}
    first, second = papers(made, evaluate(made, answers, TODAY), [ANN_CARD], answers, TODAY)
    assert (first.row, first.state) == ("x", "waived")
    assert (second.row, second.state) == ("y", "upload")


def buyers_plan() -> Plan:
    """Each of the buyers shows a card for the one item; for the other, the one who was picked."""
    of_each = paper("card", per_row="people", satisfied_by=[{"license": "card", "about": "people"}])
    people = {"people": {"kind": "person", "many": True}}
    one = item(
        "one",
        people,
        {"t": rows("people", {"key": {"$ref": "element:e.key"}})},
        materials={"m": of_each},
    )
    other = item("two", WHO, KEY, materials={"n": paper("card", satisfied_by=[BY_CARD])})
    subjects: Raw = {
        "buyers": {"kind": "person", "many": True},
        "payer": {"kind": "person", "one_of": "buyers"},
    }
    uses = {"a": use("one", {"people": "buyers"}), "b": use("two", {"who": "payer"})}
    return plan(one, other, service(subjects, uses), CARD)


def cards(answers: Raw, *licenses: License) -> list[Paper]:
    made = buyers_plan()
    return papers(made, evaluate(made, answers, TODAY), licenses, answers, TODAY)


BUYERS: Raw = {"buyers": [{"$row": "x", "e.key": "K1"}, {"$row": "y", "e.key": "K2"}]}


def test_the_paper_of_whom_was_picked_is_that_of_their_row() -> None:
    first, second = cards({**BUYERS, "pick.payer": "y"})
    assert (first.id, first.uses) == ("card.x", ("a",))
    assert (second.id, second.uses) == ("card.y", ("a", "b"))


def test_the_only_row_is_the_one_that_is_meant() -> None:
    [only] = cards({"buyers": BUYERS["buyers"][:1]})
    assert only.uses == ("a", "b")


def test_a_license_of_another_row_spares_nothing_of_whom_was_picked() -> None:
    first, second = cards({**BUYERS, "pick.payer": "y"}, ANN_CARD)
    assert (first.state, second.state) == ("waived", "upload")
    first, second = cards({**BUYERS, "pick.payer": "x"}, ANN_CARD)
    assert (first.state, second.state) == ("waived", "upload")
    assert set(first.satisfied) == {"a", "b"}
