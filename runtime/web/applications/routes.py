"""The list of what a person has begun and sent."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, url_for

from definitions.plan import Plan
from runtime.journey.cases import names_of
from runtime.journey.draft import CHINA
from runtime.journey.owed import Owing, owing_of
from runtime.store import NotFound
from runtime.store.applications import Summary
from runtime.store.messages import Message
from runtime.store.worklist import Entry
from runtime.web.apply.owed_page import left_words
from runtime.web.apply.shown import day_words, moment
from runtime.web.context import actor, here, now, today
from runtime.web.identity.guard import needs_sign_in
from runtime.web.texts import load, say, t

applications = Blueprint("applications", __name__)
STATES = {"draft": "wait", "submitted": "brand", "closed": "done", "withdrawn": None}
ANSWERS = {"to_answer": "wait", "changed_since": "wait", "answered": "done", "declined": "stop"}


@applications.get("/applications")
@needs_sign_in
def mine() -> str:
    """What the person has begun and sent, for themselves or for whom they act."""
    titles = {card.service: say(card.title) for card in here().cards()}
    found = here().store.applications.mine(actor(), now())
    owed = _owed(found)
    groups: dict[str, list[dict[str, Any]]] = {"asked": [], "drafts": [], "sent": []}
    for one in found:
        row = _row(one, titles.get(one.service, one.service), owed.get(one.id))
        groups[_group(one)].append(row)
    names = names_of(here(), actor(), g.person)
    return render_template(
        "applications/mine.html",
        **groups,
        sign=[_sign(one, titles) for one in here().store.work.asked(actor())],
        unread=here().store.messages.unread(actor(), names),
    )


@applications.get("/messages")
@needs_sign_in
def messages() -> str:
    """What the person was told; whoever has looked has read it."""
    names = names_of(here(), actor(), g.person)
    found = here().store.messages.of(actor(), names)
    page = [_message(one) for one in found]
    here().store.messages.read(actor(), names, now())
    return render_template("applications/messages.html", messages=page)


def _message(one: Message) -> dict[str, Any]:
    key, use = f"messages.kind.{one.kind}", str(one.data.get("item") or one.data.get("step", ""))
    service = _service_of(one)
    items = service.items if service else {}
    title = items[name].item.title if (name := use.partition(".")[0]) in items else None
    words = t(key if key in load() else "messages.kind.other", item=say(title) or name)
    return {
        "title": words,
        "href": url_for("follow.follow", application=one.application),
        "about": moment(one.at),
        "tags": [] if one.read_at else [(t("messages.new"), "wait")],
    }


def _service_of(one: Message) -> Plan | None:
    """The plan of the application of a message; none where the person has lost sight of it."""
    try:
        found = here().store.cases.open(actor(), one.application)
    except NotFound:
        return None
    return here().plan(found.application.release)


def _sign(one: Entry, titles: dict[str, str]) -> dict[str, Any]:
    """A step that waits for the person's signature."""
    return {
        "title": titles.get(one.service, one.service),
        "href": url_for("own.sign", application=one.application, step=one.step),
        "about": t("signing.about", number=one.number),
        "tags": [(t("signing.asked"), "wait")],
    }


def _group(one: Summary) -> str:
    """Under which heading it stands: what one is asked to confirm, fills in, or has sent."""
    if one.status != "draft":
        return "sent"
    return "asked" if one.standing == "party" else "drafts"


def _owed(found: list[Summary]) -> dict[str, Owing]:
    """What those that are being handled still owe, by id."""
    running = [one.id for one in found if one.status == "submitted"]
    return owing_of(here(), actor(), running, today()) if running else {}


def _row(one: Summary, title: str, owed: Owing | None) -> dict[str, Any]:
    endpoint = "apply.form" if _group(one) == "drafts" else "follow.follow"
    address = url_for(endpoint, application=one.id)
    about = _about(one)
    row: dict[str, Any] = {"title": title, "href": address, "about": about, "tags": _tags(one)}
    if owed:
        row["clock"] = {"state": "stop" if owed.late else "wait", "words": left_words(owed)}
    return row


def _tags(one: Summary) -> list[tuple[str, str | None]]:
    if _group(one) == "asked":
        name = _answer(one)
        return [(t(f"applications.{name}"), ANSWERS[name])]
    tags = [(t(f"applications.status.{one.status}"), STATES[one.status])]
    if one.standing == "party":
        tags.append((t("applications.as_party"), "brand"))
    elif one.standing == "owner" and actor().acting_for:
        tags.append((t("applications.private"), None))
    return tags


def _answer(one: Summary) -> str:
    """How the person's own word stands: a signature is no answer to what was changed since."""
    if not one.answered:
        return "to_answer"
    own = here().store.parties.joined(actor(), one.id)
    if any(it.party.state == "declined" for it in own):
        return "declined"
    return "answered" if all(it.party.standing for it in own) else "changed_since"


def _about(one: Summary) -> str:
    """What tells one application from another of the same service."""
    if one.submitted_at is not None:
        day = day_words(one.submitted_at.astimezone(CHINA).date())
        return t("applications.number", number=one.number, day=day)
    begun, saved = one.created_at.astimezone(CHINA), one.updated_at.astimezone(CHINA)
    if one.expires_at is None or one.standing == "party":
        return t("applications.changed", day=day_words(saved.date()))
    return t(
        "applications.until",
        begun=f"{day_words(begun.date())} {begun:%H:%M}",
        saved=f"{day_words(saved.date())} {saved:%H:%M}",
        date=day_words(one.expires_at.astimezone(CHINA).date()),
    )
