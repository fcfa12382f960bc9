"""What staff may say on the page of a case, read from what was posted: a command, or problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from definitions.fieldtypes import REGISTRY, Unreadable
from definitions.model import Field
from definitions.problems import Problem
from runtime.engine.approvals import commands as said
from runtime.engine.approvals.commands import Command
from runtime.journey.desk import Work
from runtime.journey.papers import titled
from runtime.journey.recording import recording

Posted = MultiDict[str, str]
OUTCOMES = ("accept", "approve", "reject", "refuse_acceptance")
"""What the one form for decisions offers, in this order."""
HOLDS = ("hearing", "testing", "inspection", "expert", "announcement", "other")
"""Kinds of special procedure whose time isn't counted (Administrative Licensing Law, art. 45)."""
MODES = ("redo", "direct")


class Wrong(Exception):
    """What was posted can't be said; `problems` stand at their controls."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(one.code for one in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Way:
    """One thing to do. `needs` are the actions of a step of which one must be possible."""

    name: str
    needs: tuple[str, ...]
    read: Callable[[Work, Posted], Command]


def problem_at(action: str, code: str, /, **params: Any) -> Problem:
    """A problem of a control of an action's form, which is called by both their names."""
    name = {
        "opinion_missing": "opinion",
        "reason_missing": "opinion" if action == "decide" else "reason",
        "outcome_missing": "outcome",
        "return_target": "to",
        "person_missing": "person",
        "signer_already": "person",
        "last_signer": "person",
        "no_signer": "person",
        "kind_missing": "kind",
        "text_missing": "text",
        "day_unreadable": "day",
        "how_missing": "how",
    }.get(code, "")
    return Problem(f"approval.{code}", f"/{action}-{name}" if name else f"/{action}", params)


def _on(work: Work) -> dict[str, Any]:
    return {"step": work.id, "run": work.step.run, "by": work.by}


def _text(posted: Posted, name: str) -> str:
    return posted.get(name, "").strip()


def _decide(work: Work, posted: Posted) -> Command:
    outcome, opinion = posted.get("outcome", ""), _text(posted, "opinion")
    if outcome not in OUTCOMES or outcome not in work.may:
        raise Wrong(problem_at("decide", "outcome_missing"))
    if outcome in ("accept", "refuse_acceptance"):
        yes = outcome == "accept"
        if not yes and not opinion:
            raise Wrong(problem_at("decide", "reason_missing"))
        return said.Accept(**_on(work), yes=yes, reason=opinion)
    yes = outcome == "approve"
    wrong = []
    if not opinion and (not yes or work.plan.settings.get("opinion") == "required"):
        wrong.append(problem_at("decide", "opinion_missing"))
    form = recording(work.case.draft.plan, work.plan, posted, work.case.draft.today)
    if form:
        wrong += form.problems(complete=yes)
    if wrong:
        raise Wrong(*wrong)
    return said.Decide(**_on(work), yes=yes, opinion=opinion, form=form.values if form else {})


def _confirm(work: Work, _: Posted) -> Command:
    """What the person said before the step was redone, once more."""
    before = work.earlier
    action = "approve" if before and before["yes"] else "reject"
    if before is None or action not in work.may:
        raise Wrong(problem_at("decide", "outcome_missing"))
    return said.Decide(
        **_on(work), yes=before["yes"], opinion=before["opinion"], form=before["form"]
    )


def _supplement(work: Work, posted: Posted) -> Command:
    fields = work.case.draft.plan.items[work.use].item.form.fields
    papers = {one.paper.id: titled(one) for one in work.papers}
    asked: dict[str, dict[str, str]] = {"field": {}, "paper": {}}
    wrong = []
    for kind, titles in (
        ("field", {name: fields[name].title for name in fields}),
        ("paper", papers),
    ):
        for name in posted.getlist(kind):
            if name not in titles:
                continue
            asked[kind][name] = why = _text(posted, f"why-{kind}/{name}")
            if not why:
                where = f"/supplement-why-{kind}/{name}"
                wrong.append(Problem("approval.why_missing", where, {"title": titles[name]}))
    if not (asked["field"] or asked["paper"]):
        wrong.append(problem_at("supplement", "supplement_nothing"))
    if wrong:
        raise Wrong(*wrong)
    return said.AskSupplement(**_on(work), fields=asked["field"], papers=asked["paper"])


