"""A whole installation without processes: the library's releases, and an office that we are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from definitions.cases import Case, cases
from definitions.model import Library, License
from definitions.plan import Plan, compile_plan
from definitions.reader import LIBRARY, read
from definitions.release import Release, make_release
from plugins.asking import Asker
from plugins.contract import (
    Config,
    Denied,
    Done,
    File,
    Finding,
    LicenseSource,
    NotFound,
    PluginError,
    Purpose,
    Spec,
)
from runtime.catalog import make_card
from runtime.engine.burden import burden
from runtime.engine.prefill import apply
from runtime.engine.trial import trial
from runtime.installation import Installation
from runtime.journey.draft import Draft, open_draft
from runtime.journey.start import begin
from runtime.settings import Settings
from runtime.store import SYSTEM, Actor, Change, Enterprise, Person

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Office(LicenseSource):
    """A licence office whose answers are what a test puts into it."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.licenses: list[License] = []
        self.fault: PluginError | None = None
        self.asked: list[tuple[str, tuple[str, ...], Purpose]] = []

    @classmethod
    def spec(cls) -> Spec:
        """Who it is."""
        return Spec("office", "license_source", "1", {"zh-CN": "证照库"}, {"type": "object"})

    @classmethod
    def check(cls, config: Config) -> list[Finding]:
        """Always well."""
        return []

    def find(
        self, holder: str, types: Sequence[str], purpose: Purpose
    ) -> Done[tuple[License, ...]] | NotFound | Denied:
        """What the test has put in for this holder."""
        self.asked.append((holder, tuple(types), purpose))
        if self.fault is not None:
            raise self.fault
        found = [one for one in self.licenses if one.holder == holder and one.type in types]
        return Done(tuple(found)) if found else NotFound()

    def verify(self, license: License, purpose: Purpose) -> Done[License] | NotFound | Denied:
        """Not asked here."""
        return NotFound()

    def file(self, license: License, purpose: Purpose) -> Done[File] | NotFound | Denied:
        """Not asked here."""
        return NotFound()

    def change(self, type_: str, holder: str, **changes: Any) -> None:
        """Change a licence that is there."""
        self.licenses = [
            replace(one, **changes) if (one.type, one.holder) == (type_, holder) else one
            for one in self.licenses
        ]


@cache
def library() -> Library:
    """The library that ships, read once."""
    return read([LIBRARY])


@cache
def released(service: str) -> tuple[Release, Plan, Mapping[str, Any]]:
    """A service's release, its plan and its card."""
    release = make_release(library(), service)
    plan = compile_plan(release.content, release.id)
    return release, plan, make_card(library(), plan.service, burden(plan))


@dataclass
class World:
    """The installation, its office, and people by name once they have been met."""

    installation: Installation
    office: Office
    people: dict[str, Person] = field(default_factory=dict)

    def meet(self, number: str, name: str, enterprise: str = "") -> Actor:
        """Somebody who has signed in."""
        named = {one.holder: one.holder_name for one in self.office.licenses}
        powers = [Enterprise(enterprise, named.get(enterprise, "公司"))] if enterprise else []
        store = self.installation.store
        person = store.people.meet(SYSTEM, number, name, powers, NOW, phone="13800000000")
        self.people[name] = person
        return Actor("applicant", person.id, name, acting_for=enterprise or None)

    def open(self, actor: Actor, application: str, now: datetime = NOW) -> Draft:
        """The application as it is now."""
        person = self.installation.store.people.get(SYSTEM, actor.person)
        return open_draft(self.installation, actor, person, application, now)

    def filled(self, service: str, *, case: int = 0, now: datetime = NOW) -> Draft:
        """A draft in which a case of the service is answered, as its person would have it."""
        draft = self.begun(service, case=case, now=now)
        return self._answered(draft, cases(draft.plan.service)[case])

    def begun(self, service: str, *, case: int = 0, now: datetime = NOW) -> Draft:
        """A draft as it opens: the situation of a case, and what the office knows."""
        release, plan, _ = released(service)
        given = cases(plan.service)[case]
        signed_in = given.signed_in
        assert signed_in is not None
        self.office.licenses = [replace(one, source="office") for one in given.licenses]
        actor = self.meet(signed_in.id_number, signed_in.name, signed_in.credit_code)
        situation = plan.combination.situation
        answers = {situation.get(name, name): value for name, value in given.situation.items()}
        return begin(
            self.installation,
            actor,
            self.people[signed_in.name],
            release.id,
            plan.service.districts[0],
            signed_in.subject or plan.service.applicant[0],
            answers,
            now,
        )

    def answer(self, draft: Draft, answers: Mapping[str, Any]) -> Draft:
        """The draft with these answers."""
        return self.save(draft, Change(answers=answers))

    def save(self, draft: Draft, change: Change) -> Draft:
        """The draft with a change."""
        held = draft.application
        applications = self.installation.store.applications
        saved = applications.save(draft.actor, held, held.version, change, draft.now)
        return draft.with_application(saved)

    def _answered(self, draft: Draft, case: Case) -> Draft:
        typed = trial(draft.plan, case).answers
        tables = {name for name, value in typed.items() if isinstance(value, list)}
        missing = {
            name: value
            for name, value in typed.items()
            if name not in draft.answers or name in tables
        }
        draft = self.answer(draft, missing)
        offered = draft.prefill.values
        filled = apply(draft.answers, offered)
        return self.answer(
            draft, {name: value for name, value in filled.items() if name not in draft.answers}
        )


@contextmanager
def built(
    folder: Path, database_url: str, services: Sequence[str] = ("open_restaurant", "sell_home")
) -> Iterator[World]:
    """A world with these services live: the two that most tests use."""
    settings = Settings(folder / "data", database_url, base_url="https://yibiao.test")
    installation = Installation(settings, {})
    office = Office({})
    installation.asker = Asker({"office": office}, {"office": {"zh-CN": "证照库", "en": "Office"}})
    installation.store.migrate(NOW)
    for service in services:
        release, plan, card = released(service)
        installation.store.releases.publish(SYSTEM, release.content, card, "测试", NOW)
        installation._plans.get(release.id, lambda plan=plan: plan)
    try:
        yield World(installation, office)
    finally:
        installation.close()
