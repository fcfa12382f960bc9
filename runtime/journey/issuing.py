"""Results: what an item's last step hands over, and as which e-license it stands from then on.

A datum of a result is what a step has recorded under its name; else the form's field of the same
meaning; else what issuing itself gives: its number for a text, its day for a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from definitions.fieldtypes import REGISTRY, Unreadable
from definitions.model import Field, Item, LicenseField, LicenseType
from definitions.plan.run import row_id
from plugins.contract import Answered, Done
from runtime.engine.approvals.commands import Command, Undone
from runtime.engine.approvals.state import State
from runtime.engine.days import day_of
from runtime.engine.meaning import key_element, known_keys, name_element
from runtime.journey.cases import Case, view_of
from runtime.journey.errands import LICENSES, Call, Final, Undo
from runtime.store.ledger import Entry


class Issue(Call):
    """A licence is made by the office of licences, or a letter by the platform."""

    @property
    def connector(self) -> str:
        """The office, where the result is a licence or puts one out of force."""
        return LICENSES if is_for_office(self.case, self.entry) else ""

    @property
    def operation(self) -> str:
        """What the office of licences calls it."""
        return "issue"

    def payload(self) -> Mapping[str, Any]:
        """What the office is told; of what we make ourselves, what it says."""
        if not self.connector:
            return result_data(self.case, self.entry)
        kind = license_of(self.case, self.use)
        made = license_payload(self.case, self.entry, kind) if kind else {}
        return {**made, "revokes": old_licenses(self.case, self.entry)}

    def read(self, answer: Answered) -> Answered:
        """What the licence tells, by the names of its fields, over what the result says."""
        kind = license_of(self.case, self.use)
        if not isinstance(answer, Done):
            return answer
        data = result_data(self.case, self.entry, answer.data.get("number", ""))
        return Done({**data, **(told(kind, answer.data) if kind else {})})


class Revoke(Undo):
    """A result is put out of force."""

    @property
    def connector(self) -> str:
        """The office, where the result is a licence or has put one out of force."""
        return LICENSES if is_for_office(self.case, self.entry) else ""

    @property
    def operation(self) -> str:
        """What the office of licences calls it."""
        return "revoke"

    def said(self, answer: Final) -> Command | None:
        """A letter is void because the case says so."""
        if not self.connector:
            return Undone(**self.on, gone=True)
        return super().said(answer)


def is_for_office(case: Case, entry: Entry) -> bool:
    """Whether the office of licences has something to do with a result."""
    return license_of(case, case.plan(entry.step).use) is not None or bool(
        old_licenses(case, entry)
    )


def result_data(case: Case, entry: Entry, number: str = "") -> dict[str, Any]:
    """What the result of an item says, by the names of its result; `number` and `issued_on` too.

    Without a number of the office's it has one of ours.
    """
    use = case.plan(entry.step).use
    item = case.draft.plan.items[use].item
    number = number or f"{case.application.number or case.application.id}-{use}-{entry.run}"
    own: dict[str, Any] = {"text": number, "date": _day(case, entry)}
    recorded, view = _recorded(case.state, use), view_of(case.draft, use, case.state)
    found: dict[str, Any] = {"number": number, "issued_on": own["date"]}
    for name, datum in item.result.data.items() if item.result else ():
        _, meant = _of_meaning(item, view, datum.element, datum.about)
        element = case.draft.plan.library.dictionary.elements[datum.element]
        values = (recorded.get(name), meant, own.get(element.type))
        value = next((one for one in values if one is not None), None)
        if value is not None:
            found[name] = value
    return found


def license_of(case: Case, use: str) -> LicenseType | None:
    """The type of licence that an item ends in, if it is one."""
    result = case.draft.plan.items[use].item.result
    kind = result.license if result else None
    return case.draft.plan.library.licenses[kind] if kind else None


def license_payload(case: Case, entry: Entry, kind: LicenseType) -> dict[str, Any]:
    """What an office is told to issue; `data` is by printed label."""
    plan, draft = case.plan(entry.step), case.draft
    item = draft.plan.items[plan.use].item
    subjects = item.result.subjects if item.result else {}
    view = view_of(draft, plan.use, case.state)
    recorded = _recorded(case.state, plan.use)
    printed = {
        field.label: text
        for field in kind.fields.values()
        if (text := _printed(item, view, recorded, field, subjects)) is not None
    }
    return {
        "type": kind.id,
        "issuer": draft.installation.unit(case.facts.units[plan.use]).title["zh-CN"],
        "holders": _holders(case, plan.use, subjects.get("holder", "")),
        "data": printed,
    }


def told(kind: LicenseType, answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a licence that was issued tells: by the names of its fields, and of the office."""
    raw = answer["data"]
    named = {
        name: field.values.get(raw[field.label], raw[field.label])
        for name, field in kind.fields.items()
        if isinstance(raw.get(field.label), str)
    }
    return {**named, **{name: value for name, value in answer.items() if name != "data"}}


