"""Social insurance: whom an employer insures and what it owes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.connector_insurance import Insurance
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.system import Answer, Call, Entries, System, data, key_of, unknown


def _entries() -> Entries:
    return {"employer": {key_of(id): one for id, one in data("insurance").items()}}


def employer_state(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """How many people an employer insures now, and what it owes in fen."""
    one = page.get("employer", given["credit_code"])
    if one is None:
        raise unknown("没有参保登记")
    return one


SYSTEM = System(
    name="insurance",
    known=Insurance.known,
    entries=_entries,
    operations={"employer_state": employer_state},
)
