"""The history of an item in sentences: who did what and when, and what they said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runtime.journey.desk import Happened, Work
from runtime.journey.papers import titled
from runtime.web.apply.shown import moment
from runtime.web.texts import load, say, t
from runtime.web.work.words import applicant_of, names_of, step_title

QUIET = frozenset(
    {
        "step_opened", "step_skipped", "step_closed", "step_cancelled", "step_frozen",
        "step_woken", "opened_again", "effect_sent", "effect_made", "effect_none",
        "effect_unwanted", "effect_undoing", "called_again", "clock_started", "item_decided",
        "item_undecided", "billed", "lines_paid", "lines_refunding", "lines_refunded",
        "lines_dropped", "late", "not_withdrawn",
    }
)  # fmt: skip
"""Kinds of event that are for the record: what they come to is told by others."""
BY_PEOPLE = frozenset({"approved", "rejected", "accepted", "signed"})
"""Outcomes that the last vote or signature has told already."""


def lines(work: Work, happened: Iterable[Happened]) -> list[dict[str, str]]:
    """What happened, the latest first."""
    told = [one for one in happened if _is_told(one)]
    wanted = {str(one.data.get(name, "")) for one in told for name in ("person", "to", "by")}
    wanted |= {each["person"] for one in told for each in one.data.get("signers", ())}
    names = names_of({one for one in wanted if "." not in one and ":" not in one})
    return [_line(work, one, names) for one in reversed(told)]


def whole(work: Work) -> list[dict[str, str]]:
    """The history from its beginning: who sent it, and when."""
    words = t("work.event.sent", who=applicant_of(work.case.draft))
    sent = {"when": moment(work.case.state.submitted_at), "words": words, "reason": ""}
    return [*lines(work, work.history), sent]


def _is_told(one: Happened) -> bool:
    if one.kind == "step_done":
        return one.data["outcome"] not in BY_PEOPLE
    return one.kind not in QUIET


def _line(work: Work, one: Happened, names: Mapping[str, str]) -> dict[str, str]:
    data = one.data
    titles = _titles(work) if data.get("fields") or data.get("papers") else {}
    named = [*data.get("fields", ()), *data.get("papers", ())]
    fields = [titles[name] for name in named if name in titles]
    signers = [names.get(each["person"], "") for each in data.get("signers", ())]
    words = t(
        _key(one),
        who=names.get(str(data.get("person", ""))) or data.get("name") or t("work.platform"),
        to=_target(work, data, names),
        step=step_title(work.case.draft.plan, str(data.get("step") or data.get("pause", ""))),
        fields=t("list.comma").join(fields),
        names=t("list.comma").join(filter(None, signers)),
        kind=_kind(data),
        at=str(data.get("at", "")).replace("T", " "),
    )
    return {"when": moment(one.at), "words": words, "reason": _reason(data, titles)}


def _key(one: Happened) -> str:
    """The text of an event: votes by what was said, endings by how."""
    part = {
        "voted": "yes" if one.data.get("yes") else "no",
        "step_done": str(one.data.get("outcome")),
        "item_ended": str(one.data.get("ending")),
        "appointed": "agreed" if one.data.get("agreed") else "proposed",
        "came_back": str(one.data.get("mode")),
        "paused": _pause(one.data),
    }.get(one.kind)
    key = f"work.event.{one.kind}.{part}" if part else f"work.event.{one.kind}"
    return key if key in load() else "work.event.other"


def _pause(data: Mapping[str, Any]) -> str:
    """What a pause is for: a supplement, a special procedure, or the step that it is called by."""
    kind, colon, _ = str(data.get("pause", "")).partition(":")
    return kind if colon else "step"


def _target(work: Work, data: Mapping[str, Any], names: Mapping[str, str]) -> str:
    to = str(data.get("to", ""))
    return step_title(work.case.draft.plan, to) if "." in to else names.get(to, "")


def _kind(data: Mapping[str, Any]) -> str:
    key = f"work.hold.{data.get('reason', '')}"
    return t(key) if key in load() else ""


def _titles(work: Work) -> dict[str, str]:
    """What the item's fields and papers are called, by their ids."""
    fields = work.case.draft.plan.items[work.use].item.form.fields
    papers = {one.paper.id: say(titled(one)) for one in work.papers}
    return papers | {name: say(field.title) for name, field in fields.items()}


def _reason(data: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    """The words that belong to it: an opinion, a reason, a note; of a supplement, each reason."""
    if isinstance(data.get("fields"), Mapping):
        asked = {**data["fields"], **data.get("papers", {})}
        return "\n".join(
            t("list.named", name=titles.get(name, name), value=why) for name, why in asked.items()
        )
    reason = data.get("reason")
    found = data.get("opinion") or data.get("words") or data.get("text")
    if found or isinstance(reason, Mapping):
        return str(found or dict(reason or {}).get("words", ""))
    return str(reason or "") if "step" in data else ""
