"""Other parties: who must confirm before submission, and what each is shown and gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from definitions.model import License, Provenance, Step, Text
from definitions.plan import Plan
from definitions.problems import Problem
from plugins.asking import Question, Silent
from plugins.contract import Purpose
from runtime.engine.meaning import Who, key_element, known_keys, same_key, value_at
from runtime.engine.offers import Offer
from runtime.engine.prefill import offers, wanted
from runtime.engine.trial import steps_that_run
from runtime.installation import Installation
from runtime.journey.draft import AUTHORISED, Draft
from runtime.journey.follow import submitted_on
from runtime.journey.offices import Stop, schedule
from runtime.journey.papers import row_name
from runtime.journey.sources import DEADLINE
from runtime.store import SYSTEM, Actor, Application, Change, Conflict, Invitee, NotFound, Person
from runtime.store.changes import identity
from runtime.store.parties import Invitation, Party

ATTEMPTS = 5
"""How often what somebody gives is worked out anew when others change the form meanwhile."""
PARTY = "party"
"""The kind of subject that persons and enterprises are."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Somebody who must confirm: a row of a subject, and how far it has come.

    `texts` are what each item's signing step has them declare.
    """

    subject: str
    row: str
    name: str
    key: str
    places: tuple[str, ...]
    texts: tuple[Text, ...]
    party: Party | None = None

    @property
    def id(self) -> str:
        """Its name in addresses and problems."""
        return f"{self.subject}.{self.row}" if self.row else self.subject

    @property
    def confirmed(self) -> bool:
        """Whether what they confirmed is what the form says now."""
        party = self.party
        if party is None or party.state not in ("confirmed", "signed"):
            return False
        return party.standing and (party.places, party.texts) == (self.places, self.texts)


def needed(draft: Draft) -> list[Needed]:
    """Everybody beside the signed-in person who must confirm.

    Those are the subjects that the service takes as applicants and that an active item has sign.
    Who signs later in the process (a bank, shareholders) is asked by that step.
    """
    invited = {
        (one.subject, one.row): one
        for one in draft.installation.store.parties.of(draft.actor, draft.application)
    }
    mine = (draft.identity.id_number, draft.identity.credit_code)
    keys = known_keys(draft.plan, draft.answers)
    return [
        Needed(
            who.subject,
            who.row,
            row_name(draft, who.subject, who.row) or keys.get(who, ""),
            keys.get(who, ""),
            places(draft.plan, draft.answers, who),
            texts,
            invited.get((who.subject, who.row)),
        )
        for who, texts in _signers(draft)
        if not any(same_key(keys.get(who), one) for one in mine)
    ]


def unconfirmed(parties: Iterable[Needed]) -> list[Problem]:
    """Who has not confirmed yet, a problem each; `where` is `/parties/<id>`."""
    return [
        Problem(_why(one), f"/parties/{one.id}", {"name": one.name})
        for one in parties
        if not one.confirmed
    ]


def invite(draft: Draft, party: str) -> str:
    """The token of a link for somebody who must confirm; an earlier link of theirs ends.

    Raises:
        NotFound: nobody of that id must, or their number isn't known yet.
    """
    one = next((one for one in needed(draft) if one.id == party and one.key), None)
    if one is None:
        raise NotFound
    person = key_element(draft.plan, one.subject) == "person.id_number"
    kind: Literal["person", "enterprise"] = "person" if person else "enterprise"
    invitee = Invitee(one.subject, one.name, one.places, one.row, one.key, kind, one.texts)
    return draft.installation.store.parties.invite(
        draft.actor, draft.application, invitee, draft.now
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What an invited person sees: their invitation, the form it is part of, what they declare.

    `at_odds` are their answers that their own licences don't bear out, with what those say.
    `stops` are the way of what was sent through the offices.
    """

    invitation: Invitation
    application: Application
    plan: Plan
    texts: tuple[Text, ...]
    verified: Mapping[str, Provenance]
    at_odds: Mapping[str, Offer]
    authorised: bool
    stops: tuple[Stop, ...]


