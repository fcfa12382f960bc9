"""Who gives commands: random people, right and wrong, and one who always says yes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from runtime.engine.approvals import PLATFORM, State
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.state import StepState
from tests.approvals.generated import FIELDS, PARTIES, STAFF, World, by, holders
from tests.approvals.outsiders import Outsiders

Move = tuple[World, said.Command]
"""A command, and the world in which it is given."""

EVERYBODY = (*STAFF, *PARTIES, "applicant", "stranger")


class Crowd:
    """People and systems who do what comes to their minds."""

    def __init__(self, rng: Random, outside: Outsiders) -> None:
        self.rng = rng
        self.outside = outside
        self.earlier: list[said.Command] = []

    def move(self, world: World, state: State) -> Move:
        """The next command: mostly one that makes sense, now and then an old or a spoilt one."""
        if self.earlier and self.rng.random() < 0.06:
            return world, self._honest(self.rng.choice(self.earlier))
        world, command = self._sensible(world, state)
        if self.rng.random() < 0.12:
            command = self._spoilt(command, state)
        self.earlier.append(command)
        return world, command

    def _honest(self, command: said.Command) -> said.Command:
        """Nobody lies for a system, nor sends again the answers of a form."""
        lies = (said.Answer, said.Undone, said.Settle, said.Supply, said.Write)
        return said.Tick(PLATFORM) if isinstance(command, lies) else command

    def _sensible(self, world: World, state: State) -> Move:
        ways = [self._work] * 9 + [self._outside] * 5 + [self._time] * 2 + [self._applicant]
        return self.rng.choice(ways)(world, state)

    def _outside(self, world: World, state: State) -> Move:
        payable = self.outside.payable()
        if payable and self.rng.random() < 0.5:
            self.outside.pay(self.rng.sample(payable, self.rng.randint(1, len(payable))))
        if self.outside.asked and self.rng.random() < 0.7:
            self.outside.do(self.rng)
        if not self.outside.saying:
            return self._work(world, state)
        return world, self.outside.next(self.rng)

    def _time(self, world: World, state: State) -> Move:
        days = self.rng.choice([0, 1, 1, 2, 5])
        if self.rng.random() < 0.2:
            world = replace(world, owed={})
        return replace(world, now=world.now + timedelta(days=days)), said.Tick(PLATFORM)

    def _applicant(self, world: World, state: State) -> Move:
        me = by("applicant")
        use = self.rng.choice(world.active)
        what = self.rng.randint(1, 8)
        if what == 1:
            return world, said.Dispute(use, "f0", "wrong", me)
        if what == 2:
            uses = () if self.rng.random() < 0.3 else (use,)
            return world, said.Withdraw(uses, me)
        if what <= 6:
            notices = [one for one in state.steps if world.process.steps[one].kind == "notice"]
            id = self.rng.choice(notices or list(state.steps))
            return world, said.Object(step=id, run=state.steps[id].run, by=me, words="no")
        return self._supply(world, use)

    def _supply(self, world: World, use: str) -> Move:
        fields = [name for name in FIELDS if self.rng.random() < 0.3]
        world, changes = world.changed(use, fields)
        return world, said.Supply(use, changes, world.digests(), by("applicant"))

    def _work(self, world: World, state: State) -> Move:
        """Somebody does something in an open step, or sees to what has gone wrong."""
        waiting = [use for use, one in state.items.items() if _asked(one)]
        if waiting and self.rng.random() < 0.3:
            return self._supply(world, self.rng.choice(waiting))
        stuck = [id for id, one in state.steps.items() if one.failed]
        if stuck and self.rng.random() < 0.3:
            return world, self._settle(self.rng.choice(stuck), state)
        open_ = [id for id, one in state.steps.items() if one.standing == "open"]
        if not open_:
            return world, said.Tick(PLATFORM)
        id = self.rng.choice(open_)
        person = self._person(state.steps[id])
        known: dict[str, Any] = {"step": id, "run": state.steps[id].run, "by": by(person)}
        kind = world.process.steps[id].kind
        if kind == "sign":
            digest = state.items[id.partition(".")[0]].digest
            return world, said.Sign(**known, digest=digest, yes=self.rng.random() < 0.9)
        if kind not in ("review", "task"):
            return self._outside(world, state) if self.outside.saying else self._time(world, state)
        if self.rng.random() < 0.6:
            return world, self._decide(world, id, known)
        return self._officers(world, state, id, known)

    def _settle(self, id: str, state: State) -> said.Command:
        how: Any = self.rng.choice(["done", "gone", "again"])
        step = state.steps[id]
        if how == "done" and step.effect == "stuck":
            how = "again"
        return said.Settle(step=id, run=step.run, by=by("boss"), how=how, data={"number": 8})

    def _person(self, step: StepState) -> str:
        return self.rng.choice(_people(step) or list(EVERYBODY))

    def _decide(self, world: World, id: str, known: dict[str, Any]) -> said.Command:
        yes = self.rng.random() < (0.6 if "rule" in world.spec.steps[id] else 0.92)
        actions = world.spec.steps[id].get("actions", ["approve"])
        if "accept" in actions and ("approve" not in actions or self.rng.random() < 0.3):
            return said.Accept(**known, yes=yes, reason="why")
        form = {"ok": self.rng.random() < 0.7, "unit": self.rng.choice(["other", "void"])}
        return said.Decide(**known, yes=yes, opinion="so", form=form)

    def _officers(self, world: World, state: State, id: str, known: dict[str, Any]) -> Move:
        other = self.rng.choice(STAFF)
        actions = world.spec.steps[id].get("actions", [])
        ways = [*actions, *(one for one in ("return", "supplement") if one in actions), "write"]
        named = self.rng.choice(ways)
        use = id.partition(".")[0]
        if world.spec.steps[id].get("appointment") and self.rng.random() < 0.2:
            agreed = self.rng.random() < 0.5
            return world, said.Appoint(**known, at="2026-12-01", agreed=agreed)
        if named == "return" or ("return" in actions and self.rng.random() < 0.2):
            return world, self._back(world, state, id, known)
        if named == "write":
            return self._write(world, id, known)
        if named == "hold":
            holds = [one.id for one in state.items[use].pauses if one.end is None]
            if holds and self.rng.random() < 0.7:
                return world, said.Resume(**known, pause=self.rng.choice(holds))
            return world, said.Hold(**known, kind="hearing", reason="law")
        send = self.rng.random() < 0.7
        fields = {self.rng.choice(FIELDS): "missing"}
        made: dict[str, said.Command] = {
            "supplement": said.AskSupplement(**known, fields=fields, send=send),
            "transfer": said.Transfer(**known, to=other),
            "delegate": said.Delegate(**known, to=other),
            "give_back": said.GiveBack(**known),
            "add_signer_before": said.AddSigner(**known, person=other, place="before"),
            "add_signer_after": said.AddSigner(**known, person=other, place="after"),
            "take_off_signer": said.TakeOffSigner(**known, person=other),
            "copy": said.CopyTo(**known, to=other),
            "comment": said.Comment(**known, text="so"),
            "attach": said.Comment(**known, files=("f",)),
            "approve": said.GiveBack(**known),
            "reject": said.Remind(**known),
        }
        return world, made.get(named, said.Remind(**known))

    def _back(self, world: World, state: State, id: str, known: dict[str, Any]) -> said.Command:
        """A return, mostly to a step that is one to return to."""
        above = sorted(world.spec.above(id) & state.steps.keys())
        done = [one for one in above if state.steps[one].standing == "done"]
        wish = done if done and self.rng.random() < 0.9 else above
        to = self.rng.choice(wish).partition(".")[2] if wish else "s0"
        return said.Return(**known, to=to, mode=self.rng.choice(["redo", "direct"]))

    def _write(self, world: World, id: str, known: dict[str, Any]) -> Move:
        rights = world.spec.steps[id].get("fields", {})
        open_ = [name for name in FIELDS if rights.get(name) == "write"]
        fields = (self.rng.choice(open_ if open_ and self.rng.random() < 0.9 else FIELDS),)
        world, changes = world.changed(id.partition(".")[0], fields)
        write = said.Write(**known, fields=fields, changes=changes, digests=world.digests())
        return world, write

    def _spoilt(self, command: said.Command, state: State) -> said.Command:
        """From the wrong person, for another run or another step; systems are believed."""
        systems = (said.Answer, said.Undone, said.Paid, said.Refunded, said.Tick, said.Settle)
        if isinstance(command, systems):
            return command
        if not isinstance(command, said.OnStep) or self.rng.random() < 0.4:
            return replace(command, by=by(self.rng.choice(EVERYBODY)))
        if self.rng.random() < 0.6:
            return replace(command, run=command.run + self.rng.choice([-1, -1, 1]))
        return replace(command, step=self.rng.choice(list(state.steps)))


def _asked(item: Any) -> bool:
    return item.supplement is not None and item.supplement.waits and not item.ending


def _people(step: StepState) -> list[str]:
    """Who may act in a step, in an order that stays."""
    if step.delegated:
        return [*step.delegated.values(), *(one.person for one in step.signers)]
    if step.signers:
        return [one.person for one in step.signers]
    found = list(step.persons)
    for unit, role in step.offices:
        found += holders(unit, role)
    return found


def agreeable(world: World, state: State, outside: Outsiders) -> Iterator[said.Command]:
    """What somebody who always says yes would say now; nothing when all wait for a day."""
    outside.pay(outside.payable())
    while outside.asked:
        outside.do(_CALM, well=True)
    if outside.saying:
        yield outside.next(_CALM, well=True)
        return
    if state.closed_at:
        return
    for use, item in state.items.items():
        if _asked(item):
            yield said.Supply(use, {}, world.digests(), by("applicant"))
            return
    for id, step in state.steps.items():
        if step.failed:
            how: Any = "gone" if step.effect == "stuck" else "again"
            yield said.Settle(step=id, run=step.run, by=by("boss"), how=how)
            return
        if step.standing == "open":
            yield from _agree(world, state, id)


_CALM = Random(0)


def _agree(world: World, state: State, id: str) -> Sequence[said.Command]:
    step, kind = state.steps[id], world.process.steps[id].kind
    known: dict[str, Any] = {"step": id, "run": step.run}
    if kind == "sign":
        digest = state.items[id.partition(".")[0]].digest
        missing = [one for one in step.persons if one not in step.signed][:1]
        return [said.Sign(**known, by=by(person), digest=digest) for person in missing]
    if kind not in ("review", "task"):
        return []
    for person in step.delegated.values():
        return [said.GiveBack(**known, by=by(person))]
    person = _next(step)
    actions = world.spec.steps[id].get("actions", ["approve"])
    if "approve" not in actions:
        return [said.Accept(**known, by=by(person), yes=True)]
    form = {"ok": True, "unit": "other"}
    return [said.Decide(**known, by=by(person), yes=True, opinion="so", form=form)]


def _next(step: StepState) -> str:
    """Whose turn it is."""
    voted = {one.person for one in step.votes}
    for one in step.signers:
        if one.person not in voted and voted.issuperset(one.after):
            return one.person
    return _people(step)[0]
