"""A PDF e-licence that a person brings: read, shown beside the form, taken over after a yes.

Its values have the origin `own_document` and trust C. Until the yes it is kept with the draft, as
the server read it: what is taken over is never what a browser sends back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from definitions.model import License, Provenance
from definitions.problems import Problem
from plugins.own_document import Limits as Cost
from plugins.own_document import read_license
from runtime.engine.meaning import value_at
from runtime.engine.offers import Offer, Unusable
from runtime.engine.prefill import offers
from runtime.engine.validity import why_not
from runtime.journey.draft import Draft
from runtime.store import Application
from runtime.store.changes import Change
from runtime.store.errors import NotFound
from runtime.store.files import Limits, StoredFile, Upload
from runtime.store.records import plain

PURPOSE = "own_document"
PLACE = "document."
"""Before the id of a file: where the application keeps what was read in it."""
GLANCE = Cost(size=2_000_000, cpu_seconds=2, wall_seconds=3.0)
"""What looking into a paper may cost that was not brought to be read: e-licences are small."""


@dataclass(frozen=True, slots=True)
class Found:
    """A licence that was read, and what it would fill.

    `agrees` are controls whose answer is the same already, `differs` those answered otherwise.
    `refused` is a code: why it fills nothing at all.
    """

    file: str
    license: License
    fills: dict[str, Offer]
    agrees: dict[str, Offer]
    differs: dict[str, Offer]
    unusable: dict[str, Unusable]
    refused: str = ""
    accepted: bool = False


def bring(draft: Draft, upload: Upload) -> StoredFile | Problem:
    """The stored file of an e-licence that could be read; else why not, and nothing is kept.

    Raises:
        Refused: the application isn't a draft any more.
    """
    files = draft.installation.store.files
    stored = files.accept(
        draft.actor, draft.application, upload, Limits(accept=("pdf",)), draft.now
    )
    if isinstance(stored, Problem):
        return stored
    license = _read(draft, stored)
    if isinstance(license, Problem):
        files.remove(draft.actor, draft.application, stored.id)
        return license
    _keep(draft, stored.id, license, accepted=False)
    return stored


def look_into(draft: Draft, stored: StoredFile) -> None:
    """Keep what a paper says if it is an e-licence that would fill something; else do nothing.

    Raises:
        Refused: the application isn't a draft any more.
    """
    small_pdf = stored.type == "pdf" and stored.size <= GLANCE.size
    license = _read(draft, stored, GLANCE) if small_pdf else None
    if isinstance(license, License) and _judged(draft, stored.id, license, accepted=False).fills:
        _keep(draft, stored.id, license, accepted=False)


def found(draft: Draft, file: str) -> Found:
    """What was read in a file.

    Raises:
        NotFound: nothing was.
    """
    record = draft.application.confirmations.get(PLACE + file)
    if record is None:
        raise NotFound
    return _judged(draft, file, License(**record["license"]), accepted=record["accepted"])


def all_found(draft: Draft) -> list[Found]:
    """Every own document of the draft, the oldest first."""
    places = draft.application.confirmations
    return [found(draft, name.removeprefix(PLACE)) for name in places if name.startswith(PLACE)]


def accept(draft: Draft, file: str) -> Application:
    """The draft with what the licence fills, each value with where it is from.

    Doing it twice changes nothing.

    Raises:
        NotFound: nothing was read in such a file.
        Refused: it isn't a draft any more.
    """
    one = found(draft, file)
    if one.accepted:
        return draft.application
    return _keep(
        draft,
        file,
        one.license,
        accepted=True,
        answers={where: offer.value for where, offer in one.fills.items()},
        provenance={where: offer.provenance for where, offer in one.fills.items()},
        licenses=(*draft.application.licenses, one.license),
    )


def forget(draft: Draft, file: str) -> Application:
    """The draft without what was read in a document that wasn't taken over.

    The file goes with it if it was brought only to be read; a paper stays.

    Raises:
        NotFound: there is no such document, or it was taken over.
        Refused: it isn't a draft any more.
    """
    if found(draft, file).accepted:
        raise NotFound
    if any(one.id == file for one in _brought(draft)):
        draft.installation.store.files.remove(draft.actor, draft.application, file)
    return _save(draft, Change(confirmations={PLACE + file: None}))


def remove(draft: Draft, file: str) -> None:
    """Remove the file of a paper, with what was read in it.

    Raises:
        NotFound: there is no such file.
        Refused: it isn't a draft any more.
    """
    draft.installation.store.files.remove(draft.actor, draft.application, file)
    if PLACE + file in draft.application.confirmations:
        _save(draft, Change(confirmations={PLACE + file: None}))


def _brought(draft: Draft) -> list[StoredFile]:
    """The files that are no papers: brought to be read."""
    files = draft.installation.store.files.of(draft.actor, draft.application)
    return [one for one in files if one.purpose == PURPOSE]


def _read(draft: Draft, stored: StoredFile, cost: Cost | None = None) -> License | Problem:
    _, stream = draft.installation.store.files.open(draft.actor, draft.application, stored.id)
    with stream:
        content = stream.read()
    return read_license(content, draft.plan.library.licenses.values(), draft.today, cost)


def _judged(draft: Draft, file: str, license: License, *, accepted: bool) -> Found:
    refused = why_not(license, draft.plan.library, draft.today) or ""
    values, unusable = ({}, {}) if refused else _said(draft, license)
    fills: dict[str, Offer] = {}
    agrees: dict[str, Offer] = {}
    differs: dict[str, Offer] = {}
    for where, offer in values.items():
        answer = value_at(draft.answers, where)
        group = fills if answer is None else agrees if answer == offer.value else differs
        group[where] = offer
    return Found(file, license, fills, agrees, differs, unusable, refused, accepted)


def _said(draft: Draft, license: License) -> tuple[dict[str, Offer], dict[str, Unusable]]:
    """What this licence says about questions that are asked, whatever other licences say."""
    known = [*draft.application.licenses, license]
    prefill = offers(draft.plan, draft.answers, known, draft.today, draft.identity)
    candidates = [*prefill.values.items()]
    candidates += [(where, one) for where, several in prefill.conflicts.items() for one in several]
    asked = draft.state.asked
    values = {
        where: one
        for where, one in candidates
        if _is_of(one.provenance, license) and where.partition("/")[0] in asked
    }
    unusable = {
        where: one
        for where, several in prefill.unusable.items()
        for one in several
        if _is_of(one.provenance, license)
    }
    return values, unusable


def _is_of(provenance: Provenance, license: License) -> bool:
    named = provenance.origin, provenance.license_type, provenance.license_number
    return named == ("own_document", license.type, license.number)


def _keep(
    draft: Draft, file: str, license: License, *, accepted: bool, **parts: Any
) -> Application:
    record = {"license": plain(license), "accepted": accepted}
    return _save(draft, Change(confirmations={PLACE + file: record}, **parts))


def _save(draft: Draft, change: Change) -> Application:
    application = draft.application
    return draft.installation.store.applications.save(
        draft.actor, application, application.version, change, draft.now
    )
