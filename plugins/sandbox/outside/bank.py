"""The bank: bills of many lines with a page to pay at, refunds, and loans that a sale pays off."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from flask import Flask, Response, abort, redirect, render_template, request

from plugins.connector_bank import Bank
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.real_estate import plain
from plugins.sandbox.outside.system import (
    Answer,
    Call,
    Entries,
    Follow,
    Server,
    System,
    data,
    refuse,
    unknown,
)

BILL_DAYS = 15
BEIJING = timezone(timedelta(hours=8))


def _entries() -> Entries:
    return {"loan": data("bank")["loans"]}


def payoff(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """What is left of a loan, and whether the bank agrees to be paid off from an account."""
    one = page.get("loan", plain(given["proof_number"]))
    if one is None:
        raise unknown("没有这笔贷款")
    return {**one, "as_of": call.today.isoformat()}


def bill(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """A bill, or more lines on one that there is: a case has one bill of each reference."""
    reference = f"{call.client} {call.case} {given['reference']}"
    number = (page.get("reference", reference) or {}).get("number")
    before = _bill(page, number) if number else None
    number = number or f"B{call.today:%Y%m%d}{secrets.token_hex(6)}"
    lines = {line["id"]: line for line in before["lines"]} if before else {}
    for line in given["lines"]:
        new = {**line, "payer": line.get("payer", ""), "state": "due"}
        lines.setdefault(line["id"], new)
    kept = {
        "lines": list(lines.values()),
        "expires_on": given.get("expires_on", (call.today + timedelta(days=BILL_DAYS)).isoformat()),
        "return_to": given.get("return_to", ""),
        "callback": call.callback,
    }
    page.put("reference", reference, {"number": number})
    page.put("bill", number, kept)
    return {**_state(number, kept), "page": f"{call.base}/pay/{number}"}


def bill_state(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """How each line of a bill stands."""
    return _state(given["number"], _bill(page, given["number"]))


def drop(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """These lines needn't be paid any more; those that are paid already are named."""
    dropped = _set(page, given, "due", "dropped")
    paid = [line["id"] for line in _chosen(page, given) if line["state"] == "paid"]
    return {"number": given["number"], "dropped": dropped, "paid": paid}


def refund(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """These lines, all paid, are paid back."""
    wrong = [line["id"] for line in _chosen(page, given) if line["state"] != "paid"]
    if wrong:
        raise refuse("not_paid", "有的项目没有缴过或者已经退回")
    refunded = _set(page, given, "paid", "refunded")
    today = call.today.isoformat()
    return {"number": given["number"], "refunded": refunded, "refunded_on": today}


def _bill(page: Page, number: str) -> dict[str, Any]:
    found = page.get("bill", number)
    if found is None:
        raise unknown("没有这张账单")
    return found


def _chosen(page: Page, given: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines = {line["id"]: line for line in _bill(page, given["number"])["lines"]}
    if not set(given["lines"]) <= set(lines):
        raise unknown("账单里没有这个项目")
    return [lines[id] for id in given["lines"]]


def _set(page: Page, given: Mapping[str, Any], old: str, new: str) -> list[str]:
    """Put lines of a bill from one state into another; which ones it was."""
    chosen = [line["id"] for line in _chosen(page, given) if line["state"] == old]
    one = _bill(page, given["number"])
    lines = [{**li, "state": new} if li["id"] in chosen else li for li in one["lines"]]
    page.put("bill", given["number"], {**one, "lines": lines})
    return chosen


def _state(number: str, one: Mapping[str, Any]) -> Answer:
    return {"number": number, "expires_on": one["expires_on"], "lines": one["lines"]}


def _standing(page: Page, handle: str) -> tuple[str, Answer, bool] | None:
    """A bill's number is a handle too: it is settled when no line is due."""
    one = page.get("bill", handle)
    if one is None:
        return None
    settled = all(line["state"] != "due" for line in one["lines"])
    return "bill_state", _state(handle, one), settled


def _follow(operation: str, answer: Answer) -> Follow | None:
    """A refund is told as a payment is."""
    if operation != "refund":
        return None
    told = {"event": "refunded", "number": answer["number"], "lines": answer["refunded"]}
    return Follow(answer["number"], told)


def _pages(app: Flask, server: Server) -> None:
    @app.get("/pay/<number>")
    def show(number: str) -> str:
        with server.book.page() as page:
            one = page.get("bill", number) or abort(404)
        due = _is_valid(one) and any(line["state"] == "due" for line in one["lines"])
        return render_template("pay.html", number=number, bill=one, due=due)

    @app.post("/pay/<number>")
    def pay(number: str) -> Response:
        with server.book.page() as page:
            one = page.get("bill", number) or abort(404)
            if not _is_valid(one):
                abort(410, "账单已过期")
            paid = _set(
                page, {"number": number, "lines": request.form.getlist("line")}, "due", "paid"
            )
        if paid:
            told = {"event": "paid", "number": number, "lines": paid}
            server.caller.tell(one["callback"], number, told)
        return redirect(one["return_to"] or f"/pay/{number}", 303)  # type: ignore[return-value]


def _is_valid(one: Mapping[str, Any]) -> bool:
    return date.fromisoformat(one["expires_on"]) >= datetime.now(BEIJING).date()


SYSTEM = System(
    name="bank",
    known=Bank.known,
    entries=_entries,
    operations={
        "payoff": payoff,
        "bill": bill,
        "bill_state": bill_state,
        "drop": drop,
        "refund": refund,
    },
    state=_standing,
    follow=_follow,
    pages=_pages,
)
