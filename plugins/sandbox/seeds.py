"""The people, enterprises and licences of the sandbox, read from the seeds in `data/`.

`people.json` and `enterprises.json` say who there is; `licenses.json` what they hold, with the
labels and the raw text that are printed on such a licence. Identity cards and business licences
are not written there: they repeat what a person or an enterprise already says. `"city"` next to
an entry says what the city's office has differently.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from definitions.formats import e_license_identifier

DATA = Path(__file__).parent / "data"
OFFICES: Mapping[str, str] = {"province": "广东省电子证照库", "city": "珠海市电子证照库"}
CARD_TERM = "2016.05.01-2036.05.01"


@dataclass(frozen=True, slots=True)
class Record:
    """One licence as an office keeps it."""

    type: str
    number: str
    holder: str
    holder_name: str
    data: Mapping[str, Any]
    issuer: str
    identifier: str = ""
    issued_on: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    status: str = "valid"
    revoked_reason: str = ""


@cache
def people() -> dict[str, dict[str, Any]]:
    """The people by seed id."""
    return _by_id("people.json")


@cache
def enterprises() -> dict[str, dict[str, Any]]:
    """The enterprises and organisations by seed id."""
    return _by_id("enterprises.json")


@cache
def types() -> dict[str, dict[str, Any]]:
    """What an office knows of each type: title, type code, issuer, which offices keep it."""
    found: dict[str, dict[str, Any]] = _read("types.json")
    return found


def enterprises_of(person: str) -> list[dict[str, str]]:
    """The enterprises that a person may act for, and as what, by the person's seed id."""
    return [
        {
            "credit_code": one["credit_code"],
            "name": one["name"],
            "role": "legal_representative" if one["legal_representative"] == person else "agent",
        }
        for one in enterprises().values()
        if person == one["legal_representative"] or person in one["agents"]
    ]


def records(office: str) -> list[Record]:
    """Every licence that an office (`province` or `city`) keeps, identifiers worked out."""
    kept = [
        _at(office, type_, seed) for type_, seed in _seeds() if office in types()[type_]["offices"]
    ]
    return [
        replace(one, identifier=_identifier(one, serial))
        for serial, one in enumerate(kept, start=1)
    ]


def _seeds() -> Iterator[tuple[str, dict[str, Any]]]:
    for person in people().values():
        if person["id_card"]:
            yield "resident_id_card", _id_card(person)
    for enterprise in enterprises().values():
        if enterprise.get("business_license", True):
            yield "business_license", _business_license(enterprise)
    for type_, seeds in _read("licenses.json").items():
        for seed in seeds:
            yield type_, seed


def _at(office: str, type_: str, seed: dict[str, Any]) -> Record:
    """A seed as one office has it."""
    own = seed.get(office, {})
    holder = people().get(seed["holder"]) or enterprises()[seed["holder"]]
    return Record(
        type=type_,
        number=seed["number"],
        holder=holder.get("id_number") or holder["credit_code"],
        holder_name=holder["name"],
        data={**seed["data"], **own.get("data", {})},
        issuer=seed.get("issuer", types()[type_]["issuer"]),
        issued_on=seed["issued_on"],
        valid_from=seed["issued_on"],
        valid_to=seed.get("valid_to"),
        status=own.get("status", seed.get("status", "valid")),
        revoked_reason=own.get("revoked_reason", seed.get("revoked_reason", "")),
    )


def _id_card(person: dict[str, Any]) -> dict[str, Any]:
    number = person["id_number"]
    term = person.get("id_card_valid", CARD_TERM)
    begin, end = (one.replace(".", "-") for one in term.split("-"))
    born = f"{number[6:10]}年{int(number[10:12])}月{int(number[12:14])}日"
    data = {
        "姓名": person["name"],
        "性别": person["sex"],
        "民族": person["nation"],
        "出生": born,
        "住址": person["address"],
        "公民身份号码": number,
        "签发机关": "珠海市公安局香洲分局",
        "有效期": term,
    }
    return {
        "holder": person["id"],
        "number": number,
        "issued_on": begin,
        "valid_to": end,
        "data": data,
    }


def _business_license(enterprise: dict[str, Any]) -> dict[str, Any]:
    founded = enterprise["founded"]
    data = {
        "统一社会信用代码": enterprise["credit_code"],
        "名称": enterprise["name"],
        "类型": enterprise["type"],
        "法定代表人": people()[enterprise["legal_representative"]]["name"],
        "注册资本": enterprise["capital"],
        "成立日期": founded,
        "营业期限": enterprise["term"],
        "住所": enterprise["address"],
        "经营场所": enterprise["premises"],
        "经营范围": enterprise["scope"],
        "登记机关": enterprise["registrar"],
    }
    return {
        **{
            key: enterprise[key]
            for key in ("status", "revoked_reason", "city")
            if key in enterprise
        },
        "holder": enterprise["id"],
        "number": enterprise["credit_code"],
        "issuer": enterprise["registrar"],
        "issued_on": founded.translate({ord("年"): "-", ord("月"): "-", ord("日"): None}),
        "data": data,
    }


def _identifier(record: Record, serial: int) -> str:
    kind = types()[record.type]
    day = (record.issued_on or "").replace("-", "")
    return e_license_identifier(kind["type_code"], kind["issuer_code"], f"{day}{serial:04d}", "001")


def _by_id(name: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in _read(name)}


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text("utf-8"))
