"""Results: what an item's last step hands over, and as which e-license it stands from then on.

A datum of a result is what a step has recorded under its name; else the form's field of the same
meaning; else what issuing itself gives: the result's number, and its day for what is a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from definitions.model import Item, LicenseField, LicenseType
from runtime.engine.approvals.state import State
from runtime.engine.meaning import known_keys
from runtime.journey.cases import Case, view_of
from runtime.store.ledger import Entry


def result_data(case: Case, entry: Entry) -> dict[str, Any]:
    """What the result of an item says, by the names of its result; `number` and `issued_on` too."""
    plan = case.plan(entry.step)
    item = case.draft.plan.items[plan.use].item
    number = f"{case.application.number or case.application.id}-{plan.use}-{entry.run}"
    found: dict[str, Any] = {"number": number, "issued_on": case.draft.today.isoformat()}
    recorded, view = _recorded(case.state, plan.use), view_of(case.draft, plan.use, case.state)
    for name, datum in item.result.data.items() if item.result else ():
        value = recorded.get(name)
        if value is None:
            value = _of_meaning(item, view, datum.element, datum.about)
        if value is None:
            value = found["issued_on"] if _is_date(case, datum.element) else number
        found[name] = value
    return found


def license_payload(case: Case, entry: Entry) -> dict[str, Any] | None:
    """What an office is told to issue; None where the result is no licence.

    `data` is by printed label, `revokes` the licences that this one puts out of force.
    """
    plan, draft = case.plan(entry.step), case.draft
    item = draft.plan.items[plan.use].item
    result = item.result
    if result is None or result.license is None:
        return None
    kind = draft.plan.library.licenses[result.license]
    view = view_of(draft, plan.use, case.state)
    data = {
        field.label: printed
        for field in kind.fields.values()
        if (printed := _printed(item, view, field, result.subjects)) is not None
    }
    old = set(plan.settings.get("revokes", ()))
    return {
        "type": kind.id,
        "issuer": case.facts.units[plan.use],
        "holders": _holders(case, plan.use, result.subjects.get("holder", "")),
        "data": data,
        "revokes": [
            {"type": one.type, "number": one.number, "holder": one.holder}
            for one in case.application.licenses
            if one.type in old
        ],
    }


def told(case: Case, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What a licence that was issued tells, by the names of its fields."""
    fields = case.draft.plan.library.licenses[kind].fields
    raw = data.get("data", {})
    named = {name: _read(one, raw[one.label]) for name, one in fields.items() if one.label in raw}
    return {**named, **{key: value for key, value in data.items() if key != "data"}}


def _holders(case: Case, use: str, own: str) -> list[dict[str, str]]:
    """Whose the licence is: each row of a subject of many."""
    draft = case.draft
    subject = draft.plan.items[use].use.subjects.get(own, "")
    keys = known_keys(draft.plan, draft.answers)
    names = dict(_names(draft.answers, subject))
    return [
        {"number": "".join(str(key).split()).upper(), "name": names.get(who.row, "")}
        for who, key in keys.items()
        if who.subject == subject
    ]


def _names(answers: Mapping[str, Any], subject: str) -> Iterable[tuple[str, str]]:
    """The names of a subject's rows by row; of a single one under the empty name."""
    yield "", str(answers.get(f"{subject}.party.name") or "")
    for row in answers.get(subject) or ():
        yield row.get("$row", ""), str(row.get("party.name") or "")


def _recorded(state: State, use: str) -> dict[str, Any]:
    """What the item's steps have recorded, the later over the earlier."""
    found: dict[str, Any] = {}
    for id, step in state.steps.items():
        if id.partition(".")[0] == use and step.standing == "done":
            found |= step.form
    return found


def _printed(
    item: Item, view: Mapping[str, Any], field: LicenseField, subjects: Mapping[str, str]
) -> str | None:
    """A field of the licence as it is printed; None where the form doesn't know it."""
    about = tuple(subjects.get(one, "") for one in field.about)
    value = _of_meaning(item, view, field.element, about)
    if value is None or isinstance(value, list | dict):
        return None
    codes = {code: raw for raw, code in reversed(list(field.values.items()))}
    return str(codes.get(value, value))


def _read(field: LicenseField, raw: Any) -> Any:
    return field.values.get(raw, raw)


def _of_meaning(item: Item, view: Mapping[str, Any], element: str, about: tuple[str, ...]) -> Any:
    """The value of the form's field that means an element about these subjects."""
    for name, field in item.form.fields.items():
        if field.element == element and set(field.about) == set(about):
            return view.get(name)
    return None


def _is_date(case: Case, element: str) -> bool:
    known = case.draft.plan.library.dictionary.elements.get(element)
    return known is not None and known.schema.get("format") == "date"


def type_of(case: Case, use: str) -> LicenseType | None:
    """The type of licence that an item ends in, if it is one."""
    result = case.draft.plan.items[use].item.result
    kind = result.license if result else None
    return case.draft.plan.library.licenses[kind] if kind else None
