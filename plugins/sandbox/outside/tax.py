"""The tax bureau: what a sale costs, certificates, and how enterprises stand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask import Flask, Response, jsonify, request

from plugins.connector_tax import Tax
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.system import (
    Answer,
    Call,
    Entries,
    Server,
    System,
    data,
    key_of,
    refuse,
    unknown,
)

QUOTE_DAYS = 30
NEW = {"credit_level": "M", "arrears": 0, "invoices_left": 0, "returns_missing": 0, "quota": 0}
"""How an enterprise stands that the bureau has never seen: level M is for new ones."""


def _entries() -> Entries:
    known = data("tax")["enterprises"]
    return {"enterprise": {key_of(id): {**NEW, **one} for id, one in known.items()}}


def quote(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """Deed tax, VAT with surcharges and income tax of a sale, by the tables of its day."""
    answer = taxes(given, data("tax_rates"))
    figures = json.dumps(given, sort_keys=True, ensure_ascii=False)
    mark = hashlib.sha256(figures.encode()).hexdigest()[:10].upper()
    number = f"HD{mark}"
    kept = {name: answer[name] for name in ("deed_tax", "vat", "income_tax")}
    kept["contract_number"] = given["contract_number"]
    kept["until"] = (call.today + timedelta(days=QUOTE_DAYS)).isoformat()
    page.put("quote", number, kept)
    return {"quote_number": number, **answer}


def taxes(given: Mapping[str, Any], tables: Mapping[str, Any]) -> Answer:
    """The three taxes in fen and a line for each: its basis, rate, law and since when.

    Raises `Refusal` for a day that the tables don't reach back to.
    """
    rows = {name: _row(table, given["signed_on"]) for name, table in tables.items()}
    vat, rate = _vat(given, rows["vat"])
    before_vat = given["price"] - _part(given["price"], rate)
    surcharge = _percent(vat[0], rows["surcharge"]["percent"])
    lines = [
        _line("vat", vat, rows["vat"], vat[0]),
        _line("surcharge", (surcharge, vat[0], rows["surcharge"]["percent"]), rows["surcharge"]),
        _line("deed_tax", _deed_tax(given, rows["deed_tax"], before_vat), rows["deed_tax"]),
        _line("income_tax", _income_tax(given, rows["income_tax"], before_vat), rows["income_tax"]),
    ]
    amounts = {line["tax"]: line["amount"] for line in lines}
    return {
        "deed_tax": amounts["deed_tax"],
        "vat": amounts["vat"] + amounts["surcharge"],
        "income_tax": amounts["income_tax"],
        "lines": lines,
    }


Tax3 = tuple[int, int, Any]
"""An amount in fen, what it is a part of, and the rate in percent."""


def _vat(given: Mapping[str, Any], row: Mapping[str, Any]) -> tuple[Tax3, Decimal]:
    """The VAT, and the rate that the whole price bears."""
    price = given["price"]
    if given["usage"] == "residential":
        rate = Decimal(0) if given["held_two_years"] else Decimal(str(row["home_percent"]))
        return (_part(price, rate), price, rate), rate
    rate = Decimal(str(row["other_percent"]))
    gain = max(0, price - given.get("acquired_price", 0))
    return (_part(gain, rate), gain, rate), rate


def _deed_tax(given: Mapping[str, Any], row: Mapping[str, Any], base: int) -> Tax3:
    rate = next(
        (
            one["percent"]
            for one in row["homes"]
            if given["usage"] == "residential"
            and one["home_count"] == given["home_count"]
            and given["building_area"] <= one.get("up_to_area", given["building_area"])
        ),
        row["otherwise"],
    )
    return _percent(base, rate), base, rate


def _income_tax(given: Mapping[str, Any], row: Mapping[str, Any], base: int) -> Tax3:
    if given["only_home_five_years"] and given["usage"] == "residential":
        return 0, base, 0
    if "acquired_price" in given:
        gain = max(0, base - given["acquired_price"])
        return _percent(gain, row["gain_percent"]), gain, row["gain_percent"]
    return _percent(base, row["price_percent"]), base, row["price_percent"]


def _line(tax: str, one: Tax3, row: Mapping[str, Any], amount: int | None = None) -> Answer:
    return {
        "tax": tax,
        "amount": one[0] if amount is None else amount,
        "basis": one[1],
        "rate": f"{Decimal(str(one[2])).normalize():f}%",
        "law": row["law"],
        "since": row["since"],
    }


def _row(table: list[dict[str, Any]], day: str) -> dict[str, Any]:
    """The row that is in force on a day."""
    rows = [row for row in table if row["since"] <= day]
    if not rows:
        raise refuse("no_table", "没有当时的税率表")
    return max(rows, key=lambda row: row["since"])


def _percent(base: int, percent: Any) -> int:
    exact = base * Decimal(str(percent)) / 100
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _part(price: int, rate: Decimal) -> int:
    """The tax that a price has in it, at a rate on what is without it."""
    return int((price * rate / (100 + rate)).quantize(Decimal(1), ROUND_HALF_UP))


def certificate(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The certificate that the taxes of a quote are paid; by its number or by the contract."""
    found = [
        (number, one)
        for number, one in page.all("quote").items()
        if given.get("quote_number", number) == number
        and given.get("contract_number", one["contract_number"]) == one["contract_number"]
    ]
    if not found or not {"quote_number", "contract_number"} & given.keys():
        raise unknown("没有这次核定")
    quoted = found[-1][1]
    number = f"3440{call.today:%y%m%d}{page.serial('certificate'):08d}"
    names = ("contract_number", "deed_tax", "vat", "income_tax")
    kept = {name: quoted[name] for name in names}
    page.put("certificate", number, {**kept, "withdrawn": False})
    return {"tax_certificate_number": number, **kept, "issued_on": call.today.isoformat()}