def old_licenses(case: Case, entry: Entry) -> list[dict[str, str]]:
    """What a result puts out of force: licences of its types that the form was filled from."""
    types = case.plan(entry.step).settings.get("revokes", ())
    known = {
        (one.type, one.number, one.holder) for one in case.application.licenses if one.type in types
    }
    return [
        {"type": kind, "number": number, "holder": holder} for kind, number, holder in sorted(known)
    ]


def _holders(case: Case, use: str, own: str) -> list[dict[str, str]]:
    """Whose the licence is, each row of a subject of many; by name alone where it has no key."""
    draft = case.draft
    item, subject = draft.plan.items[use], draft.plan.items[use].use.subjects.get(own, "")
    view = view_of(draft, use, case.state)
    names = dict(_names(case, use, own, subject, view))
    keys = {
        who.row: key
        for who, key in known_keys(draft.plan, draft.answers).items()
        if who.subject == subject
    }
    if not keys:  # it may have got its key in this very application
        _, key = _of_meaning(item.item, view, key_element(draft.plan, subject) or "", (own,))
        keys = {"": key or ""} if key or names.get("") else {}
    found = (("".join(str(key).split()).upper(), names.get(row, "")) for row, key in keys.items())
    return [{"name": name, **({"number": key} if key else {})} for key, name in found]


def _names(
    case: Case, use: str, own: str, subject: str, view: Mapping[str, Any]
) -> Iterable[tuple[str, str]]:
    """The names of a subject's rows by row; of a single one under the empty name."""
    draft = case.draft
    element = name_element(draft.plan, subject) or ""
    _, name = _of_meaning(draft.plan.items[use].item, view, element, (own,))
    yield "", str(name or draft.answers.get(f"{subject}.{element}") or "")
    for number, row in enumerate(draft.answers.get(subject) or (), 1):
        yield row_id(row, number), str(row.get(element) or "")


def _recorded(state: State, use: str) -> dict[str, Any]:
    """What the item's steps have recorded, the later over the earlier.

    A notice has counted its `objections`; whether there were any is `objected`.
    """
    found: dict[str, Any] = {}
    for id, step in state.steps.items():
        if id.partition(".")[0] == use and step.standing == "done":
            found |= step.form
    return {**found, **({"objected": found["objections"] > 0} if "objections" in found else {})}


def _printed(
    item: Item,
    view: Mapping[str, Any],
    recorded: Mapping[str, Any],
    field: LicenseField,
    subjects: Mapping[str, str],
) -> str | list[str] | None:
    """A field of the licence as it is printed; None where neither form nor steps know it.

    What a step has recorded is found by the name of the field, or of its meaning.
    """
    for name in (field.id, field.element.rpartition(".")[2]):
        if isinstance(recorded.get(name), str):
            return str(recorded[name])
    about = tuple(subjects.get(one, "") for one in field.about)
    asked, value = _of_meaning(item, view, field.element, about)
    if asked is None or value is None:
        return None
    if isinstance(value, list):
        return [_label(field, [one]) or _shown(asked, one) for one in value]
    return _label(field, value) or _shown(asked, value)


def _label(field: LicenseField, value: Any) -> str:
    """How a licence words a value that it has words for; the first of several."""
    return next((label for label, meant in field.values.items() if meant == value), "")


def _shown(field: Field, value: Any) -> str:
    """A value as it stands on paper, and as it can be read again from there."""
    kind = REGISTRY[field.type]
    shown = kind.show(value, field, "zh-CN")
    try:
        if kind.parse(shown, field) == value:
            return shown
    except Unreadable:
        pass
    return str(kind.to_input(value, field))


def _of_meaning(
    item: Item, view: Mapping[str, Any], element: str, about: tuple[str, ...]
) -> tuple[Field | None, Any]:
    """The form's field that means an element about these subjects, and its value."""
    for name, field in item.form.fields.items():
        if field.element == element and set(field.about) == set(about):
            return field, view.get(name)
    return None, None


def _day(case: Case, entry: Entry) -> str:
    """The day on which the result's step opened: the same, however often it goes out."""
    opened = case.state.steps[entry.step].opened_at
    return day_of(opened or entry.created_at).isoformat()
