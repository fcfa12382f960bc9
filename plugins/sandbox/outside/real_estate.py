"""The real estate register: homes of the seeds' certificates, with what limits them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import requests

from plugins.connector_real_estate import RealEstate
from plugins.sandbox import seeds
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.system import (
    Answer,
    Call,
    Entries,
    System,
    data,
    key_of,
    name_of,
    refuse,
    unknown,
)

TIMEOUT = 5
WORDS = {"seizure": "房屋已被查封", "objection": "房屋有异议登记"}


@cache
def properties() -> dict[str, dict[str, Any]]:
    """Every property by its unit number: those of the seeds' certificates, and a few more."""
    found: dict[str, dict[str, Any]] = {}
    for record in seeds.records("province"):
        if record.type == "real_estate_certificate":
            unit = record.data["不动产单元号"]
            new = _property(unit, record.number, record.data["坐落"])
            one = found.setdefault(unit, new)
            one["holders"].append({"name": record.holder_name, "id_number": record.holder})
    for extra in data("real_estate")["more"]:
        one = _property(extra["unit_number"], extra["certificate_number"], extra["location"])
        one["holders"] = [{"name": name_of(id), "id_number": key_of(id)} for id in extra["holders"]]
        found[extra["unit_number"]] = one
    for unit, limits in [*data("real_estate")["limits"].items(), *_mortgages()]:
        found[unit]["limits"] += limits
    return found


def _property(unit: str, certificate: str, location: str) -> dict[str, Any]:
    return {
        "unit_number": unit,
        "certificate_number": certificate,
        "location": location,
        "holders": [],
        "limits": [],
        "contract_number": "",
    }


def _mortgages() -> list[tuple[str, list[dict[str, Any]]]]:
    return [
        (
            record.data["不动产单元号"],
            [
                {
                    "kind": "mortgage",
                    "by": record.data["权利人"],
                    "since": record.issued_on,
                    "number": record.number,
                }
            ],
        )
        for record in seeds.records("province")
        if record.type == "real_estate_registration_proof"
    ]


def _entries() -> Entries:
    return {"property": properties()}


def search(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """Who owns a property, and what stands against its sale."""
    one = _found(page, given["unit_number"])
    certificate = given.get("certificate_number", one["certificate_number"])
    if plain(certificate) != plain(one["certificate_number"]):
        raise unknown("证号和单元号不是同一套房屋")
    kinds = {limit["kind"] for limit in one["limits"]}
    return {
        **{name: one[name] for name in ("unit_number", "certificate_number", "location")},
        "owners": [holder["name"] for holder in one["holders"]],
        "holders": one["holders"],
        "seized": "seizure" in kinds,
        "mortgaged": "mortgage" in kinds,
        "objection": "objection" in kinds,
        "limits": one["limits"],
    }


def register(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The property passes to the buyers, once the tax is paid; a new certificate."""
    one = _found(page, given["unit_number"])
    for limit in one["limits"]:
        if limit["kind"] in WORDS:
            raise refuse(limit["kind"], f"{WORDS[limit['kind']]}（{limit['number']}），不能登簿")
    contract = given.get("contract_number", "")
    if contract and contract == one["contract_number"]:
        raise refuse("registered", "这份合同已经登簿")
    _demand_tax(given, call)
    number = _number(page, call, "不动产权")
    holders = [
        {
            "name": buyer["name"],
            "id_number": buyer["id_number"],
            **({"share": f"{buyer['share']:g}%"} if "share" in buyer else {}),
        }
        for buyer in given["buyers"]
    ]
    new = {"certificate_number": number, "holders": holders, "contract_number": contract}
    page.put("property", one["unit_number"], {**one, **new})
    return {"certificate_number": number, "registered_on": call.today.isoformat()}


def mortgage(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The old mortgage goes, the new one comes; with no new loan, only the first."""
    one = _found(page, given["unit_number"])
    answer: Answer = {"registered_on": call.today.isoformat()}
    limits = one["limits"]
    old = given.get("old_proof")
    if old and given.get("mode") != "staged":
        kept = [limit for limit in limits if plain(limit["number"]) != plain(old)]
        if kept == limits:
            raise refuse("no_mortgage", "登记簿上没有这笔抵押")
        limits = kept
        answer["cancelled"] = old
    if "mortgagee" in given:
        answer["proof_number"] = _number(page, call, "不动产证明")
        new = {"kind": "mortgage", "by": given["mortgagee"], "number": answer["proof_number"]}
        limits = [*limits, {**new, "since": answer["registered_on"]}]
    page.put("property", one["unit_number"], {**one, "limits": limits})
    return answer


def plain(number: str) -> str:
    """A number with the brackets of one kind and no spaces."""
    return "".join(number.split()).replace("（", "(").replace("）", ")")


def _found(page: Page, unit: str) -> dict[str, Any]:
    one = page.get("property", unit)
    if one is None:
        raise unknown("登记簿上没有这个不动产单元")
    return one


def _number(page: Page, call: Call, kind: str) -> str:
    return f"粤（{call.today:%Y}）珠海市{kind}第{900_000 + page.serial(kind):07d}号"


def _demand_tax(given: Mapping[str, Any], call: Call) -> None:
    """A tax certificate, and what the tax bureau knows of it must not speak against it.

    One that the bureau doesn't know is believed: the platform may have issued it for the bureau.
    """
    number = given.get("tax_certificate_number")
    if not number:
        raise refuse("tax_unpaid", "没有完税证明")
    try:
        found = requests.get(
            f"{call.addresses['tax']}/sandbox/certificates",
            params={"number": number},
            timeout=TIMEOUT,
        ).json()
    except requests.RequestException as error:
        raise refuse("tax_silent", "暂时核验不了完税证明") from error
    if found.get("withdrawn"):
        raise refuse("tax_withdrawn", "完税证明已经作废")
    if found and found["contract_number"] != given.get("contract_number", ""):
        raise refuse("tax_other", "完税证明不是这份合同的")


SYSTEM = System(
    name="real_estate",
    known=RealEstate.known,
    entries=_entries,
    operations={"search": search, "register": register, "mortgage": mortgage},
)
