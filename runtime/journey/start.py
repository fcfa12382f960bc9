"""Beginning: a draft with the situation in it, filled with what the sources know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from definitions.plan import Plan
from runtime.engine.meaning import compatible
from runtime.installation import Installation
from runtime.journey import sources
from runtime.journey.draft import Draft
from runtime.journey.fill import Edit, fill, own_row
from runtime.store import Actor, Person


def parts(plan: Plan, actor: Actor) -> list[str]:
    """The subjects of the service that this actor can be, the likeliest first.

    Somebody who acts for an enterprise can be an enterprise, others a person; where the service
    is only for the other kind, it is begun for one that doesn't exist yet.
    """
    kind = "enterprise" if actor.acting_for else "person"
    subjects = plan.service.subjects
    fit = [name for name in plan.service.applicant if compatible(plan, subjects[name].kind, kind)]
    return fit or list(plan.service.applicant)


def misses_enterprise(plan: Plan, actor: Actor) -> bool:
    """Whether the service is for enterprises only, and the actor acts for none."""
    return tuple(plan.service.audience) == ("enterprise",) and not actor.acting_for


def begin(
    installation: Installation,
    actor: Actor,
    person: Person,
    release: str,
    district: str,
    party: str,
    situation: Mapping[str, Any],
    now: datetime,
) -> Draft:
    """A new draft, filled with what is known; opens within the deadline whoever is silent.

    Raises:
        NotFound: the actor is no applicant.
    """
    plan = installation.plan(release)
    application = installation.store.applications.create_draft(
        actor, release, plan.service.id, district, party, situation, now
    )
    draft = Draft(installation, actor, person, application, plan, now)
    return ask_again(draft, application.version)


def ask_again(draft: Draft, base: int, *, pressed: bool = False) -> Draft:
    """The draft after its sources were asked (again): licences, facts, and who was silent.

    `pressed` says that a person has just asked for it: sources that rest are tried, too.

    Licences of a source that is silent now stay as they were.

    Raises:
        Conflict: somebody changed the same answers meanwhile.
    """
    edit = Edit(draft.answers)
    own_row(draft, edit)
    asked = sources.ask(draft, edit.answers, pressed=pressed)
    kept = [one for one in draft.application.licenses if one.source in asked.silent]
    kept += [one for one in draft.application.licenses if one.source == sources.OWN_DOCUMENT]
    licenses = (*asked.licenses, *kept)
    fill(draft, edit, licenses)
    change = edit.change(licenses=licenses, sources=asked.as_data(draft.now))
    applications = draft.installation.store.applications
    stored = applications.save(draft.actor, draft.application, base, change, draft.now)
    return draft.with_application(stored)
