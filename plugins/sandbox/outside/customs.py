"""Customs: what an enterprise has not finished there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.connector_customs import Customs
from plugins.sandbox import seeds
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.system import Answer, Call, Entries, System, data, name_of, unknown


def _entries() -> Entries:
    registered = {
        record.data["海关编码"]: {
            "name": record.holder_name,
            "open": False,
            "declarations_open": 0,
            "arrears": 0,
        }
        for record in seeds.records("province") + seeds.records("city")
        if record.type == "customs_registration"
    }
    more = {
        code: {
            "name": name_of(one["holder"]),
            "open": bool(one["declarations_open"] or one["arrears"]),
            "declarations_open": one["declarations_open"],
            "arrears": one["arrears"],
        }
        for code, one in data("customs").items()
    }
    return {"enterprise": {**registered, **more}}


def open_business(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """Whether declarations or duties are open, and what is owed in fen."""
    one = page.get("enterprise", given["customs_code"])
    if one is None:
        raise unknown("没有海关备案")
    return one


SYSTEM = System(
    name="customs",
    known=Customs.known,
    entries=_entries,
    operations={"open_business": open_business},
)
