"""From the library to live releases: nothing with an error or a failing case gets out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from definitions.checks import check
from definitions.model import Library
from definitions.plan import NoPlan, compile_plan
from definitions.problems import Problem, errors
from definitions.reader import read_bundle
from definitions.release import Release, make_release
from runtime.catalog import make_card
from runtime.engine.burden import burden
from runtime.engine.trial import run_cases
from runtime.store import Store
from runtime.store.actor import Actor


class NotPublishable(Exception):
    """A service has errors or failing cases: `problems` say which."""

    def __init__(self, service: str, problems: Sequence[Problem]) -> None:
        super().__init__(f"{service}: {len(problems)} problems")
        self.service = service
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Published:
    """A service and its live release; `new` if it was not live before."""

    service: str
    release: str
    new: bool


def publish_all(
    store: Store, library: Library, actor: Actor, reason: str, now: datetime
) -> Iterator[Published]:
    """Publish every service of the library, one by one, as it goes.

    What somebody published last for another reason stays: their release is newer than the library.

    Raises:
        NotPublishable: the library or one of its services has problems; those before it are out.
    """
    faults = errors([*library.problems, *check(library)])
    if faults:
        raise NotPublishable("library", faults)
    live = store.releases.all_live(actor)
    for service in sorted(library.services):
        release = make_release(library, service)
        districts = library.services[service].districts
        if all(live.get((service, district)) == release.id for district in districts):
            yield Published(service, release.id, new=False)
        elif theirs := _published_for_another_reason(store, service, actor, reason):
            yield Published(service, theirs, new=False)
        else:
            publish(store, library, release, actor, reason, now)
            yield Published(service, release.id, new=True)


def _published_for_another_reason(
    store: Store, service: str, actor: Actor, reason: str
) -> str | None:
    """The release that somebody published last, unless it was for this same reason."""
    latest = next(iter(store.releases.history(actor, service)), None)
    return latest.release if latest and latest.reason != reason else None


def publish(
    store: Store, library: Library, release: Release, actor: Actor, reason: str, now: datetime
) -> None:
    """Check a release, run its cases and make it live, with the card that lists show.

    A release may come from elsewhere: what it holds is checked again here, as the library is.

    Raises:
        NotPublishable: it has an error, or a case fails.
    """
    service = release.content["service"]
    bundle = read_bundle(release.content["definitions"])
    faults = errors([*bundle.problems, *check(bundle)])
    if faults:
        raise NotPublishable(service, faults)
    try:
        plan = compile_plan(release.content, release.id)
    except NoPlan as refused:
        raise NotPublishable(service, refused.problems) from refused
    outcomes = run_cases(plan)
    failed = [problem for one in outcomes for problem in one.problems]
    if failed:
        raise NotPublishable(service, failed)
    card = make_card(library, plan.service, burden(plan))
    store.releases.publish(actor, release.content, card, reason, now)
