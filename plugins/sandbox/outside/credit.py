"""The public credit platform: who is listed, for what, and whether it is repaired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.connector_credit import Credit
from plugins.sandbox.outside.book import Page
from plugins.sandbox.outside.system import Answer, Call, Entries, System, data, key_of


def _entries() -> Entries:
    return {"subject": {key_of(id): {"entries": found} for id, found in data("credit").items()}}


def standing(page: Page, given: Mapping[str, Any], call: Call) -> Answer:
    """What is on record against somebody; listed is who has something that isn't repaired."""
    found = (page.get("subject", given["subject"]) or {"entries": []})["entries"]
    return {"listed": any("repaired_on" not in one for one in found), "entries": found}


SYSTEM = System(
    name="credit",
    known=Credit.known,
    entries=_entries,
    operations={"standing": standing},
)
