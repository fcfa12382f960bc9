"""Licenses fill by meaning: element and subject agree, and the keys do, or nothing is filled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from definitions.model import License
from definitions.plan import Plan
from runtime.engine.form import evaluate
from runtime.engine.prefill import Identity, Prefill, offers, wanted
from runtime.engine.validity import fresh_until
from tests.combination.factory import (
    TODAY,
    Raw,
    item,
    leaf,
    meaning,
    plan,
    rows,
    service,
    text,
    use,
)


def printed(element: str, about: str | list[str], label: str, **more: Any) -> Raw:
    return {"$ref": f"element:{element}", "about": about, "label": label, **more}


BUSINESS: Raw = {
    "kind": "license",
    "id": "business",
    "title": text("business"),
    "type_code": "1",
    "issuer": "office",
    "subjects": {
        "holder": {"kind": "firm"},
        "boss": {"kind": "person", "relation": "head", "of": "holder"},
    },
    "fresh_for": {"n": 30, "unit": "calendar"},
    "fields": {
        "name": printed("e.name", "holder", "名称"),
        "size": printed("e.sort", "holder", "规模", values={"大型": "x"}),
        "boss_name": printed("e.name", "boss", "法定代表人"),
        "boss_key": printed("e.key", "boss", "身份号"),
    },
}
DEED: Raw = {
    "kind": "license",
    "id": "deed",
    "title": text("deed"),
    "type_code": "2",
    "issuer": "office",
    "subjects": {
        "holder": {"kind": "person"},
        "thing": {"kind": "home", "held_by": "owners"},
        "owners": {"kind": "person", "many": True},
    },
    "fields": {
        "owners": printed("e.name", "owners", "共有人"),
        "unit": printed("e.unit", "thing", "单元号"),
        "area": printed("e.area", "thing", "面积"),
        "owner": printed("e.name", "holder", "权利人"),
        "share": printed("e.count", ["holder", "thing"], "份额"),
    },
}
CARD: Raw = {
    "kind": "license",
    "id": "card",
    "title": text("card"),
    "type_code": "3",
    "issuer": "office",
    "subjects": {"holder": {"kind": "person"}},
    "fields": {
        "name": printed("e.name", "holder", "姓名"),
        "key": printed("e.key", "holder", "号码"),
    },
}
FIRM: Raw = {"firm": {"kind": "firm"}, "head": {"kind": "person", "relation": "head", "of": "firm"}}


def firm_plan() -> Plan:
    subjects = {
        "applicant": {"kind": "firm"},
        "boss": {"kind": "person", "relation": "head", "of": "applicant"},
    }
    fields = {
        "code": meaning("e.code", "applicant"),
        "name": meaning("e.name", "applicant"),
        "size": meaning("e.sort", "applicant"),
        "boss": meaning("e.name", "boss"),
        "boss_key": meaning("e.key", "boss"),
    }
    uses = {"a": use("one", {"applicant": "firm", "boss": "head"})}
    return plan(item("one", subjects, fields), service(FIRM, uses), BUSINESS, CARD)


def business(**more: Any) -> License:
    data = {
        "名称": "海天",
        "规模": "大型",
        "法定代表人": "安",
        "身份号": "K1",
        **more.pop("data", {}),
    }
    return License(**{"type": "business", "number": "1", "holder": "C1", "data": data, **more})


def values(found: Prefill) -> dict[str, Any]:
    return {control: offer.value for control, offer in found.values.items()}


def test_a_license_fills_its_holder_and_those_related_to_it() -> None:
    found = offers(firm_plan(), {"firm.e.code": "C1"}, [business(source="office")], TODAY)
    assert values(found) == {
        "firm.e.name": "海天",
        "firm.e.sort": "x",
        "head.e.name": "安",
        "head.e.key": "K1",
    }
    told = found.values["head.e.name"].provenance
    assert (told.origin, told.source, told.license_field) == ("authority", "office", "法定代表人")


def test_a_key_that_a_license_brings_to_light_opens_the_next_license() -> None:
    card = License("card", "K1", "K1", {"姓名": "安", "号码": "K1"})
    plain = business(data={"法定代表人": ""})
    found = offers(firm_plan(), {"firm.e.code": "C1"}, [plain, card], TODAY)
    assert values(found)["head.e.name"] == "安"


def test_a_license_of_somebody_else_fills_nothing() -> None:
    assert not offers(firm_plan(), {"firm.e.code": "C2"}, [business()], TODAY).values
    assert not offers(firm_plan(), {}, [business()], TODAY).values


def test_a_relation_with_another_key_is_not_this_subject() -> None:
    answers = {"firm.e.code": "C1", "head.e.key": "K9"}
    assert "head.e.name" not in offers(firm_plan(), answers, [business()], TODAY).values


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "revoked"}, "source.license_revoked"),
        ({"status": "suspended"}, "source.license_suspended"),
        ({"status": "expired"}, "source.license_expired"),
        ({"valid_to": "2026-11-22"}, "source.license_expired"),
        ({"valid_from": "2026-11-24"}, "source.license_not_yet_valid"),
        ({"signature": "invalid"}, "source.license_signature"),
        ({"fetched_at": "2026-10-01T08:00:00"}, "source.license_stale"),
        ({"type": "unheard_of"}, "source.license_unknown"),
    ],
)
def test_a_license_that_is_not_good_fills_nothing_and_says_why(change: Raw, code: str) -> None:
    found = offers(firm_plan(), {"firm.e.code": "C1"}, [business(**change)], TODAY)
    assert not found.values
    assert [reason for _, reason in found.refused] == [code]


@pytest.mark.parametrize(
    ("fetched_at", "last"),
    [
        ("2026-10-01T15:59:59+00:00", "2026-10-31"),
        ("2026-10-01T16:00:00+00:00", "2026-11-01"),
        ("2026-10-01T16:00:00Z", "2026-11-01"),
        ("2026-10-01", "2026-10-31"),
    ],
)
def test_a_licence_is_fresh_for_days_that_are_counted_in_china(fetched_at: str, last: str) -> None:
    assert fresh_until(business(fetched_at=fetched_at), firm_plan().library) == last


def test_a_value_that_fails_the_question_stands_beside_an_empty_box() -> None:
    found = offers(firm_plan(), {"firm.e.code": "C1"}, [business(data={"名称": "长" * 30})], TODAY)
    assert "firm.e.name" not in found.values
    [unusable] = found.unusable["firm.e.name"]
    assert (unusable.raw, unusable.code) == ("长" * 30, "answer.too_long")


def test_sources_that_disagree_are_both_shown_and_the_better_is_used() -> None:
    older = business(number="1", issued_on="2020-01-01", source="a")
    newer = business(number="2", issued_on="2024-01-01", source="b", data={"名称": "海天新"})
    brought = business(number="3", issued_on="2025-01-01", trust="C", data={"名称": "海天假"})
    found = offers(firm_plan(), {"firm.e.code": "C1"}, [older, brought, newer], TODAY)
    told = [offer.value for offer in found.conflicts["firm.e.name"]]
    assert told == ["海天新", "海天", "海天假"]
    assert found.values["firm.e.name"].value == "海天新"
    assert found.conflicts["firm.e.name"][2].provenance.origin == "own_document"


def test_signing_in_is_a_source() -> None:
    found = offers(firm_plan(), {}, [business()], TODAY, Identity("K1", "安", "C1"))
    assert values(found)["firm.e.name"] == "海天"


HOME_SUBJECTS: Raw = {
    "sellers": {"kind": "person", "many": True},
    "home": {"kind": "home", "held_by": "sellers"},
    "buyer": {"kind": "person"},
}


def home_plan(deed: Raw = DEED) -> Plan:
    subjects = {"people": {"kind": "person", "many": True}, "place": {"kind": "home"}}
    columns = {
        "key": {"$ref": "element:e.key"},
        "name": {"$ref": "element:e.name"},
        "sort": {"$ref": "element:e.sort"},
        "share": meaning("e.count", ["people", "place"]),
    }
    fields = {
        "unit": meaning("e.unit", "place"),
        "area": meaning("e.area", "place"),
        "people": rows("people", columns),
    }
    uses = {"a": use("one", {"people": "sellers", "place": "home"})}
    made = service(HOME_SUBJECTS, uses, applicant="buyer")
    return plan(item("one", subjects, fields), made, deed, CARD)


def deed(unit: str = "U1", holder: str = "K1", **more: Any) -> License:
    data = {"单元号": unit, "面积": "89.35平方米", "权利人": "安", "份额": "50"}
    return License("deed", f"{unit}{holder}", holder, data, **more)


SELLER = {"sellers": [{"$row": "r1", "e.key": "K1"}]}


def test_a_certificate_for_another_home_never_fills_this_one() -> None:
    answers = {**SELLER, "home.e.unit": "U2"}
    found = offers(home_plan(), answers, [deed("U1")], TODAY)
    assert set(found.values) == {"sellers/r1/e.name"}
    assert "home.e.area" in offers(home_plan(), answers, [deed("U2")], TODAY).values


def test_the_home_is_picked_once_when_its_key_is_not_known() -> None:
    found = offers(home_plan(), SELLER, [deed("U1"), deed("U2")], TODAY)
    assert "home.e.area" not in found.values
    [pick] = found.picks
    assert (pick.subject, pick.question) == ("home", "home.e.unit")
    assert [candidate.key for candidate in pick.candidates] == ["U1", "U2"]
    again = offers(home_plan(), {**SELLER, "home.e.unit": "U1"}, [deed("U1"), deed("U2")], TODAY)
    assert not again.picks
    assert again.values["home.e.area"].value == 89.35


def test_a_home_of_somebody_who_does_not_sell_is_no_candidate() -> None:
    assert not offers(home_plan(), SELLER, [deed("U1", "K7")], TODAY).picks


def test_rows_fill_by_key_and_what_is_about_two_fills_the_row() -> None:
    answers = {**SELLER, "home.e.unit": "U1"}
    found = offers(home_plan(), answers, [deed()], TODAY)
    assert found.values["sellers/r1/e.name"].value == "安"
    assert found.values["sellers/r1/e.count"].value == 50


def test_an_owner_who_is_no_row_yet_is_offered() -> None:
    answers = {**SELLER, "home.e.unit": "U1"}
    found = offers(home_plan(), answers, [deed(), deed(holder="K2")], TODAY)
    [row] = found.rows["sellers"]
    assert row.key == "K2"
    assert row.values["e.key"].value == "K2"


@pytest.mark.parametrize(("raw", "value"), [("大型", "x"), ("什么", None)])
def test_the_row_of_an_owner_holds_values_and_not_what_is_printed(
    raw: str, value: str | None
) -> None:
    sort = printed("e.sort", "holder", "规模", values={"大型": "x"})
    made = home_plan({**DEED, "fields": {**DEED["fields"], "sort": sort}})
    other = deed(holder="K2")
    other = replace(other, data={**other.data, "规模": raw}, source="office")
    found = offers(made, {**SELLER, "home.e.unit": "U1"}, [other], TODAY)
    [row] = found.rows["sellers"]
    assert (row.values["e.sort"].value if "e.sort" in row.values else None) == value
    told = row.values["e.key"].provenance
    assert (told.origin, told.license_field, told.source) == ("authority", "holder", "office")


def together(unit: str = "U1", holder: str = "K1") -> License:
    """A deed that names two owners."""
    plain = deed(unit, holder)
    return replace(plain, data={**plain.data, "共有人": "安、 兰"})


def test_owners_whom_a_licence_only_names_are_offered_as_rows() -> None:
    sellers = [{"$row": "r1", "e.key": "K1", "e.name": "安"}]
    answers = {"sellers": sellers, "home.e.unit": "U1"}
    found = offers(home_plan(), answers, [together(), together()], TODAY)
    [row] = found.rows["sellers"]
    assert row.key == "兰"
    assert {column: offer.value for column, offer in row.values.items()} == {"e.name": "兰"}
    assert row.values["e.name"].provenance.license_field == "共有人"


def test_an_owner_who_is_a_row_or_offered_by_key_is_not_offered_by_name() -> None:
    sellers = [{"$row": "r1", "e.key": "K1", "e.name": "安"}, {"$row": "r2", "e.name": "兰"}]
    answers = {"sellers": sellers, "home.e.unit": "U1"}
    assert not offers(home_plan(), answers, [together()], TODAY).rows
    hers = replace(together(holder="K2"), holder_name="兰")
    named = {**hers.data, "权利人": "兰"}
    answers = {"sellers": sellers[:1], "home.e.unit": "U1"}
    found = offers(home_plan(), answers, [together(), replace(hers, data=named)], TODAY)
    assert [row.key for row in found.rows["sellers"]] == ["K2"]


def test_owners_of_another_home_are_not_offered() -> None:
    answers = {**SELLER, "home.e.unit": "U2"}
    assert not offers(home_plan(), answers, [together("U1")], TODAY).rows


def test_what_the_form_of_a_key_says_is_filled_and_worked_out() -> None:
    answers = {"sellers": [{"$row": "r1", "e.key": "n 7"}, {"$row": "r2", "e.key": "K1"}]}
    found = offers(home_plan(), answers, [], TODAY)
    assert values(found) == {"sellers/r1/e.sort": "z"}
    assert found.values["sellers/r1/e.sort"].provenance.origin == "derived"


def test_situation_answers_are_proposed_and_never_set() -> None:
    situation = {"questions": {"size": meaning("e.sort", "firm")}, "order": ["size"]}
    subjects = {"applicant": {"kind": "firm"}}
    one = item("one", subjects, {"code": meaning("e.code", "applicant")})
    uses = {"a": use("one", {"applicant": "firm"})}
    made = plan(one, service(FIRM, uses, situation=situation), BUSINESS)
    found = offers(made, {"firm.e.code": "C1"}, [business()], TODAY)
    assert found.proposals["firm.e.sort"].value == "x"
    assert "firm.e.sort" not in found.values


def test_only_what_a_shown_question_needs_is_asked_for() -> None:
    made = firm_plan()
    answers = {"firm.e.code": "C1"}
    state = evaluate(made, answers, TODAY)
    [request] = wanted(made, state, answers)
    assert (request.subject, request.holder, request.types) == ("firm", "C1", ("business",))
    assert (request.items, request.purpose) == (("a",), "prefill")
    local = item("one", {"applicant": {"kind": "firm"}}, {"x": leaf("string")})
    bare = plan(local, service(FIRM, {"a": use("one", {"applicant": "firm"})}), BUSINESS)
    assert wanted(bare, evaluate(bare, answers, TODAY), answers, Identity("K1", "", "C1")) == []
