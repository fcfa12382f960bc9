"""Papers: which are handed in, once for all items, and what makes the others needless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from definitions.model import Commitment, Deferral, License, Material, Satisfaction, Text
from definitions.plan import Plan, PlanMaterial
from definitions.plan.run import row_id
from runtime.engine.form import FormState
from runtime.engine.meaning import Answers, Binding, Who, bind, known_keys
from runtime.engine.validity import why_not

State = Literal["waived", "data", "upload", "commitment", "may_follow"]


@dataclass(frozen=True, slots=True)
class Way:
    """How one item is satisfied without a paper: by a license that is there, or by data."""

    state: Literal["waived", "data"]
    by: Satisfaction
    license: License | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of an application. `id` is unique in it; `material` is the library's id.

    `state` says what is to be done: nothing (`waived` by a license, or `data` that comes by
    itself), or one of `choices`, the first unless the person chose another. `satisfied` tells
    which items need nothing handed in, and why; the others are the `asking` ones. `may_follow`
    and `commitments` are by use, and there only when every item that still asks allows them.
    """

    id: str
    material: str
    title: Text
    required: bool
    state: State
    asks: Mapping[str, Material]
    asking: tuple[str, ...]
    choices: tuple[State, ...] = ()
    satisfied: Mapping[str, Way] = field(default_factory=dict)
    commitments: Mapping[str, Commitment] = field(default_factory=dict)
    may_follow: Mapping[str, Deferral] = field(default_factory=dict)
    subject: str = ""
    row: str = ""

    @property
    def uses(self) -> tuple[str, ...]:
        """The items that ask for it."""
        return tuple(self.asks)

    @property
    def licenses(self) -> tuple[License, ...]:
        """The licenses that spare somebody this paper."""
        found = (way.license for way in self.satisfied.values() if way.license)
        return tuple({(one.type, one.number or one.identifier): one for one in found}.values())

    @property
    def to_hand_in(self) -> bool:
        """Whether a file must come from the person before they can submit."""
        return self.required and self.state == "upload"


def papers(
    plan: Plan,
    state: FormState,
    licenses: Iterable[License],
    answers: Answers,
    today: date,
    chosen: Mapping[str, State] | None = None,
) -> list[Paper]:
    """The papers that active items ask for now; `chosen` says by paper what the person chose."""
    usable = [one for one in licenses if why_not(one, plan.library, today) is None]
    keys = known_keys(plan, answers)
    bindings = [bind(plan, one, keys) for one in usable]
    found = []
    for material in plan.materials.values():
        for row in _rows(material, answers):
            asks = dict(_asking(plan, state, material, row, answers))
            if asks:
                paper = _paper(plan, state, material, asks, bindings, row)
                found.append(_as_chosen(paper, (chosen or {}).get(paper.id)))
    return found


def _asking(
    plan: Plan, state: FormState, material: PlanMaterial, row: str, answers: Answers
) -> Iterator[tuple[str, Material]]:
    """The active items that ask for the paper of this row, and their own words for it."""
    every = zip(material.asks, material.whens, material.ones, strict=True)
    for (use, asked), when, one in every:
        view = state.views.get(use)
        if one and _picked(plan, one, answers) != row:
            continue
        if view is not None and use in state.active and (when is None or when(view)):
            yield use, asked


def _rows(material: PlanMaterial, answers: Answers) -> list[str]:
    if not material.row_of:
        return [""]
    rows = answers.get(material.row_of) or []
    return [row_id(row, number) for number, row in enumerate(rows, 1)]


def _picked(plan: Plan, subject: str, answers: Answers) -> Any:
    """The row that a `one_of` subject is: the only one there is, or the one that was picked."""
    rows = answers.get(plan.service.subjects[subject].one_of or "") or []
    return row_id(rows[0], 1) if len(rows) == 1 else answers.get(f"pick.{subject}")