def part(
    installation: Installation, actor: Actor, person: Person, application: str, now: datetime
) -> Part:
    """The signed-in person's part of somebody else's application, as the form is now.

    Raises:
        NotFound: they have opened no invitation to it, or the form names somebody else there now.
    """
    joined = installation.store.parties.joined(actor, application)
    if not joined:
        raise NotFound
    held = installation.store.applications.load(SYSTEM, application, now)
    draft = Draft(installation, SYSTEM, person, held, installation.plan(held.release), now)
    named = [one for one in joined if _names(draft, one, actor)]
    if not named:
        raise NotFound
    invitation = _as_it_is(draft, named[-1])
    own = _beginning(_who(invitation))
    verified = {
        where: one
        for where, one in held.provenance.items()
        if where.startswith(own) and one.origin == "authority" and not one.edited_by
    }
    return Part(
        invitation, held, draft.plan, invitation.party.texts, verified,
        _at_odds(draft, own), person.number in draft.authorised,
        tuple(schedule(draft, submitted_on(held))) if held.submitted_at else (),
    )  # fmt: skip


def _who(invitation: Invitation) -> Who:
    return Who(invitation.party.subject, invitation.party.row)


def _names(draft: Draft, invitation: Invitation, actor: Actor) -> bool:
    """Whether it is this person, or whom they act for, whom the form names where they were invited.

    The applicant may have put somebody else there since: that one's answers are none of theirs.
    """
    key = known_keys(draft.plan, draft.answers).get(_who(invitation))
    return any(same_key(key, one) for one in (draft.person.number, actor.acting_for))


def _as_it_is(draft: Draft, invitation: Invitation) -> Invitation:
    """The invitation with what a draft has come to concern since it was made."""
    who, party = _who(invitation), invitation.party
    about = places(draft.plan, draft.answers, who)
    texts = next((texts for one, texts in _signers(draft) if one == who), ())
    if draft.application.status != "draft" or (party.places, party.texts) == (about, texts):
        return invitation
    return draft.installation.store.parties.follow(SYSTEM, invitation, about, texts)


def authorise(
    installation: Installation, actor: Actor, person: Person, shown: Part, now: datetime
) -> tuple[Silent, ...]:
    """Ask the sources for the invited person's licences and fill their row with them.

    What the applicant typed stays; where it is the same, it is verified from now on. Returns the
    sources that were silent.

    Raises:
        NotFound: the invitation is somebody else's.
        Conflict: others changed the form again and again meanwhile.
        Refused: the application isn't a draft any more.
    """
    draft = Draft(installation, actor, person, shown.application, shown.plan, now)
    report = installation.asker.ask_all(_about(draft, person), DEADLINE, pressed=True)
    for _ in range(ATTEMPTS):
        try:
            _give(draft, shown.invitation, report.licenses)
        except Conflict as conflict:
            draft = draft.with_application(conflict.fresh)
        else:
            return report.silent
    raise Conflict(draft.application)


def _give(draft: Draft, invitation: Invitation, brought: Iterable[License]) -> None:
    """Save an invited person's word, their licences, and what those say of their row.

    Raises:
        NotFound: the form names somebody else there now.
        Conflict: somebody changed one of the same answers since.
    """
    if not _names(draft, invitation, draft.actor):
        raise NotFound
    held = draft.application
    known = {identity(one): one for one in (*held.licenses, *brought)}
    found = offers(draft.plan, draft.answers, known.values(), draft.today).values
    numbers = dict.fromkeys([*draft.authorised, draft.person.number])
    change = Change(
        **_own_row(held, found, _beginning(_who(invitation))),
        confirmations={AUTHORISED: list(numbers)},
        licenses=tuple(known.values()),
    )
    applications = draft.installation.store.applications
    applications.contribute(draft.actor, invitation.party, held, change, draft.now)