def _return(work: Work, posted: Posted) -> Command:
    to, reason = posted.get("to", ""), _text(posted, "reason")
    wrong = []
    if f"{work.use}.{to}" not in work.targets:
        wrong.append(problem_at("return", "return_target"))
    if not reason:
        wrong.append(problem_at("return", "reason_missing"))
    if wrong:
        raise Wrong(*wrong)
    direct = posted.get("mode") == "direct"
    return said.Return(**_on(work), to=to, mode="direct" if direct else "redo", reason=reason)


def _somebody(work: Work, posted: Posted, action: str) -> str:
    person = posted.get("person", "")
    if person not in work.colleagues:
        raise Wrong(problem_at(action, "person_missing"))
    return person


def _transfer(work: Work, posted: Posted) -> Command:
    return said.Transfer(**_on(work), to=_somebody(work, posted, "transfer"))


def _delegate(work: Work, posted: Posted) -> Command:
    return said.Delegate(**_on(work), to=_somebody(work, posted, "delegate"))


def _copy(work: Work, posted: Posted) -> Command:
    return said.CopyTo(**_on(work), to=_somebody(work, posted, "copy"))


def _give_back(work: Work, posted: Posted) -> Command:
    opinion = _text(posted, "opinion")
    if not opinion:
        raise Wrong(problem_at("give_back", "opinion_missing"))
    return said.GiveBack(**_on(work), opinion=opinion)


def _add_signer(work: Work, posted: Posted) -> Command:
    person = _somebody(work, posted, "add_signer")
    places = [one for one in ("before", "after") if f"add_signer_{one}" in work.may]
    before = "before" in places and posted.get("place", places[0]) == "before"
    return said.AddSigner(**_on(work), person=person, place="before" if before else "after")


def _take_off_signer(work: Work, posted: Posted) -> Command:
    person = posted.get("person", "")
    if person not in work.removable:
        raise Wrong(problem_at("take_off_signer", "person_missing"))
    return said.TakeOffSigner(**_on(work), person=person)


def _hold(work: Work, posted: Posted) -> Command:
    kind, reason = posted.get("kind", ""), _text(posted, "reason")
    wrong = []
    if kind not in HOLDS:
        wrong.append(problem_at("hold", "kind_missing"))
    if not reason:
        wrong.append(problem_at("hold", "reason_missing"))
    if wrong:
        raise Wrong(*wrong)
    return said.Hold(**_on(work), kind=kind, reason=reason)


def _resume(work: Work, _: Posted) -> Command:
    return said.Resume(**_on(work), pause=work.held.id if work.held else "")


def _comment(work: Work, posted: Posted) -> Command:
    text = _text(posted, "text")
    if not text:
        raise Wrong(problem_at("comment", "text_missing"))
    return said.Comment(**_on(work), text=text)


def _appoint(work: Work, posted: Posted) -> Command:
    if "agree" in posted:
        return said.Appoint(**_on(work), at=posted["agree"], agreed=True)
    try:
        day = REGISTRY["date"].parse([posted.get("day", "")], _DAY)
        hour = REGISTRY["time"].parse([posted.get("hour", "")], _HOUR)
    except Unreadable:
        day = hour = None
    if not (day and hour):
        raise Wrong(problem_at("appoint", "day_unreadable"))
    return said.Appoint(**_on(work), at=f"{day}T{hour}")


_DAY = Field("day", "date", {}, {"type": "string", "format": "date"})
_HOUR = Field("hour", "time", {}, {"type": "string"})


def _settle(work: Work, posted: Posted) -> Command:
    how, reason = posted.get("how", ""), _text(posted, "reason")
    if how not in ("again", "gone"):
        raise Wrong(problem_at("settle", "how_missing"))
    if not reason:
        raise Wrong(problem_at("settle", "reason_missing"))
    return said.Settle(**_on(work), how="again" if how == "again" else "gone", reason=reason)


WAYS: Mapping[str, Way] = {
    one.name: one
    for one in (
        Way("decide", OUTCOMES, _decide),
        Way("confirm", ("approve", "reject"), _confirm),
        Way("supplement", ("supplement",), _supplement),
        Way("return", ("return",), _return),
        Way("transfer", ("transfer",), _transfer),
        Way("delegate", ("delegate",), _delegate),
        Way("give_back", ("give_back",), _give_back),
        Way("add_signer", ("add_signer_before", "add_signer_after"), _add_signer),
        Way("take_off_signer", ("take_off_signer",), _take_off_signer),
        Way("copy", ("copy",), _copy),
        Way("hold", ("hold",), _hold),
        Way("resume", ("hold",), _resume),
        Way("comment", ("comment",), _comment),
        Way("appoint", ("appoint",), _appoint),
        Way("settle", ("settle",), _settle),
    )
}
"""What can be done on the page of a case, by the end of its address."""
