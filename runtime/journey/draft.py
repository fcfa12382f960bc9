"""One application in somebody's hands: what is stored, what it means, and what day it is."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from definitions.fieldtypes import REGISTRY, Unreadable
from definitions.plan import Plan
from definitions.problems import Problem
from runtime.engine.form import Answers, FormState, evaluate
from runtime.engine.offers import Identity, Prefill
from runtime.engine.prefill import said, settled
from runtime.engine.validity import CHINA
from runtime.installation import Installation
from runtime.journey.deciding import deciding
from runtime.kept import Kept
from runtime.store import Actor, Application, Person

_prefills: Kept[tuple[Hashable, ...], Prefill] = Kept(most=256)
"""A page is shown, and an answer given, much oftener than sources get to know more."""
AUTHORISED = "authorised"
"""Where an application keeps the numbers of those who let their licences be asked for."""


@dataclass(frozen=True)
class Draft:
    """An application with its plan, as one actor sees it at one moment.

    What is worked out is worked out once, when it is first looked at.
    """

    installation: Installation
    actor: Actor
    person: Person
    application: Application
    plan: Plan
    now: datetime

    @cached_property
    def today(self) -> date:
        """The day in China."""
        return self.now.astimezone(CHINA).date()

    @property
    def answers(self) -> Answers:
        """The answers by question id."""
        return self.application.answers

    @property
    def authorised(self) -> tuple[str, ...]:
        """The numbers of the invited persons who let their licences be asked for."""
        return tuple(self.application.confirmations.get(AUTHORISED, ()))

    @cached_property
    def state(self) -> FormState:
        """The form, judged as it stands."""
        return evaluate(self.plan, self.answers, self.today)

    @cached_property
    def prefill(self) -> Prefill:
        """What the licences at hand and the account say about the questions that are asked.

        Each look is kept by all that it hangs on, so that most saves need not look again.
        """
        return settled(self.plan, self.answers, self.state, self.today, self._said)

    def _said(self, answers: Answers, state: FormState) -> Prefill:
        application, today, identity = self.application, self.today, self.identity
        licenses = application.parts.stamp("licenses")
        decided = repr([answers.get(name) for name in deciding(self.plan)])
        key = (application.id, self.plan.id, licenses, today, identity, decided)
        return _prefills.get(
            (*key, frozenset(state.asked)),
            lambda: said(self.plan, answers, state, application.licenses, today, identity),
        )

    def unreadable(self) -> tuple[Problem, ...]:
        """A problem for everything that was typed and could not be read, as it is said again.

        What the form doesn't ask any more is kept and keeps nobody.
        """
        found = []
        for control, typed in self.application.typed.items():
            if not self._stands(control):
                continue
            question = self.plan.question(control)
            try:
                REGISTRY[question.type].parse(typed, question.field)
            except Unreadable as error:
                found.append(error.problem.under(f"/{control}"))
        return tuple(found)

    def _stands(self, control: str) -> bool:
        """Whether a control is on the page with these answers."""
        table, _, cell = control.partition("/")
        row, _, column = cell.partition("/")
        if table not in self.state.shown:
            return False
        return not cell or column in self.state.columns.get(table, {}).get(row, ())

    @cached_property
    def identity(self) -> Identity:
        """Who fills it in, for whom and as which subject."""
        code = self.application.enterprise or ""
        names = {one.credit_code: one.name for one in self.person.enterprises}
        roles = {one.credit_code: one.role for one in self.person.enterprises}
        return Identity(
            id_number=self.person.number,
            name=self.person.name,
            credit_code=code,
            subject=self.application.party,
            phone=self.person.phone,
            enterprise_name=names.get(code, ""),
            role=roles.get(code, ""),
        )

    def with_application(self, application: Application) -> Draft:
        """The same after the application has changed."""
        return Draft(self.installation, self.actor, self.person, application, self.plan, self.now)


def open_draft(
    installation: Installation, actor: Actor, person: Person, application: str, now: datetime
) -> Draft:
    """The application with this id, ready to work on. Two queries, whatever its size.

    Raises:
        NotFound: there is none, or it isn't the actor's.
    """
    stored = installation.store.applications.load(actor, application, now)
    plan = installation.plan(stored.release)
    return Draft(installation, actor, person, stored, plan, now)
