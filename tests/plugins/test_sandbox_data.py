"""The people, enterprises and licences of the sandbox are valid, varied and readable."""

from __future__ import annotations

from typing import Any

import pytest

from definitions import formats
from definitions.fieldtypes import REGISTRY
from definitions.model import Field, Library, LicenseField
from plugins.sandbox import seeds
from plugins.sandbox.seeds import Record

RECORDS = {office: seeds.records(office) for office in seeds.OFFICES}
EVERY = [record for records in RECORDS.values() for record in records]


def test_there_are_enough_people() -> None:
    assert len(seeds.people()) >= 30
    assert len(seeds.enterprises()) >= 12


def test_citizen_numbers_are_valid_and_agree_with_the_sex() -> None:
    for person in seeds.people().values():
        assert formats.citizen_number_fault(person["id_number"]) is None, person["name"]
        assert (int(person["id_number"][16]) % 2 == 1) == (person["sex"] == "男"), person["name"]


def test_credit_codes_are_valid() -> None:
    for enterprise in seeds.enterprises().values():
        assert formats.credit_code_fault(enterprise["credit_code"]) is None, enterprise["name"]


def test_identifiers_are_valid_and_unique() -> None:
    for records in RECORDS.values():
        identifiers = [record.identifier for record in records]
        assert len(set(identifiers)) == len(identifiers)
        assert [one for one in identifiers if formats.e_license_fault(one)] == []


def test_every_type_is_issued_to_somebody(library: Library) -> None:
    assert {record.type for record in EVERY} == set(library.licenses)
    assert len(library.licenses) == 58


def test_type_codes_are_those_of_the_definitions(library: Library) -> None:
    ours = {name: one["type_code"] for name, one in seeds.types().items()}
    assert ours == {name: one.type_code for name, one in library.licenses.items()}


def test_every_state_is_there() -> None:
    assert {record.status for record in EVERY} >= {"valid", "revoked", "suspended"}
    assert any((record.valid_to or "9999") < "2026-11-23" for record in EVERY)


def test_somebody_has_nothing() -> None:
    holders = {record.holder for record in EVERY}
    assert [one["name"] for one in seeds.people().values() if one["id_number"] not in holders]


def test_somebody_comes_with_a_permit_that_begins_83() -> None:
    permits = [record for record in EVERY if record.type == "hmt_residence_permit"]
    assert any(record.holder.startswith("83") for record in permits)


def test_the_offices_overlap_and_disagree() -> None:
    province, city = (
        {(one.type, one.number, one.holder): one.data for one in RECORDS[office]}
        for office in ("province", "city")
    )
    both = province.keys() & city.keys()
    assert len(both) >= 10
    assert len({key[0] for key in both if province[key] != city[key]}) >= 3


@pytest.mark.parametrize("record", EVERY, ids=lambda one: f"{one.type}-{one.number}")
def test_every_licence_prints_what_the_definitions_read(record: Record, library: Library) -> None:
    for field in library.licenses[record.type].fields.values():
        assert field.label in record.data, field.label
        for raw in _texts(record.data[field.label]):
            assert _faults(raw, field, library) == [], (field.label, raw)


def _texts(raw: Any) -> list[str]:
    return raw if isinstance(raw, list) else [raw]


def _faults(raw: str, field: LicenseField, library: Library) -> list[Any]:
    """What is wrong with a raw text once it is read as its field says."""
    if field.values:
        return [] if raw in field.values else ["no such value"]
    element = library.dictionary.elements[field.element]
    asked = Field(
        id=field.id,
        type=element.type,
        title=element.title,
        schema=element.schema,
        unit=element.unit,
        decimals=element.decimals,
        options=element.options,
    )
    type_ = REGISTRY[element.type]
    return list(type_.check(type_.parse(raw, asked), asked))