def places(plan: Plan, answers: Mapping[str, Any], who: Who) -> tuple[str, ...]:
    """What concerns a party: its own part, the things, and the names of the other applicants."""
    own = f"{who.subject}/{who.row}" if who.row else f"{who.subject}."
    things = [
        f"{name}."
        for name, subject in plan.service.subjects.items()
        if not is_party(plan, name)
        and not subject.many
        and subject.held_by in (None, *plan.service.applicant)
    ]
    names = [
        f"{name}/{row['$row']}/party.name"
        for name in plan.service.applicant
        if plan.service.subjects[name].many
        for row in answers.get(name) or ()
        if (name, row.get("$row")) != (who.subject, who.row)
    ]
    return (own, *things, *names)


def is_party(plan: Plan, subject: str) -> bool:
    """Whether a subject of the service is a person or an enterprise, not a thing."""
    kinds = plan.library.dictionary.kinds
    kind: str | None = plan.service.subjects[subject].kind
    while kind and kind != PARTY:
        kind = kinds[kind].is_a if kind in kinds else None
    return kind == PARTY


def _signers(draft: Draft) -> Iterator[tuple[Who, tuple[Text, ...]]]:
    """The applicants that active items have sign, each row, with the texts of those steps."""
    texts: dict[str, dict[str, Text]] = {}
    for subject, step in _signing(draft):
        text = step.settings.get("text") or step.title
        texts.setdefault(subject, {})[text["zh-CN"]] = text
    for subject in draft.plan.service.applicant:
        said = tuple(texts.get(subject, {}).values())
        if said and draft.plan.service.subjects[subject].many:
            for row in draft.answers.get(subject) or ():
                yield Who(subject, row["$row"]), said
        elif said:
            yield Who(subject), said


def _signing(draft: Draft) -> Iterator[tuple[str, Step]]:
    for use in draft.state.active:
        plan = draft.plan.items[use]
        running, steps = steps_that_run(draft.plan, draft.state, use), plan.item.steps
        for step in steps.values():
            if step.kind == "sign" and step.id in running and not _decided_before(steps, step):
                yield plan.use.subjects.get(step.settings["party"], ""), step


def _decided_before(steps: Mapping[str, Step], step: Step) -> bool:
    """Whether an office decides before this step: nobody can sign yet that they have checked it."""
    before = [steps[name] for name in step.after]
    return any(one.settings.get("decides") or _decided_before(steps, one) for one in before)


def _why(one: Needed) -> str:
    if one.party is None:
        return "application.party_not_invited"
    if one.party.state == "declined":
        return "application.party_declined"
    changed = one.party.state != "invited"
    return "application.party_changed" if changed else "application.party_waiting"


def _beginning(who: Who) -> str:
    return f"{who.subject}/{who.row}/" if who.row else f"{who.subject}."


def _about(draft: Draft, person: Person) -> list[Question]:
    """What the form wants to know of one person, as one question; none where it wants nothing."""
    requests = [
        one
        for one in wanted(draft.plan, draft.state, draft.answers)
        if same_key(one.holder, person.number)
    ]
    types = tuple(dict.fromkeys(name for one in requests for name in one.types))
    uses = dict.fromkeys(use for one in requests for use in one.items)
    codes = tuple(draft.plan.items[use].item.guide.get("code") or use for use in uses)
    purpose = Purpose(codes, draft.application.id, "party")
    return [Question(person.number, types, purpose)] if types else []


def _own_row(held: Application, found: Mapping[str, Offer], own: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    provenance: dict[str, Provenance | None] = {}
    for where, offer in found.items():
        known = value_at(held.answers, where)
        if where.startswith(own) and known in (None, offer.value):
            provenance[where] = offer.provenance
            answers[where] = offer.value  # even if it is there: it may be changed at this moment
    return {"answers": answers, "provenance": provenance}


def _at_odds(draft: Draft, own: str) -> dict[str, Offer]:
    found = offers(draft.plan, draft.answers, draft.application.licenses, draft.today).values
    return {
        where: offer
        for where, offer in found.items()
        if where.startswith(own) and value_at(draft.answers, where) not in (None, offer.value)
    }
