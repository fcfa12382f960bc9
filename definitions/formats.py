"""Identifiers and their check digits, each with the standard that it follows.

A `…_fault` function takes a normalised text (see `definitions.normalise`) and returns None when it
is well-formed, or a word for what is wrong: "shape", "date", "check", "organisation".
"""

from __future__ import annotations

import re
from datetime import date
from operator import mul
from typing import Final

CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_SHAPE = re.compile(rf"[{CREDIT_ALPHABET}]{{18}}")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS = "0X987654321"
_ORGANISATION_SHAPE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS = "10X98765432"
_CITIZEN_SHAPE = re.compile(r"[1-9][0-9]{16}[0-9X]")
_REAL_ESTATE_UNIT = re.compile(
    r"[0-9]{6}[0-9]{3}[0-9]{3}[GJZ][A-Z][0-9]{5}([FLQ][0-9]{8}|W00000000)"
)
_MOD_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUE = {char: value for value, char in enumerate(_MOD_36)}.__getitem__
_CREDIT_VALUES = bytes(max(0, CREDIT_ALPHABET.find(chr(code))) for code in range(256))
_MOD_36_VALUES = bytes(max(0, _MOD_36.find(chr(code))) for code in range(256))
"""The values of ASCII characters, as tables of `bytes.translate`: it looks up a whole code."""
_E_LICENSE_ROOT = "1.2.156.3005.2."
_E_LICENSE = re.compile(
    r"1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]+)\.([0-9A-Z]+)\.([0-9]{3})\.([0-9A-Z])"
)
_ITEM_CODE = re.compile(r"[0-9A-Z]{18}[0-9][0-9A-Z]{12}([0-9]{2})?")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
    r"([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]"  # 5 places behind the office
    r"|[A-HJK][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJK])"  # new energy, small and large: 6 places
)
_PHONE = re.compile(
    r"1[3-9][0-9]{9}"  # mainland mobile
    r"|0(10|2[0-9]|[3-9][0-9]{2})-?[2-9][0-9]{6,7}(-[0-9]{1,6})?"  # landline, extension
    r"|[48]00-?[0-9]{3}-?[0-9]{4}"  # service lines
    r"|\+(852|853|886)-?[0-9]{8,9}"  # Hong Kong, Macau, Taiwan
)
_EMAIL = re.compile(
    r"(?=[^@]{1,64}@)[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*"  # words with single dots between
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)


def credit_code_check(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015, ISO 7064 MOD 31-3)."""
    total = sum(map(mul, _CREDIT_WEIGHTS, first17.encode().translate(_CREDIT_VALUES)))
    return CREDIT_ALPHABET[-total % 31]


def organisation_code_check(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714-1997)."""
    total = sum(map(mul, _ORGANISATION_WEIGHTS, first8.encode().translate(_MOD_36_VALUES)))
    return _ORGANISATION_CHECKS[total % 11]


def organisation_code_fault(value: str) -> str | None:
    """GB 11714-1997, written without its hyphen: "shape" or "check"."""
    if not _ORGANISATION_SHAPE.fullmatch(value):
        return "shape"
    return None if organisation_code_check(value[:8]) == value[8] else "check"


def credit_code_fault(value: str) -> str | None:
    """GB 32100-2015: "shape", "check", or "organisation" for the code inside (GB 11714)."""
    if not _CREDIT_SHAPE.fullmatch(value):
        return "shape"
    if credit_code_check(value[:17]) != value[17]:
        return "check"
    return "organisation" if organisation_code_fault(value[8:17]) else None


def citizen_number_check(first17: str) -> str:
    """The last character of a citizen number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    total = sum(map(mul, _CITIZEN_WEIGHTS, first17.encode().translate(_MOD_36_VALUES)))
    return _CITIZEN_CHECKS[total % 11]


def citizen_number_fault(value: str) -> str | None:
    """GB 11643-1999: "shape", "date" or "check".

    The residence permits of Hong Kong, Macau and Taiwan residents, which begin 81, 82 and 83,
    follow the same rule; so the county in front isn't looked up.
    """
    if not _CITIZEN_SHAPE.fullmatch(value):
        return "shape"
    if citizen_birth_date(value) is None:
        return "date"
    return None if citizen_number_check(value[:17]) == value[17] else "check"


def citizen_birth_date(value: str) -> date | None:
    """The date of birth that a citizen number holds (GB 11643-1999, characters 7 to 14)."""
    try:
        return date.fromisoformat(value[6:14])
    except ValueError:
        return None


def real_estate_unit_fault(value: str) -> str | None:
    """GB/T 37346-2019, 28 characters without a check digit: "shape" is all that can be wrong."""
    return None if _REAL_ESTATE_UNIT.fullmatch(value) else "shape"


def mod_37_36_check(text: str) -> str:
    """The check character of a text of digits and capital letters (ISO 7064, MOD 37,36)."""
    product = 36
    for char in text:
        total = (product + _VALUE(char)) % 36 or 36
        product = total * 2 % 37
    return _MOD_36[(37 - product) % 36]


def e_license_identifier(type_code: str, issuer: str, serial: str, version: str) -> str:
    """The identifier of an e-license (GB/T 36904-2018) made of its four parts."""
    parts = (type_code, issuer, serial, version)
    return _E_LICENSE_ROOT + ".".join((*parts, mod_37_36_check("".join(parts))))


def e_license_fault(value: str) -> str | None:
    """GB/T 36904-2018: "shape" or "check"."""
    found = _E_LICENSE.fullmatch(value)
    if not found:
        return "shape"
    *parts, check = found.groups()
    return None if mod_37_36_check("".join(parts)) == check else "check"


def item_code_fault(value: str) -> str | None:
    """Codes of items (事项): 31 characters, or 33 with the way it is handled.

    They begin with the issuer's social credit code: "shape" or "check".
    """
    if not _ITEM_CODE.fullmatch(value):
        return "shape"
    return None if credit_code_fault(value[:18]) is None else "check"


def plate_number_fault(value: str) -> str | None:
    """GA 36-2018: 7 characters, or 8 on vehicles of new energy: "shape"."""
    return None if _PLATE.fullmatch(value) else "shape"


def phone_fault(value: str) -> str | None:
    """A number that an office can call: "shape".

    Mainland mobile, landline with its area code, 400 and 800 lines; Hong Kong, Macau and Taiwan
    with their country code.
    """
    return None if _PHONE.fullmatch(value) else "shape"


def email_fault(value: str) -> str | None:
    """An address that mail systems in use accept (a subset of RFC 5321): "shape"."""
    return None if len(value) <= 254 and _EMAIL.fullmatch(value) else "shape"


def mask(value: str) -> str:
    """A personal value with its middle hidden, to show beside a name: 4404**********1234.

    Long numbers keep four characters at each end, phone numbers three and four, names the first.
    """
    size = len(value)
    if "@" in value:
        local, _, domain = value.partition("@")
        return f"{local[:1]}***@{domain}"
    head, tail = (4, 4) if size >= 12 else (3, 4) if size >= 9 else (1, 1) if size > 2 else (1, 0)
    return value[:head] + "*" * max(0, size - head - tail) + value[size - tail :][:tail]
