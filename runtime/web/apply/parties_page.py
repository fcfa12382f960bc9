"""What the pages about other parties show, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import g, url_for
from markupsafe import Markup

from definitions.plan import Plan
from runtime.journey.draft import Draft
from runtime.journey.parties import Needed, Part, needed
from runtime.journey.receipt import qr_inline
from runtime.store.parties import Party
from runtime.web.apply import shown, way
from runtime.web.context import here, lang
from runtime.web.render.sources import Sources
from runtime.web.texts import say, t

TAGS = {
    "none": None, "invited": "wait", "confirmed": "done", "signed": "done", "declined": "stop",
    "changed": "wait",
}  # fmt: skip


def parties(draft: Draft, links: Mapping[str, str]) -> dict[str, Any]:
    """The page of parties; `links` are tokens that were just made."""
    found = needed(draft)
    return {
        "application": draft.application,
        "service": draft.plan.service,
        "parties": [party(draft, one) | _link(_token(one, links)) for one in found],
        "waiting": sum(not one.confirmed for one in found),
        "unnamed": [
            _unnamed(draft, name)
            for name in draft.plan.service.applicant
            if name in draft.state.asked and not draft.answers.get(name)
        ],
    }


def _unnamed(draft: Draft, subject: str) -> dict[str, str]:
    """A party that the form doesn't name yet, and where it is to be named."""
    title = draft.plan.service.subjects[subject].title
    return {"title": say(title) or subject, "change": shown.change(draft, subject)}


def party(draft: Draft, one: Needed) -> dict[str, Any]:
    """One party and how far it has come."""
    known = one.party
    state = _state(one)
    return {
        "id": one.id,
        "name": one.name,
        "subject": say(draft.plan.service.subjects[one.subject].title),
        "state": t(f"parties.state.{state}"),
        "tag": TAGS[state],
        "confirmed": one.confirmed,
        "can_invite": bool(one.key) and not one.confirmed,
        "changed": state == "changed",
        "invite": t(f"parties.{_invites(known)}"),
        "until": shown.moment(known.expires_at) if state == "invited" and known else "",
        "at": shown.moment(known.decided_at) if known and known.decided_at else "",
        "reason": known.record.get("reason", "") if known else "",
        "key_missing": not one.key,
        "change": shown.change(draft, one.subject),
    }


def part(
    found: Part, problems: Mapping[str, str], silent: Sequence[str], typed: Mapping[str, str]
) -> dict[str, Any]:
    """What an invited person sees; `typed` is what they wrote and was not taken."""
    invitation = found.invitation
    me = invitation.party
    return {
        "application": found.application,
        "service": found.plan.service,
        "party": me,
        "role": say(found.plan.service.subjects[me.subject].title),
        "invited_by": me.invited_by,
        "own": list(_own(found)),
        "things": list(_things(found)),
        "texts": [say(one) for one in found.texts],
        "at_odds": [_at_odds(found.plan, where, one.value) for where, one in found.at_odds.items()],
        "authorised": found.authorised,
        "silent": silent,
        "digest": invitation.digest,
        "status": invitation.status,
        "number": found.application.number,
        "steps": way.steps(found.plan, found.application, found.stops),
        "last": way.last_day(found.stops),
        "decided": me.state in ("signed", "confirmed") and me.standing,
        "changed": me.state in ("signed", "confirmed") and not me.standing,
        "declined": me.state == "declined",
        "reason": me.record.get("reason", ""),
        "at": shown.moment(me.decided_at) if me.decided_at else "",
        "wrong": problems,
        "problems": [(words, f"#f-{name}") for name, words in problems.items()],
        "signer": g.person.name,
        "name": typed.get("name", ""),
        "declared": "declared" in typed and "declared" not in problems,
        "said": typed.get("reason", ""),
    }


def _state(one: Needed) -> str:
    known = one.party
    if known is None:
        return "none"
    said = known.state in ("confirmed", "signed")
    return "changed" if said and not one.confirmed else known.state


def _invites(known: Party | None) -> str:
    """What the button that makes a link is called."""
    if known is None:
        return "invite"
    return "invite_again" if known.state == "declined" else "again"


def _token(one: Needed, links: Mapping[str, str]) -> str | None:
    """The link of somebody who has still to answer: one that was answered leads nowhere new."""
    waits = one.party is not None and one.party.state == "invited"
    return links.get(one.id) if waits else None


def _link(token: str | None) -> dict[str, Any]:
    if token is None:
        return {"link": "", "qr": ""}
    public = here().settings.public_url
    address = public + url_for("parties.open_invitation", token=token)
    return {
        "link": address,
        "qr": Markup(qr_inline(address, t("parties.qr"))),  # noqa: S704 - our own drawing
    }


def _own(found: Part) -> Iterator[shown.Row]:
    """The party's own answers, one by one, with the licences that bear them out."""
    party = found.invitation.party
    sources = Sources(found.plan.library.licenses, lang())
    table = found.plan.questions.get(party.subject)
    row = found.invitation.part.get(f"{party.subject}/{party.row}", {})
    if table is None or not party.row:
        yield from _answers(found, party.subject)
        return
    for name, column in table.columns.items():
        if row.get(name) is not None:
            where = f"{party.subject}/{party.row}/{name}"
            yield {
                "title": say(column.title),
                "value": shown.words(column.field, row[name]),
                "source": shown.source_words(sources, found.verified.get(where)),
            }


def _things(found: Part) -> Iterator[dict[str, Any]]:
    """The things that it is about, each with its answers, and who else takes part."""
    others = [
        str(value)
        for place, value in found.invitation.part.items()
        if place.endswith("/party.name")
    ]
    if others:
        row = {"title": t("part.others"), "value": t("list.comma").join(others)}
        yield {"title": t("part.who"), "rows": [row]}
    for name, subject in found.plan.service.subjects.items():
        rows = list(_answers(found, name)) if name != found.invitation.party.subject else []
        if rows:
            yield {"title": say(subject.title), "rows": rows}


def _answers(found: Part, subject: str) -> Iterator[shown.Row]:
    """In the order of the form."""
    for place, question in found.plan.questions.items():
        value = found.invitation.part.get(place)
        if place.startswith(f"{subject}.") and value is not None:
            yield {"title": say(question.title), "value": shown.words(question.field, value)}


def _at_odds(plan: Plan, where: str, value: Any) -> str:
    question = plan.question(where)
    words = shown.words(question.field, value)
    return t("part.at_odds_line", title=say(question.title), value=words)