def _paper(
    plan: Plan,
    state: FormState,
    material: PlanMaterial,
    asks: Mapping[str, Material],
    bindings: list[Binding],
    row: str,
) -> Paper:
    satisfied = {
        use: way
        for use, asked in asks.items()
        if (way := _way(plan, state, use, asked, bindings, row)) is not None
    }
    asking = {use: asked for use, asked in asks.items() if use not in satisfied}
    commitments = _commitments(plan, asking)
    may_follow = {use: asked.may_follow for use, asked in asking.items() if asked.may_follow}
    if len(may_follow) < len(asking):
        may_follow = {}
    choices = _choices(asking, commitments, may_follow)
    waived = any(way.state == "waived" for way in satisfied.values())
    return Paper(
        id=f"{material.id}.{row}" if row else material.id,
        material=material.material,
        title=material.title,
        required=any(asked.necessity == "required" for asked in asks.values()),
        state=choices[0] if choices else "waived" if waived else "data",
        asks=asks,
        asking=tuple(asking),
        choices=choices,
        satisfied=satisfied,
        commitments=commitments,
        may_follow=may_follow,
        subject=material.subject,
        row=row,
    )


def _choices(
    asking: Mapping[str, Material],
    commitments: Mapping[str, Commitment],
    may_follow: Mapping[str, Deferral],
) -> tuple[State, ...]:
    """What the person can do about a paper that is still asked for."""
    if not asking:
        return ()
    choices: list[State] = []
    only_promised = commitments and not any(_can_upload(one) for one in asking.values())
    if not only_promised:
        choices.append("upload")
    if commitments:
        choices.append("commitment")
    if may_follow:
        choices.append("may_follow")
    return tuple(choices)


def _can_upload(material: Material) -> bool:
    """A paper can be uploaded unless its ways are written and upload isn't among them."""
    ways = material.satisfied_by
    return any(way.upload for way in ways) or not any(way.commitment for way in ways)


def _commitments(plan: Plan, asking: Mapping[str, Material]) -> dict[str, Commitment]:
    """By use, the commitment that stands for the paper; empty unless every item takes one."""
    found = {}
    for use, asked in asking.items():
        known = plan.items[use].item.commitments
        names = (way.commitment for way in asked.satisfied_by if way.commitment)
        name = next((one for one in names if one in known), None)
        if name is None:
            return {}
        found[use] = known[name]
    return found


def _way(
    plan: Plan,
    state: FormState,
    use: str,
    asked: Material,
    bindings: list[Binding],
    row: str,
) -> Way | None:
    """What satisfies an item without a paper; a license that is there before data to come."""
    for way in asked.satisfied_by:
        if way.license is not None:
            found = _license(plan, use, way, bindings, row)
            if found is not None:
                return Way("waived", way, found)
    for way in asked.satisfied_by:
        if way.data is not None or _issued_before(plan, state, use, way):
            return Way("data", way)
    return None


def _license(
    plan: Plan, use: str, way: Satisfaction, bindings: list[Binding], row: str
) -> License | None:
    """A license of the type about the subject (and row) that the material names."""
    bound = plan.service.uses[use].subjects.get(way.about or "")
    for binding in bindings:
        if binding.type.id != way.license:
            continue
        whos = [who for found in binding.whos.values() for who in found]
        if any(_is(plan, who, bound, row) for who in whos):
            return binding.license
    return None


def _is(plan: Plan, who: Who, bound: str | None, row: str) -> bool:
    if bound is None:
        return True
    of = plan.service.subjects[bound].one_of if row else None
    return who.subject == (of or bound) and who.row == row


def _issued_before(plan: Plan, state: FormState, use: str, way: Satisfaction) -> bool:
    """Whether an active item that this one comes after issues the license."""
    if way.license is None:
        return False
    for before in plan.earlier(use):
        result = plan.items[before].item.result
        if before in state.active and result is not None and result.license == way.license:
            return True
    return False


def _as_chosen(paper: Paper, chosen: State | None) -> Paper:
    if chosen is None or chosen not in paper.choices:
        return paper
    return replace(paper, state=chosen)
