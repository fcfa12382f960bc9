"""The register of enterprises and its public notices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from flask import Flask, Response, jsonify, request

from plugins.connector_registry import Registry
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.system import (
    Answer,
    Call,
    Entries,
    Server,
    System,
    data,
    key_of,
    name_of,
    refuse,
    unknown,
)
from plugins.sandbox.seeds import enterprises
from plugins.sandbox.settings import NEW_ENTERPRISES

BEIJING = timezone(timedelta(hours=8))
DAYS = {"simple": 20, "general": 45}
"""How long a notice runs: 市场主体登记管理条例第三十三条, 公司法第二百三十五条."""


def _entries() -> Entries:
    more = data("registry")
    return {
        "enterprise": {
            one["credit_code"]: {
                "name": one["name"],
                "status": one.get("status", "active"),
                "legal_representative": name_of(one["legal_representative"]),
                "established_on": one["founded"].translate(str.maketrans("年月", "--", "日")),
                "abnormal": id in more["abnormal"],
                "abnormal_reason": more["abnormal"].get(id, ""),
                "equity_frozen": id in more["frozen"],
            }
            for id, one in enterprises().items()
        }
    }


def enterprise(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """How an enterprise is registered."""
    one = page.get("enterprise", given["credit_code"])
    if one is None:
        raise unknown("没有登记")
    return one


def publish_notice(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """A notice from tomorrow on; the simple route is for those whom nothing stands against."""
    code, route = given["credit_code"], given["route"]
    one = enterprise(page, given, call)
    if route == "simple" and (one["abnormal"] or one["equity_frozen"]):
        raise refuse("not_simple", "被列入经营异常名录或者股权冻结，不适用简易注销")
    if one["status"] != "active":
        raise refuse("not_active", "企业不在存续状态")
    if any(n["credit_code"] == code and not n["withdrawn"] for n in page.all("notice").values()):
        raise refuse("running", "已有公告")
    number = f"GG{code[2:8]}{call.today:%Y}{page.serial('notice'):06d}"
    start = call.today + timedelta(days=1)
    answer = {
        "number": number,
        "start": start.isoformat(),
        "end": (start + timedelta(days=DAYS[route])).isoformat(),
    }
    page.put("notice", number, {"credit_code": code, "route": route, "withdrawn": False, **answer})
    return answer


def withdraw_notice(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """The notice is taken down."""
    done = page.undo(given, "publish_notice", call.key)
    number = done.answer["number"]
    page.put("notice", number, {**(page.get("notice", number) or {}), "withdrawn": True})
    return {"number": number, "withdrawn_on": call.today.isoformat()}


def _pages(app: Flask, server: Server) -> None:
    new = server.book.folder / NEW_ENTERPRISES
    new.unlink(missing_ok=True)

    @app.post("/sandbox/enterprises/<code>")
    def enter(code: str) -> Response:
        """What the office of licences says of an enterprise: that it is new, or is no more."""
        with server.book.page() as page:
            now = page.get("enterprise", code) or _new()
            page.put("enterprise", code, {**now, **request.get_json()})
            known = {key_of(id) for id in enterprises()}
            since = {c: one for c, one in page.all("enterprise").items() if c not in known}
        listed = [
            {"credit_code": c, **one} for c, one in since.items() if one["status"] == "active"
        ]
        new.write_text(json.dumps(listed, ensure_ascii=False), "utf-8")
        return jsonify(entered=True)


def _new() -> Answer:
    return {
        "name": "",
        "status": "active",
        "legal_representative": "",
        "established_on": datetime.now(BEIJING).date().isoformat(),
        "abnormal": False,
        "abnormal_reason": "",
        "equity_frozen": False,
    }


SYSTEM = System(
    name="registry",
    known=Registry.known,
    entries=_entries,
    operations={
        "enterprise": enterprise,
        "publish_notice": publish_notice,
        "withdraw_notice": withdraw_notice,
    },
    pages=_pages,
)
