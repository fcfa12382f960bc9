"""Premises and their building are one place: one answer settles both, if the names agree."""

from __future__ import annotations

from typing import Any

from definitions.model import License
from definitions.plan import Plan
from runtime.engine.prefill import Prefill, offers
from tests.combination.factory import TODAY, Raw, item, meaning, plan, service, text, use


def license_type(name: str, thing: str, fields: Raw) -> Raw:
    """A type of licence about a thing of the firm that holds it."""
    return {
        "kind": "license",
        "id": name,
        "title": text(name),
        "type_code": name,
        "issuer": "office",
        "subjects": {"holder": {"kind": "firm"}, "thing": {"kind": thing}},
        "fields": {
            element: {"$ref": f"element:e.{element}", "about": "thing", "label": label}
            for element, label in fields.items()
        },
    }


PERMIT = license_type("permit", "shop", {"address": "地址"})
DEED = license_type("deed", "home", {"unit": "单元号", "name": "坐落"})
SUBJECTS: Raw = {
    "firm": {"kind": "firm"},
    "shop": {"kind": "shop", "held_by": "firm"},
    "building": {"kind": "home", "held_by": "firm", "same_place": "shop"},
}
FIRM = {"firm.e.code": "C1"}


def shop_plan() -> Plan:
    fields = {
        "code": meaning("e.code", "firm"),
        "address": meaning("e.address", "shop"),
        "unit": meaning("e.unit", "building"),
    }
    uses = {"a": use("one", {name: name for name in SUBJECTS})}
    return plan(item("one", SUBJECTS, fields), service(SUBJECTS, uses), PERMIT, DEED)


def permit(address: str) -> License:
    return License("permit", address, "C1", {"地址": address}, issued_on="2024-01-01")


def deed(unit: str, location: str) -> License:
    return License("deed", unit, "C1", {"单元号": unit, "坐落": location}, issued_on="2020-01-01")


def found(answers: Raw, *licenses: License) -> Prefill:
    return offers(shop_plan(), {**FIRM, **answers}, licenses, TODAY)


def values(prefill: Prefill) -> dict[str, Any]:
    return {control: offer.value for control, offer in prefill.values.items()}


def test_of_two_things_in_one_place_one_is_picked() -> None:
    prefill = found({}, permit("东路1号"), deed("U1", "东路1号"), deed("U2", "西路2号"))
    assert [pick.question for pick in prefill.picks] == ["shop.e.address"]


def test_the_premises_that_are_picked_say_which_building() -> None:
    known = (permit("东路1号"), deed("U1", "东路 1号"), deed("U2", "西路2号"))
    prefill = found({"shop.e.address": "东路1号"}, *known)
    assert values(prefill)["building.e.unit"] == "U1"
    assert prefill.values["building.e.unit"].provenance.license_type == "deed"
    assert not prefill.picks


def test_the_building_says_which_premises_where_nothing_else_does() -> None:
    prefill = found({}, deed("U1", "东路1号"))
    assert [pick.question for pick in prefill.picks] == ["building.e.unit"]
    prefill = found({"building.e.unit": "U1"}, deed("U1", "东路1号"), deed("U2", "西路2号"))
    assert values(prefill)["shop.e.address"] == "东路1号"
    assert prefill.values["shop.e.address"].provenance.license_field == "坐落"


def test_a_building_elsewhere_is_still_to_be_picked() -> None:
    prefill = found({"shop.e.address": "东路1号"}, deed("U2", "西路2号"))
    assert "building.e.unit" not in prefill.values
    assert [pick.question for pick in prefill.picks] == ["building.e.unit"]


def test_two_buildings_of_one_address_are_for_the_person_to_tell_apart() -> None:
    answers = {"shop.e.address": "东路1号"}
    prefill = found(answers, deed("U1", "东路1号"), deed("U2", "东路1号"))
    assert "building.e.unit" not in prefill.values
    assert [len(pick.candidates) for pick in prefill.picks] == [2]
