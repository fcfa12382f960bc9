"""The office that makes e-licenses: it numbers them and enters them where they are kept.

A licence stands in the offices (province, city) that keep its type; the register of enterprises
learns of a new business licence, and of one that is out of force.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import requests

from definitions.formats import (
    credit_code_check,
    e_license_identifier,
    organisation_code_check,
)
from plugins.connector_licenses import Licenses
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.system import Answer, Call, Entries, System, data, refuse
from plugins.sandbox.seeds import Record, enterprises, types
from plugins.sandbox.signed import Refusal

TIMEOUT = 5
PLAIN: Mapping[str, Any] = {"number": "{year}{serial:08d}"}
"""How a type is numbered that says nothing about it."""


def _entries() -> Entries:
    return {}


def issue(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """One licence for each holder, all of the same number; the old ones are out of force.

    Without a type nothing new is made: the old ones only go.
    """
    answer: Answer = {"issued_on": call.today.isoformat(), "data": {}}
    if "type" in given:
        made = _made(page, given, call)
        for one in made:
            _enter(page, one, call)
        answer = _told(made[0])
    for old in given["revokes"]:
        _mark(old["type"], old["number"], "revoked", "已换发或者注销", call)
    return answer


def revoke(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The licence is void, and those that it had put out of force hold again."""
    done = page.undo(given, "issue", call.key)
    number = done.answer.get("number", "")
    if number:
        _mark(done.answer["type"], number, "revoked", "登记机关撤销", call)
    for old in done.input["revokes"]:
        _mark(old["type"], old["number"], "valid", "", call)
    return {"number": number, "revoked_on": call.today.isoformat()}


def _made(page: Page, given: Mapping[str, Any], call: Call) -> list[Record]:
    """The licences that are to be entered."""
    kind = types().get(given["type"])
    if kind is None:
        raise refuse("no_type", "没有这种证照")
    way = data("licenses").get(given["type"], PLAIN)
    printed = {**given.get("data", {})}
    number = _number(page, given, way, printed, call.today)
    named = given.get("holders") or [{"name": name} for name in _new_enterprise(given, printed)]
    holders = [
        {"name": one["name"], "number": one.get("number") or _key(given["type"], one, number)}
        for one in named
    ]
    if not holders:
        raise refuse("no_holder", "没有持证主体")
    until = _until(way, call.today)
    printed |= _labelled(way, number, holders, call.today, until, given.get("issuer", ""))
    return [
        Record(
            type=given["type"],
            number=number,
            holder=one["number"],
            holder_name=one["name"],
            data=printed,
            issuer=given.get("issuer") or kind["issuer"],
            identifier=_identifier(page, kind, call.today),
            issued_on=call.today.isoformat(),
            valid_from=call.today.isoformat(),
            valid_to=until.isoformat() if until else None,
        )
        for one in holders
    ]


def _number(
    page: Page, given: Mapping[str, Any], way: Mapping[str, Any], printed: Any, today: date
) -> str:
    """The number that a register has given already, else the next one."""
    known = printed.get(way.get("number_label") or "")
    if known:
        return str(known)
    serial = page.serial(given["type"])
    if given["type"] != "business_license":
        return str(way["number"].format(year=today.year, serial=serial))
    known = next((one["number"] for one in given.get("holders", ()) if "number" in one), "")
    return str(known or credit_code(f"MG{serial:06d}", printed.get("类型", "")))


def _new_enterprise(given: Mapping[str, Any], printed: Mapping[str, Any]) -> list[str]:
    """The name on a business licence whose holder comes to be with it."""
    return [printed["名称"]] if given["type"] == "business_license" and "名称" in printed else []


def _key(type_: str, holder: Mapping[str, Any], number: str) -> str:
    """The key of a holder who is named only: what a new enterprise has just got, or a known one's.

    A bank has a licence of its own somewhere: here its name makes the code.
    """
    if type_ == "business_license":
        return number
    known = {one["name"]: one["credit_code"] for one in enterprises().values()}
    mark = hashlib.sha256(holder["name"].encode()).hexdigest()[:8].upper()
    return str(known.get(holder["name"]) or credit_code(mark, ""))


def credit_code(organisation: str, kind: str) -> str:
    """The code of an enterprise of Xiangzhou (GB 32100-2015): 91, or 92 for one person's."""
    head = "92" if "个体" in kind else "91"
    first17 = f"{head}440402{organisation}{organisation_code_check(organisation)}"
    return first17 + credit_code_check(first17)


def _labelled(
    way: Mapping[str, Any],
    number: str,
    holders: list[dict[str, str]],
    today: date,
    until: date | None,
    issuer: str,
) -> dict[str, str]:
    """What the office prints itself."""
    names = "、".join(one["name"] for one in holders if one["name"])
    said = {
        "number_label": number,
        "holder_label": names,
        "day_label": _words(today),
        "until_label": _words(until) if until else "",
        "term_label": f"{_words(today)}至长期",
        "issuer_label": issuer,
    }
    return {way[name]: text for name, text in said.items() if way.get(name) and text}


def _words(day: date) -> str:
    return f"{day.year}年{day.month:02d}月{day.day:02d}日"


def _until(way: Mapping[str, Any], today: date) -> date | None:
    """The last day of a licence that ends: so many years less a day."""
    if "years" not in way:
        return None
    return date(today.year + way["years"], today.month, min(today.day, 28)) - timedelta(days=1)


def _identifier(page: Page, kind: Mapping[str, Any], today: date) -> str:
    serial = f"{today:%Y%m%d}9{page.serial('identifier'):06d}"
    return e_license_identifier(kind["type_code"], kind["issuer_code"], serial, "001")


def _told(one: Record) -> Answer:
    names = ("type", "number", "identifier", "holder", "issuer", "issued_on", "data")
    told: Answer = {name: value for name, value in asdict(one).items() if name in names}
    return {**told, **({"valid_to": one.valid_to} if one.valid_to else {})}


def _enter(page: Page, one: Record, call: Call) -> None:
    """Keep a licence in the offices that keep its type."""
    page.put("license", f"{one.type} {one.number} {one.holder}", asdict(one))
    for office in types()[one.type]["offices"]:
        _post(call, office, "licenses", [asdict(one)])
    if one.type == "business_license":
        representative = one.data.get("法定代表人", "")
        new = {"name": one.holder_name, "legal_representative": representative}
        _post(call, "registry", f"enterprises/{one.number}", {**new, "status": "active"})


def _mark(type_: str, number: str, status: str, reason: str, call: Call) -> None:
    """Say how a licence stands, in each office that keeps its type."""
    for office in types().get(type_, {}).get("offices", ()):
        _post(call, office, f"licenses/{type_}/{number}",
              {"status": status, "revoked_reason": reason})  # fmt: skip
    if type_ == "business_license":
        state = "active" if status == "valid" else "deregistered"
        _post(call, "registry", f"enterprises/{number}", {"status": state})


def _post(call: Call, server: str, path: str, what: Any) -> None:
    """Tell another server of the sandbox; one that doesn't know the licence has nothing to do."""
    try:
        answer = requests.post(
            f"{call.addresses[server]}/sandbox/{path}", json=what, timeout=TIMEOUT
        )
    except requests.RequestException as error:
        raise Refusal(503, "证照库暂时不能登记") from error
    if answer.status_code >= 500:
        raise Refusal(503, "证照库暂时不能登记")


SYSTEM = System(
    name="licenses",
    known=Licenses.known,
    entries=_entries,
    operations={"issue": issue, "revoke": revoke},
)
