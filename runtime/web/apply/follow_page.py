"""What the pages after sending show, and what the receipt says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from markupsafe import Markup

from runtime.journey.cases import Case
from runtime.journey.draft import Draft
from runtime.journey.follow import Followed
from runtime.journey.offices import Stop, phone
from runtime.journey.parties import needed
from runtime.journey.receipt import qr_inline
from runtime.journey.sign import DECLARATION
from runtime.store.events import Event
from runtime.web.apply import owed_page, shown, way, way_page
from runtime.web.apply.check_page import slice_rows
from runtime.web.apply.parties_page import party
from runtime.web.context import here, lang
from runtime.web.texts import say, t

STATES = {"submitted": "brand", "closed": "done", "withdrawn": None}
REGIONS = {"zh-CN": ("zh", "cn"), "en": ("en", "gb")}
DIGEST_SHOWN = 16
TOLD = frozenset(
    {
        "created",
        "renewed",
        "submitted",
        "withdrawn",
        "invited",
        "confirmed",
        "signed",
        "declined",
        "handed_in",
        "taken_back",
    }
)
"""Events that are told in words; others are for the record."""
APPROVALS = frozenset(
    {
        "item_accepted",
        "supplement_sent",
        "supplement_answered",
        "signed",
        "appointed",
        "lines_paid",
        "disputed",
        "item_ended",
    }
)
"""The same, of what happens in approvals."""


def frame(draft: Draft) -> dict[str, Any]:
    """What every page after sending says at its head."""
    application = draft.application
    return {
        "application": application,
        "service": draft.plan.service,
        "number": application.number,
        "applicant": applicant(draft),
        "submitted": shown.moment(application.submitted_at) if application.submitted_at else "",
        "withdrawn": application.status == "withdrawn",
        "state": (t(f"applications.status.{application.status}"), STATES[application.status]),
        "qr": Markup(qr_inline(short_address(draft), t("done.qr"))),  # noqa: S704 - our own drawing
    }


def done(followed: Followed, told: Mapping[str, Any]) -> dict[str, Any]:
    """The page right after sending; `told` is what the sending itself has to say."""
    return frame(followed.draft) | {
        "steps": way.steps(followed.draft.plan, followed.draft.application, followed.stops),
        "contacts": contacts(followed),
        "papers": owed_page.lines(followed.draft, followed.promised),
        "repeated": told.get("repeated", False),
        "silent": told.get("silent", ()),
        "last": way.last_day(followed.stops),
    }


def follow(
    followed: Followed, problems: Mapping[str, str] | None = None, case: Case | None = None
) -> dict[str, Any]:
    """The page to come back to; `problems` are sentences by paper that still follows.

    Without a `case` it was sent before there were approvals: then it says what is expected.
    """
    draft = followed.draft
    titles = {one.promise.paper: owed_page.title(one) for one in followed.promised}
    return frame(draft) | {
        "steps": way.steps(draft.plan, draft.application, followed.stops),
        "way": way_page.way(case) if case else None,
        "contacts": contacts(followed),
        "owed": owed_page.owed(draft, followed.promised, problems or {}),
        "last": way.last_day(followed.stops),
        "slices": [
            {
                "title": say(draft.plan.items[one.use].item.title),
                "office": say(here().unit(one.unit).title),
                "rows": slice_rows(draft, one.use, one.data),
                "digest": one.digest[:DIGEST_SHOWN],
            }
            for one in followed.slices
        ],
        "parties": [party(draft, one) for one in needed(draft)],
        "events": _events(followed, titles, case),
    }


def _events(
    followed: Followed, titles: Mapping[str, str], case: Case | None
) -> list[dict[str, str]]:
    found = []
    for one in followed.events:
        if one.kind in TOLD:
            found.append(event(one, titles))
        elif case is not None and one.kind == "approval":
            found += [_approval(case, one, it) for it in one.data["events"] if _is_told(it)]
    return found[::-1]


def _is_told(one: Mapping[str, Any]) -> bool:
    return one["kind"] in APPROVALS


def _approval(case: Case, told: Event, one: Mapping[str, Any]) -> dict[str, str]:
    """Something that happened in approvals, in a sentence."""
    data, kind = one["data"], one["kind"]
    step = str(data.get("step", ""))
    use = str(data.get("item") or step.partition(".")[0])
    words = t(
        f"follow.event.{'signed_step' if kind == 'signed' else kind}",
        who=str(data.get("name", "")),
        item=way_page.item_title(case, use) if use else "",
        step=way_page.step_title(case, step) if step else "",
        at=way_page.when(str(data.get("at", ""))),
        ending=t(f"follow.ending.{data['ending']}") if kind == "item_ended" else "",
    )
    reason = dict(data.get("reason") or {}).get("words", "") if kind == "item_ended" else ""
    return {"when": shown.moment(told.at), "words": words, "reason": str(reason)}


def contacts(followed: Followed) -> list[tuple[str, str]]:
    """Offices and their phones, each once."""
    draft = followed.draft
    found = {say(stop.office.title): phone(draft, stop.use) for stop in followed.stops}
    return [(title, number) for title, number in found.items() if number]


def event(one: Event, titles: Mapping[str, str]) -> dict[str, str]:
    """Something that happened, in a sentence; `titles` are those of papers."""
    data = one.data
    who = str(one.actor.get("name", ""))
    words = t(
        f"follow.event.{one.kind}",
        who=who,
        name=str(data.get("name", "")) or who,
        paper=titles.get(data.get("paper", ""), ""),
        file=data.get("file", {}).get("name", ""),
    )
    return {"when": shown.moment(one.at), "words": words, "reason": str(data.get("reason", ""))}


def applicant(draft: Draft) -> str:
    """The person or enterprise that applies."""
    return draft.identity.enterprise_name or draft.application.enterprise or draft.person.name


def short_address(draft: Draft) -> str:
    """The address behind the QR code."""
    return here().settings.public_url + url_for("follow.by_number", number=draft.application.number)


def receipt_words(followed: Followed) -> dict[str, Any]:
    """What the receipt says, in the language of the page."""
    draft, language = followed.draft, lang()
    page = frame(draft)
    signature = followed.signature
    promised = owed_page.lines(draft, followed.promised)
    tongue, region = REGIONS[language]
    return {
        "lang": tongue,
        "region": region,
        "brand": f"{t('page.service')} · {t('page.place')}",
        "issuer": t("page.owner"),
        "title": t("receipt.title"),
        "service": say(draft.plan.service.title),
        "number_label": t("receipt.number"),
        "number": draft.application.number,
        "qr": t("receipt.qr"),
        "facts": [
            [t("receipt.applicant"), page["applicant"]],
            *_signers(draft),
            [t("receipt.submitted"), page["submitted"]],
            [t("receipt.state"), page["state"][0]],
        ],
        "items_title": t("receipt.items"),
        "heads": [t(f"receipt.head.{name}") for name in ("item", "office", "due", "phone")],
        "items": [_receipt_line(draft, stop) for stop in followed.stops],
        "items_note": t("receipt.note"),
        "papers_title": t("done.papers"),
        "papers": [[one["title"], one["value"]] for one in promised],
        "signed_title": t("receipt.signed_title"),
        "declaration": say(DECLARATION.text),
        "signed": t(
            "receipt.signed",
            name=signature.get("name", ""),
            digest=str(signature.get("digest", ""))[:DIGEST_SHOWN],
        ),
        "footer": t("receipt.footer"),
    }


def _signers(draft: Draft) -> list[list[str]]:
    """Who else has signed, each with what they are; nothing where nobody had to."""
    subjects = draft.plan.service.subjects
    named = [
        t("list.named", name=say(subjects[one.subject].title), value=one.name)
        for one in needed(draft)
    ]
    return [[t("check.parties"), t("list.semicolon").join(named)]] if named else []


def _receipt_line(draft: Draft, stop: Stop) -> list[str]:
    return [
        say(draft.plan.items[stop.use].item.title),
        say(stop.office.title),
        shown.day_words(stop.due) if stop.due else t("receipt.no_promise"),
        phone(draft, stop.use),
    ]
