"""A draft follows its service: when a new release is live, its answers come along to it.

An application that has been sent stays on its release to the end; a draft that would be sent on
an old form helps nobody. The person is told what has changed before they go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from definitions.diff import Change as Difference
from definitions.diff import diff
from definitions.plan import Plan, Question
from runtime.journey.draft import Draft
from runtime.journey.start import ask_again
from runtime.store import SYSTEM, Change


@dataclass(frozen=True, slots=True)
class Renewal:
    """What going on with the live release means: the changes, and the answers that don't fit."""

    release: str
    changes: tuple[Difference, ...]
    dropped: tuple[Question, ...]


def renewal(draft: Draft) -> Renewal | None:
    """What is new for a draft; None where its release is the live one, or the service has gone."""
    application = draft.application
    live = draft.installation.live(application.service).get(application.district)
    if application.status != "draft" or live in (None, application.release):
        return None
    releases = draft.installation.store.releases
    old, new = releases.get(SYSTEM, application.release), releases.get(SYSTEM, live)
    plan = draft.installation.plan(live)
    dropped = tuple(draft.plan.questions[name] for name in _unfit(draft, plan))
    return Renewal(live, tuple(diff(old, new)), dropped)


def renew(draft: Draft, release: str) -> Draft:
    """The draft on that release, with the answers that fit it, filled from its sources anew.

    Raises:
        NotFound: there is no such release of this service.
        Conflict: the draft was changed meanwhile.
        Refused: it has been submitted.
    """
    plan = draft.installation.plan(release)
    gone = [*_unfit(draft, plan), *(name for name in draft.answers if name not in plan.questions)]
    about = [*draft.application.provenance, *draft.application.typed]
    places = [place for place in about if _unknown(place, plan) or _table(place) in gone]
    change = Change(
        answers=dict.fromkeys(gone),
        provenance=dict.fromkeys(places),
        typed={place: None for place in places if place in draft.application.typed},
    )
    applications = draft.installation.store.applications
    stored = applications.renew(draft.actor, draft.application, release, change, draft.now)
    moved = Draft(draft.installation, draft.actor, draft.person, stored, plan, draft.now)
    return ask_again(moved, stored.version)


def _unfit(draft: Draft, plan: Plan) -> list[str]:
    """Answered questions that the other form hasn't, or has as something else."""
    known = draft.plan.questions
    return [
        name
        for name in draft.answers
        if name in known and (name not in plan.questions or _differs(known[name], plan, name))
    ]


def _differs(old: Question, plan: Plan, name: str) -> bool:
    new = plan.questions[name]
    return old.type != new.type or _column_types(old.columns) != {
        column: kind for column, kind in _column_types(new.columns).items() if column in old.columns
    }


def _column_types(columns: Mapping[str, Question]) -> dict[str, str]:
    return {name: column.type for name, column in columns.items()}


def _unknown(place: str, plan: Plan) -> bool:
    try:
        plan.question(place)
    except KeyError:
        return True
    return False


def _table(place: str) -> str:
    return place.partition("/")[0]
