"""Water, power, gas and network: one program, a company each with its accounts and prices."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from plugins.connector_utility import Utility
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.real_estate import properties
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

QUOTE_DAYS = 30
SURVEYS, AHEAD = 3, 365
"""How many days a company offers for a survey, and how many days ahead at most."""


def _entries(company: str) -> Entries:
    homes = properties()
    return {
        "account": {
            one["number"]: {
                "holder_name": name_of(one["holder"]),
                "holder_key": key_of(one["holder"]),
                "phone": "",
                "location": homes[one["home"]]["location"],
                "arrears": one["arrears"],
                "opened_on": one["opened_on"],
                "meter_number": f"M{one['number']}",
                "state": "open",
            }
            for one in data("utility")["accounts"][company]
        }
    }


def account(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """An account by its number or by the address; both, if both are given, must be its own."""
    for number, one in page.all("account").items():
        right = given.get("account_number") in (None, number)
        here = "location" not in given or _same_place(given["location"], one["location"])
        if right and here and given and one["state"] == "open":
            return {
                "account_number": number,
                "holder_name": one["holder_name"],
                "location": one["location"],
                "arrears": one["arrears"],
                "opened_on": one["opened_on"],
            }
    raise unknown("没有这个户头")


def transfer(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The account passes to somebody else, once its bills are paid."""
    number = given["account_number"]
    one = _open(page, number)
    if one["arrears"]:
        raise refuse("arrears", "户头有欠费，结清后才能过户")
    if one["holder_key"] == given["new_id"]:
        raise refuse("same_holder", "户主没有变化")
    new = {
        "holder_name": given["new_name"],
        "holder_key": given["new_id"],
        "phone": given.get("new_phone", ""),
    }
    before = {name: one[name] for name in new}
    page.put("account", number, {**one, **new})
    page.put("before", call.key, before)
    return {
        "account_number": number,
        "holder_name": given["new_name"],
        "transferred_on": call.today.isoformat(),
    }


def transfer_back(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The account passes back, unless it has passed on meanwhile."""
    done = page.undo(given, "transfer", call.key)
    number = done.input["account_number"]
    one = _open(page, number)
    if one["holder_key"] != done.input["new_id"]:
        raise refuse("moved_on", "户头已经再次过户，不能退回")
    before = page.get("before", done.key) or {}
    page.put("account", number, {**one, **before})
    return {"account_number": number, "holder_name": before["holder_name"]}


def survey_dates(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The next working days on which somebody can come, from the day after."""
    first = max(call.today, date.fromisoformat(given.get("from", call.today.isoformat())))
    if first > call.today + timedelta(days=AHEAD):
        raise refuse("too_far", "只能预约一年以内的日期")
    days = (first + timedelta(days=ahead) for ahead in range(1, 15))
    free = [day.isoformat() for day in days if day.weekday() < 5]
    return {"dates": free[:SURVEYS]}


def quote(company: str, page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """What the works outside the site cost; a small connection costs a part of it."""
    tables = data("utility")
    percent = tables["small_access_percent"] if given.get("small_access") else 100
    lines = [
        {"title": title, "amount": amount * percent // 100}
        for title, amount in tables["companies"][company]["works"]
    ]
    mark = hashlib.sha256(f"{given['location']} {percent} {call.case}".encode()).hexdigest()[:8]
    return {
        "quote_number": f"BJ{call.today:%Y%m%d}{mark.upper()}",
        "amount": sum(one["amount"] for one in lines),
        "valid_until": (call.today + timedelta(days=QUOTE_DAYS)).isoformat(),
        "lines": lines,
    }


def connect(company: str, page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """A new account with its meter, in the name of its holder."""
    kind = data("utility")["companies"][company]
    free = kind["digits"] - len(kind["prefix"])
    number = f"{kind['prefix']}{9 * 10 ** (free - 1) + page.serial('account')}"
    today = call.today.isoformat()
    page.put(
        "account",
        number,
        {
            "holder_name": given["holder"],
            "holder_key": "",
            "phone": "",
            "location": given["location"],
            "arrears": 0,
            "opened_on": today,
            "meter_number": f"M{number}",
            "state": "open",
        },
    )
    return {"account_number": number, "meter_number": f"M{number}", "connected_on": today}


def disconnect(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The new account is closed again."""
    done = page.undo(given, "connect", call.key)
    number = done.answer["account_number"]
    page.put("account", number, {**_open(page, number), "state": "closed"})
    return {"account_number": number, "disconnected_on": call.today.isoformat()}


def _open(page: Page, number: str) -> dict[str, Any]:
    one = page.get("account", number)
    if one is None or one["state"] != "open":
        raise unknown("没有这个户头")
    return one


def _same_place(one: str, other: str) -> bool:
    """Whether two addresses are one: the province may be left out, and spaces don't count."""
    plain = ["".join(text.split()).removeprefix("广东省") for text in (one, other)]
    return plain[0] == plain[1]


def _system(company: str) -> System:
    return System(
        name=company,
        known=Utility.known,
        entries=partial(_entries, company),
        operations={
            "account": account,
            "transfer": transfer,
            "transfer_back": transfer_back,
            "survey_dates": survey_dates,
            "quote": partial(quote, company),
            "connect": partial(connect, company),
            "disconnect": disconnect,
        },
    )


SYSTEMS = tuple(map(_system, ("water", "power", "gas", "network")))
