"""What people are told while an application is worked on: messages in their inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.journey.cases import APPLICANT, Case
from runtime.store import SYSTEM

FOR_APPLICANT = frozenset(
    {"item_accepted", "item_ended", "supplement_sent", "appointed", "result_revoked"}
)


def tell(case: Case, data: Mapping[str, Any]) -> None:
    """Put what happened into the inboxes of those whom it concerns."""
    store, moment = case.draft.installation.store, case.draft.now
    for who in _whom(case, data):
        store.messages.add(SYSTEM, case.application, who, data["event"], _words(data), moment)


def _whom(case: Case, data: Mapping[str, Any]) -> Iterable[str]:
    event, step = data["event"], data.get("step", "")
    state = case.state.steps.get(step)
    if event in FOR_APPLICANT:
        return [APPLICANT]
    if event == "asked" and state:
        return state.persons
    if event in ("transferred", "delegated", "copied"):
        return [data["to"]]
    if event in ("reminded", "effect_stuck", "call_failed") and state:
        return [*state.persons, *(f"{unit}/{role}" for unit, role in state.offices)]
    return []


def _words(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a message says; no name of who did it, and no events inside."""
    kept = ("step", "item", "ending", "reason", "at", "level")
    return {name: data[name] for name in kept if name in data}