def withdraw_certificate(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """A certificate is void."""
    done = page.undo(given, "certificate", call.key)
    number = done.answer["tax_certificate_number"]
    page.put("certificate", number, {**(page.get("certificate", number) or {}), "withdrawn": True})
    return {"tax_certificate_number": number, "withdrawn_on": call.today.isoformat()}


def clearance_state(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """What an enterprise owes, has left to hand in, and how it is rated."""
    one = page.get("enterprise", given["credit_code"])
    if one is None:
        raise unknown("没有这个纳税人")
    names = ("arrears", "invoices_left", "credit_level", "returns_missing")
    return {
        **{name: one[name] for name in names},
        "under_inspection": one.get("under_inspection", False),
    }


def grant_invoices(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """A quota of invoices: what is asked for, at most what the level allows."""
    one = page.get("enterprise", given["credit_code"]) or NEW
    most = data("tax")["quota_by_level"][one["credit_level"]]
    if not most:
        raise refuse("level", "纳税信用为D级，不能赋予额度")
    quota = min(given.get("quota", most), most)
    page.put("enterprise", given["credit_code"], {**one, "quota": quota})
    page.put("before", call.key, {"quota": one["quota"]})
    today = call.today.isoformat()
    return {"kinds": given["kinds"], "quota": quota, "granted_on": today}


def withdraw_invoices(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The quota is what it was before."""
    done = page.undo(given, "grant_invoices", call.key)
    code = done.input["credit_code"]
    before = page.get("before", done.key) or {}
    page.put("enterprise", code, {**(page.get("enterprise", code) or NEW), **before})
    return {"quota": before["quota"], "withdrawn_on": call.today.isoformat()}


def _pages(app: Flask, server: Server) -> None:
    @app.get("/sandbox/certificates")
    def known() -> Response:
        with server.book.page() as page:
            return jsonify(page.get("certificate", request.args["number"]) or {})


SYSTEM = System(
    name="tax",
    known=Tax.known,
    entries=_entries,
    operations={
        "quote": quote,
        "certificate": certificate,
        "withdraw_certificate": withdraw_certificate,
        "clearance_state": clearance_state,
        "grant_invoices": grant_invoices,
        "withdraw_invoices": withdraw_invoices,
    },
    pages=_pages,
)
