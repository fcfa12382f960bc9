"""What may happen in a process: a small naive model, told only what was written and what happened.

It shares nothing with the engine: it walks the graph as it was written, keeps its own little state
from the events, and looks at the outside as it is. `see` says of each event whether it may be;
`rest` of each state whether it lacks anything. What it finds is `Broken`, by the rule.

Choices where the rules leave one:
- A done step whose effect was taken back counts as not done for what is below it in other items.
- What is left behind for good (a step closed, or an item ended without result above it) ends the
  item of a step that waits for it, and lets a follow-up drop.
- `direct` leaves done what is done below the target; only what is open freezes.
- A frozen step may stop its item's clock or not.
- A person on a follow-up can't change how the item has ended: it is over, with its result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from runtime.engine.approvals import Event, State
from runtime.engine.approvals.state import Line
from tests.approvals.generated import FIELDS, Spec, World
from tests.approvals.outsiders import Outsiders, demand
from tests.combination.factory import Raw

LOOSE = ("unwanted", "undoing", "stuck")
OVER = ("rejected", "not_accepted", "withdrawn", "lapsed", "not_completed", "not_started")
SEEN_BY_STAFF = ("review", "task", "sign", "issue")


@dataclass
class Step:
    """A step, as far as the model cares."""

    standing: str = "waiting"
    run: int = 0
    outcome: str = ""
    effect: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)
    signers: tuple[str, ...] = ()
    votes: dict[str, bool] = field(default_factory=dict)
    signed: bool = False


@dataclass
class Item:
    """An item, as far as the model cares."""

    started: bool = False
    ending: str = ""
    revoked: bool = False
    decided: bool = False
    supplement: bool = False
    holds: set[str] = field(default_factory=set)


class Model:
    """One application as the model sees it."""

    def __init__(self, world: World) -> None:
        self.spec: Spec = world.spec
        self.active = world.active
        self.steps = {id: Step() for use in world.active for id in self.spec.items[use]}
        self.items = {use: Item() for use in world.active}
        self.above = {id: self.spec.above(id) & self.steps.keys() for id in self.steps}
        self.below = {id: {one for one in self.steps if id in self.above[one]} for id in self.steps}
        self.mates = {
            id: [one for one in parts if one != id and one in self.steps]
            for parts in self.spec.joint.values()
            for id in parts
        }
        self.closed = False

    # What is and may be

    def settled(self, id: str) -> bool:
        """Skipped; or done, and it still holds or has led to a result."""
        step = self.steps[id]
        if step.standing == "skipped" or self.items[use_of(id)].ending == "issued":
            return step.standing in ("done", "skipped")
        return step.standing == "done" and step.effect not in (*LOOSE, "undone")

    def lost(self, id: str) -> bool:
        """Whether a step will never be done."""
        item = self.items[use_of(id)]
        return self.steps[id].standing == "closed" or (item.ending in OVER and not self.settled(id))

    def may_come(self, id: str) -> bool:
        """Whether nothing above a step is lost."""
        return not any(self.lost(one) for one in self.above[id])

    def may_run(self, id: str) -> bool:
        """Whether its item lets a step run now."""
        item = self.items[use_of(id)]
        if self.spec.steps[id].get("follow_up"):
            return item.ending == "issued" and not item.revoked
        return item.started and not item.ending and not item.supplement

    def ready(self, id: str, world: World) -> bool:
        """Whether a waiting step has nothing left to wait for but the others of its joint step."""
        owed = world.owed.get(use_of(id), ())
        return (
            self.steps[id].standing == "waiting"
            and self.may_run(id)
            and all(self.settled(one) for one in self.above[id])
            and self.steps[id].effect not in LOOSE
            and not any(one.by_step == id.partition(".")[2] for one in owed)
        )

    def holds_back(self, id: str, world: World) -> bool:
        """Whether a part of a joint step that isn't ready is still worth waiting for."""
        item, follows = self.items[use_of(id)], self.spec.steps[id].get("follow_up")
        over = item.revoked or (item.ending and not (follows and item.ending == "issued"))
        waits = self.steps[id].standing == "waiting" and not over and self.may_come(id)
        return waits and not self.ready(id, world)

    def wanted(self, id: str, world: World) -> bool:
        """What `when` says."""
        when = self.spec.steps[id].get("when")
        if when is None:
            return True
        reading, value = when["=="][0]["var"], when["=="][1]
        return bool(self._read(use_of(id), reading, world) == value)

    def _read(self, use: str, reading: str, world: World) -> Any:
        if not reading.startswith("steps."):
            return world.answers[use].get(reading)
        _, name, what, *rest = reading.split(".")
        step = self.steps[f"{use}.{name}"]
        if step.standing not in ("done", "skipped"):
            return None
        return step.outcome if what == "outcome" else step.form.get(rest[0])

    def final_made(self, id: str) -> bool:
        """Whether a step has done, or is doing, what can't be undone."""
        return bool(self.spec.steps[id].get("final")) and self.steps[id].effect in (
            "sent",
            "in_force",
        )

    def reads(self, id: str) -> set[str]:
        """The fields that a step has seen."""
        step = self.spec.steps[id]
        found = set()
        if step["kind"] in SEEN_BY_STAFF:
            rights = step.get("fields", {})
            found |= {name for name in FIELDS if rights.get(name) != "hidden"}
        charged = step.get("charges") or ["c0", "c1"]
        fees = [self.spec.fees[use_of(id)][fee] for fee in charged]
        written = repr([step.get("when"), step.get("input")])
        written += repr(fees) if step["kind"] == "payment" else ""
        return found | {name for name in FIELDS if f"'{name}'" in written}

    # What happens

    def see(self, event: Event, world: World, outside: Outsiders) -> None:
        """Take one event. Raises Broken when it may not be."""
        kind, data = event.kind, event.data
        if "run" in data and kind not in ("late", "step_opened"):
            step = self.steps[data["step"]]
            demand(step.run == data["run"], "3", "of another run", kind, data)
            told = kind in ("voted", "signed", "signers_changed", "transferred", "came_back")
            demand(not told or step.standing == "open", "3", "while not open", kind, data)
        see = getattr(self, f"_{kind}", None)
        if see is not None:
            see(data, world, outside)

    def _step_opened(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        id = data["step"]
        step = self.steps[id]
        demand(self.ready(id, world), "1", "opens before what is above it", id)
        demand(self.wanted(id, world), "2", "opens though its condition doesn't hold", id)
        held = [one for one in self.mates.get(id, ()) if self.holds_back(one, world)]
        demand(not held, "joint", "opens without its mates", id, held)
        demand(data["run"] == step.run + 1, "3", "not the next run", id)
        out = outside.effects(id) or outside.unanswered(id)
        demand(not out, "7", "opens before its effect is undone", id)
        signers = tuple(one["person"] for one in data.get("signers", ()))
        self.steps[id] = Step("open", data["run"], signers=signers)

    def _step_skipped(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        id = data["step"]
        if data["why"] == "when":
            demand(self.ready(id, world), "1", "skipped before what is above it", id)
            demand(not self.wanted(id, world), "2", "skipped though it is wanted", id)
        else:
            demand(self.steps[id].standing == "open", "18", "skipped while not open", id)
            demand(self.spec.steps[id]["lapse"] == "skip", "18", "skipped", id)
        self.steps[id].standing, self.steps[id].outcome = "skipped", "skipped"
        self.steps[id].form = {}

    def _step_done(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        step, outcome = self.steps[data["step"]], data["outcome"]
        demand(step.standing in ("open", "frozen"), "3", "done while not open", data)
        if step.signers and outcome in ("approved", "rejected"):
            judged = tally(self.spec.steps[data["step"]].get("rule", {}), step)
            demand(judged is (outcome == "approved"), "9", outcome, judged, step)
        step.standing, step.outcome, step.form = "done", outcome, data.get("form", step.form)

    def _step_cancelled(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        id = data["step"]
        demand(not self.final_made(id), "6", "goes back past a final step", id)
        made = self.steps[id].effect in ("sent", "in_force")
        demand(not made, "7", "cancelled with its effect left", id)
        self.steps[id].standing, self.steps[id].outcome = "waiting", ""

    def _step_closed(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        id = data["step"]
        made = self.steps[id].effect in ("sent", "in_force") and not self.final_made(id)
        demand(not made, "12", "closed with its effect left", id)
        self.steps[id].standing = "closed"

    def _step_frozen(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        demand(self.steps[data["step"]].standing == "open", "5", "freezes", data)
        self.steps[data["step"]].standing = "frozen"

    def _step_woken(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        id = data["step"]
        demand(all(self.settled(one) for one in self.above[id]), "5", "wakes too early", id)
        self.steps[id].standing = "open"

    def _came_back(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        to, id = data["to"], data["step"]
        demand(to in self.above[id] and use_of(to) == use_of(id), "4", "goes back to", data)
        demand(self.steps[to].standing == "done", "4", "goes back to what isn't done", data)
        # both ways: what a final step was built on is not asked again
        past = [one for one in (to, *self.below[to]) if self.final_made(one)]
        demand(not past, "6", "goes back past a final step", past)

    def _voted(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        step = self.steps[data["step"]]
        person = data["person"]
        demand(person not in step.votes, "9", "votes twice", data)
        demand(not step.signers or person in step.signers, "9", "no signer votes", data)
        step.votes[person] = data["yes"]

    def _signed(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        digest = world.digests()[use_of(data["step"])]
        demand(data["digest"] == digest, "17", "signs another text", data)
        self.steps[data["step"]].signed = True

    def _signers_changed(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        step = self.steps[data["step"]]
        step.signers = tuple(one["person"] for one in data["signers"])
        demand(step.signers, "9", "the last signer is gone", data)
        demand(len(set(step.signers)) == len(step.signers), "9", "counts twice", data)
        demand(step.votes.keys() <= set(step.signers), "9", "a signer who voted is gone", data)

    def _transferred(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        step = self.steps[data["step"]]
        if not step.signers:
            return
        demand(data["person"] not in step.votes, "9", "hands on after the vote", data)
        step.signers = tuple(data["to"] if one == data["person"] else one for one in step.signers)
        demand(len(set(step.signers)) == len(step.signers), "9", "counts twice", data)

    def _item_started(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        use = data["item"]
        before = [one for one in self.spec.uses_after[use] if one in self.items]
        endings = [self.items[one].ending for one in before]
        enough = self.spec.needs[use] == "ended"
        held = all(one if enough else one == "issued" for one in endings)
        demand(held and not self.items[use].ending, "13", "starts", data)
        self.items[use].started = True

    def _item_ended(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        use, ending = data["item"], data["ending"]
        item = self.items[use]
        demand(not item.ending, "12", "ends twice", data)
        own = [one for one in self.spec.items[use] if not self.spec.steps[one].get("follow_up")]
        if ending == "issued":
            done = all(self.steps[one].standing in ("done", "skipped") for one in own)
            demand(done and item.started and not item.supplement, "12", "issued too early", data)
        if ending == "withdrawn":
            fixed = [one for one in self.spec.items[use] if self.final_made(one)]
            demand(not item.decided and not fixed, "15", "withdrawn too late", use, fixed)
        item.ending, item.supplement, item.holds = ending, False, set()

    def _item_decided(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        self.items[data["item"]].decided = True

    def _item_undecided(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        self.items[data["item"]].decided = False

    def _result_revoked(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        demand(self.items[data["item"]].ending == "issued", "14", "revokes what isn't", data)
        self.items[data["item"]].revoked = True

    def _supplement_sent(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        self.items[data["item"]].supplement = True

    def _supplement_answered(
        self, data: Mapping[str, Any], world: World, outside: Outsiders
    ) -> None:
        self.items[data["item"]].supplement = False

    def _paused(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        if data["pause"].startswith("hold:"):
            self.items[data["item"]].holds.add(data["pause"])

    def _resumed(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        self.items[data["item"]].holds.discard(data["pause"])

    def _closed(self, data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
        self.closed = True

    def _effect(self, name: str) -> Any:
        def see(data: Mapping[str, Any], world: World, outside: Outsiders) -> None:
            self.steps[data["step"]].effect = name

        return see

    def __getattr__(self, name: str) -> Any:
        effects = {
            "_effect_sent": "sent", "_effect_made": "in_force", "_effect_none": "",
            "_effect_unwanted": "unwanted", "_effect_undoing": "undoing",
            "_effect_undone": "undone", "_effect_stuck": "stuck",
        }  # fmt: skip
        if name in effects:
            return self._effect(effects[name])
        raise AttributeError(name)

    # What a state must be

    def rest(self, state: State, world: World, outside: Outsiders) -> None:
        """Look at a state in which nothing more happens by itself."""
        for id, step in self.steps.items():
            known = state.steps[id]
            same = (known.standing, known.run, known.effect) == (
                step.standing, step.run, step.effect,
            )  # fmt: skip
            demand(same, "fold", id, known, step)
            self._rest_step(id, world)
        for use in self.items:
            self._rest_item(use, state)
        self._rest_effects(outside)
        self._rest_money(state, outside)
        self._rest_whole(state)

    def _rest_step(self, id: str, world: World) -> None:
        step = self.steps[id]
        unsettled = [one for one in self.above[id] if not self.settled(one)]
        gone = any(
            self.items[use_of(one)].ending in OVER or self.items[use_of(one)].revoked
            for one in unsettled
        )
        demand(step.standing != "open" or not unsettled or gone, "5", "open below", id, unsettled)
        demand(step.standing != "frozen" or unsettled, "5", "not woken", id)
        if self.ready(id, world) and self.may_come(id):
            held = any(self.holds_back(one, world) for one in self.mates.get(id, ()))
            demand(held, "1", "waits for nothing", id)
        item = self.items[use_of(id)]
        demand(step.standing != "open" or not item.ending or self.spec.steps[id].get("follow_up"),
               "12", "open in an item that has ended", id)  # fmt: skip
        demand(step.standing not in ("open", "frozen") or not item.revoked,
               "14", "open though revoked", id)  # fmt: skip
        if step.signers and step.standing in ("open", "frozen") and step.votes:
            judged = tally(self.spec.steps[id].get("rule", {}), step)
            demand(judged is None, "9", "decided and still open", id, step)

    def _rest_item(self, use: str, state: State) -> None:
        item = self.items[use]
        demand(state.items[use].ending == item.ending, "fold", use)
        own = [one for one in self.spec.items[use] if not self.spec.steps[one].get("follow_up")]
        if item.started and not item.ending:
            done = all(self.steps[one].standing in ("done", "skipped") for one in own)
            demand(not done or item.supplement, "12", "not ended", use)
            lost = [
                one for one in own
                if self.steps[one].standing == "waiting" and not self.may_come(one)
            ]  # fmt: skip
            demand(not lost, "12", "can't be completed and goes on", use, lost)
        expected = set(item.holds) | ({"supplement"} if item.supplement else set())
        stopping = [id for id in self.spec.items[use] if self.spec.steps[id].get("stops_clock")]
        expected |= {id for id in stopping if self.steps[id].standing == "open"}
        either = {id for id in stopping if self.steps[id].standing == "frozen"}
        pauses = [one for one in state.items[use].pauses if one.end is None]
        found = {"supplement" if one.reason == "supplement" else one.id for one in pauses}
        demand(found - either == expected, "19", "stands still for", use, found, expected)

    def _rest_effects(self, outside: Outsiders) -> None:
        for id, step in self.steps.items():
            keys = outside.effects(id)
            demand(len(keys) <= 1, "7", "two effects at once", keys)
            for key in keys:
                demand(key == f"{id}#{step.run}", "7", "effect of another run", key, step)
                demand(step.effect not in ("", "undone"), "7", "effect unknown", key, step)
                kept = step.standing in ("done", "open", "frozen") or self.final_made(id)
                demand(kept or step.effect in LOOSE, "7", "effect of a cancelled run", key, step)
            item = self.items[use_of(id)]
            over = item.ending in OVER or item.revoked
            if self.spec.steps[id]["kind"] == "issue" and over:
                demand(step.effect in ("", "undone", *LOOSE), "12", "licence stays", id, step)
            if item.ending in OVER and not self.final_made(id):
                demand(step.effect in ("", "undone", *LOOSE), "12", "effect stays", id, step)

    def _rest_money(self, state: State, outside: Outsiders) -> None:
        held = outside.held
        told = outside.telling
        for bill in state.bills.values():
            for line in bill.lines:
                ours = line.standing in ("paid", "refunding")
                bank = (bill.id, line.id) in held
                demand(ours == bank or (bill.id, line.id) in told, "16", "money", bill, line)
                step, item = self.steps[line.step], self.items[use_of(line.step)]
                now = state.steps[line.step].bill == bill.id
                live = step.standing in ("open", "frozen", "done")
                over = item.ending in OVER
                if line.standing == "due":
                    asked = now and live and not over and step.standing != "done"
                    demand(asked, "16", "due", line, step)
                if line.standing == "paid":
                    dropped = over or step.standing == "closed"
                    demand(line.kept if dropped else live, "16", "kept money", line, step, item)
                    demand(_asked(state, line) == 1, "16", "a charge twice", line, step)

    def _rest_whole(self, state: State) -> None:
        demand(bool(state.closed_at) == self.closed, "fold", "closed")
        over = all(one.ending for one in self.items.values())
        busy = [
            id
            for id, step in self.steps.items()
            if step.standing in ("open", "frozen")
            or step.effect in LOOSE
            or (step.standing == "waiting" and self.may_run(id) and self.may_come(id))
        ]
        demand(not self.closed or (over and not busy), "14", "closed too early", busy)


def tally(rule: Mapping[str, Any], step: Step) -> bool | None:
    """What the votes of a step come to: rejection first, each signer once."""
    votes = [step.votes[one] for one in set(step.signers) if one in step.votes]
    many = len(set(step.signers))
    everybody = len(votes) == many
    if not everybody and not rule.get("stop_early", True):
        return None
    need = {"all": many, "any": 1}
    no, yes = rule.get("reject", "any"), rule.get("pass", "all")
    if votes.count(False) >= need.get(no, min(many, no) if isinstance(no, int) else 0):
        return False
    if votes.count(True) >= need.get(yes, min(many, yes) if isinstance(yes, int) else 0):
        return True
    return False if everybody else None


def _asked(state: State, line: Line) -> int:
    """In how many bills of a step a charge is due or paid."""
    lines = [one for bill in state.bills.values() for one in bill.lines if one.id == line.id]
    lines = [one for one in lines if one.step == line.step]
    return sum(one.standing in ("due", "paid") for one in lines)


def is_outside(step: Raw) -> bool:
    """Whether a step waits for somebody who isn't of staff."""
    assignees = step.get("assignees", {})
    mine = isinstance(assignees, dict) and bool(assignees.get("applicant"))
    return step["kind"] in ("sign", "payment") or (step["kind"] == "task" and mine)


def china(moment: datetime) -> date:
    """The day on which a moment lies there."""
    return (moment + timedelta(hours=8)).date()


def later(day: date, span: Raw) -> date:
    """The last day of a span that begins on the day after; there are no holidays here."""
    left = span["n"]
    while left > 0:
        day += timedelta(days=1)
        left -= span["unit"] == "calendar" or day.weekday() < 5
    return day


def use_of(id: str) -> str:
    """The item of a step."""
    return id.partition(".")[0]


@dataclass(frozen=True)
class Seen:
    """What was to be said of a step before a command."""

    standing: str
    looked: bool
    final: bool


def before(model: Model, world: World) -> dict[str, Seen]:
    """Where every step stands, to judge by it what a return or changed answers have closed."""
    found = {}
    for id, step in model.steps.items():
        kind = world.spec.steps[id]["kind"]
        looked = bool(step.votes or step.signed) or kind in ("connector", "issue", "payment")
        done = step.standing in ("done", "skipped")
        live = step.standing in ("open", "frozen")
        found[id] = Seen(step.standing, done or (live and looked), model.final_made(id))
    return found


def ran_anew(model: Model, known: Mapping[str, Seen], events: Sequence[Event]) -> None:
    """Whether a return and changed answers have closed all that they should (rules 5 and 8)."""
    cancelled = {one.data["step"] for one in events if one.kind == "step_cancelled"}
    frozen = {one.data["step"] for one in events if one.kind == "step_frozen"}
    for event in events:
        data = event.data
        if event.kind == "came_back":
            to, below = data["to"], model.below[data["to"]]
            whole = data["mode"] == "redo"
            again = {one for one in (to, *below) if _runs(model, known, one)} if whole else {to}
            demand(again <= cancelled, "5", "left as it was", data, again - cancelled)
            still = {one for one in below if known[one].standing == "open"}
            demand(whole or still <= frozen, "5", "goes on below", data, still - frozen)
        elif event.kind == "answers_changed" and data["item"] in model.items:
            fields = set(data["fields"])
            readers = [one for one in model.spec.items[data["item"]] if model.reads(one) & fields]
            fixed = [one for one in readers if known[one].final]
            demand(not fixed, "8", "what a final step read is changed", data, fixed)
            again = {one for one in readers if known[one].looked and _runs(model, known, one)}
            again |= {one for two in again for one in model.below[two] if _runs(model, known, one)}
            demand(again <= cancelled, "8", "not redone", data, again - cancelled)


def _runs(model: Model, known: Mapping[str, Seen], id: str) -> bool:
    """Whether a step has run, and its item still does."""
    has_run = known[id].standing not in ("waiting", "closed")
    item = model.items[use_of(id)]
    return has_run and (not item.ending or bool(model.spec.steps[id].get("follow_up")))
