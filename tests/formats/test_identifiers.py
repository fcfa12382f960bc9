"""Identifiers: the published examples pass, and a slip of one character is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions import formats

CREDIT_CODES = (
    "91440400192548256N",
    "914403001922038216",
    "91440300708461136T",
    "91110000802100433B",
    "11330105002500287C",
    "11430000006122244L",
)
CITIZENS = ("11010519491231002X", "440524188001010014")
E_LICENSES = (
    "1.2.156.3005.2.11100000000013338W009.11330105002500287C.2025052201.002.0",
    "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9",
)
UNIT = "440404001002GB00015F00010012"
ITEM = "11440100007482575H3440118009000"


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_social_credit_codes(code: str) -> None:
    assert formats.credit_code_fault(code) is None
    assert formats.credit_code_check(code[:17]) == code[17]
    assert formats.organisation_code_fault(code[8:17]) is None


@pytest.mark.parametrize("number", CITIZENS)
def test_citizen_numbers(number: str) -> None:
    assert formats.citizen_number_fault(number) is None
    assert formats.citizen_number_check(number[:17]) == number[17]


@pytest.mark.parametrize("region", ["81", "82", "83"])
def test_residents_of_hong_kong_macau_and_taiwan_have_citizen_numbers(region: str) -> None:
    first = f"{region}000019900101001"
    assert formats.citizen_number_fault(first + formats.citizen_number_check(first)) is None


@pytest.mark.parametrize("identifier", E_LICENSES)
def test_e_license_identifiers(identifier: str) -> None:
    assert formats.e_license_fault(identifier) is None
    parts = identifier.removeprefix("1.2.156.3005.2.").split(".")[:4]
    assert formats.e_license_identifier(*parts) == identifier


def test_other_identifiers() -> None:
    assert formats.real_estate_unit_fault(UNIT) is None
    assert formats.real_estate_unit_fault(UNIT[:19] + "W00000000") is None
    assert formats.item_code_fault(ITEM) is None
    assert formats.item_code_fault(ITEM + "01") is None


@pytest.mark.parametrize(
    ("fault_of", "value", "fault"),
    [
        (formats.credit_code_fault, "91440400192548256O", "shape"),
        (formats.credit_code_fault, "9144040019254825", "shape"),
        (formats.credit_code_fault, "914404001925482560", "check"),
        (formats.citizen_number_fault, "110105194912310021", "check"),
        (formats.citizen_number_fault, "11010519490231002X", "date"),
        (formats.citizen_number_fault, "1101051949123100", "shape"),
        (formats.citizen_number_fault, "11010519491231002x", "shape"),
        (formats.real_estate_unit_fault, UNIT[:-1], "shape"),
        (formats.real_estate_unit_fault, UNIT.replace("GB", "XB"), "shape"),
        (formats.item_code_fault, ITEM + "0", "shape"),
        (formats.item_code_fault, "9" + ITEM[1:], "check"),
        (formats.e_license_fault, E_LICENSES[0][:-1] + "1", "check"),
        (formats.e_license_fault, "1.2.156.3005.3.x", "shape"),
    ],
)
def test_what_is_wrong_has_a_name(fault_of: object, value: str, fault: str) -> None:
    assert callable(fault_of)
    assert fault_of(value) == fault


def test_a_credit_code_holds_an_organisation_code() -> None:
    first = "91440400192548257"  # the check digit of the organisation code is 6
    assert formats.credit_code_fault(first + formats.credit_code_check(first)) == "organisation"


@given(
    st.sampled_from(
        [(formats.credit_code_fault, code, formats.CREDIT_ALPHABET) for code in CREDIT_CODES]
        + [(formats.citizen_number_fault, code, "0123456789") for code in CITIZENS]
        + [(formats.e_license_fault, E_LICENSES[0], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    ),
    st.data(),
)
def test_one_wrong_character_is_always_noticed(case: tuple, data: st.DataObject) -> None:
    fault_of, code, alphabet = case
    places = [place for place, char in enumerate(code) if char in alphabet]
    place = data.draw(st.sampled_from(places))
    other = data.draw(st.sampled_from(alphabet.replace(code[place], "")))
    assert fault_of(code[:place] + other + code[place + 1 :]) is not None


@given(st.sampled_from(CITIZENS), st.integers(0, 15))
def test_two_neighbours_in_the_wrong_order_are_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (formats.citizen_number_fault(swapped) is None) == (swapped == number)


@given(st.text(max_size=80))
def test_any_text_is_judged_without_a_crash(text: str) -> None:
    for judge in vars(formats).values():
        if callable(judge) and getattr(judge, "__name__", "").endswith("_fault"):
            assert judge(text) in (None, "shape", "date", "check", "organisation")
    assert len(formats.mask(text)) >= min(1, len(text))


@pytest.mark.parametrize(
    ("number", "good"),
    [
        ("13800138000", True),
        ("12800138000", False),
        ("0756-2123456", True),
        ("07562123456", True),
        ("010-65131234-801", True),
        ("400-820-8820", True),
        ("+853-62345678", True),
        ("2123456", False),
        ("138001380001", False),
    ],
)
def test_phone_numbers(number: str, good: bool) -> None:
    assert (formats.phone_fault(number) is None) is good


@pytest.mark.parametrize(
    ("plate", "good"),
    [
        ("粤C12345", True),
        ("粤C1234学", True),
        ("粤CD12345", True),
        ("粤CF12345", True),
        ("粤C12345D", True),
        ("粤Z1234港", True),
        ("粤CI2345", False),
        ("C12345", False),
        ("粤C123456", False),
    ],
)
def test_plate_numbers(plate: str, good: bool) -> None:
    assert (formats.plate_number_fault(plate) is None) is good


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("a.b@example.com", True),
        ("a+b@mail.example.com.cn", True),
        ("a..b@example.com", False),
        (".a@example.com", False),
        ("a@example", False),
        ("a b@example.com", False),
        ("a@" + "x" * 260 + ".com", False),
    ],
)
def test_email_addresses(address: str, good: bool) -> None:
    assert (formats.email_fault(address) is None) is good


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("440402199001011234", "4404**********1234"),
        ("13800138000", "138****8000"),
        ("张三", "张*"),
        ("欧阳修", "欧*修"),
        ("zhang@example.com", "z***@example.com"),
        ("", ""),
    ],
)
def test_sensitive_values_are_masked(value: str, shown: str) -> None:
    assert formats.mask(value) == shown
