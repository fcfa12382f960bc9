"""Systems outside that say what a test has put into them, and remember what they were told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from definitions.plan.process import PlanStep
from plugins.contract import (
    Answered,
    Callback,
    Config,
    Connector,
    Context,
    Done,
    Finding,
    NotFound,
    Operation,
    PluginError,
    Request,
    Spec,
)
from plugins.registry import Instances
from runtime.engine.approvals import By
from runtime.engine.approvals.commands import Accept, Command, Decide, Sign
from runtime.engine.approvals.deciding import actions
from runtime.engine.approvals.state import StepState
from runtime.installation import Installation
from runtime.journey import parties
from runtime.journey.cases import Case, act, digest_of, open_case
from runtime.journey.delivering import NOBODY, Deliverer
from runtime.journey.draft import Draft
from runtime.store import SYSTEM, Actor, Decision
from runtime.store.ledger import Entry
from tests.journey.finishing import hand_in_everything, sent
from tests.journey.world import NOW, World

Said = Answered | PluginError | Callable[[], Answered]
ACTIVE: Done[Mapping[str, Any]] = Done({"status": "active", "abnormal": False})


class System(Connector):
    """Does each key once: a second call with it has the first answer, unless that never came."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.script: list[Said] = []
        self.usual: Said = ACTIVE
        self.called: list[tuple[str, Mapping[str, Any], Context]] = []
        self.polled: list[str] = []
        self.asked: list[str] = []
        self.done: dict[str, Answered] = {}
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()

    @classmethod
    def spec(cls) -> Spec:
        """Who it is."""
        return Spec("system", "connector", "1", {"zh-CN": "外部系统"}, {"type": "object"})

    @classmethod
    def check(cls, config: Config) -> list[Finding]:
        """Always well."""
        return []

    def operations(self) -> Mapping[str, Operation]:
        """Whatever it is asked."""
        return {}

    def call(self, operation: str, payload: Mapping[str, Any], context: Context) -> Answered:
        """What stands next in the script."""
        with self._lock:
            self.called.append((operation, dict(payload), context))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            return self._say()
        finally:
            with self._lock:
                self.at_once -= 1

    def poll(self, handle: str) -> Answered:
        """What stands next in the script."""
        self.polled.append(handle)
        return self._say()

    def reconcile(self, key: str) -> Answered:
        """What has become of a key."""
        self.asked.append(key)
        return self.done.get(key, NotFound())

    def on_callback(self, request: Request) -> Callback:
        """Nothing calls back here."""
        raise NotImplementedError

    def _say(self) -> Answered:
        with self._lock:
            said = self.script.pop(0) if self.script else self.usual
        if isinstance(said, PluginError):
            raise said
        return said() if callable(said) else said


@dataclass
class Outside:
    """The systems of one installation, its worker, and a clock that a test turns."""

    installation: Installation
    systems: dict[str, System] = field(default_factory=dict)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.worker = self.another_worker()

    def another_worker(self) -> Deliverer:
        """One more process that works the same ledger off; chance always waits longest."""
        return Deliverer(self.installation, lambda: self.now, lambda: 1.0)

    def system(self, name: str) -> System:
        """The system of a connector, which is there from now on."""
        one = self.systems.setdefault(name, System({}))
        titles = {known: {"zh-CN": known} for known in self.systems}
        self.installation.instances = Instances(dict(self.systems), titles)
        return one

    def work(self, seconds: float = 0) -> int:
        """Let time pass, then deliver."""
        self.now += timedelta(seconds=seconds)
        return self.worker.work()

    def entries(self, application: str, kind: str = "") -> list[Entry]:
        """The ledger of an application."""
        found = self.installation.store.ledger.of(SYSTEM, application)
        return [one for one in found if kind in ("", one.kind)]

    def entry(self, application: str, key: str) -> Entry:
        """One of its deliveries."""
        found = self.installation.store.ledger.by_key(SYSTEM, application, key)
        assert found is not None, [one.key for one in self.entries(application)]
        return found


def signed_by_all(world: World, draft: Draft) -> Draft:
    """The draft after every other party has come and signed."""
    store = world.installation.store
    for one in parties.needed(draft):
        token = parties.invite(draft, one.id)
        actor = world.meet(one.key, one.name)
        store.parties.open(actor, token, draft.now)
        person = world.people[one.name]
        shown = parties.part(world.installation, actor, person, draft.application.id, draft.now)
        decision = Decision("sign", shown.invitation.digest, one.name, "")
        store.parties.answer(actor, shown.invitation.party.id, decision, draft.now)
    return world.open(draft.actor, draft.application.id, draft.now)


def sent_by_all(world: World, service: str, case: int = 0, now: datetime = NOW) -> str:
    """The id of an application of a case that was sent, once every party has signed."""
    draft = hand_in_everything(world, world.filled(service, case=case, now=now))
    return sent(world, signed_by_all(world, draft)).receipt.application.id


def say_yes(world: World, id: str, officer: Actor, now: datetime) -> bool:
    """Have an officer say yes to the first open step that waits for people; whether there was."""
    installation = world.installation
    person = installation.store.people.get(SYSTEM, officer.person)
    case = open_case(installation, officer, person, id, now)
    for step, state in case.state.steps.items():
        plan = case.plan(step)
        if state.standing != "open" or plan.kind not in ("review", "task", "sign"):
            continue
        seen = case
        if plan.kind == "sign" or "applicant" in state.persons:
            seen = open_case(installation, SYSTEM, NOBODY, id, now)
        act(seen, _yes(case, plan, state, officer))
        return True
    return False


def _yes(case: Case, plan: PlanStep, state: StepState, officer: Actor) -> Command:
    on: dict[str, Any] = {"step": plan.id, "run": state.run}
    if plan.kind == "sign":
        left = [one for one in state.persons if one not in state.signed]
        by = By(left[0]) if left else By(officer.person, "", frozenset(officer.positions))
        return Sign(**on, by=by, digest=digest_of(case.draft, plan.use))
    mine = "applicant" in state.persons
    by = By(officer.person, officer.name, frozenset(officer.positions), applicant=mine)
    if "accept" in actions(plan) and not case.state.items[plan.use].accepted_at:
        return Accept(**on, by=by, yes=True)
    return Decide(**on, by=by, yes=True, opinion="同意")
