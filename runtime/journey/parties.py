"""Other parties: who must confirm before submission, and what each is shown and gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from definitions.model import Provenance, Step, Text
from definitions.plan import Plan
from definitions.problems import Problem
from plugins.asking import Question, Silent
from plugins.contract import Purpose
from runtime.engine.meaning import Who, key_element, known_keys, same_key, value_at
from runtime.engine.offers import Offer
from runtime.engine.prefill import offers, wanted
from runtime.engine.trial import steps_that_run
from runtime.installation import Installation
from runtime.journey.draft import Draft
from runtime.journey.follow import submitted_on
from runtime.journey.offices import Stop, schedule
from runtime.journey.papers import row_name
from runtime.store import SYSTEM, Actor, Application, Change, Invitee, NotFound, Person
from runtime.store.parties import Invitation, Party

DEADLINE = 2.5
"""Seconds that a person waits for all sources together."""
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
        return bool(party and party.state in ("confirmed", "signed") and party.standing)


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
    invitee = Invitee(
        one.subject, one.name, one.places, one.row, one.key, "person" if person else "enterprise"
    )
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
    """The signed-in person's part of somebody else's application.

    Raises:
        NotFound: they have opened no invitation to it.
    """
    joined = installation.store.parties.joined(actor, application)
    if not joined:
        raise NotFound
    invitation = joined[-1]
    held = installation.store.applications.load(SYSTEM, application, now)
    draft = Draft(installation, SYSTEM, person, held, installation.plan(held.release), now)
    party = invitation.party
    who = Who(party.subject, party.row)
    texts = next((texts for one, texts in _signers(draft) if one == who), ())
    own = _beginning(who)
    verified = {
        where: one
        for where, one in held.provenance.items()
        if where.startswith(own) and one.origin == "authority"
    }
    return Part(
        invitation, held, draft.plan, texts, verified,
        _at_odds(draft, own), person.number in held.confirmations.get(AUTHORISED, ()),
        tuple(schedule(draft, submitted_on(held))) if held.submitted_at else (),
    )  # fmt: skip


AUTHORISED = "authorised"
"""Where an application keeps the numbers of those who let their licences be asked for."""


def authorise(
    installation: Installation, actor: Actor, person: Person, shown: Part, now: datetime
) -> tuple[Silent, ...]:
    """Ask the sources for the invited person's licences and fill their row with them.

    What the applicant typed stays; where it is the same, it is verified from now on. Returns the
    sources that were silent.

    Raises:
        NotFound: the invitation is somebody else's.
        Refused: the application isn't a draft any more.
    """
    held, party = shown.application, shown.invitation.party
    draft = Draft(installation, actor, person, held, shown.plan, now)
    report = installation.asker.ask_all(_about(draft, person), DEADLINE, pressed=True)
    known = {(one.source, one.type, one.number, one.holder): one for one in held.licenses}
    known |= {(one.source, one.type, one.number, one.holder): one for one in report.licenses}
    licenses = tuple(known.values())
    found = offers(draft.plan, held.answers, licenses, draft.today).values
    numbers = dict.fromkeys([*held.confirmations.get(AUTHORISED, ()), person.number])
    change = Change(
        **_own_row(held, found, _beginning(Who(party.subject, party.row))),
        confirmations={AUTHORISED: list(numbers)},
        licenses=licenses,
    )
    installation.store.applications.contribute(actor, party, held, change, now)
    return report.silent


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
            if known is None:
                answers[where] = offer.value
    return {"answers": answers, "provenance": provenance}


def _at_odds(draft: Draft, own: str) -> dict[str, Offer]:
    found = offers(draft.plan, draft.answers, draft.application.licenses, draft.today).values
    return {
        where: offer
        for where, offer in found.items()
        if where.startswith(own) and value_at(draft.answers, where) not in (None, offer.value)
    }
